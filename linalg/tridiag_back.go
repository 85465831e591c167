package linalg

import "randalign/tensor"

// backWidth reflectors are applied by one pair of products.
const backWidth = 64

// back turns the rows of z, eigenvectors of T, into those of A: z <- z*Q'. As
// Q' = H_1 H_2 ... H_{n-1}, groups of reflectors are applied from the right,
// each as I - V'SV with S upper triangular (the compact WY form).
func (t *tridiagonal) back(z []float64, mem *spectral) {
	n := t.n
	v, sv, zv := mem.take(backWidth*n), mem.take(backWidth*n), mem.take(backWidth*n)
	gram, s := mem.take(backWidth*backWidth), mem.take(backWidth*backWidth)
	for lo := 1; lo < n; lo += backWidth {
		hi := min(lo+backWidth, n)
		k, m := hi-lo, hi-1 // reflectors, and the length of the longest
		for i := lo; i < hi; i++ {
			row := v[(i-lo)*n:][:m]
			clear(row[copy(row, t.a[i*n:][:i]):])
		}
		view := tensor.RowMajor(v, n)
		tensor.Gemm(t.pool, k, k, m, view, tensor.Transposed(v, n), gram, backWidth, tensor.Set)
		clear(s)
		for c := range k {
			tau := t.tau[lo+c]
			for r := range c {
				var sum float64
				for q := r; q < c; q++ {
					sum += float64(s[r*backWidth+q] * gram[q*backWidth+c])
				}
				s[r*backWidth+c] = -tau * sum
			}
			s[c*backWidth+c] = tau
		}
		for i := range s {
			s[i] = -s[i]
		}
		tensor.Gemm(t.pool, k, m, k, tensor.RowMajor(s, backWidth), view, sv, n, tensor.Set)
		tensor.Gemm(t.pool, n, k, m, tensor.RowMajor(z, n), tensor.Transposed(v, n), zv, backWidth, tensor.Set)
		tensor.Gemm(t.pool, n, m, k, tensor.RowMajor(zv, backWidth), tensor.RowMajor(sv, n), z, n, tensor.Accumulate)
	}
}
