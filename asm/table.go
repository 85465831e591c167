package asm

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// Lanes is the number of virtual lanes of a reduction, the same on every path.
const Lanes = 16

// Gemm is a GEMM micro-kernel. Run does a row of tiles of C, rows <= MR by so many columns, NR
// to a tile, at least one of each, or if Strided several rows of tiles, of about equal height at the
// end: C = A*B (load false) or C += A*B (load true), with
//
//	A(i,k) = a[i*rs+k*cs]   B(k,j) = b[j/NR*step+k*ldb+j%NR]   C(i,j) = c[i*ldc+j]
//
// kc may be 0. Rows of a panel of B have NR readable elements, of which those of C's columns
// count. If Reads, a power of two, is not 0, it is enough that rows have as many as C has columns,
// rounded up to a multiple of Reads, and the last row as many as C has columns. Unless Strided, A must
// be a packed panel: rs = 1, cs = MR, and MR readable elements in each step. With a bias, of as many
// elements as there are columns, t = C+bias follows, and C = t > 0 ? t : +0.
//
// It asks meanwhile for memory that will be read soon, spread over the steps of all tiles, as far
// as there is time. A kernel that Copies then copies likewise, in pieces of NR elements, and
// leaves in next's Rows how many rows it did not come to the end of; Copy says what Takes means. next
// may be nil; the rest of it is lost.
//
// Tiles of fewer rows than MR do as much for each row or, if Whole, clearly less.
//
// RunPast is Run without load and bias, for a C larger than the caches: what it can store past
// them is not left in them. See Fence. It is nil where a path has none.
type Gemm[T float32 | float64] struct {
	MR, NR  int
	Reads   int
	Strided bool
	Copies  bool
	Takes   bool
	Whole   bool
	Run     func(rows, cols, kc int, a *T, rs, cs int, b *T, step, ldb int, c *T, ldc int, load bool, bias *T, next *Fetch)
	RunPast func(rows, cols, kc int, a *T, rs, cs int, b *T, step, ldb int, c *T, ldc int, next *Fetch)
}

// Fetch is memory to be asked for: Count rows, Stride bytes apart, of so many pairs
// of cache lines each. Next is the address of the first, which keeps nothing alive:
// no harm comes of asking for what is gone.
type Fetch struct {
	Next                 uintptr
	Pairs, Stride, Count int
	Copy
}

// Copy is memory to be copied on the way: Rows rows of Pieces pieces of NR elements of
// the kernel each, of which Left are left of the first row. A piece's place in the copy is DstPiece
// bytes behind the last one's; SrcSkip and DstSkip lead from behind a row to the next. Src
// and Dst keep nothing alive: the caller does. A row is copied as soon as more than Behind rows are
// left beyond those to be asked for: each time one has been, if they are as many and Behind is 0, and
// none before all have been, if it is large.
//
// With Second, which a kernel that Takes understands, a piece is instead every second float32 of
// two cache lines, of which the second is Apart bytes behind the first and those of the next piece
// Second bytes, and what lies some pieces further on is asked for meanwhile.
type Copy struct {
	Src, Dst         uintptr
	Left, Rows       int
	Pieces, DstPiece int
	SrcSkip, DstSkip int
	Second           int
	Behind           int
	Apart            int
}

// Peak is the loop by which the FMA units are measured: Chains independent chains
// that stay in registers. Run is acc[i] = fma(x, y, acc[i]) for i < Chains,
// turns times over, which may be 0.
type Peak[T float32 | float64] struct {
	Chains int
	Run    func(turns int, acc *T, x, y T)
}

// Planes are the rows of several planes, in dst and in src: row r of plane p begins
// at dst[p*DstPlane+r*DstRow] and src[p*SrcPlane+r*SrcRow].
type Planes struct {
	Planes, Rows     int
	DstPlane, DstRow int
	SrcPlane, SrcRow int
}

