package linalg

import "math"

// A fit is the nondecreasing, nonincreasing or unimodal g nearest to given values
// in weighted least squares (pool adjacent violators).

// isotonic returns the nondecreasing fit of f with weights w.
func isotonic(f, w []float64) []float64 {
	type block struct {
		weight, mean float64
		count        int
	}
	var blocks []block
	for i := range f {
		b := block{w[i], f[i], 1}
		for k := len(blocks) - 1; k >= 0 && blocks[k].mean >= b.mean; k-- {
			a := blocks[k]
			blocks = blocks[:k]
			total := a.weight + b.weight
			b = block{total, math.FMA(b.mean-a.mean, b.weight/total, a.mean), a.count + b.count}
		}
		blocks = append(blocks, b)
	}
	g := make([]float64, 0, len(f))
	for _, b := range blocks {
		for range b.count {
			g = append(g, b.mean)
		}
	}
	return g
}

// fitOf returns the best fit of a shape: "flat", "increasing", "decreasing" or
// "unimodal" (up, then down).
func fitOf(shape string, f, w []float64) []float64 {
	switch shape {
	case "increasing":
		return isotonic(f, w)
	case "decreasing":
		return reversed(isotonic(reversed(f), reversed(w)))
	case "unimodal":
		up := risingResiduals(f, w)
		down := risingResiduals(reversed(f), reversed(w))
		n, best := len(f), 0
		for i := range n + 1 {
			if up[i]+down[n-i] < up[best]+down[n-best] {
				best = i
			}
		}
		return append(isotonic(f[:best], w[:best]), fitOf("decreasing", f[best:], w[best:])...)
	}
	var mean, weight float64
	for i, v := range f {
		weight += w[i]
		mean = math.FMA(w[i], v, mean)
	}
	g := make([]float64, len(f))
	for i := range g {
		g[i] = mean / weight
	}
	return g
}

// Curve is a smooth function through knots, constant beyond the ends: cubics
// between knots with slopes that add no bump (Fritsch and Carlson 1980), so that
// it rises and falls where the knots do.
type Curve struct {
	X, Y  []float64 // knots, X strictly ascending
	slope []float64
}

// SmoothFit returns f as a smooth curve over sigma that has the given shape:
// "flat", "increasing", "decreasing" or "unimodal"; any other gives a curve
// through all points. The steps of the weighted least-squares fit of that shape
// become knots at their weighted mean sigma. It needs points with ascending sigma,
// and at least one. The curve never leaves the range of the fit.
func SmoothFit(points []Point, shape string) *Curve {
	n := len(points)
	f, w := make([]float64, n), make([]float64, n)
	for i, p := range points {
		f[i], w[i] = p.F, float64(p.Multiplicity)
	}
	g := f
	switch shape {
	case "flat", "increasing", "decreasing", "unimodal":
		g = fitOf(shape, f, w)
	}
	c := &Curve{}
	for i := 0; i < n; {
		var weight, x float64
		j := i
		for ; j < n && g[j] == g[i]; j++ {
			weight += w[j]
			x = math.FMA(w[j], points[j].Sigma, x)
		}
		x /= weight
		if k := len(c.X) - 1; k >= 0 && x <= c.X[k] { // sigmas that agree: one knot
			c.Y[k] = 0.5 * (c.Y[k] + g[i])
		} else {
			c.X, c.Y = append(c.X, x), append(c.Y, g[i])
		}
		i = j
	}
	c.slopes()
	return c
}

func (c *Curve) slopes() {
	n := len(c.X)
	c.slope = make([]float64, n)
	rise := func(i int) float64 { return (c.Y[i+1] - c.Y[i]) / (c.X[i+1] - c.X[i]) }
	for i := 1; i < n-1; i++ {
		a, b := rise(i-1), rise(i)
		if float64(a*b) <= 0 {
			continue // a peak, or a level stretch
		}
		// The weighted harmonic mean keeps both sides monotone.
		h0, h1 := c.X[i]-c.X[i-1], c.X[i+1]-c.X[i]
		w0, w1 := float64(2*h1)+h0, float64(2*h0)+h1
		c.slope[i] = (w0 + w1) / (w0/a + w1/b)
	}
}

// At returns the curve at x.
func (c *Curve) At(x float64) float64 {
	n := len(c.X)
	if x <= c.X[0] {
		return c.Y[0]
	}
	if x >= c.X[n-1] {
		return c.Y[n-1]
	}
	i := 0
	for c.X[i+1] <= x {
		i++
	}
	h := c.X[i+1] - c.X[i]
	t := (x - c.X[i]) / h
	u := 1 - t
	// Hermite's cubic, as weights of the ends and of the slopes.
	y := float64(float64(float64(u*u)*math.FMA(2, t, 1))*c.Y[i]) + float64(float64(float64(t*t)*math.FMA(2, u, 1))*c.Y[i+1])
	s := float64(float64(float64(h*t)*u) * (float64(u*c.slope[i]) - float64(t*c.slope[i+1])))
	return y + s
}
