package linalg

import (
	"math"

	"randalign/asm"
)

// secular is the equation g(x) = 1/rho + sum_i z_i^2 / (d_i - x) = 0 with d
// strictly ascending and rho > 0. Root j lies between d_j and d_{j+1}, the last
// one within rho*|z|^2 above the last pole (Golub 1973; Li 1993).
type secular struct {
	d, z   []float64
	inv    float64 // 1/rho
	length float64 // rho*|z|^2
	kern   *asm.Kernels
}

// root returns root j as d[origin] + tau, and writes d_i - root to delta: each
// difference is exact to rounding however near a pole the root lies.
func (q *secular) root(j int, delta []float64) (origin int, tau float64) {
	n := len(q.d)
	d, z := q.d, q.z
	if n == 1 {
		tau = q.length
		delta[0] = -tau
		return 0, tau
	}
	shift := func(o int) {
		for i, x := range d {
			delta[i] = x - d[o]
		}
	}
	// Poles to interpolate by, and the interval of tau.
	left, right := j, j+1
	origin = j
	var lo, hi float64
	if j == n-1 {
		left, right = n-2, n-1
		shift(origin)
		lo, hi = 0, q.length
		tau = 0.5 * hi
	} else {
		shift(origin)
		half := 0.5 * delta[right]
		s1, _ := q.kern.SecularF64(z[:right], delta[:right], half)
		s2, _ := q.kern.SecularF64(z[right:], delta[right:], half)
		lo, hi, tau = 0, half, half
		if q.inv+s1+s2 < 0 {
			origin = right
			shift(origin)
			lo, hi, tau = -half, 0, -half
		}
	}
	for range 100 {
		psi, dpsi := q.kern.SecularF64(z[:right], delta[:right], tau)
		phi, dphi := q.kern.SecularF64(z[right:], delta[right:], tau)
		w := q.inv + psi + phi
		if math.Abs(w) <= 4*eps*(q.inv+math.Abs(psi)+math.Abs(phi)) {
			break
		}
		if w < 0 {
			lo = tau
		} else {
			hi = tau
		}
		// The rational function with the value and, on either side, the slope.
		dl, dr := delta[left]-tau, delta[right]-tau
		c := w - float64(dl*dpsi) - float64(dr*dphi)
		a := float64((dl+dr)*w) - float64(float64(dl*dr)*(dpsi+dphi))
		b := float64(float64(dl*dr) * w)
		root := math.Sqrt(max(0, float64(a*a)-float64(4*float64(b*c))))
		var next float64
		switch {
		case j < n-1 && a <= 0:
			next = tau + (a-root)/(2*c)
		case j < n-1:
			next = tau + 2*b/(a+root)
		case a >= 0:
			next = tau + (a+root)/(2*c)
		default:
			next = tau + 2*b/(a-root)
		}
		if !(next > lo && next < hi) {
			next = between(lo, hi)
		}
		if next == tau || next == lo || next == hi {
			break
		}
		tau = next
	}
	for i := range delta {
		delta[i] -= tau
	}
	return origin, tau
}

// between halves an interval, by its magnitude where one end is zero.
func between(lo, hi float64) float64 {
	switch {
	case lo == 0:
		return hi * 0x1p-10
	case hi == 0:
		return lo * 0x1p-10
	}
	return 0.5 * (lo + hi)
}
