package asm

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// Lanes is the number of virtual lanes of a reduction, the same on every path.
const Lanes = 16

// Gemm is a GEMM micro-kernel. Run does one tile of C, rows <= MR by cols <= NR:
// C = A*B (load false) or C += A*B (load true), with
//
//	A(i,k) = a[i*rs+k*cs]   B(k,j) = b[k*ldb+j]   C(i,j) = c[i*ldc+j]
//
// kc may be 0. Rows of B have NR readable elements, of which cols count. Unless
// Strided, A must be a packed panel: rs = 1, cs = MR, and MR readable elements in
// each step.
type Gemm[T float32 | float64] struct {
	MR, NR  int
	Strided bool
	Run     func(rows, cols, kc int, a *T, rs, cs int, b *T, ldb int, c *T, ldc int, load bool)
}

// Kernels is the table of one path. No field is ever nil.
type Kernels struct {
	Name    string
	GemmF32 Gemm[float32]
	GemmF64 Gemm[float64]

	// AddF32 is dst[i] += src[i].
	AddF32 func(dst, src []float32)
	// AddScalarF32 is dst[i] += v.
	AddScalarF32 func(dst []float32, v float32)
	// ReluF32 is dst[i] = src[i] > 0 ? src[i] : +0; dst may be src.
	ReluF32 func(dst, src []float32)
	// ReluGradF32 is dx[i] = y[i] > 0 ? dy[i] : +0; dx may be dy.
	ReluGradF32 func(dx, dy, y []float32)
	// SumF32 is the sum of x over Lanes lanes.
	SumF32 func(x []float32) float32
	// SgdF32 is one step of SGD with momentum mu and weight decay wd:
	// v = fma(mu, v, fma(wd, w, g)); w = fma(-lr, v, w).
	SgdF32 func(w, v, g []float32, lr, mu, wd float32)
	// PackF32 interleaves len(offset) <= width rows of kc elements into a panel:
	// dst[k*width+i] = src[offset[i]+k], and zeros behind the last row.
	PackF32 func(dst, src []float32, offset []int, width, kc int)
	// PackF64 is PackF32 for float64.
	PackF64 func(dst, src []float64, offset []int, width, kc int)
	// CopyRowsF32 copies runs of width elements, ld apart, one after the other:
	// dst[k*width+j] = src[k*ld+j] for k < kc, j < width.
	CopyRowsF32 func(dst, src []float32, ld, width, kc int)
	// PackRunsF32 puts a panel together from runs, the same in each step but for
	// the tap they start from: dst[t*width+r.At+j] = src[taps[t]+r.Offset+j] for
	// each run r and j < r.N; what no run fills is zero. Runs
	// must not overlap.
	PackRunsF32 func(dst, src []float32, taps []int, runs []Run, width int)
}

// reference is the table of the generic path, from which every other starts.
func reference() Kernels {
	return Kernels{
		Name:         "generic",
		GemmF32:      Gemm[float32]{4, 8, true, gemmF32Generic},
		GemmF64:      Gemm[float64]{4, 4, true, gemmF64Generic},
		AddF32:       addF32Generic,
		AddScalarF32: addScalarF32Generic,
		ReluF32:      reluF32Generic,
		ReluGradF32:  reluGradF32Generic,
		SumF32:       sumF32Generic,
		SgdF32:       sgdF32Generic,
		PackF32:      packF32Generic,
		PackF64:      packF64Generic,
		CopyRowsF32:  copyRowsF32Generic,
		PackRunsF32:  packRunsF32Generic,
	}
}

// tables holds the paths of this machine, the fastest first.
var tables = append(nativePaths(), reference())

var active atomic.Pointer[Kernels]

func init() { active.Store(&tables[0]) }

// Active returns the table in use. It must not be changed.
func Active() *Kernels { return active.Load() }

// Paths names the paths of this machine, the fastest first; "generic" is the last.
func Paths() []string {
	names := make([]string, len(tables))
	for i := range tables {
		names[i] = tables[i].Name
	}
	return names
}

// Select makes the named path the one in use; "auto" and "" mean the fastest.
// undo brings back the former one. Work under way goes on with the path it
// began with or changes over between tiles; either way the bits are the same,
// but drivers of package tensor must not be running, since tile sizes differ.
func Select(name string) (undo func(), err error) {
	old := active.Load()
	undo = func() { active.Store(old) }
	if name == "" || name == "auto" {
		active.Store(&tables[0])
		return undo, nil
	}
	for i := range tables {
		if tables[i].Name == name {
			active.Store(&tables[i])
			return undo, nil
		}
	}
	return nil, fmt.Errorf("kernel path %q: this machine has %s", name, strings.Join(Paths(), ", "))
}
