package nn

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Mapping is an eigenvalue mapping f: it takes u, a standard deviation in
// units that the layer gives, to the standard deviation of weights in that
// direction. Only its shape matters where the result is rescaled.
type Mapping struct {
	// Name is the family and its parameters as --map takes them.
	Name string
	eval func(u float64) float64
}

// At returns f(u) for u >= 0.
func (m Mapping) At(u float64) float64 { return m.eval(u) }

type family struct {
	name   string
	param  string  // what the number after the colon is
	value  float64 // its default
	about  string
	family func(a float64) func(u float64) float64
}

// families of mappings chosen by hand: the study's reasonable shapes.
var families = []family{
	{"unimodal", "u of the peak", 1, "x/(1+x^2) with x = u/peak: rises, peaks, falls", func(a float64) func(float64) float64 {
		return func(u float64) float64 { x := u / a; return x / (1 + float64(x*x)) }
	}},
	{"decreasing", "offset", 0.1, "1/(u+offset): falls, towards whitening", func(a float64) func(float64) float64 {
		return func(u float64) float64 { return 1 / (u + a) }
	}},
	{"increasing", "offset", 0, "u+offset: rises without end", func(a float64) func(float64) float64 {
		return func(u float64) float64 { return u + a }
	}},
	{"cutoff", "u of the cut", 0.3, "1 above the cut, 0 below", func(a float64) func(float64) float64 {
		return func(u float64) float64 {
			if u > a {
				return 1
			}
			return 0
		}
	}},
	{"constant", "value", 1, "the same everywhere: an isotropic start in the span of the data", func(a float64) func(float64) float64 {
		return func(float64) float64 { return a }
	}},
}

// Families describes the families of mappings, one line each.
func Families() (names, about []string) {
	for _, f := range families {
		names = append(names, f.name)
		about = append(about, fmt.Sprintf("%s (:%s, default %v)", f.about, f.param, f.value))
	}
	return names, about
}

// ParseMapping reads FAMILY, FAMILY:NUMBER or @FILE, a JSON file
// [[u, f], ...] of points in increasing u, joined by straight lines and
// constant outside.
func ParseMapping(text string) (Mapping, error) {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		b, err := os.ReadFile(file)
		if err != nil {
			return Mapping{}, fmt.Errorf("map: %w", err)
		}
		var points [][2]float64
		if err := json.Unmarshal(b, &points); err != nil {
			return Mapping{}, fmt.Errorf("%s: expected a JSON list of pairs [u, f]: %v", file, err)
		}
		m, err := TableMapping(points)
		if err != nil {
			return Mapping{}, fmt.Errorf("%s: %w", file, err)
		}
		m.Name = text
		return m, nil
	}
	name, param, given := strings.Cut(text, ":")
	i := slices.IndexFunc(families, func(f family) bool { return f.name == name })
	if i < 0 {
		names, _ := Families()
		return Mapping{}, fmt.Errorf("map %q: expected one of %s, or @FILE.json", text, strings.Join(names, ", "))
	}
	f := families[i]
	a := f.value
	if given {
		var err error
		if a, err = strconv.ParseFloat(param, 64); err != nil || !(a >= 0 && a <= math.MaxFloat64) || a == 0 && f.value > 0 {
			return Mapping{}, fmt.Errorf("map %q: %s: expected a positive number, found %q", text, f.param, param)
		}
	}
	return Mapping{Name: text, eval: f.family(a)}, nil
}

// TableMapping joins points (u, f), u increasing and f >= 0, by straight lines.
func TableMapping(points [][2]float64) (Mapping, error) {
	if len(points) == 0 {
		return Mapping{}, fmt.Errorf("no points")
	}
	for i, p := range points {
		if !(p[0] >= 0 && p[1] >= 0 && p[0]+p[1] <= math.MaxFloat64) {
			return Mapping{}, fmt.Errorf("point %d: found %v, expected two numbers of at least 0", i, p)
		}
		if i > 0 && p[0] <= points[i-1][0] {
			return Mapping{}, fmt.Errorf("point %d: u is %v after %v, expected it to increase", i, p[0], points[i-1][0])
		}
	}
	points = slices.Clone(points)
	return Mapping{Name: "table", eval: func(u float64) float64 {
		last := len(points) - 1
		switch {
		case u <= points[0][0]:
			return points[0][1]
		case u >= points[last][0]:
			return points[last][1]
		}
		i := 1
		for u > points[i][0] {
			i++
		}
		a, b := points[i-1], points[i]
		t := (u - a[0]) / (b[0] - a[0])
		return float64((1-t)*a[1]) + float64(t*b[1])
	}}, nil
}
