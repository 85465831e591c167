//go:build !noasm

package asm

// ahead is how a kernel that turns rows asks for what it will read, see ask_amd64.h: so many steps
// ahead of those at hand and, when so many of its units are left, jump further, to where other
// rows begin. The zero ahead asks for nothing.
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
	a.left = (kc - (kc-a.steps+line-1)/line*line) / unit
	if a.jump = next - kc; next == 0 {
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

// packF32AVX2Slice packs whole blocks of 8 rows and 8 steps, and leaves the rest
// to the reference.
func packF32AVX2Slice(dst, src []float32, offset []int, width, kc int) {
	packBlocks(dst, src, offset, width, kc, 8, packF32AVX2)
}

// packF64AVX2Slice packs whole blocks of 4 rows and 4 steps, and leaves the rest
// to the reference.
func packF64AVX2Slice(dst, src []float64, offset []int, width, kc int) {
	packBlocks(dst, src, offset, width, kc, 4, packF64AVX2)
}

func packBlocks[T any](dst, src []T, offset []int, width, kc, side int, kernel func(units int, dst, src *T, offset *int, width, blocks int, ask ahead)) {
	units := kc / side
	rows := len(offset) / side * side
	if units == 0 || rows == 0 {
		packGeneric(dst, src, offset, width, kc)
		return
	}
	dst = dst[:kc*width]
	if rows < width {
		clear(dst)
	}
	kernel(units, &dst[0], &src[0], &offset[0], width, rows/side, packAhead(rows, offset, units*side, 2*side, side, len(src)))
	for i, o := range offset {
		k := units * side
		if i >= rows {
			k = 0
		}
		for ; k < kc; k++ {
			dst[k*width+i] = src[o+k]
		}
	}
}

func copyRowsF32AVX2Slice(dst []float32, ldd int, src []float32, ld, width, kc int) {
	if width%16 != 0 || kc == 0 {
		copyRowsF32Generic(dst, ldd, src, ld, width, kc)
		return
	}
	_, _ = dst[(kc-1)*ldd+width-1], src[(kc-1)*ld+width-1]
	ask := runsAhead(kc, ld, 16)
	for j := 0; j < width; j += 16 {
		copyRowsF32AVX2(kc, &dst[j], ldd, &src[j], ld, ask)
	}
}

func copyRowsF32AVX512Slice(dst []float32, ldd int, src []float32, ld, width, kc int) {
	if width%16 != 0 || kc == 0 {
		copyRowsF32Generic(dst, ldd, src, ld, width, kc)
		return
	}
	_, _ = dst[(kc-1)*ldd+width-1], src[(kc-1)*ld+width-1]
	j, ask := 0, runsAhead(kc, ld, 32)
	for ; j+32 <= width; j += 32 {
		copyRowsF32AVX512(kc, &dst[j], ldd, &src[j], ld, ask)
	}
	if j < width {
		copyRowsF32AVX2(kc, &dst[j], ldd, &src[j], ld, runsAhead(kc, ld, 16))
	}
}

// runsAhead is for kc runs of width elements, ld apart: the runs beside them come next.
func runsAhead(kc, ld, width int) ahead {
	n := runsLines * 16 / width
	if kc <= 2*n {
		return ahead{}
	}
	return ahead{n, n, width - kc*ld}
}

// runsLines is how many lines of the runs are asked for before they are needed.
const runsLines = 64

// run512 is a run as packRunsF32AVX512 reads it: the source's offset of the first
// column of the register, wherever the run begins, and its columns.
type run512 struct {
	offset int
	mask   uint64
}

// run256 is a run as packRunsF32AVX2 reads it.
type run256 struct {
	offset int
	mask   [8]int32
}

func packRunsF32AVX512Slice(dst, src []float32, taps []int, runs []Run, width int) {
	if len(taps) == 0 || len(runs) == 0 || width%16 != 0 {
		packRunsF32Generic(dst, src, taps, runs, width)
		return
	}
	dst = dst[:len(taps)*width]
	for i := 0; i < width; i += 16 {
		runs = reaching(runs, i)
		first, whole := oneRun(runs, i, 16)
		second, both := oneRun(runs, i+16, 16)
		switch {
		case whole && both:
			copyTaps32F32AVX512(len(taps), &dst[i], &src[0], first, second, &taps[0], width)
			i += 16
		case whole:
			copyTapsF32AVX512(len(taps), &dst[i], &src[0], first, &taps[0], width)
		default:
			packRuns16(dst, src, taps, runs, width, i)
		}
	}
}

// packRuns16 fills columns i to i+15.
func packRuns16(dst, src []float32, taps []int, runs []Run, width, i int) {
	var list [16]run512
	n := 0
	for _, r := range runs {
		lo, hi := max(r.At-i, 0), min(r.At+r.N-i, 16)
		if lo >= 16 {
			break
		}
		list[n] = run512{r.Offset - r.At + i, 1<<hi - 1<<lo}
		n++
	}
	packRunsF32AVX512(len(taps), &dst[i], &src[0], &taps[0], width, &list[0], n)
}

func packRunsF32AVX2Slice(dst, src []float32, taps []int, runs []Run, width int) {
	if len(taps) == 0 || len(runs) == 0 || width%8 != 0 {
		packRunsF32Generic(dst, src, taps, runs, width)
		return
	}
	dst = dst[:len(taps)*width]
	for i := 0; i < width; i += 8 {
		runs = reaching(runs, i)
		first, whole := oneRun(runs, i, 8)
		if second, both := oneRun(runs, i+8, 8); whole && both {
			copyTapsF32AVX2(len(taps), &dst[i], &src[0], first, second, &taps[0], width)
			i += 8
			continue
		}
		packRuns8(dst, src, taps, runs, width, i)
	}
}

// padRowsF32AVX2Slice leaves the shortest rows to the reference.
func padRowsF32AVX2Slice(dst, src []float32, rows, ldd, lds, zeros, n, width int) {
	if rows == 0 || n < 4 {
		padRowsF32Generic(dst, src, rows, ldd, lds, zeros, n, width)
		return
	}
	_, _ = dst[(rows-1)*ldd+width-1], src[(rows-1)*lds+n-1]
	padRowsF32AVX2(rows, &dst[0], ldd, &src[0], lds, zeros, n, width)
}

// packRuns8 fills columns i to i+7.
func packRuns8(dst, src []float32, taps []int, runs []Run, width, i int) {
	var list [8]run256
	n := 0
	for _, r := range runs {
		lo, hi := max(r.At-i, 0), min(r.At+r.N-i, 8)
		if lo >= 8 {
			break
		}
		list[n] = run256{offset: r.Offset - r.At + i}
		for j := lo; j < hi; j++ {
			list[n].mask[j] = -1
		}
		n++
	}
	packRunsF32AVX2(len(taps), &dst[i], &src[0], &taps[0], width, &list[0], n)
}

// reaching returns the runs without those that end before column i.
func reaching(runs []Run, i int) []Run {
	for len(runs) > 0 && runs[0].At+runs[0].N <= i {
		runs = runs[1:]
	}
	return runs
}

// oneRun returns the source's offset of n columns from i on, if one of the first two runs has them all.
func oneRun(runs []Run, i, n int) (offset int, ok bool) {
	for k := 0; k < min(2, len(runs)); k++ {
		if r := &runs[k]; r.At <= i && i+n <= r.At+r.N {
			return r.Offset - r.At + i, true
		}
	}
	return 0, false
}

func padRowsF32AVX512Slice(dst, src []float32, rows, ldd, lds, zeros, n, width int) {
	const blocks = 4
	if width > 16*blocks || rows == 0 || n == 0 {
		padRowsF32AVX2Slice(dst, src, rows, ldd, lds, zeros, n, width)
		return
	}
	_, _ = dst[(rows-1)*ldd+width-1], src[(rows-1)*lds+n-1]
	var masks [blocks][2]uint16
	loaded, stored := uint64(1)<<n-1, ^uint64(0)>>(64-width)
	if n == 64 {
		loaded = ^uint64(0)
	}
	loaded <<= zeros
	for i := range masks {
		masks[i] = [2]uint16{uint16(loaded >> (16 * i)), uint16(stored >> (16 * i))}
	}
	padRowsF32AVX512(rows, &dst[0], ldd, &src[0], lds, zeros, &masks[0], (width+15)/16)
}

// transposeF32AVX2 turns blocks of 16 rows and of 8, and whole blocks of 8 columns of them, and leaves
// the rest to the reference.
func transposeF32AVX2(dst []float32, ldd int, src []float32, lds, rows, cols int, past bool) {
	if past && rows >= 16 && cols >= 4 && onLines(&dst[0], ldd) {
		high, wide := rows&^15, cols&^3
		_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
		transposePastF32AVX2(high/16, wide/4, &dst[0], ldd, &src[0], lds)
		if wide < cols {
			transposeF32AVX2(dst[wide*ldd:], ldd, src[wide:], lds, high, cols-wide, false)
		}
		if high < rows {
			transposeF32AVX2(dst[high:], ldd, src[high*lds:], lds, rows-high, cols, false)
		}
		return
	}
	high, wide := rows&^7, cols&^7
	if high == 0 || wide == 0 {
		transposeF32Generic(dst, ldd, src, lds, rows, cols, false)
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
	for c := 0; c < wide; c += step {
		for r := 0; r < high; r += 16 {
			packF32AVX2(step/8, &dst[c*ldd+r], &src[r*lds+c], &from[0], ldd, min(16, high-r)/8, ask)
		}
	}
	transposeRest(dst, ldd, src, lds, rows, cols, high, wide)
}

// transposeF32AVX512 turns 16 rows at a time and leaves the rows over to transposeF32AVX2.
func transposeF32AVX512(dst []float32, ldd int, src []float32, lds, rows, cols int, past bool) {
	high := rows &^ 15
	if high == 0 || cols == 0 {
		transposeF32AVX2(dst, ldd, src, lds, rows, cols, false)
		return
	}
	_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
	if past && cols >= 16 && onLines(&dst[0], ldd) {
		wide := cols &^ 15
		for c := 0; c < wide; c += 16 {
			transposePastF32AVX512(high/16, &dst[c*ldd], ldd, &src[c], lds)
		}
		if wide < cols {
			transposeF32AVX512(dst[wide*ldd:], ldd, src[wide:], lds, high, cols-wide, false)
		}
		if high < rows {
			transposeF32AVX2(dst[high:], ldd, src[high*lds:], lds, rows-high, cols, false)
		}
		return
	}
	from := rowsApart(lds)
	ask := aheadOf(16, cols, 16, 1, 16*lds)
	for r := 0; r < high; r += 16 {
		packF32AVX512(cols, &dst[r], &src[r*lds], &from, ldd, 0xffff, ask)
	}
	if high < rows {
		transposeF32AVX2(dst[high:], ldd, src[high*lds:], lds, rows-high, cols, false)
	}
}

// rowsApart returns where 16 rows begin.
func rowsApart(ld int) (from [16]int) {
	for i := range from {
		from[i] = i * ld
	}
	return from
}

func takeSecondF32AVX512Slice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+2*n-2]
	takeSecondF32AVX512(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

func takeSecondF32AVX2Slice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+2*n-2]
	takeSecondF32AVX2(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

func weaveF32AVX512Slice(dst, even, odd []float32, p Planes, n int, past bool) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	first, second := p.woven(dst, even, odd, n)
	weaveF32AVX512(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, first, second, p.SrcPlane, p.SrcRow, n, past)
}

func weaveF32AVX2Slice(dst, even, odd []float32, p Planes, n int, past bool) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	first, second := p.woven(dst, even, odd, n)
	weaveF32AVX2(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, first, second, p.SrcPlane, p.SrcRow, n, past)
}

