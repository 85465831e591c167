package linalg

import (
	"cmp"
	"math"
	"slices"

	"randalign/asm"
	"randalign/tensor"
)

// leafSize is the order up to which a tridiagonal matrix goes to implicitQL.
const leafSize = 32

// divider diagonalises a symmetric tridiagonal matrix by divide and conquer
// (Cuppen 1981): T is two halves and a rank-one matrix, whose eigenvalues are
// the roots of a secular equation. Vectors are made orthogonal by the z that has
// the computed roots exactly (Gu and Eisenstat 1994).
type divider struct {
	n    int
	d, e []float64
	z    []float64 // n x n, its rows the vectors; within a block, in the order of idx
	g    []float64 // n x n, rows gathered by halves
	s    []float64 // n x n, row j the combination that is new vector j
	idx  []int     // ascending order of d within each finished block, relative to it
	kern *asm.Kernels
	pool *tensor.Pool

	// The merge at hand, which job works on.
	step               int
	lo, mid, hi, k, k1 int
	k12                int
	sec                secular
	zv, w, pole        []float64 // updating vector by position; weights and poles in order
	at                 []int     // secular index -> column of s
	row                []int     // column of s -> position of the old vector
	kind               []int8
	roots              []float64
	perm, dead         []int
}

const (
	firstHalf int8 = iota
	bothHalves
	secondHalf
)

// newDivider works in z, g, s (n x n) and f (4n); the vectors end in z.
func newDivider(n int, d, e, z, g, s, f []float64, k *asm.Kernels, p *tensor.Pool) *divider {
	return &divider{
		n: n, d: d, e: e, z: z, g: g, s: s, idx: make([]int, n), kern: k, pool: p,
		zv: f[:n:n], w: f[n : 2*n : 2*n], pole: f[2*n : 3*n : 3*n], roots: f[3*n:],
		at: make([]int, n), row: make([]int, n), kind: make([]int8, n), perm: make([]int, 0, n), dead: make([]int, 0, n),
	}
}

// solve diagonalises the rows [lo, hi) and reports whether it succeeded.
func (t *divider) solve(lo, hi int) bool {
	n := hi - lo
	if n <= leafSize {
		for i := lo; i < hi; i++ {
			row := t.z[i*t.n+lo:][:n]
			clear(row)
			row[i-lo] = 1
		}
		if n > 0 && !implicitQL(t.d[lo:hi], t.e[lo:hi-1], t.z[lo*t.n+lo:], t.n, t.kern) {
			return false
		}
		t.sort(lo, hi)
		return true
	}
	mid := lo + n/2
	rho := t.e[mid-1]
	t.d[mid-1] -= math.Abs(rho)
	t.d[mid] -= math.Abs(rho)
	if !t.solve(lo, mid) || !t.solve(mid, hi) {
		return false
	}
	t.merge(lo, mid, hi, rho)
	return true
}

// sort fills idx for a block.
func (t *divider) sort(lo, hi int) {
	idx := t.idx[lo:hi]
	for i := range idx {
		idx[i] = i
	}
	slices.SortStableFunc(idx, func(x, y int) int { return cmp.Compare(t.d[lo+x], t.d[lo+y]) })
}

func (t *divider) merge(lo, mid, hi int, rho float64) {
	t.lo, t.mid, t.hi = lo, mid, hi
	n, m := t.n, hi-lo
	// The rank-one matrix is |rho| z z', z being the last row of the first half's
	// vectors beside the first row of the second's; |z|^2 is 2.
	for i := lo; i < mid; i++ {
		t.zv[i] = math.Sqrt2 / 2 * t.z[i*n+mid-1]
	}
	side := math.Copysign(math.Sqrt2/2, rho)
	for i := mid; i < hi; i++ {
		t.zv[i] = side * t.z[i*n+mid]
	}
	t.deflate(2 * math.Abs(rho))
	t.gather()
	if t.k > 0 {
		t.run(doRoots, rootGroup)
		t.run(doWeights, weightGroup)
		t.run(doVectors, rootGroup)
		half, rest := mid-lo, hi-mid
		second := t.k - t.k1
		tensor.Gemm(t.pool, t.k, half, t.k12, tensor.RowMajor(t.s, n), tensor.RowMajor(t.g[lo*n+lo:], n), t.z[lo*n+lo:], n, tensor.Set)
		tensor.Gemm(t.pool, t.k, rest, second, tensor.RowMajor(t.s[t.k1:], n), tensor.RowMajor(t.g[(lo+t.k1)*n+mid:], n), t.z[lo*n+mid:], n, tensor.Set)
		copy(t.d[lo:], t.roots[:t.k])
	}
	for i := range t.dead {
		t.d[lo+t.k+i] = t.pole[t.k+i]
		copy(t.z[(lo+t.k+i)*n+lo:][:m], t.g[(lo+t.k+i)*n+lo:][:m])
	}
	t.sort(lo, hi)
}

