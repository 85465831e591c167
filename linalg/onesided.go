package linalg

import (
	"cmp"
	"math"
	"slices"

	"randalign/asm"
	"randalign/tensor"
)

// oneSidedBlock rows meet the rows of another block while both are in cache.
const oneSidedBlock = 16

// oneSided is Jacobi's method on a factor of a positive definite A = GG': the
// columns of G are rotated in pairs until they are orthogonal; their lengths are
// then the roots of the eigenvalues, their directions the vectors. With G the
// pivoted Cholesky factor every eigenvalue, however small, comes out with an
// error of about n*eps relative to itself times the condition of A scaled to unit
// diagonal (Veselic and Hari 1989; Demmel and Veselic 1992).
//
// Blocks of columns meet in a round robin, the pairs of one round in parallel.
type oneSided struct {
	n, m   int       // columns, and their length
	g      []float64 // n x m, row j is column j of G
	square []float64 // their squared lengths
	turns  []int     // rotations by block
	found  []float64 // squares of elements off the diagonal, by block
	pairs  [][2]int
	tol    float64
	kern   *asm.Kernels
}

// decomposeFactor returns squared lengths, descending, and turns the n rows of m
// elements of g, columns of G, into their directions. If ok is false, sweeps ended
// before the columns were orthogonal.
func decomposeFactor(p *tensor.Pool, g []float64, n, m int, e *Eig) (values []float64, ok bool) {
	blocks := ceilDiv(n, oneSidedBlock)
	o := &oneSided{
		n: n, m: m, g: g, square: make([]float64, n), turns: make([]int, blocks), found: make([]float64, blocks),
		tol: math.Sqrt(float64(max(m, n))) * eps, kern: asm.Active(),
	}
	for range maxSweeps {
		for j := range n {
			row := o.g[j*m:][:m]
			o.square[j] = o.kern.DotF64(row, row)
		}
		off, rotations := o.sweep(p, blocks)
		e.Sweeps++
		e.Rotations += rotations
		e.OffNorm = append(e.OffNorm, off)
		o.sort()
		if ok = rotations == 0; ok {
			break
		}
	}
	for j := range n {
		row := o.g[j*m:][:m]
		f := 1 / math.Sqrt(o.square[j])
		if o.square[j] == 0 {
			f = 0
		}
		for i := range row {
			row[i] *= f
		}
	}
	copy(g, o.g)
	return o.square, ok
}

// sort orders the columns by length, the longest first, which speeds convergence.
func (o *oneSided) sort() {
	n, m := o.n, o.m
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(o.square[y], o.square[x]) })
	if slices.IsSorted(order) {
		return
	}
	g, square := make([]float64, n*m), make([]float64, n)
	for i, from := range order {
		copy(g[i*m:][:m], o.g[from*m:])
		square[i] = o.square[from]
	}
	o.g, o.square = g, square
}

// sweep visits all pairs: those within a block, then those of two blocks. It
// returns the norm of G'G off its diagonal, each element when its turn came, and
// the number of rotations.
func (o *oneSided) sweep(p *tensor.Pool, blocks int) (off float64, rotations int) {
	clear(o.turns)
	clear(o.found)
	o.pairs = o.pairs[:0]
	for b := range blocks {
		o.pairs = append(o.pairs, [2]int{b, b})
	}
	p.Run(len(o.pairs), o)
	teams := blocks + blocks&1
	for round := range teams - 1 {
		// Team teams-1 stands still while the others move round a circle.
		o.pairs = o.pairs[:0]
		for k := range teams / 2 {
			a, b := (round+k)%(teams-1), (round+teams-1-k)%(teams-1)
			if k == 0 {
				b = teams - 1
			}
			if a, b = min(a, b), max(a, b); b < blocks {
				o.pairs = append(o.pairs, [2]int{a, b})
			}
		}
		p.Run(len(o.pairs), o)
	}
	for b, k := range o.turns {
		rotations += k
		off += o.found[b]
	}
	return math.Sqrt(2 * off), rotations
}

// Do implements tensor.Job: all pairs of one pair of blocks.
func (o *oneSided) Do(_, task int) {
	a, b := o.pairs[task][0], o.pairs[task][1]
	count, found := 0, 0.0
	for p := a * oneSidedBlock; p < min(o.n, (a+1)*oneSidedBlock); p++ {
		lo := b * oneSidedBlock
		if a == b {
			lo = p + 1
		}
		for q := lo; q < min(o.n, (b+1)*oneSidedBlock); q++ {
			dot, turned := o.rotate(p, q)
			found = math.FMA(dot, dot, found)
			if turned {
				count++
			}
		}
	}
	o.turns[a] += count
	o.found[a] += found
}

// rotate makes columns p and q orthogonal unless they are. It returns their inner
// product and whether it did.
func (o *oneSided) rotate(p, q int) (float64, bool) {
	m := o.m
	x, y := o.g[p*m:][:m], o.g[q*m:][:m]
	dot := o.kern.DotF64(x, y)
	a, b := o.square[p], o.square[q]
	if math.Abs(dot) <= float64(o.tol*math.Sqrt(a))*math.Sqrt(b) {
		return dot, false
	}
	theta := 0.5 * (b - a) / dot
	t := 0.5 / theta
	if v := math.Abs(theta); v < 0x1p500 {
		t = math.Copysign(1/(v+math.Sqrt(math.FMA(v, v, 1))), theta)
	}
	c := 1 / math.Sqrt(math.FMA(t, t, 1))
	o.kern.PlaneF64(x, y, c, float64(t*c))
	o.square[p], o.square[q] = math.FMA(-t, dot, a), math.FMA(t, dot, b)
	return dot, true
}