func upsampleF32AVX512Slice(dst, src []float32, p Planes, n int, past bool) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	if n != 4 && n%8 > 0 || p.DstRow != 4*n || p.SrcRow != n {
		upsampleBy(weaveF32AVX512Slice, dst, src, p, n, past)
		return
	}
	_, _ = dst[p.lastDst()+4*n-1], src[p.lastSrc()+n-1]
	upsampleF32AVX512(p.Planes, p.Rows, &dst[0], p.DstPlane, &src[0], p.SrcPlane, n, past)
}

func upsampleF32AVX2Slice(dst, src []float32, p Planes, n int, past bool) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	if n%4 > 0 || p.DstRow != 4*n || p.SrcRow != n {
		upsampleBy(weaveF32AVX2Slice, dst, src, p, n, past)
		return
	}
	_, _ = dst[p.lastDst()+4*n-1], src[p.lastSrc()+n-1]
	upsampleF32AVX2(p.Planes, p.Rows, &dst[0], p.DstPlane, &src[0], p.SrcPlane, n, past)
}

func expandF32AVX512Slice(dst, src []float32, planes int, masks []uint16, size, count int) {
	if planes == 0 || count == 0 {
		clear(dst[:planes*size])
		return
	}
	_, _, _ = dst[planes*size-1], src[planes*count-1], masks[(size-1)/16]
	expandF32AVX512(planes, &dst[0], &src[0], &masks[0], size)
}

