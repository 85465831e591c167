//go:build !noasm

package asm

// ahead is how a kernel that turns rows asks for what it will read: so many steps ahead of those at hand
// and, when so many of its units are left, jump further, to where other rows begin. The zero ahead asks for
// nothing.
//
// So many rows, or some that end within a page, no prefetcher of the processor follows. Each line is asked for
// three or four times, since a processor whose buffers are full forgets a request; and not at once, but beside
// the loads and, again, behind the shuffles, when some of the buffers are free.
type ahead struct{ steps, left, jump int }

// aheadLines is how many lines of all rows are asked for before they are needed.
const aheadLines = 160

// aheadOf is for so many rows of kc steps, line of them a cache line, of which a kernel counts units
// of so many steps down; next elements further are the rows that are likely to come then, or
// next is 0. Short rows are pieces of what others have fetched.
func aheadOf(rows, kc, line, unit, next int) ahead {
	a := ahead{steps: aheadLines / rows * line}
	if kc <= a.steps {
		return ahead{}
	}
	before := (kc - a.steps + line - 1) / line * line
	a.left = (kc - before) / unit
	// To where the rows begin, though those at hand may have ended within a line.
	if a.jump = next - a.steps - before; next == 0 {
		a.jump = -a.steps // to what is here already
	}
	return a
}

// packAhead is aheadOf for rows of a matrix of so many elements, which others may follow.
func packAhead(rows int, offset []int, kc, line, unit, elements int) ahead {
	if kc <= aheadLines/rows*line {
		return ahead{}
	}
	return aheadOf(rows, kc, line, unit, nextRows(offset, kc, elements))
}

// orMore is a or, where aheadOf asks for nothing and more rows are next, what it leaves out, for 16 rows from
// the r-th on of so many that are turned, cols steps each, lds apart: after them come those that stand behind
// or, where rows go on, beside them. Rows shorter than a line are one stream, which the hardware sees coming.
func (a ahead) orMore(more bool, r, rows, lds, cols int) ahead {
	if !more || a.steps > 0 || cols < 16 {
		return a
	}
	to := r + (aheadLines+cols-1)/cols*16 // 16 rows have about as many lines as steps
	at := to * lds
	if lds > cols {
		at = to%rows*lds + to/rows*cols
	}
	return ahead{steps: at - r*lds, left: -1}
}

// nextRows returns how far from equally distant rows of kc steps as many are that follow them in a
// matrix of so many elements, or 0.
func nextRows(offset []int, kc, elements int) int {
	n := len(offset)
	if n < 2 {
		return 0
	}
	next := (offset[n-1] - offset[0]) / (n - 1) * n
	if next < kc || offset[n-1]+next+kc > elements {
		return 0
	}
	return next
}

// packF32AVX512Slice packs 16 rows at a time.
func packF32AVX512Slice(dst, src []float32, offset []int, width, kc int) {
	if kc == 0 || len(offset) == 0 || width%16 != 0 {
		packF32Generic(dst, src, offset, width, kc)
		return
	}
	dst = dst[:kc*width]
	var from [16]int
	for i := 0; i < width; i += 16 {
		n := copy(from[:], offset[min(i, len(offset)):])
		for r := n; r < 16; r++ {
			from[r] = offset[0] // read, and masked out
		}
		packF32AVX512(kc, &dst[i], &src[0], &from, width, uint16(1<<n-1), packAhead(16, from[:n], kc, 16, 1, len(src)))
	}
}

// packF64AVX512Slice packs 8 rows at a time.
func packF64AVX512Slice(dst, src []float64, offset []int, width, kc int) {
	if kc == 0 || len(offset) == 0 || width%8 != 0 {
		packF64Generic(dst, src, offset, width, kc)
		return
	}
	dst = dst[:kc*width]
	var from [8]int
	for i := 0; i < width; i += 8 {
		n := copy(from[:], offset[min(i, len(offset)):])
		for r := n; r < 8; r++ {
			from[r] = offset[0] // read, and masked out
		}
		packF64AVX512(kc, &dst[i], &src[0], &from, width, uint8(1<<n-1), packAhead(8, from[:n], kc, 8, 1, len(src)))
	}
}

