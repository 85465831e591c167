package linalg

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// ramp returns points of f over sigma 1, 2, ...
func ramp(f ...float64) []Point {
	p := make([]Point, len(f))
	for i, v := range f {
		p[i] = Point{Sigma: float64(i + 1), F: v, Multiplicity: 1}
	}
	return p
}

func TestIsotonicByHand(t *testing.T) {
	ones := []float64{1, 1, 1, 1, 1}
	require.Equal(t, []float64{1, 2.5, 2.5, 4, 5}, isotonic([]float64{1, 3, 2, 4, 5}, ones))
	require.Equal(t, []float64{2, 2, 2}, isotonic([]float64{3, 2, 1}, ones[:3]))
	require.Equal(t, []float64{1.75, 1.75, 9}, isotonic([]float64{2, 1, 9}, []float64{3, 1, 1}))
	require.Equal(t, []float64{5, 4, 2.5, 2.5, 1}, fitOf("decreasing", []float64{5, 4, 2, 3, 1}, ones))
	require.Equal(t, []float64{1, 5, 3.5, 3.5, 1}, fitOf("unimodal", []float64{1, 5, 3, 4, 1}, ones))
}

func TestSmoothFitKeepsItsShape(t *testing.T) {
	f := []float64{0.1, 0.2, 0.15, 0.5, 0.9, 0.85, 0.95, 0.6, 0.2, 0.25, 0.1}
	p := ramp(f...)
	for shape, sign := range map[string][2]float64{"increasing": {1, 1}, "decreasing": {-1, -1}, "unimodal": {1, -1}} {
		c := SmoothFit(p, shape)
		peak := 0.0
		for x := 0.0; x <= 12; x += 1.0 / 64 {
			if c.At(x) > c.At(peak) {
				peak = x
			}
		}
		low, high := f[0], f[0]
		for _, v := range f {
			low, high = min(low, v), max(high, v)
		}
		for x := 0.0; x < 12; x += 1.0 / 64 {
			d := c.At(x+1.0/64) - c.At(x)
			s := sign[0]
			if shape == "unimodal" && x >= peak {
				s = sign[1]
			}
			require.GreaterOrEqual(t, d*s, -1e-15, "%s at %v", shape, x)
			require.LessOrEqual(t, c.At(x), high)
			require.GreaterOrEqual(t, c.At(x), low)
		}
	}
	// Knots that rise are met exactly; the ends are held.
	c := SmoothFit(ramp(1, 2, 4), "increasing")
	require.Equal(t, []float64{1, 2, 4, 1, 4}, []float64{c.At(1), c.At(2), c.At(3), c.At(-5), c.At(9)})
	require.InDelta(t, 2, SmoothFit(ramp(1, 3), "flat").At(1.3), 1e-15)
	require.InDelta(t, 7, SmoothFit(ramp(7), "unimodal").At(1), 0)
	// A straight line stays one.
	line := SmoothFit(ramp(1, 2, 3, 4), "increasing")
	require.InDelta(t, 2.5, line.At(2.5), 1e-15)
	// Any other shape: through all points; sigmas that agree make one knot.
	p[3].Sigma = p[2].Sigma
	every := SmoothFit(p, "other")
	require.Len(t, every.X, 10)
	require.InDelta(t, 0.5*(f[2]+f[3]), every.At(3), 1e-15)
}

