//go:build !noasm

package asm

import "unsafe"

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
		packF32AVX512(kc, &dst[i], &src[0], &from, width, uint16(1<<n-1))
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
		packF64AVX512(kc, &dst[i], &src[0], &from, width, uint8(1<<n-1))
	}
}

// packF32AVX2Slice packs whole blocks of 8 rows and 8 steps, and leaves the rest
// to the reference.
func packF32AVX2Slice(dst, src []float32, offset []int, width, kc int) {
	packBlocks(dst, src, offset, width, kc, 8, func(blocks int, dst, src *float32, at *int) {
		packF32AVX2(blocks, dst, src, (*[8]int)(unsafe.Pointer(at)), width)
	})
}

// packF64AVX2Slice packs whole blocks of 4 rows and 4 steps, and leaves the rest
// to the reference.
func packF64AVX2Slice(dst, src []float64, offset []int, width, kc int) {
	packBlocks(dst, src, offset, width, kc, 4, func(blocks int, dst, src *float64, at *int) {
		packF64AVX2(blocks, dst, src, (*[4]int)(unsafe.Pointer(at)), width)
	})
}

func packBlocks[T any](dst, src []T, offset []int, width, kc, side int, kernel func(blocks int, dst, src *T, at *int)) {
	blocks := kc / side
	rows := len(offset) / side * side
	if blocks == 0 || rows == 0 {
		packGeneric(dst, src, offset, width, kc)
		return
	}
	dst = dst[:kc*width]
	if rows < width {
		clear(dst)
	}
	for i := 0; i < rows; i += side {
		kernel(blocks, &dst[i], &src[0], &offset[i])
	}
	for i, o := range offset {
		k := blocks * side
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
	for j := 0; j < width; j += 16 {
		copyRowsF32AVX2(kc, &dst[j], ldd, &src[j], ld)
	}
}

func copyRowsF32AVX512Slice(dst []float32, ldd int, src []float32, ld, width, kc int) {
	if width%16 != 0 || kc == 0 {
		copyRowsF32Generic(dst, ldd, src, ld, width, kc)
		return
	}
	_, _ = dst[(kc-1)*ldd+width-1], src[(kc-1)*ld+width-1]
	j := 0
	for ; j+32 <= width; j += 32 {
		copyRowsF32AVX512(kc, &dst[j], ldd, &src[j], ld)
	}
	if j < width {
		copyRowsF32AVX2(kc, &dst[j], ldd, &src[j], ld)
	}
}

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
	if width == 32 && len(runs) == 1 && runs[0].N == 32 {
		copyTaps32F32AVX512(len(taps), &dst[0], &src[runs[0].Offset], &taps[0])
		return
	}
	var list [16]run512
	first := 0 // of the runs that reach this far
	for i := 0; i < width; i += 16 {
		n := 0
		for first < len(runs) && runs[first].At+runs[first].N <= i {
			first++
		}
		for _, r := range runs[first:] {
			lo, hi := max(r.At-i, 0), min(r.At+r.N-i, 16)
			if lo >= 16 {
				break
			}
			list[n] = run512{r.Offset - r.At + i, 1<<hi - 1<<lo}
			n++
		}
		if n == 1 && list[0].mask == 0xffff {
			copyTapsF32AVX512(len(taps), &dst[i], &src[0], list[0].offset, &taps[0], width)
			continue
		}
		if n == 0 {
			list[0] = run512{runs[0].Offset, 0}
			n = 1
		}
		packRunsF32AVX512(len(taps), &dst[i], &src[0], &taps[0], width, &list[0], n)
	}
}

func packRunsF32AVX2Slice(dst, src []float32, taps []int, runs []Run, width int) {
	if len(taps) == 0 || len(runs) == 0 || width%8 != 0 {
		packRunsF32Generic(dst, src, taps, runs, width)
		return
	}
	dst = dst[:len(taps)*width]
	var list [8]run256
	first := 0 // of the runs that reach this far
	for i := 0; i < width; i += 8 {
		n := 0
		for first < len(runs) && runs[first].At+runs[first].N <= i {
			first++
		}
		for _, r := range runs[first:] {
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
		if n == 0 {
			list[0] = run256{offset: runs[0].Offset}
			n = 1
		}
		packRunsF32AVX2(len(taps), &dst[i], &src[0], &taps[0], width, &list[0], n)
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

// transposeF32AVX2 turns whole blocks of 8 rows and 8 columns, and leaves the rest
// to the reference.
func transposeF32AVX2(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	from := [8]int{0, lds, 2 * lds, 3 * lds, 4 * lds, 5 * lds, 6 * lds, 7 * lds}
	kernel := func(blocks int, dst, src *float32) { packF32AVX2(blocks, dst, src, &from, ldd) }
	if ldd%1024 != 0 || rows < 8 {
		transposeBlocks(dst, ldd, src, lds, rows, cols, 8, kernel)
		return
	}
	// Rows of the result that are a multiple of a page apart share a set of the
	// first-level cache: eight of them must be filled before the next come.
	for c := 0; c < cols; c += 8 {
		transposeBlocks(dst[c*ldd:], ldd, src[c:], lds, rows, min(8, cols-c), 8, kernel)
	}
}

// transposeF32AVX512 turns 16 rows at a time, whole blocks of columns first, and
// leaves the rows over to transposeF32AVX2.
func transposeF32AVX512(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	high, wide := rows&^15, cols&^15
	if high == 0 || cols == 0 {
		transposeF32AVX2(dst, ldd, src, lds, rows, cols)
		return
	}
	_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
	if wide > 0 {
		for r := 0; r < high; r += 16 {
			transpose16F32AVX512(wide/16, &dst[r], ldd, &src[r*lds], lds)
		}
	}
	if wide < cols {
		var from [16]int
		for i := range from {
			from[i] = i * lds
		}
		for r := 0; r < high; r += 16 {
			packF32AVX512(cols-wide, &dst[wide*ldd+r], &src[r*lds+wide], &from, ldd, 0xffff)
		}
	}
	if high < rows {
		transposeF32AVX2(dst[high:], ldd, src[high*lds:], lds, rows-high, cols)
	}
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