// packF32AVX2Slice packs whole quads of rows and 8 steps, and leaves the rest
// to the reference.
func packF32AVX2Slice(dst, src []float32, offset []int, width, kc int) {
	packQuads(dst, src, offset, width, kc, 8, packF32AVX2)
}

// packF64AVX2Slice packs whole quads of rows and 4 steps, and leaves the rest
// to the reference.
func packF64AVX2Slice(dst, src []float64, offset []int, width, kc int) {
	packQuads(dst, src, offset, width, kc, 4, packF64AVX2)
}

func packQuads[T any](dst, src []T, offset []int, width, kc, unit int, kernel func(units int, dst, src *T, offset *int, width, blocks int, ask ahead)) {
	units := kc / unit
	rows := len(offset) &^ 3
	if units == 0 || rows == 0 {
		packGeneric(dst, src, offset, width, kc)
		return
	}
	dst = dst[:kc*width]
	if rows < width {
		clear(dst)
	}
	kernel(units, &dst[0], &src[0], &offset[0], width, rows/4, packAhead(rows, offset, units*unit, 2*unit, unit, len(src)))
	for i, o := range offset {
		k := units * unit
		if i >= rows {
			k = 0
		}
		for ; k < kc; k++ {
			dst[k*width+i] = src[o+k]
		}
	}
}

func copyRowsF32AVX2Slice(dst []float32, ldd int, src []float32, ld, width, kc int, far bool) {
	if width%16 != 0 || kc == 0 {
		copyRowsF32Generic(dst, ldd, src, ld, width, kc, far)
		return
	}
	_, _ = dst[(kc-1)*ldd+width-1], src[(kc-1)*ld+width-1]
	j, ask := 0, runsAhead(kc, ld, 32, far)
	for ; j+32 <= width; j += 32 {
		copyPairsF32AVX2(kc, &dst[j], ldd, &src[j], ld, ask, 16)
	}
	if j < width {
		copyRowsF32AVX2(kc, &dst[j], ldd, &src[j], ld, runsAhead(kc, ld, 16, far))
	}
}

// copyPanelsF32AVX2 copies two panels at a time: lines beside each other come from memory together.
func copyPanelsF32AVX2(dst []float32, step int, src []float32, ld, width, panels, kc int) {
	if kc == 0 {
		return
	}
	p := 0
	if width == 16 && panels > 1 {
		_, _ = dst[(panels-1)*step+kc*width-1], src[(kc-1)*ld+panels*width-1]
		ask := runsAhead(kc, ld, 32, true)
		for ; p+2 <= panels; p += 2 {
			copyPairsF32AVX2(kc, &dst[p*step], width, &src[p*width], ld, ask, step)
		}
	}
	for ; p < panels; p++ {
		copyRowsF32AVX2Slice(dst[p*step:], width, src[p*width:], ld, width, kc, true)
	}
}

func copyRowsF32AVX512Slice(dst []float32, ldd int, src []float32, ld, width, kc int, far bool) {
	if width%16 != 0 || kc == 0 {
		copyRowsF32Generic(dst, ldd, src, ld, width, kc, far)
		return
	}
	_, _ = dst[(kc-1)*ldd+width-1], src[(kc-1)*ld+width-1]
	j, ask := 0, runsAhead(kc, ld, 32, far)
	for ; j+32 <= width; j += 32 {
		copyRowsF32AVX512(kc, &dst[j], ldd, &src[j], ld, ask)
	}
	if j < width {
		copyRowsF32AVX2(kc, &dst[j], ldd, &src[j], ld, runsAhead(kc, ld, 16, far))
	}
}

// runsAhead is for kc runs of width elements, ld apart, if they are far: the runs beside them come next or,
// where there are none, those that follow.
func runsAhead(kc, ld, width int, far bool) ahead {
	n := runsLines * 16 / width
	if !far || kc <= 2*n {
		return ahead{}
	}
	if ld == width {
		return ahead{n, n, 0}
	}
	return ahead{n, n, width - kc*ld}
}

// runsLines is how many lines of the runs are asked for before they are needed.
const runsLines = 96

// narrow is how far apart rows are at most that packF32AVX2 writes for a transpose, and not packWideF32AVX2.
const narrow = 256

