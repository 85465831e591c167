package linalg

import (
	"math"

	"randalign/asm"
	"randalign/tensor"
)

const (
	// tinyAngle is the largest angle whose square is below rounding: pairs that
	// want to turn further are rotated one by one in their cluster.
	tinyAngle = 0x1p-28
	// closeGap, relative to |A|, is the least difference of two values whose angle
	// says how far from orthogonal the vectors are: W is off by 2^-74 |A|.
	closeGap = 0x1p-20
	// smallTurn bounds the norm of all angles of a last sweep: the square of the
	// turn, which it neglects, is then below rounding.
	smallTurn = 0x1p-26
	// refineStrip vectors are one product.
	refineStrip = 256
	maxRefine   = 6
)

// refiner does sweeps of Jacobi's method for vectors that are nearly right.
//
// Let x_i be the rows of X and d_i their values. The pair (i, j) is to be turned
// by the angle f_ij = x_j'(A - d_i)x_i / (d_i - d_j). Where all angles are tiny,
// rotations commute up to the square of their angles, below rounding here, so
// that a sweep over all pairs is one product: X <- X + FX. Its diagonal, half of
// 1 - |x_i|^2, restores the length. What limits the accuracy is then only the
// residual, which is why P = XA - DX is computed to about 2^-74 |A|: A and X are
// split into a leading part of some 26 bits each, whose products are summed
// without any rounding, and a rest (as Ozaki, Ogita, Oishi and Rump 2012). The
// values d_i + x_i'P_i' are then right to the last bit or two even where they are
// a millionth of |A|, and the angles need no more than float32.
//
// Values too close for a tiny angle form clusters. In those the matrix
// x_j'Ax_i, less a multiple of I, is diagonalised by rotations of any size.
type refiner struct {
	n      int
	a      []float64 // symmetric, largest element in [1/2, 1)
	a1, a2 []float64 // a = a1 + a2
	x      []float64
	d      []float64
	kern   *asm.Kernels
	pool   *tensor.Pool

	x32, w32            []float32
	c, x1, x2, lo       []float64 // strips
	p32                 []float32
	short               []float64 // 1 - |x_i|^2
	gain                []float64 // x_i'P_i'
	from, reach         []int     // first and last of the cluster of i
	square              []float64 // sum of squares of angles, by row
	off                 []float64 // sum of squares of w off the diagonal, by row
	bigX, unit, inverse float64
	gap                 float64 // closer values are in one cluster
	first, rows, step   int
}

func (r *refiner) prepare(s *spectral) {
	n := r.n
	// |sum of products| <= |x||a_j| + |d_i x_ij|: 53 bits less those of twice the norm.
	var norm float64
	for i := range n {
		row := r.a[i*n:][:n]
		norm = max(norm, r.kern.DotF64(row, row))
	}
	_, exp := math.Frexp(math.Sqrt(norm))
	bits := 51 - max(exp, 0)
	px := (bits + 1) / 2
	qa := bits - px
	r.bigX = math.Ldexp(1.5, 52-px)
	bigA := math.Ldexp(1.5, 52-qa)
	r.unit, r.inverse = math.Ldexp(1, px+qa), math.Ldexp(1, -px-qa)
	for i, v := range r.a {
		hi := (v + bigA) - bigA
		r.a1[i], r.a2[i] = hi, v-hi
	}
	h := min(refineStrip, n)
	r.c, r.x1, r.x2, r.lo = s.take(h*n), s.take(h*n), s.take(h*n), s.take(h*n)
	r.p32 = s.take32(h * n)
	r.short, r.gain, r.square, r.off = s.take(n), s.take(n), s.take(n), s.take(n)
	r.from, r.reach = make([]int, n), make([]int, n)
}

