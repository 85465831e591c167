package tensor

import (
	"fmt"

	"randalign/asm"
)

// SumRows is dst[j] = ((+0 + src[j]) + src[stride+j]) + ... over rows rows, for
// j < len(dst): the gradient of a bias for a batch of vectors. Columns do not depend on
// each other: a range of them is a shorter dst and a src that begins further on.
func SumRows[T Float](dst, src []T, rows, stride int) {
	if rows > 0 && (stride < len(dst) || len(src) < (rows-1)*stride+len(dst)) {
		panic(fmt.Sprintf("tensor: sum rows: %d rows of %d, %d apart, do not fit %d elements", rows, len(dst), stride, len(src)))
	}
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
