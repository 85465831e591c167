package linalg

import (
	"sync"
	"unsafe"

	"randalign/asm"
	"randalign/tensor"
)

// spectral is the decomposition of a matrix of more than cyclicMax rows:
// vectors that are right to rounding for an ordinary solver (Householder's
// reduction, divide and conquer), then sweeps of Jacobi's method, which take
// them to the accuracy of the data. It holds five n x n matrices, and strips.
type spectral struct {
	n          int
	a          []float64 // as given, scaled, symmetric
	d          []float64
	x          []float64 // rows: vectors, ascending
	w1, w2, w3 []float64 // work
	kern       *asm.Kernels
	pool       *tensor.Pool
	memory     []float64
	used       int
}

// spectrals keeps memory that was touched once, whose page faults are dear.
var spectrals = sync.Pool{New: func() any { return new(spectral) }}

// newSpectral reserves a decomposition of order n; release gives it back.
func newSpectral(n int, p *tensor.Pool) *spectral {
	s := spectrals.Get().(*spectral)
	h := min(n, refineStrip)
	total := 5*n*n + 5*h*n + (4*panelWidth+3*backWidth+symvParts+24)*n + 2*backWidth*backWidth + 64*8
	if len(s.memory) < total {
		s.memory = tensor.Make[float64](total)
	}
	s.n, s.used, s.kern, s.pool = n, 0, asm.Active(), p
	s.a, s.x, s.w1, s.w2, s.w3 = s.take(n*n), s.take(n*n), s.take(n*n), s.take(n*n), s.take(n*n)
	s.d = s.take(n)
	return s
}

func (s *spectral) release() {
	s.pool = nil
	spectrals.Put(s)
}

// take cuts k numbers of any value off the memory, whole cache lines.
func (s *spectral) take(k int) []float64 {
	part := s.memory[s.used : s.used+k : s.used+k]
	s.used += (k + 7) &^ 7
	return part
}

// take32 is take for float32.
func (s *spectral) take32(k int) []float32 { return asFloat32(s.take((k + 1) / 2))[:k] }

// asFloat32 is the memory of x as twice as many float32s.
func asFloat32(x []float64) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x))
}

// precondition finds the vectors and the values by an ordinary solver.
func (s *spectral) precondition() bool {
	n := s.n
	mark := s.used
	copy(s.w1, s.a)
	t := &tridiagonal{
		n: n, a: s.w1, d: s.d, e: s.take(n), tau: s.take(n), u: s.take(2 * panelWidth * n), neg: s.take(2 * panelWidth * n),
		part: s.take(symvParts * n), kern: s.kern, pool: s.pool,
	}
	t.reduce()
	d := newDivider(n, s.d, t.e, s.w2, s.w3, s.x, s.take(4*n), s.kern, s.pool)
	if !d.solve(0, n) {
		return false
	}
	t.back(s.w2, s)
	sorted := s.take(n)
	for i, from := range d.idx {
		sorted[i] = s.d[from]
		copy(s.x[i*n:][:n], s.w2[from*n:])
	}
	copy(s.d, sorted)
	s.used = mark
	return true
}

// jacobi sweeps until another sweep could not change a bit that counts. It
// reports whether the result is one to rely on.
func (s *spectral) jacobi(e *Eig) bool {
	n := s.n
	mark := s.used
	defer func() { s.used = mark }()
	// w1, w2 hold the split matrix, w3 two of float32.
	half := asFloat32(s.w3)
	r := &refiner{n: n, a: s.a, a1: s.w1, a2: s.w2, x: s.x, d: s.d, x32: half[:n*n], w32: half[n*n:], kern: s.kern, pool: s.pool}
	r.prepare(s)
	for e.Sweeps < maxRefine {
		off, turn, rotations := r.sweep()
		e.Sweeps++
		e.Rotations += rotations
		e.OffNorm = append(e.OffNorm, off)
		if turn <= smallTurn {
			return true
		}
		if !(turn < 0.1) {
			break
		}
	}
	return false
}
