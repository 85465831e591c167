//go:build !noasm

package asm

// normRows does batch normalisation of vectors: assembly does whole blocks of 16 columns, sums a
// few rows at a time and the rest row by row, the references the columns that are left over.
type normRows struct {
	sums     func(blocks, rows, stride, ahead, width, gap int, x, shift *float32, s, q *float64, near bool)
	apply    func(blocks int, y, x, m, a, b *float32, relu bool, ahead int)
	gradSums func(blocks, rows, stride, ahead, width, gap int, x, dy, m, a, b *float32, mean, s, q *float64, relu bool)
	grad     func(blocks int, dx, x, dy, m, a, b, c, d *float32, relu bool, ahead int)
}

// rowGroup rows are added at a time, while as many are fetched.
const rowGroup = 4

// rowsAhead returns how many rows of w columns are under way: rows are too far apart for the
// hardware to see them coming.
func rowsAhead(w int) int { return max(1, 2048/w) }

// fetched returns the bytes from row r to the one that is fetched beside it, ahead rows on, and
// after the last row those of the first ones, of as many columns on as the caller comes to.
func fetched(r, ahead, rows, stride, columns int) int {
	if r+ahead < rows {
		return 4 * ahead * stride
	}
	return 4 * (columns - r*stride + max(0, r+ahead-rows)%rows*stride)
}

// nearColumns are so few that two groups of rows that follow each other leave half of the first-level
// cache free. Groups of rows that are apart share its sets.
const nearColumns = 512

func (n *normRows) NormColsSumsF32(x []float32, rows, stride int, shift []float32, s, q []float64) {
	w := len(shift) &^ 15
	for r := 0; w > 0 && r < rows; r += rowGroup {
		n.sums(w/16, min(rowGroup, rows-r), 4*stride, fetched(r, rowGroup, rows, stride, 0), 4*w, 4*(stride-w), &x[r*stride], &shift[0], &s[0], &q[0], stride == w && w <= nearColumns)
	}
	if w < len(shift) {
		normColsSumsF32Generic(x[w:], rows, stride, shift[w:], s[w:], q[w:])
	}
}

func (n *normRows) NormColsApplyF32(y, x []float32, rows, stride int, m, a, b []float32, relu bool) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		n.apply(w/16, &y[r*stride], &x[r*stride], &m[0], &a[0], &b[0], relu, fetched(r, rowsAhead(w), rows, stride, w))
	}
	if w < len(m) {
		normColsApplyF32Generic(y[w:], x[w:], rows, stride, m[w:], a[w:], b[w:], relu)
	}
}

func (n *normRows) NormColsGradSumsF32(x, dy []float32, rows, stride int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r += rowGroup {
		n.gradSums(w/16, min(rowGroup, rows-r), 4*stride, fetched(r, rowGroup, rows, stride, 0), 4*w, 4*(stride-w), &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &mean[0], &s[0], &q[0], relu)
	}
	if w < len(m) {
		normColsGradSumsF32Generic(x[w:], dy[w:], rows, stride, mean[w:], m[w:], a[w:], b[w:], relu, s[w:], q[w:])
	}
}

func (n *normRows) NormColsGradF32(dx, x, dy []float32, rows, stride int, m, a, b, c, d []float32, relu bool) {
	w := len(m) &^ 15
	for r := 0; w > 0 && r < rows; r++ {
		n.grad(w/16, &dx[r*stride], &x[r*stride], &dy[r*stride], &m[0], &a[0], &b[0], &c[0], &d[0], relu, fetched(r, rowsAhead(w), rows, stride, w))
	}
	if w < len(m) {
		normColsGradF32Generic(dx[w:], x[w:], dy[w:], rows, stride, m[w:], a[w:], b[w:], c[w:], d[w:], relu)
	}
}

// normCols puts the kernels in a table.
func (t *Kernels) normCols(n *normRows) {
	t.NormColsSumsF32, t.NormColsApplyF32 = n.NormColsSumsF32, n.NormColsApplyF32
	t.NormColsGradSumsF32, t.NormColsGradF32 = n.NormColsGradSumsF32, n.NormColsGradF32
}

func (t *Kernels) normColsAVX2() {
	t.normCols(&normRows{normRowsSumsF32AVX2, normRowApplyF32AVX2, normRowsGradSumsF32AVX2, normRowGradF32AVX2})
}

func (t *Kernels) normColsAVX512() {
	t.normCols(&normRows{normRowsSumsF32AVX512, normRowApplyF32AVX512, normRowsGradSumsF32AVX512, normRowGradF32AVX512})
}
