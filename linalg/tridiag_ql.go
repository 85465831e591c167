package linalg

import (
	"math"

	"randalign/asm"
)

// maxQL iterations for one eigenvalue are far above the two or three it takes.
const maxQL = 60

// implicitQL diagonalises the tridiagonal matrix with diagonal d and
// off-diagonal e (len(d)-1 values, destroyed) by the QL method with implicit
// shifts, rotating the first len(d) elements of the rows of z, ld apart. It
// reports whether it converged. The values are not sorted.
func implicitQL(d, e, z []float64, ld int, k *asm.Kernels) bool {
	n := len(d)
	norm := max(maxAbs(d), maxAbs(e))
	for l := range n {
		for iter := 0; ; iter++ {
			m := l
			for ; m < n-1; m++ {
				if x := math.Abs(e[m]); x <= 0.25*eps*(math.Abs(d[m])+math.Abs(d[m+1])) || x <= 0x1p-60*norm {
					e[m] = 0
					break
				}
			}
			if m == l {
				break
			}
			if iter == maxQL {
				return false
			}
			// Wilkinson's shift, from the leading 2 x 2 block.
			g := (d[l+1] - d[l]) / (2 * e[l])
			r := math.Sqrt(math.FMA(g, g, 1))
			g = d[m] - d[l] + e[l]/(g+math.Copysign(r, g))
			s, c, p := 1.0, 1.0, 0.0
			i := m - 1
			for ; i >= l; i-- {
				f, b := float64(s*e[i]), float64(c*e[i])
				r = hypot(f, g)
				if i+1 < m {
					e[i+1] = r
				}
				if r == 0 { // the matrix splits
					d[i+1] -= p
					break
				}
				s, c = f/r, g/r
				g = d[i+1] - p
				r = math.FMA(d[i]-g, s, float64(2*float64(c*b)))
				p = float64(s * r)
				d[i+1] = g + p
				g = math.FMA(c, r, -b)
				k.PlaneF64(z[i*ld:][:n], z[(i+1)*ld:][:n], c, s)
			}
			if r == 0 && i >= l {
				continue
			}
			d[l] -= p
			e[l] = g
		}
	}
	return true
}

// hypot is sqrt(x^2 + y^2) for numbers whose squares do not overflow; what
// underflows is lost.
func hypot(x, y float64) float64 { return math.Sqrt(math.FMA(x, x, float64(y*y))) }