func expandF32AVX2Slice(dst, src []float32, planes int, masks []uint16, size, count int) {
	if planes*count < 4 {
		expandF32Generic(dst, src, planes, masks, size, count)
		return
	}
	_, _, _ = dst[planes*size-1], src[planes*count-1], masks[(size-1)/16]
	expandF32AVX2(planes, &dst[0], &src[0], &masks[0], size, count)
}

func copyPlanesF32AVX512Slice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+n-1]
	copyPlanesF32AVX512(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

func copyPlanesF32AVX2Slice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+n-1]
	copyPlanesF32AVX2(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

// partF32AVX512Slice leaves rows of less than a vector to the narrower kernel.
func partF32AVX512Slice(even, odd, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _, _ = even[p.lastDst()+n-1], odd[p.lastDst()+n-1], src[p.lastSrc()+2*n-1]
	if n < 16 {
		partF32AVX2(p.Planes, p.Rows, &even[0], &odd[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
		return
	}
	partF32AVX512(p.Planes, p.Rows, &even[0], &odd[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

func partF32AVX2Slice(even, odd, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _, _ = even[p.lastDst()+n-1], odd[p.lastDst()+n-1], src[p.lastSrc()+2*n-1]
	partF32AVX2(p.Planes, p.Rows, &even[0], &odd[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}
