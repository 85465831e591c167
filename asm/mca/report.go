package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// iterations of the loop in llvm-mca: the way in and out is then below 1 %.
const iterations = 400

// A prediction is what llvm-mca says about one loop.
type prediction struct {
	cycles float64 // per iteration
	fmlas  int     // per iteration
	pipes  []pipes // those that an FMLA occupies, the busiest first
}

// pipes are the units of one kind.
type pipes struct {
	name    string
	units   int
	percent float64
}

func (p prediction) busiest() pipes { return p.pipes[0] }

func (p prediction) String() string {
	var parts []string
	for _, k := range p.pipes {
		parts = append(parts, fmt.Sprintf("%.1f %% of %d %s", k.percent, k.units, k.name))
	}
	return strings.Join(parts, ", ")
}

var (
	totalCycles = regexp.MustCompile(`Total Cycles: +(\d+)`)
	resource    = regexp.MustCompile(`^(\[[\d.]+\]) +- (\w+)`)
	// A pipe of several with its own number, such as N1UnitV1.
	numbered = regexp.MustCompile(`^(\w+UnitV)\d$`)
)

// parse reads the report of llvm-mca. A unit's kind is its name, less the digit
// by which the Neoverse models tell their vector pipes apart.
func parse(report string) (prediction, error) {
	var p prediction
	m := totalCycles.FindStringSubmatch(report)
	if m == nil {
		return p, fmt.Errorf("no total of cycles in llvm-mca's report")
	}
	total, err := strconv.Atoi(m[1])
	if err != nil {
		return p, err
	}
	p.cycles = float64(total) / iterations

	kind := map[string]string{} // of the column "[9.0]"
	units := map[string]int{}
	_, tables, _ := strings.Cut(report, "Resources:")
	legend, pressure, found := strings.Cut(tables, "Resource pressure by instruction:")
	if !found {
		return p, fmt.Errorf("no pressure by instruction in llvm-mca's report")
	}
	for line := range strings.Lines(legend) {
		if m := resource.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			name := numbered.ReplaceAllString(m[2], "$1")
			kind[m[1]] = name
			units[name]++
		}
	}
	var columns []string
	busy := map[string]float64{} // cycles per iteration
	for line := range strings.Lines(pressure) {
		fields := strings.Fields(line)
		if len(fields) > 0 && strings.HasPrefix(fields[0], "[") {
			columns = fields[:len(fields)-1]
			continue
		}
		if len(columns) == 0 || len(fields) <= len(columns) || fields[len(columns)] != "fmla" {
			continue
		}
		p.fmlas++
		for i, c := range columns {
			if fields[i] == "-" {
				continue
			}
			cycles, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return p, fmt.Errorf("pressure %q is no number", fields[i])
			}
			busy[kind[c]] += cycles
		}
	}
	if p.fmlas == 0 {
		return p, fmt.Errorf("no FMLA in the loop")
	}
	for name, cycles := range busy {
		p.pipes = append(p.pipes, pipes{name, units[name], 100 * cycles / float64(units[name]) / p.cycles})
	}
	slices.SortFunc(p.pipes, func(a, b pipes) int {
		return cmp.Or(cmp.Compare(b.percent, a.percent), strings.Compare(a.name, b.name))
	})
	return p, nil
}
