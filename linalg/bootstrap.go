package linalg

import (
	"fmt"
	"math"
	"slices"

	"randalign/tensor"
)

// ShapeTest is the outcome of ClassifyShape.
type ShapeTest struct {
	Shape string `json:"shape"`
	// P holds the p-value of each shape that was tried, simplest first: the chance
	// of a misfit as large as the observed one if f has that shape.
	P []ShapeP `json:"p"`
}

// ShapeP is the p-value of one shape.
type ShapeP struct {
	Shape string  `json:"shape"`
	P     float64 `json:"p"`
}

// ClassifyShape says which shape f has over sigma by tests at level alpha, for
// points that were measured with m Gaussian filters. In the order flat,
// increasing, decreasing, unimodal, the first shape that its test does not reject
// is the answer; "other" if all are rejected.
//
// The test of a shape is a parametric bootstrap. Filters along an eigenvector of
// f make m*f^2 a chi-squared variable, so the root of the mean of m*multiplicity
// squares has a relative standard error of 1/sqrt(2 m multiplicity), whatever f
// is: the misfit is the least sum of m*multiplicity*(f-g)^2/g^2 over the fits g
// of the shape (least squares). Its law is simulated from the fit itself, draws
// times, and p = (1 + number as large as the observed one) / (1 + draws).
//
// With many filters every idealised shape is wrong, and rejected. So a shape is
// also taken if its fit is as good as matters, by the limits of Shape for a curve
// known exactly: flat within 2% of the mean, otherwise at most 0.3 of f's standard
// deviation left (R^2 = 0.91). It panics unless m >= 1 and draws >= 1.
func ClassifyShape(points []Point, m, draws int, alpha float64, s *tensor.Stream) ShapeTest {
	if m < 1 || draws < 1 {
		panic(fmt.Sprintf("linalg: classify shape: %d filters, %d draws", m, draws))
	}
	n := len(points)
	f, w := make([]float64, n), make([]float64, n)
	for i, p := range points {
		f[i], w[i] = p.F, float64(p.Multiplicity)
	}
	if n < 2 || maxAbs(f) == 0 {
		return ShapeTest{Shape: "flat"}
	}
	misfit := func(shape string, f []float64) (float64, []float64) {
		g := fitOf(shape, f, w)
		var sum float64
		for i, v := range f {
			if g[i] > 0 {
				d := (v - g[i]) / g[i]
				sum = math.FMA(float64(float64(float64(m)*w[i])*d), d, sum)
			}
		}
		return sum, g
	}
	t := ShapeTest{Shape: "other"}
	fake := make([]float64, n)
	for _, shape := range []string{"flat", "increasing", "decreasing", "unimodal"} {
		observed, g := misfit(shape, f)
		above := 0
		for range draws {
			for i, v := range g {
				k := m * points[i].Multiplicity
				fake[i] = v * math.Sqrt(chiSquared(k, s)/float64(k))
			}
			if x, _ := misfit(shape, fake); x >= observed {
				above++
			}
		}
		p := float64(1+above) / float64(1+draws)
		t.P = append(t.P, ShapeP{shape, p})
		if p > alpha || goodEnough(shape, f, g, w) {
			t.Shape = shape
			break
		}
	}
	return t
}

// goodEnough reports whether the fit g of f with weights w leaves too little to
// matter.
func goodEnough(shape string, f, g, w []float64) bool {
	level := fitOf("flat", f, w)
	var spread, left float64
	var weight float64
	for i, v := range f {
		weight += w[i]
		spread = math.FMA(float64(w[i]*(v-level[i])), v-level[i], spread)
		left = math.FMA(float64(w[i]*(v-g[i])), v-g[i], left)
	}
	if shape == "flat" {
		return math.Sqrt(left/weight) <= flatSpread*math.Abs(level[0])
	}
	return math.Sqrt(left) <= fitResidual*math.Sqrt(spread)
}

// Band is an interval of confidence for one point of a transfer function.
type Band struct {
	Low, High float64
}

// TransferBands returns an interval for f of each eigenspace at the given level
// (0.95, say), by the bootstrap over the m filters [m, d]: whole filters are
// drawn with replacement, so that what is common to a filter's components stays,
// and the interval is that of the percentiles of ln f around the observed value,
// mirrored (the basic bootstrap, on the scale on which the error of f does not
// depend on f). draws*m*spaces operations. It panics if sizes do not fit.
func TransferBands[T tensor.Float](e *Eig, spaces []Space, filters []T, m, draws int, level float64, s *tensor.Stream) []Band {
	d := e.Vectors.Rows
	mustRows("transfer bands", len(filters), m, d)
	mustCover("transfer bands", spaces, d)
	if m < 1 || draws < 2 || !(level > 0 && level < 1) {
		panic(fmt.Sprintf("linalg: transfer bands: %d filters, %d draws, level %v", m, draws, level))
	}
	rows := NewMat(m, d)
	for i, v := range filters {
		rows.Data[i] = float64(v)
	}
	along := Mul(rows, e.Vectors)
	k := len(spaces)
	energy := make([]float64, m*k) // of filter i in space j
	for i := range m {
		for j, sp := range spaces {
			part := along.Row(i)[sp.Start:sp.End]
			energy[i*k+j] = dot(part, part) / float64(sp.Dim())
		}
	}
	observed := make([]float64, k)
	for i := range m {
		axpy(1, energy[i*k:(i+1)*k], observed)
	}
	samples := make([][]float64, k)
	for j := range samples {
		samples[j] = make([]float64, draws)
	}
	total := make([]float64, k)
	for b := range draws {
		clear(total)
		for range m {
			i := s.IntN(m)
			axpy(1, energy[i*k:(i+1)*k], total)
		}
		for j, v := range total {
			samples[j][b] = v
		}
	}
	bands := make([]Band, k)
	tail := 0.5 * (1 - level)
	for j, x := range samples {
		slices.Sort(x)
		f2 := observed[j] / float64(m)
		f := math.Sqrt(f2)
		low, high := math.Sqrt(x[quantile(tail, draws)]/float64(m)), math.Sqrt(x[quantile(1-tail, draws)]/float64(m))
		if low > 0 {
			bands[j] = Band{f2 / high, f2 / low} // ln f mirrored at ln f
		} else {
			bands[j] = Band{0, max(f, high)}
		}
	}
	return bands
}

// quantile is the index of the q-quantile of n sorted numbers.
func quantile(q float64, n int) int {
	return min(n-1, max(0, int(math.Ceil(float64(q*float64(n)))-1)))
}

// pAbove is the share of draws that are at least x, the observed value among
// them: a p-value that is never zero.
func pAbove(draws []float64, x float64) float64 {
	k := 1
	for _, v := range draws {
		if v >= x {
			k++
		}
	}
	return float64(k) / float64(len(draws)+1)
}

// pBelow is pAbove for values at most x.
func pBelow(draws []float64, x float64) float64 {
	k := 1
	for _, v := range draws {
		if v <= x {
			k++
		}
	}
	return float64(k) / float64(len(draws)+1)
}
