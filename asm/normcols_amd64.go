//go:build !noasm

package asm

// normRows does batch normalisation of columns: assembly does whole blocks of 16 of them, which may
// share their values, a few rows at a time. It calls the assembly by name, since what is passed to a
// function value escapes to the heap.
type normRows struct{ avx512 bool }

func (k normRows) sums(blocks, rows, stride, ahead, again, width, gap int, x, shift *float32, s, q *float64, near, shared bool) {
	if k.avx512 {
		normRowsSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap, x, shift, s, q, near, shared)
	} else {
		normRowsSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap, x, shift, s, q, near, shared)
	}
}

func (k normRows) apply(past bool, blocks, rows, stride, ahead, again, width, gap int, y, x, m, a, b *float32, relu, shared bool) {
	switch {
	case k.avx512 && past:
		normRowsApplyPastF32AVX512(blocks, rows, stride, ahead, again, width, gap, y, x, m, a, b, relu, shared)
	case k.avx512:
		normRowsApplyF32AVX512(blocks, rows, stride, ahead, again, width, gap, y, x, m, a, b, relu, shared)
	case past:
		normRowsApplyPastF32AVX2(blocks, rows, stride, ahead, again, width, gap, y, x, m, a, b, relu, shared)
	default:
		normRowsApplyF32AVX2(blocks, rows, stride, ahead, again, width, gap, y, x, m, a, b, relu, shared)
	}
}

func (k normRows) gradSums(blocks, rows, stride, ahead, again, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu, shared bool) {
	if k.avx512 {
		normRowsGradSumsF32AVX512(blocks, rows, stride, ahead, again, width, gap, x, dy, m, a, b, mean, s, q, relu, shared)
	} else {
		normRowsGradSumsF32AVX2(blocks, rows, stride, ahead, again, width, gap, x, dy, m, a, b, mean, s, q, relu, shared)
	}
}

func (k normRows) grad(past bool, blocks, rows, stride, ahead, again, width, gap int, dx, x, dy, m, a, b, c, d *float32, relu, shared bool) {
	switch {
	case k.avx512 && past:
		normRowsGradPastF32AVX512(blocks, rows, stride, ahead, again, width, gap, dx, x, dy, m, a, b, c, d, relu, shared)
	case k.avx512:
		normRowsGradF32AVX512(blocks, rows, stride, ahead, again, width, gap, dx, x, dy, m, a, b, c, d, relu, shared)
	case past:
		normRowsGradPastF32AVX2(blocks, rows, stride, ahead, again, width, gap, dx, x, dy, m, a, b, c, d, relu, shared)
	default:
		normRowsGradF32AVX2(blocks, rows, stride, ahead, again, width, gap, dx, x, dy, m, a, b, c, d, relu, shared)
	}
}

// Sums about a shift do shiftRows at a time, those of the gradient sumRows, the others pairRows. Beside a
// line of them as many are asked for.
const (
	shiftRows = 8
	sumRows   = 4
	pairRows  = 2
)

// fetched returns the bytes from row r to those that are fetched beside it, ahead rows on, and from
// there to the row before, which is asked for once more. After the last row come the first ones, of as
// many columns on as the caller comes to. Rows are too far apart for the hardware to see them coming.
func fetched(r, ahead, rows, stride, columns int) (at, again int) {
	if r+ahead < rows {
		return 4 * ahead * stride, -4 * stride
	}
	return 4 * (columns - r*stride + (r+ahead-rows)%rows*stride), 0
}

// pass returns how many rows of w columns are done at a time where there are no sums, and how many
// are under way when they are read once more. Rows that follow each other are one stream, which the
// hardware sees coming, too: they are asked for twice as often.
func pass(stride, w int) (rows, ahead int) {
	rows = pairRows
	if stride == w {
		rows = 1
	}
	return rows, max(3*rows, 2048/max(w, 1))
}