// deflate sets aside the vectors that the rank-one matrix does not change to
// rounding: those with a small z, and one of each two with poles as good as
// equal, after a rotation has made its z zero (Dongarra and Sorensen 1987).
func (t *divider) deflate(rho float64) {
	lo, mid, hi := t.lo, t.mid, t.hi
	perm := t.perm[:0]
	for i, j := lo, mid; i < mid || j < hi; {
		a, b := 0, 0
		if i < mid {
			a = lo + t.idx[i]
		}
		if j < hi {
			b = mid + t.idx[j]
		}
		if j == hi || i < mid && t.d[a] <= t.d[b] {
			perm = append(perm, a)
			t.kind[a] = firstHalf
			i++
		} else {
			perm = append(perm, b)
			t.kind[b] = secondHalf
			j++
		}
	}
	t.perm = perm
	tol := 8 * eps * max(maxAbs(t.d[lo:hi]), maxAbs(t.zv[lo:hi]))
	dead, live := t.dead[:0], t.row[:0]
	last := -1
	for _, j := range perm {
		if float64(rho*math.Abs(t.zv[j])) <= tol {
			dead = append(dead, j)
			continue
		}
		if last < 0 {
			last = j
			continue
		}
		c, s := t.zv[j], t.zv[last]
		r := hypot(c, s)
		c, s = c/r, s/r
		if gap := t.d[j] - t.d[last]; math.Abs(float64(gap*c)*s) > tol {
			live = append(live, last)
			last = j
			continue
		}
		t.zv[j], t.zv[last] = r, 0
		// last <- c*last - s*j, j <- s*last + c*j.
		t.kern.PlaneF64(t.vector(last), t.vector(j), c, s)
		if t.kind[j] != t.kind[last] {
			t.kind[j], t.kind[last] = bothHalves, bothHalves
		}
		dl, dj := t.d[last], t.d[j]
		c2, s2 := float64(c*c), float64(s*s)
		t.d[last] = float64(dl*c2) + float64(dj*s2)
		t.d[j] = float64(dl*s2) + float64(dj*c2)
		dead = append(dead, last)
		last = j
	}
	if last >= 0 {
		live = append(live, last)
	}
	t.dead, t.k = dead, len(live)
	// Columns of s: by kind, in ascending order within each.
	t.k1, t.k12 = 0, 0
	col := 0
	order := make([]int, 0, t.k)
	for _, kind := range []int8{firstHalf, bothHalves, secondHalf} {
		for i, j := range live {
			if t.kind[j] == kind {
				t.at[i] = col
				order = append(order, j)
				col++
			}
		}
		switch kind {
		case firstHalf:
			t.k1 = col
		case bothHalves:
			t.k12 = col
		}
	}
	var length float64
	for i, j := range live {
		t.pole[i], t.w[i] = t.d[j], t.zv[j]
		length = math.FMA(t.zv[j], t.zv[j], length)
	}
	for i, j := range dead {
		t.pole[t.k+i] = t.d[j]
	}
	copy(t.row, order)
	t.sec = secular{d: t.pole[:t.k], z: t.w[:t.k], inv: 1 / rho, length: rho * length, kern: t.kern}
}

// vector is old vector j over both halves of the block, zero where it has none.
func (t *divider) vector(j int) []float64 {
	v := t.z[j*t.n+t.lo:][:t.hi-t.lo]
	switch t.kind[j] {
	case firstHalf:
		clear(v[t.mid-t.lo:])
	case secondHalf:
		clear(v[:t.mid-t.lo])
	}
	return v
}

// gather copies the old vectors to g: those that are combined by the column of
// s, their halves where they are not zero, then the deflated ones.
func (t *divider) gather() {
	n, lo, mid, hi := t.n, t.lo, t.mid, t.hi
	for c := range t.k {
		from, to := t.row[c]*n, (lo+c)*n
		if c < t.k12 {
			copy(t.g[to+lo:to+mid], t.z[from+lo:])
		}
		if c >= t.k1 {
			copy(t.g[to+mid:to+hi], t.z[from+mid:])
		}
	}
	for i, j := range t.dead {
		copy(t.g[(lo+t.k+i)*n+lo:], t.vector(j))
	}
}

const (
	doRoots = iota
	doWeights
	doVectors

	rootGroup   = 16 // roots, or vectors, make one task
	weightGroup = 64 // weights make one task
)

// run does one step for all roots, a group a task.
func (t *divider) run(step, group int) {
	t.step = step
	share(t.pool, ceilDiv(t.k, group), t, t.k >= shareFrom)
}

// Do implements tensor.Job.
func (t *divider) Do(_, task int) {
	k, n := t.k, t.n
	switch t.step {
	case doRoots: // row j of s: pole i less root j, for now by secular index
		for j := task * rootGroup; j < min(k, (task+1)*rootGroup); j++ {
			origin, tau := t.sec.root(j, t.s[j*n:][:k])
			t.roots[j] = t.pole[origin] + tau
		}
	case doWeights:
		// z_i^2 = prod_j (root_j - d_i) / prod_{j != i} (d_j - d_i), up to rho
		i0, i1 := task*weightGroup, min(k, (task+1)*weightGroup)
		z := t.w[i0:i1]
		var prod [weightGroup]float64
		p := prod[:i1-i0]
		for i := range p {
			p[i] = 1
		}
		for j := range k {
			delta, dj := t.s[j*n:][i0:i1], t.pole[j]
			for i, x := range delta {
				if i0+i == j {
					p[i] *= -x
				} else {
					p[i] *= x / (t.pole[i0+i] - dj)
				}
			}
		}
		for i, x := range p {
			z[i] = math.Copysign(math.Sqrt(math.Abs(x)), z[i])
		}
	case doVectors:
		row := make([]float64, k)
		for j := task * rootGroup; j < min(k, (task+1)*rootGroup); j++ {
			s := t.s[j*n:][:k]
			for i, x := range s {
				row[i] = t.w[i] / x
			}
			f := 1 / math.Sqrt(t.kern.DotF64(row, row))
			for i, x := range row {
				s[t.at[i]] = float64(x * f)
			}
		}
	}
}

// shareFrom is the order from which steps of n^2 operations are shared by threads.
const shareFrom = 160

// share runs tasks on p, or, where that would take longer, right here.
func share(p *tensor.Pool, tasks int, j tensor.Job, worth bool) {
	if worth {
		p.Run(tasks, j)
		return
	}
	for i := range tasks {
		j.Do(0, i)
	}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