// Under each shape the test of that shape rejects at about its level, and it
// finds the shape when the curve is far from simpler ones.
func TestClassifyShapeIsCalibrated(t *testing.T) {
	s := stream("classify")
	const m, d = 60, 12
	for shape, f := range map[string]func(i int) float64{
		"flat":       func(int) float64 { return 0.3 },
		"increasing": func(i int) float64 { return 0.1 * float64(i+1) },
		"decreasing": func(i int) float64 { return 2 / float64(i+2) },
		"unimodal":   func(i int) float64 { return 1 / (1 + 0.1*float64((i-5)*(i-5))) },
		"other":      func(i int) float64 { return 1 + 0.8*float64(i%3) },
	} {
		trials, right := 150, 0
		for range trials {
			points := make([]Point, d)
			for i := range points {
				mult := 1 + i%2
				points[i] = Point{Sigma: float64(i + 1), F: f(i) * math.Sqrt(chiSquared(m*mult, s)/float64(m*mult)), Multiplicity: mult}
			}
			if r := ClassifyShape(points, m, 99, 0.05, s); r.Shape == shape {
				right++
			}
		}
		// The level is 5%; the projection on a cone makes tests of a slope milder.
		require.GreaterOrEqual(t, float64(right)/float64(trials), 0.88, shape)
	}
	require.Equal(t, "flat", ClassifyShape(ramp(1), 10, 9, 0.05, s).Shape)
	// Half a percent of slope means nothing, however many filters say so.
	require.Equal(t, "flat", ClassifyShape(ramp(1, 1.002, 1.004), 1e8, 9, 0.05, s).Shape)
}

// 95% bands cover the true f in about 95 of 100 experiments.
func TestTransferBandsCover(t *testing.T) {
	s := stream("bands")
	const m, d, trials = 80, 5, 300
	spaces := []Space{{0, 1}, {1, 3}, {3, 5}}
	std := []float64{0.5, 1, 2}
	each := []float64{0.5, 1, 1, 2, 2}
	e := &Eig{Values: []float64{1, 2, 2, 3, 3}, Vectors: Haar(d, s)}
	g := FromSpectrum(e.Vectors, each)
	x := make([]float32, m*d)
	covered := make([]int, 3)
	for range trials {
		g.SampleRows32(s, x, m)
		points := TransferFunction(e, spaces, SecondMoment(x, m, d))
		for j, b := range TransferBands(e, spaces, x, m, 200, 0.95, s) {
			require.Less(t, b.Low, points[j].F)
			require.Greater(t, b.High, points[j].F)
			if b.Low <= std[j] && std[j] <= b.High {
				covered[j]++
			}
		}
	}
	for _, k := range covered {
		share := float64(k) / trials
		require.InDelta(t, 0.945, share, 0.045) // 3 standard errors of 0.013, and the bootstrap's own bias
	}
}

// The p-value for "not aligned" is uniform when the weights are aligned: over
// many experiments its quantiles are those of the uniform law.
func TestNotAlignedIsCalibrated(t *testing.T) {
	s := stream("calibrated")
	const m, d, trials = 25, 6, 200
	data := withSpectrum(Haar(d, s), []float64{1, 2, 3, 5, 8, 13})
	e := checkEigen(t, data)
	aligned := FromSpectrum(e.Vectors, []float64{1, 2, 2.5, 1.5, 0.7, 0.3})
	strange := FromSpectrum(Haar(d, s), []float64{1, 2, 2.5, 1.5, 0.7, 0.3})
	x := make([]float32, m*d)
	var below [2]int // of 0.1 and 0.5
	caught, chance := 0, 0
	for i := range trials {
		opt := AlignOptions{ControlDraws: 39, FloorDraws: 39, Seed: uint64(i)}
		aligned.SampleRows32(s, x, m)
		r, err := Align(data, x, m, opt)
		require.NoError(t, err)
		if r.PNotAligned <= 0.1 {
			below[0]++
		}
		if r.PNotAligned <= 0.5 {
			below[1]++
		}
		if r.PChance <= 0.05 {
			chance++
		}
		strange.SampleRows32(s, x, m)
		r, err = Align(data, x, m, opt)
		require.NoError(t, err)
		if r.PNotAligned <= 0.05 {
			caught++
		}
	}
	require.InDelta(t, 0.1, float64(below[0])/trials, 3*math.Sqrt(0.1*0.9/trials))
	require.InDelta(t, 0.5, float64(below[1])/trials, 3*math.Sqrt(0.25/trials))
	require.Greater(t, float64(caught)/trials, 0.95)
	require.Greater(t, float64(chance)/trials, 0.95)
}