// Kernels is the table of one path. No field is nil but RunPast of a Gemm.
type Kernels struct {
	Name    string
	GemmF32 Gemm[float32]
	GemmF64 Gemm[float64]

	PeakF32 Peak[float32]
	PeakF64 Peak[float64]
	// CopyF32 is dst[i] = src[i] by ordinary stores, whatever the length: the
	// measure of memory-bound kernels.
	CopyF32 func(dst, src []float32)

	Linalg
	Winograd
	WinogradStride
	Rows
	Pools3

	// AddF32 is dst[i] += src[i].
	AddF32 func(dst, src []float32)
	// AddScalarF32 is dst[i] += v.
	AddScalarF32 func(dst []float32, v float32)
	// ReluF32 is dst[i] = src[i] > 0 ? src[i] : +0; dst may be src.
	ReluF32 func(dst, src []float32)
	// ReluGradF32 is dx[i] = y[i] > 0 ? dy[i] : +0; dx may be dy.
	ReluGradF32 func(dx, dy, y []float32)
	// ReluGradRowsF32 is dx[r*ldx+j] = y[r*ld+j] > 0 ? dy[r*ld+j] : +0 for r < rows,
	// j < width, for a dx larger than the caches: it is not left in them. See Fence.
	ReluGradRowsF32 func(dx []float32, ldx int, dy, y []float32, ld, rows, width int)
	// GemmReluGradF32 is GemmF32.Run without load and then ReluGradRowsF32, y's
	// rows being NR apart. tile has room for MR x NR elements and may be used.
	GemmReluGradF32 func(rows, cols, kc int, a *float32, rs, cs int, b *float32, ldb int, c *float32, ldc int, y *float32, tile []float32)
	// SumF32 is the sum of x over Lanes lanes.
	SumF32 func(x []float32) float32
	// SumPlanesF32 is sums[k] = SumF32(x[k*area:(k+1)*area]).
	SumPlanesF32 func(sums, x []float32, area int)
	// CountF32 is how many of fewer than 1<<32 elements are not 0, as NaN is not.
	CountF32 func(x []float32) int
	// SumSquaresF32 is the sum of fma(x, x, lane) over Lanes lanes of float64.
	SumSquaresF32 func(x []float32) float64
	// DotF32 is the sum of fma(x, y, lane) over Lanes lanes of float64.
	DotF32 func(x, y []float32) float64
	// LookupF32 is dst[i] = table[src[i]], for a dst larger than the caches: it is not left in
	// them. See Fence.
	LookupF32 func(dst []float32, src []byte, table *[256]float32)
	// RotateF64 is, every product and sum rounded:
	// x[i], y[i] = x[i] - s*(y[i] + h*x[i]), y[i] + s*(x[i] - h*y[i]).
	RotateF64 func(x, y []float64, h, s float64)
	// SgdF32 is one step of SGD with momentum mu and weight decay wd:
	// v = fma(mu, v, fma(wd, w, g)); w = fma(-lr, v, w).
	SgdF32 func(w, v, g []float32, lr, mu, wd float32)
	// AddReluF32 is dst[i] = relu(src[i] + dst[i]).
	AddReluF32 func(dst, src []float32)
	// MulF32 is dst[i] = x[i] * y[i]; dst may be x or y.
	MulF32 func(dst, x, y []float32)
	// ScaleF32 is dst[i] *= v.
	ScaleF32 func(dst []float32, v float32)
	// FillF32 is dst[i] = v.
	FillF32 func(dst []float32, v float32)
	// SumRowsF32 is dst[j] = ((+0 + src[j]) + src[stride+j]) + ... for rows rows.
	SumRowsF32 func(dst, src []float32, rows, stride int)

	// LeakyReluF32 is dst[i] = src[i] > 0 ? src[i] : slope*src[i]; dst may be src.
	LeakyReluF32 func(dst, src []float32, slope float32)
	// LeakyReluGradF32 is dx[i] = y[i] > 0 ? dy[i] : slope*dy[i]; dx may be dy.
	LeakyReluGradF32 func(dx, dy, y []float32, slope float32)
	// SigmoidF32, TanhF32 and GeluF32 are the functions of generic_act.go, which
	// states their errors; dst may be src.
	SigmoidF32, TanhF32, GeluF32 func(dst, src []float32)
	// SigmoidGradF32 is dx[i] = dy[i]*(y[i]*(1-y[i])); dx may be dy.
	SigmoidGradF32 func(dx, dy, y []float32)
	// TanhGradF32 is dx[i] = dy[i]*fma(-y[i], y[i], 1); dx may be dy.
	TanhGradF32 func(dx, dy, y []float32)
	// GeluGradF32 is dx[i] = dy[i]*GELU'(x[i]), of the input x; dx may be dy.
	GeluGradF32 func(dx, dy, x []float32)

	// MaxPool2F32 is the 2 x 2 maximum with stride 2 of input rows w apart; y
	// has rows rows of w/2. The first of equals wins, NaN over all.
	MaxPool2F32 func(y, x []float32, rows, w int)
	// MaxPool2GradF32 gives +0 + dy to the first element of each window that
	// equals y (the first of all if one of them is NaN), +0 to the others and to
	// the column that an odd w leaves over.
	MaxPool2GradF32 func(dx, x, y, dy []float32, rows, w int)
	// NotedPool2F32 is y = the largest element above 0 of each window of MaxPool2F32, and
	// note = its number in the window, 1 to 4, the first of equals; +0 and 0 where none is.
	NotedPool2F32 func(y []float32, note []uint8, x []float32, rows, w int)
	// NotedPool2GradF32 gives +0 + dy to the element of each window that is noted, +0 to
	// the others and to the column that an odd w leaves over. past says that dx is larger
	// than the caches: it is not left in them. See Fence.
	NotedPool2GradF32 func(dx, dy []float32, note []uint8, rows, w int, past bool)
	// AvgPool2F32 is y = (((x0 + x1) + x2) + x3) * 0.25 over the windows of MaxPool2F32.
	AvgPool2F32 func(y, x []float32, rows, w int)
	// AvgPool2GradF32 is dx = dy*0.25 + 0 over a window, +0 in the column left over.
	AvgPool2GradF32 func(dx, dy []float32, rows, w int)

	// MaxTapsF32 is dst[i] = the maximum of src[i+t] over all taps t: the first of equals,
	// NaN over all. Here and in the next three no list of taps is empty.
	MaxTapsF32 func(dst, src []float32, taps []int)
	// SumTapsF32 is dst[i] = (((from + src[i+taps[0]]) + src[i+taps[1]]) + ...) / div.
	SumTapsF32 func(dst, src []float32, taps []int, from, div float32)
	// NoteTapsF32 is note[i] = the first k for which src[i+taps[k]] == y[i], none[i] if no
	// element is.
	NoteTapsF32 func(note, none []int32, src, y []float32, taps []int)
	// PickTapsF32 is dst[i] = +0 + src[i+t.At] + ... over those taps in order for which
	// note[i+t.At] == t.Note.
	PickTapsF32 func(dst, src []float32, note []int32, taps []Tap)

	// NormSumsF32 adds to lane p mod Lanes, over runs of width elements stride
	// apart, s += d and q = fma(d, d, q), d being float64(x) - float64(shift). Here and in the
	// next three a kernel may bring what comes ahead elements after what is at hand to a cache,
	// for a later call; it need not be in the slices. Sums bring nothing for 0.
	NormSumsF32 func(x []float32, runs, stride, width int, shift float32, s, q *[Lanes]float64, ahead int)
	// NormApplyF32 is y = fma(x - m, a, b), with relu relu of it; y may be x. past is for a y
	// larger than the caches, in which it need not be left.
	NormApplyF32 func(y, x []float32, runs, stride, width int, m, a, b float32, relu, past bool, ahead int)
	// NormGradSumsF32 adds s += g and q = fma(g, float64(x) - mean, q) as
	// NormSumsF32 does; g is dy, with relu +0 unless fma(x - m, a, b) > 0.
	NormGradSumsF32 func(x, dy []float32, runs, stride, width int, mean float64, m, a, b float32, relu bool, s, q *[Lanes]float64, ahead int)
	// NormGradF32 is dx = fma(g, a, fma(x - m, c, d)); g is that of NormGradSumsF32; dx may be dy.
	NormGradF32 func(dx, x, dy []float32, runs, stride, width int, m, a, b, c, d float32, relu, past bool, ahead int)

	// NormColsSumsF32, NormColsApplyF32, NormColsGradSumsF32 and NormColsGradF32 are
	// the four above for rows of columns: for each of rows rows, stride apart, and each
	// column j, with s[j] and q[j] for the lanes and the values m[j/plane] and so on. plane is 1,
	// columns that have their own values, or Lanes. past has kernels store rows that begin with
	// cache lines past the caches. See Fence.
	NormColsSumsF32     func(x []float32, rows, stride, plane int, shift []float32, s, q []float64)
	NormColsApplyF32    func(y, x []float32, rows, stride, plane int, m, a, b []float32, relu, past bool)
	NormColsGradSumsF32 func(x, dy []float32, rows, stride, plane int, mean []float64, m, a, b []float32, relu bool, s, q []float64)
	NormColsGradF32     func(dx, x, dy []float32, rows, stride, plane int, m, a, b, c, d []float32, relu, past bool)

	// PackF32 interleaves len(offset) <= width rows of kc elements into a panel:
	// dst[k*width+i] = src[offset[i]+k], and zeros behind the last row.
	PackF32 func(dst, src []float32, offset []int, width, kc int)
	// PackF64 is PackF32 for float64.
	PackF64 func(dst, src []float64, offset []int, width, kc int)
	// TransposeF32 is dst[c*ldd+r] = src[r*lds+c] for r < rows, c < cols. more says that as many rows,
	// behind these or, where they go on, beside them, are likely to be next and that all come from memory:
	// where they are near, asking takes up to 1.6 times as long. past says that dst is larger than the caches:
	// most of it is not left in them. See Fence.
	TransposeF32 func(dst []float32, ldd int, src []float32, lds, rows, cols int, more, past bool)
	// TurnF32 turns filters of 3 x 3 round, filter by filter of each channel instead of channel by
	// channel of each filter: dst[c*ldd+9*f+i] = src[f*lds+9*c+8-i] for f < filters, c < channels,
	// i < 9.
	TurnF32 func(dst []float32, ldd int, src []float32, lds, filters, channels int)
	// CopyRowsF32 copies runs of width elements, ld apart, to where they are ldd apart:
	// dst[k*ldd+j] = src[k*ld+j] for k < kc, j < width. far says that they come from memory: where they
	// are near, asking takes up to 1.5 times as long.
	CopyRowsF32 func(dst []float32, ldd int, src []float32, ld, width, kc int, far bool)
	// CopyPanelsF32 copies runs of panels*width elements, ld apart, to panels of width that begin
	// step apart: dst[p*step+k*width+j] = src[k*ld+p*width+j] for p < panels, k < kc, j < width.
	CopyPanelsF32 func(dst []float32, step int, src []float32, ld, width, panels, kc int)
	// PackRunsF32 puts a panel together from runs, the same in each step but for
	// the tap they start from: dst[t*width+r.At+j] = src[taps[t]+r.Offset+j] for
	// each run r and j < r.N; what no run fills is zero. Runs
	// are in order and do not overlap.
	PackRunsF32 func(dst, src []float32, taps []int, runs []Run, width int)
	// CopyPlanesF32 is, for element i < n of each row, dst[i] = src[i], AddPlanesF32 dst[i] += src[i].
	CopyPlanesF32 func(dst, src []float32, p Planes, n int)
	AddPlanesF32  func(dst, src []float32, p Planes, n int)
	// CopyPastF32 is dst[i] = src[i], for a dst larger than the caches: it is not left in
	// them. See Fence.
	CopyPastF32 func(dst, src []float32)
	// PartF32 is, for i < n of each row, even[i] = src[2*i] and odd[i] = src[2*i+1].
	PartF32 func(even, odd, src []float32, p Planes, n int)
	// TakeSecondF32 is, for element i < n of each row, dst[i] = src[2*i].
	TakeSecondF32 func(dst, src []float32, p Planes, n int)
	// WeaveF32 is, for element i < n of each row, dst[2*i] = even[i] and dst[2*i+1] =
	// odd[i]; the elements of a nil are +0. even and odd have the layout of src. past
	// says that dst is larger than the caches: it is not left in them. See Fence.
	WeaveF32 func(dst, even, odd []float32, p Planes, n int, past bool)
	// UpsampleF32 is WeaveF32 without odd elements, and fills the row behind each, 2*n elements
	// from its end on, with +0: planes are twice as high as src then, too.
	UpsampleF32 func(dst, src []float32, p Planes, n int, past bool)
	// ExpandF32 fills planes of size elements from planes of count: element i is the
	// next one of src if bit i%16 of masks[i/16] is set, else +0. count bits are, none of
	// them beyond size.
	ExpandF32 func(dst, src []float32, planes int, masks []uint16, size, count int)
	// PadRowsF32 copies rows of n elements, lds apart, into rows of width, ldd
	// apart, with zeros before and behind: dst[r*ldd+zeros+j] = src[r*lds+j].
	PadRowsF32 func(dst, src []float32, rows, ldd, lds, zeros, n, width int)
}