// sweep turns all pairs once. It returns the norm of what was off the diagonal
// before, the norm of all angles, and how many pairs were turned. d ascends.
func (r *refiner) sweep() (off, turn float64, rotations int) {
	n, pool := r.n, r.pool
	r.run(doNarrow, n)
	r.gap = closeGap * maxAbs(r.d)
	for r.first = 0; r.first < n; r.first += refineStrip {
		r.rows = min(refineStrip, n-r.first)
		h := r.rows
		r.run(doSplit, h)
		tensor.Gemm(pool, h, n, n, tensor.RowMajor(r.x1, n), tensor.RowMajor(r.a1, n), r.c, n, tensor.Accumulate)
		tensor.Gemm(pool, h, n, n, tensor.RowMajor(r.x1, n), tensor.RowMajor(r.a2, n), r.c, n, tensor.Accumulate)
		tensor.Gemm(pool, h, n, n, tensor.RowMajor(r.x2, n), tensor.RowMajor(r.a, n), r.c, n, tensor.Accumulate)
		r.run(doResidual, h)
		tensor.Gemm(pool, h, n, n, tensor.RowMajor(r.p32, n), tensor.Transposed(r.x32, n), r.w32[r.first*n:], n, tensor.Set)
	}
	r.run(doReach, n)
	off = math.Sqrt(sum(r.off))
	r.clusters()
	r.run(doAngles, n)
	turn = math.Sqrt(sum(r.square))
	for r.first = 0; r.first < n; r.first += refineStrip {
		r.rows = min(refineStrip, n-r.first)
		h := r.rows
		// The old vectors, in float32, serve all strips.
		tensor.Gemm(pool, h, n, n, tensor.RowMajor(r.w32[r.first*n:], n), tensor.RowMajor(r.x32, n), r.p32, n, tensor.Set)
		r.run(doTurn, h)
	}
	return off, turn, n * (n - 1) / 2
}

const (
	doNarrow = iota
	doSplit
	doResidual
	doReach
	doAngles
	doTurn
	rowGroup = 16
)

// run does one step for so many rows.
func (r *refiner) run(step, rows int) {
	r.step = step
	share(r.pool, ceilDiv(rows, rowGroup), r, r.n >= shareFrom)
}

// Do implements tensor.Job.
func (r *refiner) Do(_, task int) {
	n := r.n
	switch r.step {
	case doNarrow:
		lo, hi := task*rowGroup*n, min(n, (task+1)*rowGroup)*n
		x32 := r.x32[lo:hi]
		for i, v := range r.x[lo:hi] {
			x32[i] = float32(v)
		}
		return
	case doReach:
		for i := task * rowGroup; i < min(n, (task+1)*rowGroup); i++ {
			r.reaches(i)
		}
		return
	case doAngles:
		for i := task * rowGroup; i < min(n, (task+1)*rowGroup); i++ {
			r.angles(i)
		}
		return
	}
	for i := task * rowGroup; i < min(r.rows, (task+1)*rowGroup); i++ {
		k := r.first + i
		x := r.x[k*n:][:n]
		c, lo, p32 := r.c[i*n:][:n], r.lo[i*n:][:n], r.p32[i*n:][:n]
		switch r.step {
		case doSplit:
			x1, x2 := r.x1[i*n:][:n], r.x2[i*n:][:n]
			d := r.d[k]
			for j, v := range x {
				hi := (v + r.bigX) - r.bigX
				x1[j], x2[j] = hi, v-hi
				p := float64(d * v)
				q := math.RoundToEven(float64(p*r.unit)) * r.inverse
				c[j] = -q
				lo[j] = math.FMA(d, v, -p) + (p - q)
			}
			r.short[k] = (1 - r.kern.DotF64(x1, x1)) - r.kern.DotF64(x2, x1) - r.kern.DotF64(x2, x)
		case doResidual:
			for j, v := range lo {
				c[j] -= v
				p32[j] = float32(c[j])
			}
			r.gain[k] = r.kern.DotF64(c, x)
		case doTurn:
			for j, v := range p32 {
				x[j] += float64(v)
			}
		}
	}
}

// reaches notes the first and the last row that i cannot leave alone, and the norm of row i of W.
func (r *refiner) reaches(i int) {
	di := r.d[i]
	var off float64
	from, reach := i, i
	for j, v := range r.w32[i*r.n:][:r.n] {
		if j == i {
			continue
		}
		x := float64(v)
		off = math.FMA(x, x, off)
		if gap := math.Abs(di - r.d[j]); gap < r.gap || math.Abs(x) >= tinyAngle*gap {
			from, reach = min(from, j), max(reach, j)
		}
	}
	r.from[i], r.reach[i], r.off[i] = from, reach, off
}

// angles turns row i of W into that of F. What is within the cluster is there.
func (r *refiner) angles(i int) {
	di := r.d[i]
	var square float64
	w := r.w32[i*r.n:][:r.n]
	turn := func(lo, hi int) {
		for j := lo; j < hi; j++ {
			f := float64(w[j]) / (di - r.d[j])
			square = math.FMA(f, f, square)
			w[j] = float32(f)
		}
	}
	turn(0, r.from[i])
	turn(r.reach[i]+1, r.n)
	// What makes the cluster orthonormal is neglected to the second order as well.
	for _, f := range w[r.from[i] : r.reach[i]+1] {
		square = math.FMA(float64(f), float64(f), square)
	}
	r.square[i] = square
}
