package tensor

import (
	"fmt"

	"randalign/asm"
)

// AddRows is dst[r*stride+j] += bias[j] for r < rows and j < len(bias): a bias
// for a batch of vectors. A range of columns is a shorter bias and a dst that
// begins further on.
func AddRows[T Float](dst, bias []T, rows, stride int) {
	checkRows("add rows", len(dst), len(bias), rows, stride)
	if d, ok := asF32(dst); ok {
		b, _ := asF32(bias)
		asm.Active().AddRowsF32(d, b, rows, stride)
		return
	}
	for r := range rows {
		for j, b := range bias {
			dst[r*stride+j] += b
		}
	}
}

// SumRows is dst[j] = ((+0 + src[j]) + src[stride+j]) + ... over rows rows, for
// j < len(dst): the gradient of AddRows' bias. Columns do not depend on each
// other, so they may be cut into ranges like those of AddRows.
func SumRows[T Float](dst, src []T, rows, stride int) {
	checkRows("sum rows", len(src), len(dst), rows, stride)
	if d, ok := asF32(dst); ok {
		s, _ := asF32(src)
		asm.Active().SumRowsF32(d, s, rows, stride)
		return
	}
	clear(dst)
	for r := range rows {
		for j, x := range src[r*stride:][:len(dst)] {
			dst[j] += x
		}
	}
}

func checkRows(name string, size, n, rows, stride int) {
	if rows > 0 && (stride < n || size < (rows-1)*stride+n) {
		panic(fmt.Sprintf("tensor: %s: %d rows of %d, %d apart, do not fit %d elements", name, rows, n, stride, size))
	}
}