// nearColumns are so few that two groups of rows that follow each other leave half of the first-level
// cache free. Groups of rows that are apart share its sets.
const nearColumns = 256

// sumAhead returns how many rows are under way while sums of the gradient are made. Of rows that follow
// each other more are: the gradient of 256 rows of 128 columns from memory takes 1.25 times as long without.
func sumAhead(stride, w int) int {
	if stride == w {
		return max(sumRows, 1536/max(w, 1))
	}
	return sumRows
}

func (k normRows) NormColsSumsF32(x []float32, rows, stride, plane int, shift []float32, s, q []float64) {
	n := plane * len(shift)
	w := n &^ 15
	for r := 0; w > 0 && r < rows; r += shiftRows {
		at, again := fetched(r, shiftRows, rows, stride, 0)
		k.sums(w/16, min(shiftRows, rows-r), 4*stride, at, again, 4*w, 4*(stride-w), &x[r*stride], &shift[0], &s[0], &q[0], stride == w && w <= nearColumns, plane > 1)
	}
	if w < n && rows > 0 { // plane is 1
		k.restSums(x[w:], rows, stride, shift[w:], s[w:], q[w:])
	}
}

func (k normRows) NormColsApplyF32(y, x []float32, rows, stride, plane int, m, a, b []float32, relu, past bool) {
	n := plane * len(m)
	w := n &^ 15
	past = w > 0 && past && onLines(&y[0], stride)
	each, ahead := pass(stride, w)
	for r := 0; w > 0 && r < rows; r += each {
		at, again := fetched(r, ahead, rows, stride, w)
		k.apply(past, w/16, min(each, rows-r), 4*stride, at, again, 4*w, 4*(stride-w), &y[r*stride], &x[r*stride], &m[0], &a[0], &b[0], relu, plane > 1)
	}
	if w < n && rows > 0 { // plane is 1
		k.restApply(y[w:], x[w:], rows, stride, m[w:], a[w:], b[w:], relu)
	}
}

func (k normRows) NormColsGradSumsF32(x, dy []float32, rows, stride, plane int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	n := plane * len(m)
	w := n &^ 15
	ahead := sumAhead(stride, w)
	for r := 0; w > 0 && r < rows; r += sumRows {
		at, again := fetched(r, ahead, rows, stride, 0)
		k.gradSums(w/16, min(sumRows, rows-r), 4*stride, at, again, 4*w, 4*(stride-w), &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &mean[0], &s[0], &q[0], relu, plane > 1)
	}
	if w < n && rows > 0 { // plane is 1
		k.restGradSums(x[w:], dy[w:], rows, stride, mean[w:], m[w:], a[w:], b[w:], relu, s[w:], q[w:])
	}
}

func (k normRows) NormColsGradF32(dx, x, dy []float32, rows, stride, plane int, m, a, b, c, d []float32, relu, past bool) {
	n := plane * len(m)
	w := n &^ 15
	past = w > 0 && past && onLines(&dx[0], stride)
	each, ahead := pass(stride, w)
	for r := 0; w > 0 && r < rows; r += each {
		at, again := fetched(r, ahead, rows, stride, w)
		k.grad(past, w/16, min(each, rows-r), 4*stride, at, again, 4*w, 4*(stride-w), &dx[r*stride], &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &c[0], &d[0], relu, plane > 1)
	}
	if w < n && rows > 0 { // plane is 1
		k.restGrad(dx[w:], x[w:], dy[w:], rows, stride, m[w:], a[w:], b[w:], c[w:], d[w:], relu)
	}
}

// normCols puts the kernels in a table.
func (t *Kernels) normCols(avx512 bool) {
	k := normRows{avx512}
	t.NormColsSumsF32, t.NormColsApplyF32 = k.NormColsSumsF32, k.NormColsApplyF32
	t.NormColsGradSumsF32, t.NormColsGradF32 = k.NormColsGradSumsF32, k.NormColsGradF32
}
