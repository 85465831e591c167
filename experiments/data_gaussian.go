package experiments

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"randalign/tensor"
)

const (
	gaussianClasses = 10
	gaussianTrain   = 10000
	gaussianTest    = 2000
	gaussianSeed    = 1 // fixed: a specification names one data set
	gaussianMaxDim  = 1 << 16
	gaussianMaxN    = 1 << 30
)

// gaussianSource is "gaussian:SPEC": x ~ N(0, diag(std^2)) with labels drawn
// uniformly from ten classes, independent of x. Example i and its label depend
// on the split and on i alone; sets with the same standard deviations and
// different n share their first examples.
type gaussianSource struct {
	name  string
	std   []float64
	train int
}

const gaussianForms = `expected gaussian:SPEC[:n=N], SPEC a comma list of S, SxCOUNT or FROM..TOxCOUNT, as gaussian:0.1..3.0x30`

// parseGaussian reads the name of a Gaussian source, such as
//
//	gaussian:0.1..3.0x30    30 standard deviations, evenly from 0.1 to 3.0
//	gaussian:1x20           20 of them, all 1
//	gaussian:1,2,3:n=20000  three, and 20,000 training examples
func parseGaussian(name string) (*gaussianSource, error) {
	fail := func(format string, args ...any) (*gaussianSource, error) {
		return nil, dataErrorf(ErrSpec, "data %q: %s; %s", name, fmt.Sprintf(format, args...), gaussianForms)
	}
	spec, ok := strings.CutPrefix(name, "gaussian:")
	if !ok || spec == "" {
		return fail("found no standard deviations")
	}
	g := &gaussianSource{name: name, train: gaussianTrain}
	spec, option, found := strings.Cut(spec, ":")
	if found {
		value, ok := strings.CutPrefix(option, "n=")
		n, err := strconv.Atoi(value)
		if !ok || err != nil || n < 1 || n > gaussianMaxN {
			return fail("found option %q, which is not n=1 to n=%d", option, gaussianMaxN)
		}
		g.train = n
	}
	for item := range strings.SplitSeq(spec, ",") {
		values, err := parseDeviations(item)
		if err != nil {
			return fail("%v", err)
		}
		if len(g.std)+len(values) > gaussianMaxDim {
			return fail("found more than %d dimensions", gaussianMaxDim)
		}
		g.std = append(g.std, values...)
	}
	return g, nil
}

// parseDeviations reads S, SxCOUNT or FROM..TOxCOUNT.
func parseDeviations(item string) ([]float64, error) {
	value, times, counted := strings.Cut(item, "x")
	count := 1
	if counted {
		var err error
		if count, err = strconv.Atoi(times); err != nil || count < 1 || count > gaussianMaxDim {
			return nil, fmt.Errorf("found count %q, which is not 1 to %d", times, gaussianMaxDim)
		}
	}
	from, to, isRange := strings.Cut(value, "..")
	if !isRange {
		to = from
	}
	a, err := parseDeviation(from)
	if err != nil {
		return nil, err
	}
	b, err := parseDeviation(to)
	if err != nil {
		return nil, err
	}
	if isRange && count < 2 {
		return nil, fmt.Errorf("found range %q without a count of 2 or more", item)
	}
	values := make([]float64, count)
	for i := range values {
		values[i] = a
		if i > 0 {
			values[i] = a + float64((b-a)*float64(i))/float64(count-1)
		}
	}
	return values, nil
}

// parseDeviation accepts what float32 data can hold with room to spare.
func parseDeviation(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || v < 1e-30 || v > 1e30 {
		return 0, fmt.Errorf("found standard deviation %q, which is not a number from 1e-30 to 1e30", s)
	}
	return v, nil
}

func (g *gaussianSource) Name() string  { return g.name }
func (g *gaussianSource) Shape() [3]int { return [3]int{len(g.std), 1, 1} }
func (g *gaussianSource) Classes() int  { return gaussianClasses }

func (g *gaussianSource) Len(split Split) int {
	if split == Test {
		return gaussianTest
	}
	return g.train
}

// Read draws the examples asked for, on all processors.
func (g *gaussianSource) Read(ctx context.Context, split Split, index []int) (*Raw, error) {
	if err := checkIndex(g, split, index); err != nil {
		return nil, err
	}
	d := len(g.std)
	raw := &Raw{F32: make([]float32, len(index)*d), Labels: make([]int32, len(index))}
	err := eachExample(ctx, len(index), func() func(int) error {
		return func(i int) error {
			id := string(split) + "/" + strconv.Itoa(index[i])
			s := tensor.NewStream(gaussianSeed, "gaussian/"+id)
			for j, x := 0, raw.F32[i*d:][:d]; j < d; j++ {
				x[j] = float32(float64(g.std[j] * s.Normal()))
			}
			raw.Labels[i] = int32(tensor.NewStream(gaussianSeed, "gaussian-labels/"+id).IntN(gaussianClasses))
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	return raw, nil
}
