package linalg

import (
	"math"

	"randalign/asm"
	"randalign/tensor"
)

const (
	// panelWidth reflectors are gathered before the rest of the matrix is updated
	// by one product; 2*panelWidth is that product's depth.
	panelWidth = 32
	// symvParts is how many pieces with sums of their own a large symmetric
	// matrix-vector product has; fixed, so that threads cannot change a bit.
	symvParts = 8
	// symvWhole rows are one piece: less than the waking of a thread is worth.
	symvWhole = 320
	// updateStrip rows of the lower triangle are one product.
	updateStrip = 192
	// farTriangle bytes of half a matrix come from memory in each product: the size of
	// the last-level caches of servers.
	farTriangle = 32 << 20
)

// tridiagonal is a reduction T = Q'AQ under way, by Householder reflections
// from the last row upwards, so that what is left is always a leading block and
// the vector to be reflected a stretch of a row.
//
// Row i of a ends as the reflector v_i, a[i][i-1] = 1, of H_i = I - tau[i] v v';
// Q = H_{n-1} ... H_1.
type tridiagonal struct {
	n    int
	a    []float64 // n x n, the lower triangle counts
	d, e []float64 // diagonal; e[i] beside d[i] and d[i+1]
	tau  []float64
	u    []float64 // [V; W], 2*panelWidth x n
	neg  []float64 // [-W; -V]
	part []float64 // symvParts x n
	kern *asm.Kernels
	pool *tensor.Pool
	x, y []float64 // of the product at hand
	far  bool      // whether its matrix is
	rows []int     // where its pieces begin
}

func (t *tridiagonal) reduce() {
	for hi := t.n; hi > 0; {
		lo := max(hi-panelWidth, 0)
		t.panel(lo, hi)
		if lo > 0 {
			t.update(lo, hi-lo)
		}
		hi = lo
	}
}

// panel reduces the rows [lo, hi), the last one first. Row i is updated by the
// reflectors before it only when its turn has come.
func (t *tridiagonal) panel(lo, hi int) {
	n, k := t.n, t.kern
	v := func(c int) []float64 { return t.u[c*n:][:n] }
	w := func(c int) []float64 { return t.u[(hi-lo+c)*n:][:n] }
	for i := hi - 1; i >= lo; i-- {
		c := hi - 1 - i
		row := t.a[i*n:][:i+1]
		for b := range c {
			k.AxpyF64(-v(b)[i], w(b), row)
			k.AxpyF64(-w(b)[i], v(b), row)
		}
		t.d[i] = row[i]
		vi, wi := v(c)[:i], w(c)[:i]
		if i == 0 {
			return
		}
		x := row[:i]
		alpha := x[i-1]
		sigma := k.DotF64(x[:i-1], x[:i-1])
		if sigma == 0 { // below 2^-537 of the largest element: nothing, normwise
			t.tau[i], t.e[i-1] = 0, alpha
			clear(x)
			x[i-1] = 1
			clear(vi)
			clear(wi)
			continue
		}
		beta := -math.Copysign(math.Sqrt(math.FMA(alpha, alpha, sigma)), alpha)
		tau := (beta - alpha) / beta
		t.tau[i], t.e[i-1] = tau, beta
		scale := 1 / (alpha - beta)
		for j := range x[:i-1] {
			x[j] *= scale
		}
		x[i-1] = 1
		copy(vi, x)
		t.symv(i, vi, wi)
		for b := range c {
			vb, wb := v(b)[:i], w(b)[:i]
			p, q := k.DotF64(wb, vi), k.DotF64(vb, vi)
			k.AxpyF64(-p, vb, wi)
			k.AxpyF64(-q, wb, wi)
		}
		for j := range wi {
			wi[j] *= tau
		}
		k.AxpyF64(-float64(0.5*tau)*k.DotF64(wi, vi), vi, wi)
	}
}

// update is A -= VW' + WV' on the lower triangle of the leading lo rows.
func (t *tridiagonal) update(lo, width int) {
	n := t.n
	for c := range width {
		for j, x := range t.u[(width+c)*n:][:lo] {
			t.neg[c*n+j] = -x
		}
		for j, x := range t.u[c*n:][:lo] {
			t.neg[(width+c)*n+j] = -x
		}
	}
	for r := 0; r < lo; r += updateStrip {
		h := min(updateStrip, lo-r)
		tensor.Gemm(t.pool, h, r+h, 2*width, tensor.Transposed(t.u[r:], n), tensor.RowMajor(t.neg, n), t.a[r*n:], n, tensor.Accumulate)
	}
}

// symv is y = A*x for the leading m rows of the symmetric a.
func (t *tridiagonal) symv(m int, x, y []float64) {
	t.x, t.y, t.far = x, y, 4*m*m > farTriangle
	if m <= symvWhole {
		clear(y)
		t.symvRows(0, m, y)
		return
	}
	// Pieces of about the same area, cut at multiples of 8 rows.
	t.rows = append(t.rows[:0], 0)
	for p := 1; p < symvParts; p++ {
		t.rows = append(t.rows, int(float64(m)*math.Sqrt(float64(p)/symvParts))&^7)
	}
	t.rows = append(t.rows, m)
	t.pool.Run(symvParts, t)
	clear(y)
	for p := range symvParts {
		k := t.rows[p+1]
		t.kern.AxpyF64(1, t.part[p*t.n:][:k], y[:k])
	}
}

// Do implements tensor.Job: one piece of symv.
func (t *tridiagonal) Do(_, task int) {
	y := t.part[task*t.n:][:t.rows[task+1]]
	clear(y)
	t.symvRows(t.rows[task], t.rows[task+1], y)
}

// symvRows adds what the rows [lo, hi) of the lower triangle owe to y.
func (t *tridiagonal) symvRows(lo, hi int, y []float64) {
	n := t.n
	for r := lo; r < hi; r += 4 {
		var xr, out [4]float64
		h := min(4, hi-r)
		a := t.a[r*n:]
		if h == 4 {
			copy(xr[:], t.x[r:])
			t.kern.SymvF64(a, n, t.x[:r], y[:r], &xr, &out, t.far)
		} else {
			for q := range h {
				out[q] = t.kern.DotF64(a[q*n:][:r], t.x[:r])
				t.kern.AxpyF64(t.x[r+q], a[q*n:][:r], y[:r])
			}
		}
		for q := range h {
			sum := out[q]
			for p := range h {
				i, j := max(p, q), min(p, q)
				sum = math.FMA(a[i*n+r+j], t.x[r+p], sum)
			}
			y[r+q] += sum
		}
	}
}
