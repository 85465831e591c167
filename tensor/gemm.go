package tensor

import (
	"fmt"

	"randalign/asm"
)

// Store says what becomes of the values that are in the result already.
type Store int

const (
	// Set overwrites; the old values are not read, so an old NaN cannot leak.
	Set Store = iota
	// Accumulate goes on from them: each element is the start of its chain.
	Accumulate
)

// Gemm computes C = A*B or C += A*B, A being [m, k], B [k, n] and C row-major
// [m, n] with rows ldc apart. Each element is one chain of fused multiply-adds
// in increasing k, so its bits depend neither on the threads of p nor on the
// kernel path. Nothing is allocated once p has seen the same sizes.
func Gemm[T Float](p *Pool, m, n, k int, a, b Matrix[T], c []T, ldc int, store Store) {
	if m < 0 || n < 0 || k < 0 {
		panic(fmt.Sprintf("tensor: gemm: size %d x %d x %d", m, n, k))
	}
	a.check("A", m, k)
	b.check("B", k, n)
	if m == 0 || n == 0 {
		return
	}
	if ldc < n || len(c) < (m-1)*ldc+n {
		panic(fmt.Sprintf("tensor: gemm: C as %d x %d (stride %d) does not fit %d elements", m, n, ldc, len(c)))
	}
	j := gemmJobOf[T](p)
	j.pool, j.kern = p, kernel[T]()
	j.a, j.b, j.c, j.ldc = a, b, c, ldc
	j.run(m, n, k, store)
	j.a.Data, j.b.Data, j.c = nil, nil, nil
}

// gemmJob is a GEMM under way. One lives in each Pool, so that a call
// allocates nothing.
type gemmJob[T Float] struct {
	pool           *Pool
	kern           *asm.Gemm[T]
	a, b           Matrix[T]
	c              []T
	ldc            int
	i0, j0, k0     int // the block at hand: first row, column and step
	mc, nc, kc     int // its size
	aPanels        int
	pa, pb         []T
	load, packing  bool
	direct         bool // B is read where it stands, except for its last, partial panel
	colTasks       int
	rowsPerTask    int
	columnsPerTask int
}

func gemmJobOf[T Float](p *Pool) *gemmJob[T] {
	if j, ok := any(&p.gemm32).(*gemmJob[T]); ok {
		return j
	}
	return any(&p.gemm64).(*gemmJob[T])
}

func (j *gemmJob[T]) run(m, n, k int, store Store) {
	mr, nr := j.kern.MR, j.kern.NR
	j.rowsPerTask, j.columnsPerTask = roundUp(blockM, mr), roundUp(taskN, nr)
	j.direct = !j.b.Trans && m <= directM
	for j.j0 = 0; j.j0 < n; j.j0 += blockN {
		j.nc = min(blockN, n-j.j0)
		for j.k0 = 0; j.k0 == 0 || j.k0 < k; j.k0 += blockK {
			j.kc = min(blockK, k-j.k0)
			j.load = store == Accumulate || j.k0 > 0
			for j.i0 = 0; j.i0 < m; j.i0 += maxM {
				j.mc = min(maxM, m-j.i0)
				j.aPanels = ceilDiv(j.mc, mr)
				bPanels := ceilDiv(j.nc, nr)
				if j.i0 > 0 {
					bPanels = 0 // packed already
				}
				j.pa = shared[T](j.pool, 0, j.aPanels*mr*j.kc)
				if bPanels > 0 {
					j.pb = shared[T](j.pool, 1, bPanels*nr*j.kc)
				}
				j.packing = true
				j.pool.Run(ceilDiv(j.aPanels+bPanels, packGroup), j)
				j.packing = false
				j.colTasks = ceilDiv(j.nc, j.columnsPerTask)
				j.pool.Run(ceilDiv(j.mc, j.rowsPerTask)*j.colTasks, j)
			}
		}
	}
}

// packGroup panels make one task of packing.
const packGroup = 8

// Do implements Job.
func (j *gemmJob[T]) Do(worker, task int) {
	if j.packing {
		for i := task * packGroup; i < (task+1)*packGroup; i++ {
			j.pack(i)
		}
		return
	}
	i0 := task / j.colTasks * j.rowsPerTask
	c0 := task % j.colTasks * j.columnsPerTask
	rows, cols := min(j.rowsPerTask, j.mc-i0), min(j.columnsPerTask, j.nc-c0)
	pa, c := j.pa[i0*j.kc:], j.c[(j.i0+i0)*j.ldc+j.j0+c0:]
	if j.direct && j.kc > 0 {
		whole := cols / j.kern.NR * j.kern.NR
		if whole > 0 {
			macro(j.kern, j.pool, worker, rows, whole, j.kc, pa, j.b.Data[j.k0*j.b.Stride+j.j0+c0:], j.b.Stride, 1, c, j.ldc, j.load)
		}
		if whole < cols {
			macro(j.kern, j.pool, worker, rows, cols-whole, j.kc, pa, j.pb[(c0+whole)*j.kc:], j.kern.NR, j.kc, c[whole:], j.ldc, j.load)
		}
		return
	}
	macro(j.kern, j.pool, worker, rows, cols, j.kc, pa, j.pb[c0*j.kc:], j.kern.NR, j.kc, c, j.ldc, j.load)
}

// pack packs panel i, those of A before those of B.
func (j *gemmJob[T]) pack(i int) {
	mr, nr := j.kern.MR, j.kern.NR
	if i < j.aPanels {
		packRows(j.pa[i*mr*j.kc:], j.a, j.i0+i*mr, min(mr, j.mc-i*mr), mr, j.k0, j.kc)
		return
	}
	i -= j.aPanels
	if i*nr < j.nc && j.i0 == 0 && !(j.direct && (i+1)*nr <= j.nc) {
		packCols(j.pb[i*nr*j.kc:], j.b, j.j0+i*nr, min(nr, j.nc-i*nr), nr, j.k0, j.kc)
	}
}

// macro multiplies panels: rows x cols of C from packed panels of A of MR rows
// and panels of B of NR columns, all kc deep. Rows of B are ldb apart, and
// column jj of B begins at pb[jj*step]: packed panels have ldb = NR and step =
// kc, a matrix in place has its own stride and step = 1. Tiles that stick out of
// C are computed in the worker's scratch memory.
func macro[T Float](kern *asm.Gemm[T], p *Pool, worker, rows, cols, kc int, pa, pb []T, ldb, step int, c []T, ldc int, load bool) {
	mr, nr := kern.MR, kern.NR
	if kc == 0 {
		pa, pb, step = c, c, 0 // never read
	}
	for jj := 0; jj < cols; jj += nr {
		b := &pb[jj*step]
		for ii := 0; ii < rows; ii += mr {
			a := &pa[ii*kc]
			if ii+mr <= rows && jj+nr <= cols {
				kern.Run(kc, a, b, ldb, &c[ii*ldc+jj], ldc, load)
				continue
			}
			tile := buffer[T](p, worker, slotTile, mr*nr)
			h, w := min(mr, rows-ii), min(nr, cols-jj)
			if load {
				for i := range h {
					copy(tile[i*nr:][:w], c[(ii+i)*ldc+jj:])
				}
			}
			kern.Run(kc, a, b, ldb, &tile[0], nr, load)
			for i := range h {
				copy(c[(ii+i)*ldc+jj:][:w], tile[i*nr:])
			}
		}
	}
}
