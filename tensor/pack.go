package tensor

import (
	"fmt"
	"unsafe"

	"randalign/asm"
)

// Float is the element type of a tensor: float32 for training, float64 for
// statistics and checks.
type Float interface{ float32 | float64 }

// wordSize is the number of bytes of an element.
func wordSize[T Float]() int { return int(unsafe.Sizeof(*new(T))) }

// Matrix is a view of a two-dimensional operand of Gemm: element (i, j) stands
// at Data[i*Stride+j], or at Data[j*Stride+i] when Trans is set. It copies nothing.
type Matrix[T Float] struct {
	Data   []T
	Stride int
	Trans  bool
}

// RowMajor returns the view of a row-major matrix with rows of n elements.
func RowMajor[T Float](data []T, n int) Matrix[T] { return Matrix[T]{Data: data, Stride: n} }

// Transposed returns the view of the transpose of a row-major matrix with rows
// of n elements.
func Transposed[T Float](data []T, n int) Matrix[T] {
	return Matrix[T]{Data: data, Stride: n, Trans: true}
}

// T returns the view of the transpose.
func (m Matrix[T]) T() Matrix[T] { return Matrix[T]{m.Data, m.Stride, !m.Trans} }

// set makes m the view of o, field by field: the compiler copies five words by moves that overlap,
// and a processor waits for what it has just stored that way.
func (m *Matrix[T]) set(o *Matrix[T]) {
	m.Data, m.Stride, m.Trans = o.Data, o.Stride, o.Trans
}

// holds reports whether the view can hold rows x cols elements.
func (m *Matrix[T]) holds(rows, cols int) bool {
	if m.Trans {
		rows, cols = cols, rows
	}
	return rows == 0 || cols == 0 || m.Stride >= cols && len(m.Data) >= (rows-1)*m.Stride+cols
}

// misfit says why the view cannot hold rows x cols elements.
func (m *Matrix[T]) misfit(name string, rows, cols int) string {
	return fmt.Sprintf("tensor: gemm: %s as %d x %d (transposed %v, stride %d) does not fit %d elements", name, rows, cols, m.Trans, m.Stride, len(m.Data))
}

// packRows packs rows i0..i0+rows of m, columns k0..k0+kc, as a panel of the
// given width: dst[k*width+i]. Missing rows become zeros, whose products land
// in elements that nobody stores. offset is memory for as many numbers as rows.
func packRows[T Float](dst []T, m Matrix[T], i0, rows, width, k0, kc int, offset []int) {
	if kc == 0 {
		return
	}
	if m.Trans {
		copyPanel(dst, m.Data[k0*m.Stride+i0:], m.Stride, rows, width, kc)
		return
	}
	offset = offset[:rows]
	for i := range offset {
		offset[i] = i * m.Stride
	}
	pack(dst, m.Data[i0*m.Stride+k0:], offset, width, kc)
}

// packPanels packs rows i0..i0+rows of m, columns k0..k0+kc, as panels of mr rows that begin step
// elements apart.
func packPanels[T Float](dst []T, m Matrix[T], i0, rows, mr, step, k0, kc int, offset []int) {
	i := 0
	if whole := rows / mr; m.Trans && kc > 0 && whole > 0 {
		i = whole * mr
		w := wordSize[T]() / 4
		asm.Active().CopyPanelsF32(words(dst), w*step, words(m.Data[k0*m.Stride+i0:]), w*m.Stride, w*mr, whole, kc)
	}
	for ; i < rows; i += mr {
		packRows(dst[i/mr*step:], m, i0+i, min(mr, rows-i), mr, k0, kc, offset)
	}
}

// packCols packs columns j0..j0+cols of m, rows k0..k0+kc: dst[k*width+j].
func packCols[T Float](dst []T, m Matrix[T], j0, cols, width, k0, kc int, offset []int) {
	packRows(dst, m.T(), j0, cols, width, k0, kc, offset)
}

// pack interleaves rows into a panel, see asm.Kernels.PackF32.
func pack[T Float](dst, src []T, offset []int, width, kc int) {
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().PackF32(d, s, offset, width, kc)
		return
	}
	asm.Active().PackF64(asF64(dst), asF64(src), offset, width, kc)
}

// asF32 returns x itself as float32s if that is what it holds. (Boxing a slice
// in an interface, to ask the type system, would allocate.)
func asF32[T Float](x []T) ([]float32, bool) {
	if unsafe.Sizeof(*new(T)) != 4 {
		return nil, false
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x)), true
}

// ptrF32 returns p itself, which must point to a float32.
func ptrF32[T Float](p *T) *float32 { return (*float32)(unsafe.Pointer(p)) }

// asF64 returns x itself as float64s, which it must hold.
func asF64[T Float](x []T) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// words returns x as twice as many float32s if it holds float64s: to a copy, both
// are bytes.
func words[T Float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*wordSize[T]()/4)
}

// transpose is dst[c*ldd+r] = src[r*lds+c] for r < rows, c < cols.
func transpose[T Float](dst []T, ldd int, src []T, lds, rows, cols int) {
	transposeTo(dst, ldd, src, lds, rows, cols, false, false)
}

// transposeTo is transpose, with more to come, and past the caches, if the kernel can, see
// asm.Kernels.TransposeF32.
func transposeTo[T Float](dst []T, ldd int, src []T, lds, rows, cols int, more, past bool) {
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().TransposeF32(d, ldd, s, lds, rows, cols, more, past)
		return
	}
	for r := range rows {
		for c, x := range src[r*lds:][:cols] {
			dst[c*ldd+r] = x
		}
	}
}

// copyRuns copies n runs, far ones or not, see asm.Kernels.CopyRowsF32.
func copyRuns[T Float](dst []T, ldd int, src []T, ld, width, n int, far bool) {
	w := wordSize[T]() / 4
	asm.Active().CopyRowsF32(words(dst), w*ldd, words(src), w*ld, w*width, n, far)
}

// copyPanel packs a panel whose steps in k are contiguous in memory.
func copyPanel[T Float](dst, src []T, ld, n, width, kc int) {
	if n < width {
		w := wordSize[T]() / 4
		asm.Active().PadRowsF32(words(dst), words(src), kc, w*width, w*ld, 0, w*n, w*width)
		return
	}
	copyRuns(dst, width, src, ld, width, kc, true)
}
