package linalg

import (
	"math"

	"randalign/tensor"
)

// clusters finds the runs of values that are too close for tiny angles and
// diagonalises in each.
func (r *refiner) clusters() {
	for i, lo := range r.from {
		r.reach[lo] = max(r.reach[lo], i)
	}
	for lo := 0; lo < r.n; {
		hi := r.reach[lo] + 1
		for i := lo + 1; i < hi; i++ {
			hi = max(hi, r.reach[i]+1)
		}
		for i := lo; i < hi; i++ {
			r.from[i], r.reach[i] = lo, hi-1
		}
		if hi-lo == 1 {
			r.d[lo] += r.gain[lo]
			r.w32[lo*r.n+lo] = float32(0.5 * r.short[lo])
		} else {
			r.cluster(lo, hi-lo)
		}
		lo = hi
	}
}

// cluster rotates the m vectors from lo on so that x_j'Ax_i is diagonal among
// them, and fills their block of F with what makes them orthonormal.
func (r *refiner) cluster(lo, m int) {
	n, pool := r.n, r.pool
	x := r.x[lo*n:][:m*n]
	// E = I - X_c X_c', without the rounding of a plain product.
	x1, x2 := make([]float64, m*n), make([]float64, m*n)
	for i, v := range x {
		hi := (v + r.bigX) - r.bigX
		x1[i], x2[i] = hi, v-hi
	}
	e := NewMat(m, m)
	tensor.Gemm(pool, m, m, n, tensor.RowMajor(x1, n), tensor.Transposed(x1, n), e.Data, m, tensor.Set)
	for i := range m {
		e.Data[i*m+i]--
	}
	tensor.Gemm(pool, m, m, n, tensor.RowMajor(x1, n), tensor.Transposed(x2, n), e.Data, m, tensor.Accumulate)
	tensor.Gemm(pool, m, m, n, tensor.RowMajor(x2, n), tensor.Transposed(x, n), e.Data, m, tensor.Accumulate)
	// What A is on the cluster, less a multiple of I.
	middle := r.d[lo+m/2]
	dev := NewMat(m, m)
	for i := range m {
		for j := range i {
			v := 0.5 * (float64(r.w32[(lo+i)*n+lo+j]) + float64(r.w32[(lo+j)*n+lo+i]))
			dev.Data[i*m+j], dev.Data[j*m+i] = v, v
		}
		dev.Data[i*m+i] = (r.d[lo+i] - middle) + r.gain[lo+i]
	}
	values, v := r.diagonalize(dev)
	for i := range m {
		r.d[lo+i] = middle + values[i]
	}
	// V is m x m, its rows the vectors: X_c <- V X_c and the same for W.
	tensor.Gemm(pool, m, n, m, tensor.RowMajor(v.Data, m), tensor.RowMajor(x, n), x1, n, tensor.Set)
	copy(x, x1)
	for i, w := range x {
		r.x32[lo*n+i] = float32(w)
	}
	v32, t32 := make([]float32, m*m), make([]float32, m*n)
	for i, w := range v.Data {
		v32[i] = float32(w)
	}
	tensor.Gemm(pool, m, n, m, tensor.RowMajor(v32, m), tensor.RowMajor(r.w32[lo*n:], n), t32, n, tensor.Set)
	copy(r.w32[lo*n:], t32)
	tensor.Gemm(pool, n, m, m, tensor.RowMajor(r.w32[lo:], n), tensor.Transposed(v32, m), t32, m, tensor.Set)
	for i := range n {
		copy(r.w32[i*n+lo:][:m], t32[i*m:])
	}
	f := Mul(Mul(v, e), v.Transpose())
	for i := range m {
		for j := range m {
			r.w32[(lo+i)*n+lo+j] = float32(-0.5 * f.Data[i*m+j])
		}
	}
}

// diagonalize returns the values of a small matrix, ascending, and its vectors
// as rows: by rotations, or as the whole was begun if it is large.
func (r *refiner) diagonalize(a *Mat) ([]float64, *Mat) {
	n := a.Rows
	big := maxAbs(a.Data)
	if big == 0 {
		return make([]float64, n), Identity(n)
	}
	_, exp := math.Frexp(big)
	for i, v := range a.Data {
		a.Data[i] = math.Ldexp(v, -exp)
	}
	var values []float64
	var v *Mat
	if n <= cyclicMax {
		e := &Eig{}
		j := newJacobi(a)
		if !j.iterate(e) {
			return make([]float64, n), Identity(n)
		}
		values, v = j.rows()
	} else {
		s := newSpectral(n, r.pool)
		defer s.release()
		copy(s.a, a.Data)
		if !s.precondition() {
			return make([]float64, n), Identity(n)
		}
		values, v = append(values, s.d...), (&Mat{n, n, s.x}).Clone()
	}
	for i := range values {
		values[i] = math.Ldexp(values[i], exp)
	}
	return values, v
}
