package tensor

import (
	"fmt"
	"unsafe"

	"randalign/asm"
)

// Float is the element type of a tensor: float32 for training, float64 for
// statistics and checks.
type Float interface{ float32 | float64 }

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

// check panics if the view cannot hold rows x cols elements.
func (m Matrix[T]) check(name string, rows, cols int) {
	r, c := rows, cols
	if m.Trans {
		r, c = cols, rows
	}
	if r == 0 || c == 0 {
		return
	}
	if m.Stride < c || len(m.Data) < (r-1)*m.Stride+c {
		panic(fmt.Sprintf("tensor: gemm: %s as %d x %d (transposed %v, stride %d) does not fit %d elements", name, rows, cols, m.Trans, m.Stride, len(m.Data)))
	}
}

// packRows packs rows i0..i0+rows of m, columns k0..k0+kc, as a panel of the
// given width: dst[k*width+i]. Missing rows become zeros, whose products land
// in elements that nobody stores.
func packRows[T Float](dst []T, m Matrix[T], i0, rows, width, k0, kc int) {
	if m.Trans {
		copyPanel(dst, m.Data[k0*m.Stride+i0:], m.Stride, rows, width, kc)
		return
	}
	interleave(dst, m.Data[i0*m.Stride+k0:], m.Stride, rows, width, kc)
}

// packCols packs columns j0..j0+cols of m, rows k0..k0+kc: dst[k*width+j].
func packCols[T Float](dst []T, m Matrix[T], j0, cols, width, k0, kc int) {
	packRows(dst, Matrix[T]{m.Data, m.Stride, !m.Trans}, j0, cols, width, k0, kc)
}

// asF32 returns x itself as float32s if that is what it holds. (Boxing a slice
// in an interface, to ask the type system, would allocate.)
func asF32[T Float](x []T) ([]float32, bool) {
	if unsafe.Sizeof(*new(T)) != 4 {
		return nil, false
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x)), true
}

// copyPanel packs a panel whose steps in k are contiguous in memory.
func copyPanel[T Float](dst, src []T, ld, n, width, kc int) {
	if n < width {
		clear(dst[:kc*width])
	}
	if d, ok := asF32(dst); ok && n == width {
		s, _ := asF32(src)
		asm.Active().CopyRowsF32(d, s, ld, width, kc)
		return
	}
	for k := range kc {
		copy(dst[k*width:][:n], src[k*ld:])
	}
}

// interleave packs a panel from rows that are contiguous in k.
func interleave[T Float](dst, src []T, ld, rows, width, kc int) {
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().PackF32(d, s, ld, rows, width, kc)
		return
	}
	if rows < width {
		clear(dst[:kc*width])
	}
	for i := range rows {
		for k, x := range src[i*ld:][:kc] {
			dst[k*width+i] = x
		}
	}
}