// reference is the table of the generic path, from which every other starts.
func reference() Kernels {
	gemm32 := Gemm[float32]{MR: 4, NR: 8, Reads: 1, Strided: true, Run: gemmTiles(gemmF32Generic, 8, addReluGeneric)}
	return Kernels{
		Linalg:              linalgReference(),
		Winograd:            winogradReference(),
		WinogradStride:      winogradStrideReference(),
		Rows:                rowsReference(),
		Pools3:              pools3Reference(),
		Name:                "generic",
		GemmF32:             gemm32,
		GemmF64:             Gemm[float64]{MR: 4, NR: 4, Reads: 1, Strided: true, Run: gemmTiles(gemmF64Generic, 4, addReluGeneric)},
		PeakF32:             Peak[float32]{8, peakF32Generic},
		PeakF64:             Peak[float64]{8, peakF64Generic},
		CopyF32:             copyF32Generic,
		AddF32:              addF32Generic,
		AddScalarF32:        addScalarF32Generic,
		ReluF32:             reluF32Generic,
		ReluGradF32:         reluGradF32Generic,
		ReluGradRowsF32:     reluGradRowsF32Generic,
		GemmReluGradF32:     gemmReluGrad(gemm32, reluGradRowsF32Generic),
		SumF32:              sumF32Generic,
		SumPlanesF32:        sumPlanesF32Generic,
		CountF32:            countF32Generic,
		SgdF32:              sgdF32Generic,
		AddReluF32:          addReluGeneric[float32],
		MulF32:              mulF32Generic,
		ScaleF32:            scaleF32Generic,
		FillF32:             fillF32Generic,
		SumSquaresF32:       sumSquaresF32Generic,
		DotF32:              dotF32Generic,
		RotateF64:           rotateF64Generic,
		LookupF32:           lookupF32Generic,
		SumRowsF32:          sumRowsF32Generic,
		LeakyReluF32:        leakyReluF32Generic,
		LeakyReluGradF32:    leakyReluGradF32Generic,
		SigmoidF32:          sigmoidF32Generic,
		SigmoidGradF32:      sigmoidGradF32Generic,
		TanhF32:             tanhF32Generic,
		TanhGradF32:         tanhGradF32Generic,
		GeluF32:             geluF32Generic,
		GeluGradF32:         geluGradF32Generic,
		MaxPool2F32:         maxPool2F32Generic,
		MaxPool2GradF32:     maxPool2GradF32Generic,
		NotedPool2F32:       notedPool2F32Generic,
		NotedPool2GradF32:   notedPool2GradF32Generic,
		AvgPool2F32:         avgPool2F32Generic,
		AvgPool2GradF32:     avgPool2GradF32Generic,
		MaxTapsF32:          maxTapsF32Generic,
		SumTapsF32:          sumTapsF32Generic,
		NoteTapsF32:         noteTapsF32Generic,
		PickTapsF32:         pickTapsF32Generic,
		NormSumsF32:         normSumsF32Generic,
		NormApplyF32:        normApplyF32Generic,
		NormGradSumsF32:     normGradSumsF32Generic,
		NormGradF32:         normGradF32Generic,
		PackF32:             packF32Generic,
		PackF64:             packF64Generic,
		CopyRowsF32:         copyRowsF32Generic,
		CopyPanelsF32:       copyPanelsF32(copyRowsF32Generic),
		PackRunsF32:         packRunsF32Generic,
		TransposeF32:        transposeF32Generic,
		TurnF32:             turnF32Generic,
		PadRowsF32:          padRowsF32Generic,
		CopyPlanesF32:       copyPlanesF32Generic,
		AddPlanesF32:        addPlanesF32Generic,
		PartF32:             partF32Generic,
		CopyPastF32:         copyF32Generic,
		TakeSecondF32:       takeSecondF32Generic,
		WeaveF32:            weaveF32Generic,
		UpsampleF32:         upsampleF32(weaveF32Generic),
		ExpandF32:           expandF32Generic,
		NormColsSumsF32:     normColsSumsF32Generic,
		NormColsApplyF32:    normColsApplyF32Generic,
		NormColsGradSumsF32: normColsGradSumsF32Generic,
		NormColsGradF32:     normColsGradF32Generic,
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
