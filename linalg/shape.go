package linalg

import "math"

// The rule of Shape, in numbers. A curve that varies by 2% is called flat even if
// it is known exactly; a fit may leave 0.3 of the variation (R^2 = 0.91).
const (
	flatSpread  = 0.02
	fitResidual = 0.3
	noiseMargin = 1.5
)

// Shape classifies f over sigma, points ascending, as "flat", "increasing",
// "decreasing", "unimodal" (up, then down) or "other". noise is the relative
// standard error of f, 1/sqrt(2m) for m filters, 0 if not known.
//
// The rule, by spreads that are weighted by multiplicity and relative to the
// mean of f: flat if the standard deviation of f is at most 2%, or 1.5 noise.
// Otherwise the first of increasing, decreasing, unimodal whose best fit of
// that kind (least squares: isotonic regression) leaves at most 0.3 of the
// standard deviation, or 1.5 noise, as root mean square. Otherwise other.
// Fewer than two points are flat.
func Shape(points []Point, noise float64) string {
	n := len(points)
	f, w := make([]float64, n), make([]float64, n)
	var mean, weight, spread float64
	for i, p := range points {
		f[i], w[i] = p.F, float64(p.Multiplicity)
		weight += w[i]
		mean = math.FMA(w[i], f[i], mean)
	}
	if n < 2 || mean == 0 {
		return "flat"
	}
	mean /= weight
	for i := range f {
		spread = math.FMA(float64(w[i]*(f[i]-mean)), f[i]-mean, spread)
	}
	std, tol := math.Sqrt(spread/weight)/mean, noiseMargin*noise
	if std <= max(flatSpread, tol) {
		return "flat"
	}
	limit := max(float64(fitResidual*std), tol) * mean
	fits := func(residual float64) bool { return math.Sqrt(residual/weight) <= limit }

	up := risingResiduals(f, w)
	down := risingResiduals(reversed(f), reversed(w))
	if fits(up[n]) {
		return "increasing"
	}
	if fits(down[n]) {
		return "decreasing"
	}
	// A peak at i: rising on the first i points, falling on the other n-i.
	best := math.Inf(1)
	for i := range n + 1 {
		best = min(best, up[i]+down[n-i])
	}
	if fits(best) {
		return "unimodal"
	}
	return "other"
}

func reversed(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[len(x)-1-i] = v
	}
	return y
}

// risingResiduals returns, for each i, the least sum of squares w*(f-g)^2 over
// the first i points and all nondecreasing g (pool adjacent violators).
func risingResiduals(f, w []float64) []float64 {
	type block struct{ weight, mean, residual float64 }
	var blocks []block
	out := make([]float64, len(f)+1)
	for i := range f {
		b := block{w[i], f[i], 0}
		for k := len(blocks) - 1; k >= 0 && blocks[k].mean >= b.mean; k-- {
			a := blocks[k]
			blocks = blocks[:k]
			total := a.weight + b.weight
			delta := b.mean - a.mean
			b = block{
				weight:   total,
				mean:     math.FMA(delta, b.weight/total, a.mean),
				residual: a.residual + b.residual + float64(delta*delta)*float64(a.weight*b.weight)/total,
			}
		}
		blocks = append(blocks, b)
		for _, b := range blocks {
			out[i+1] += b.residual
		}
	}
	return out
}
