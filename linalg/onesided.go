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
	n      int
	g      []float64 // n x n, row j is column j of G
	square []float64 // their squared lengths
	turns  []int     // rotations by block
	pairs  [][2]int
	tol    float64
	kern   *asm.Kernels
}

// decomposeFactor returns squared lengths, descending, and directions, as rows.
func decomposeFactor(p *tensor.Pool, g []float64, n int, e *Eig) (values []float64, ok bool) {
	blocks := ceilDiv(n, oneSidedBlock)
	o := &oneSided{
		n: n, g: g, square: make([]float64, n), turns: make([]int, blocks),
		tol: math.Sqrt(float64(n)) * eps, kern: asm.Active(),
	}
	for range maxSweeps {
		off := o.measure()
		rotations := o.sweep(p, blocks)
		e.Sweeps++
		e.Rotations += rotations
		e.OffNorm = append(e.OffNorm, off)
		if rotations == 0 {
			o.sort()
			for j := range n {
				row := o.g[j*n:][:n]
				f := 1 / math.Sqrt(o.square[j])
				for i := range row {
					row[i] *= f
				}
			}
			copy(g, o.g)
			return o.square, true
		}
		o.sort()
	}
	return nil, false
}

// measure computes the squared lengths anew and returns the norm of G'G off its
// diagonal, as if pairs of neighbours were all: sweeps report it.
func (o *oneSided) measure() float64 {
	var off float64
	for j := range o.n {
		row := o.g[j*o.n:][:o.n]
		o.square[j] = o.kern.DotF64(row, row)
		if j > 0 {
			x := o.kern.DotF64(row, o.g[(j-1)*o.n:][:o.n])
			off = math.FMA(x, x, off)
		}
	}
	return math.Sqrt(2 * off)
}

// sort orders the columns by length, the longest first, which speeds convergence.
func (o *oneSided) sort() {
	n := o.n
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(o.square[y], o.square[x]) })
	if slices.IsSorted(order) {
		return
	}
	g, square := make([]float64, n*n), make([]float64, n)
	for i, from := range order {
		copy(g[i*n:][:n], o.g[from*n:])
		square[i] = o.square[from]
	}
	o.g, o.square = g, square
}

// sweep visits all pairs: those within a block, then those of two blocks.
func (o *oneSided) sweep(p *tensor.Pool, blocks int) int {
	clear(o.turns)
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
	total := 0
	for _, k := range o.turns {
		total += k
	}
	return total
}

// Do implements tensor.Job: all pairs of one pair of blocks.
func (o *oneSided) Do(_, task int) {
	a, b := o.pairs[task][0], o.pairs[task][1]
	count := 0
	for p := a * oneSidedBlock; p < min(o.n, (a+1)*oneSidedBlock); p++ {
		lo := b * oneSidedBlock
		if a == b {
			lo = p + 1
		}
		for q := lo; q < min(o.n, (b+1)*oneSidedBlock); q++ {
			count += o.rotate(p, q)
		}
	}
	o.turns[a] += count
}

// rotate makes columns p and q orthogonal; it returns 0 if they are.
func (o *oneSided) rotate(p, q int) int {
	n := o.n
	x, y := o.g[p*n:][:n], o.g[q*n:][:n]
	dot := o.kern.DotF64(x, y)
	a, b := o.square[p], o.square[q]
	if math.Abs(dot) <= float64(o.tol*math.Sqrt(a))*math.Sqrt(b) {
		return 0
	}
	theta := 0.5 * (b - a) / dot
	t := 0.5 / theta
	if v := math.Abs(theta); v < 0x1p500 {
		t = math.Copysign(1/(v+math.Sqrt(math.FMA(v, v, 1))), theta)
	}
	c := 1 / math.Sqrt(math.FMA(t, t, 1))
	o.kern.PlaneF64(x, y, c, float64(t*c))
	o.square[p], o.square[q] = math.FMA(-t, dot, a), math.FMA(t, dot, b)
	return 1
}
