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

// AddChannels adds bias[c] to every element of channel c of x [n, C, plane], C
// being len(bias).
func AddChannels[T Float](x, bias []T, n, plane int) {
	checkRows("add channels", len(x), plane, n*len(bias), plane)
	for i := range n {
		for c, b := range bias {
			AddScalar(x[(i*len(bias)+c)*plane:][:plane], b)
		}
	}
}

// SumChannels is dst[c] = ((+0 + s[0]) + s[1]) + ..., s[i] being Sum of channel
// c of image i of x [n, C, plane], C = len(dst): the gradient of AddChannels' bias.
func SumChannels[T Float](dst, x []T, n, plane int) {
	checkRows("sum channels", len(x), plane, n*len(dst), plane)
	clear(dst)
	for i := range n {
		for c := range dst {
			dst[c] += Sum(x[(i*len(dst)+c)*plane:][:plane])
		}
	}
}
