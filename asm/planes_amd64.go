//go:build !noasm

package asm

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

func turnF32AVX2Slice(dst []float32, ldd int, src []float32, lds, filters, channels int) {
	if filters == 0 || channels == 0 {
		return
	}
	_, _ = dst[(channels-1)*ldd+9*filters-1], src[(filters-1)*lds+9*channels-1]
	turnF32AVX2(filters, channels, &dst[0], ldd, &src[0], lds)
}

// short reports whether rows of four elements to be taken follow each other in dst, and the very last
// element of src, which nobody wants, may be read.
func (p *Planes) short(src, n int) bool { return n == 4 && p.DstRow == n && p.lastSrc()+2*n <= src }

func takeSecondF32AVX512Slice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+2*n-2]
	if p.short(len(src), n) && p.Rows%4 == 0 {
		takeFourF32AVX512(p.Planes, p.Rows/4, &dst[0], p.DstPlane, &src[0], p.SrcPlane, p.SrcRow)
		return
	}
	takeSecondF32AVX512(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

func takeSecondF32AVX2Slice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+2*n-2]
	if p.short(len(src), n) && p.Rows%2 == 0 {
		takeFourF32AVX2(p.Planes, p.Rows/2, &dst[0], p.DstPlane, &src[0], p.SrcPlane, p.SrcRow)
		return
	}
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

func addPlanesF32AVX2Slice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+n-1]
	addPlanesF32AVX2(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
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
