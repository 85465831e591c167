package asm

// Linalg holds the inner loops of covariances and of the eigensolver, in float64, of one path.
type Linalg struct {
	// DotF64 is the sum of x[i]*y[i] over Lanes lanes of fused multiply-adds.
	DotF64 func(x, y []float64) float64
	// AxpyF64 is y[i] = fma(a, x[i], y[i]); x is at least as long as y.
	AxpyF64 func(a float64, x, y []float64)
	// PlaneF64 rotates: x[i], y[i] = fma(-s, y[i], c*x[i]), fma(s, x[i], c*y[i]).
	PlaneF64 func(x, y []float64, c, s float64)
	// SymvF64 uses four rows of a symmetric matrix, a[q*lda+j], both ways:
	// y[j] = fma(a[q*lda+j], r[q], y[j]) for q = 0, 1, 2, 3, and out[q] is the
	// sum of a[q*lda+j]*x[j] over eight lanes of fused multiply-adds. far says that the rows come from
	// memory: where they are near, asking for them takes up to 1.3 times as long.
	SymvF64 func(a []float64, lda int, x, y []float64, r, out *[4]float64, far bool)
	// SecularF64 is, with t[i] = z[i]/(delta[i]-tau), the sums of z[i]*t[i] and
	// of t[i]*t[i] over eight lanes of fused multiply-adds.
	SecularF64 func(z, delta []float64, tau float64) (s, ds float64)
	// ShiftF64 moves four rows of n elements: x[q*ld+i] -= by[q] for q = 0, 1, 2, 3, and
	// sum[q] is the sum of what becomes of row q over four lanes.
	ShiftF64 func(x []float64, ld, n int, by, sum *[4]float64)
}

// linalgReference is the table of the generic path.
func linalgReference() Linalg {
	return Linalg{
		DotF64:     dotF64Generic,
		AxpyF64:    axpyF64Generic,
		PlaneF64:   planeF64Generic,
		SymvF64:    symvF64Generic,
		SecularF64: secularF64Generic,
		ShiftF64:   shiftF64Generic,
	}
}