// transposeF32AVX2 turns 16 rows at a time, then blocks of 8 or 4 of them, 8 columns or more of them at a
// time. Rows and columns that are left over are turned in blocks that begin earlier; fewer than 4 rows or 8
// columns are left to the reference.
func transposeF32AVX2(dst []float32, ldd int, src []float32, lds, rows, cols int, more, past bool) {
	if past && rows >= 16 && cols >= 4 && onLines(&dst[0], ldd) {
		high, wide := rows&^15, cols&^3
		_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
		transposePastF32AVX2(high/16, wide/4, &dst[0], ldd, &src[0], lds)
		if wide < cols {
			transposeF32AVX2(dst[wide*ldd:], ldd, src[wide:], lds, high, cols-wide, false, false)
		}
		if high < rows {
			transposeF32AVX2(dst[high:], ldd, src[high*lds:], lds, rows-high, cols, false, false)
		}
		return
	}
	block := 4
	if ldd > narrow && rows >= 8 {
		block = 8
	}
	high, wide := rows&^(block-1), cols&^7
	if high == 0 || wide == 0 {
		transposeF32Generic(dst, ldd, src, lds, rows, cols, false, false)
		return
	}
	_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
	step := wide
	if ldd%1024 == 0 {
		// Rows of the result that are a multiple of a page apart share a set of the
		// first-level cache: eight of them must be filled before the next come.
		step = 8
	}
	from := rowsApart(lds)
	ask := aheadOf(16, step, 16, 8, 16*lds)
	more = more && step == wide
	for c := 0; c < cols; c += step {
		at, n := c, step
		if at >= wide { // columns that are left over
			at, n, ask, more = cols-8, 8, ahead{}, false
		}
		for r := 0; r < high; r += 16 {
			blocksF32AVX2(n/8, &dst[at*ldd+r], &src[r*lds+at], &from, ldd, min(16, high-r), block, ask.orMore(more, r, high, lds, cols))
		}
		if r := rows - block; high < rows {
			blocksF32AVX2(n/8, &dst[at*ldd+r], &src[r*lds+at], &from, ldd, block, block, ahead{})
		}
	}
}

// blocksF32AVX2 turns up to 16 rows by the kernel that has blocks of so many.
func blocksF32AVX2(units int, dst, src *float32, from *[16]int, ldd, rows, block int, ask ahead) {
	if block == 8 {
		packWideF32AVX2(units, dst, src, &from[0], ldd, rows/8, ask)
	} else {
		packF32AVX2(units, dst, src, &from[0], ldd, rows/4, ask)
	}
}

// transposeF32AVX512 turns 16 rows at a time, the last of them once more where rows are left over; fewer, and
// those left over where others pass the caches by, are transposeF32AVX2's.
func transposeF32AVX512(dst []float32, ldd int, src []float32, lds, rows, cols int, more, past bool) {
	high := rows &^ 15
	if high == 0 || cols == 0 {
		transposeF32AVX2(dst, ldd, src, lds, rows, cols, more, false)
		return
	}
	_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
	if past && cols >= 16 && onLines(&dst[0], ldd) {
		wide := cols &^ 15
		for c := 0; c < wide; c += 16 {
			transposePastF32AVX512(high/16, &dst[c*ldd], ldd, &src[c], lds)
		}
		if wide < cols {
			transposeF32AVX512(dst[wide*ldd:], ldd, src[wide:], lds, high, cols-wide, false, false)
		}
		if high < rows {
			transposeF32AVX2(dst[high:], ldd, src[high*lds:], lds, rows-high, cols, false, false)
		}
		return
	}
	from := rowsApart(lds)
	ask := aheadOf(16, cols, 16, 1, 16*lds)
	for r := 0; r < high; r += 16 {
		packF32AVX512(cols, &dst[r], &src[r*lds], &from, ldd, 0xffff, ask.orMore(more, r, high, lds, cols))
	}
	if high < rows {
		packF32AVX512(cols, &dst[rows-16], &src[(rows-16)*lds], &from, ldd, 0xffff, ahead{})
	}
}

// rowsApart returns where 16 rows begin.
func rowsApart(ld int) (from [16]int) {
	for i := range from {
		from[i] = i * ld
	}
	return from
}
