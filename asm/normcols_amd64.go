//go:build !noasm

package asm

// Batch normalisation of vectors: assembly does whole blocks of 16 columns, row
// by row, the references the columns that are left over.

func normColsSumsF32AVX2(x []float32, rows, stride int, shift []float32, s, q []float64) {
	w := len(shift) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowSumsF32AVX2(w/16, &x[r*stride], &shift[0], &s[0], &q[0])
	}
	if w < len(shift) {
		normColsSumsF32Generic(x[w:], rows, stride, shift[w:], s[w:], q[w:])
	}
}

func normColsApplyF32AVX2(y, x []float32, rows, stride int, m, a, b []float32, relu bool) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowApplyF32AVX2(w/16, &y[r*stride], &x[r*stride], &m[0], &a[0], &b[0], relu)
	}
	if w < len(m) {
		normColsApplyF32Generic(y[w:], x[w:], rows, stride, m[w:], a[w:], b[w:], relu)
	}
}

func normColsGradSumsF32AVX2(x, dy []float32, rows, stride int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowGradSumsF32AVX2(w/16, &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &mean[0], &s[0], &q[0], relu)
	}
	if w < len(m) {
		normColsGradSumsF32Generic(x[w:], dy[w:], rows, stride, mean[w:], m[w:], a[w:], b[w:], relu, s[w:], q[w:])
	}
}

func normColsGradF32AVX2(dx, x, dy []float32, rows, stride int, m, a, b, c, d []float32, relu bool) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowGradF32AVX2(w/16, &dx[r*stride], &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &c[0], &d[0], relu)
	}
	if w < len(m) {
		normColsGradF32Generic(dx[w:], x[w:], dy[w:], rows, stride, m[w:], a[w:], b[w:], c[w:], d[w:], relu)
	}
}

func normColsSumsF32AVX512(x []float32, rows, stride int, shift []float32, s, q []float64) {
	w := len(shift) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowSumsF32AVX512(w/16, &x[r*stride], &shift[0], &s[0], &q[0])
	}
	if w < len(shift) {
		normColsSumsF32Generic(x[w:], rows, stride, shift[w:], s[w:], q[w:])
	}
}

func normColsApplyF32AVX512(y, x []float32, rows, stride int, m, a, b []float32, relu bool) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowApplyF32AVX512(w/16, &y[r*stride], &x[r*stride], &m[0], &a[0], &b[0], relu)
	}
	if w < len(m) {
		normColsApplyF32Generic(y[w:], x[w:], rows, stride, m[w:], a[w:], b[w:], relu)
	}
}

func normColsGradSumsF32AVX512(x, dy []float32, rows, stride int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowGradSumsF32AVX512(w/16, &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &mean[0], &s[0], &q[0], relu)
	}
	if w < len(m) {
		normColsGradSumsF32Generic(x[w:], dy[w:], rows, stride, mean[w:], m[w:], a[w:], b[w:], relu, s[w:], q[w:])
	}
}

func normColsGradF32AVX512(dx, x, dy []float32, rows, stride int, m, a, b, c, d []float32, relu bool) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		normRowGradF32AVX512(w/16, &dx[r*stride], &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &c[0], &d[0], relu)
	}
	if w < len(m) {
		normColsGradF32Generic(dx[w:], x[w:], dy[w:], rows, stride, m[w:], a[w:], b[w:], c[w:], d[w:], relu)
	}
}
