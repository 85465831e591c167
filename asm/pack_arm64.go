//go:build !noasm

package asm

// packF32NEON packs four rows at a time by transposing in registers, where they
// are equally far apart; rows and steps in k that are left over go one element
// at a time.
func packF32NEON(dst, src []float32, offset []int, width, kc int) {
	dst = dst[:kc*width]
	if len(offset) < width {
		clear(dst)
	}
	blocks := kc / 4
	for i := 0; i < len(offset); i += 4 {
		first, rows := 0, offset[i:min(i+4, len(offset))] // first of the steps that are left over
		if blocks > 0 && len(rows) == 4 && rows[1]-rows[0] == rows[2]-rows[1] && rows[2]-rows[1] == rows[3]-rows[2] {
			_, _ = src[rows[0]+kc-1], src[rows[3]+kc-1]
			pack4F32NEON(blocks, &dst[i], &src[rows[0]], rows[1]-rows[0], width)
			first = 4 * blocks
		}
		for r, o := range rows {
			for k := first; k < kc; k++ {
				dst[k*width+i+r] = src[o+k]
			}
		}
	}
}

func copyRowsF32NEONSlice(dst []float32, ldd int, src []float32, ld, width, kc int, far bool) {
	if width != 12 || kc == 0 {
		copyRowsF32Generic(dst, ldd, src, ld, width, kc, far)
		return
	}
	_, _ = dst[(kc-1)*ldd+11], src[(kc-1)*ld+11]
	copyRowsF32NEON(kc, &dst[0], ldd, &src[0], ld)
}

// padRowsF32NEONSlice leaves the shortest rows to the reference.
func padRowsF32NEONSlice(dst, src []float32, rows, ldd, lds, zeros, n, width int) {
	if rows == 0 || n < 4 {
		padRowsF32Generic(dst, src, rows, ldd, lds, zeros, n, width)
		return
	}
	_, _ = dst[(rows-1)*ldd+width-1], src[(rows-1)*lds+n-1]
	padRowsF32NEON(rows, &dst[0], ldd, &src[0], lds, zeros, n, width)
}

// packRunsF32NEON copies one run of every step after the other.
func packRunsF32NEON(dst, src []float32, taps []int, runs []Run, width int) {
	if len(taps) == 0 || width > 15 {
		packRunsF32Generic(dst, src, taps, runs, width)
		return
	}
	dst = dst[:len(taps)*width]
	filled := 0
	for _, r := range runs {
		filled += r.N
	}
	if filled < width {
		clear(dst)
	}
	for _, r := range runs {
		if r.N > 0 {
			packRunF32NEON(len(taps), &dst[r.At], &src[0], &taps[0], r.Offset, width, r.N)
		}
	}
}

func turnF32NEONSlice(dst []float32, ldd int, src []float32, lds, filters, channels int) {
	if filters == 0 || channels == 0 {
		return
	}
	_, _ = dst[(channels-1)*ldd+9*filters-1], src[(filters-1)*lds+9*channels-1]
	turnF32NEON(filters, channels, &dst[0], ldd, &src[0], lds)
}

// packF64NEON is packF32NEON for float64, two rows at a time.
func packF64NEON(dst, src []float64, offset []int, width, kc int) {
	dst = dst[:kc*width]
	if len(offset) < width {
		clear(dst)
	}
	blocks := kc / 2
	for i := 0; i < len(offset); i += 2 {
		first, rows := 0, offset[i:min(i+2, len(offset))]
		if blocks > 0 && len(rows) == 2 {
			_, _ = src[rows[0]+kc-1], src[rows[1]+kc-1]
			pack2F64NEON(blocks, &dst[i], &src[rows[0]], rows[1]-rows[0], width)
			first = 2 * blocks
		}
		for r, o := range rows {
			for k := first; k < kc; k++ {
				dst[k*width+i+r] = src[o+k]
			}
		}
	}
}

// transposeF32NEON turns blocks of 4 rows and 4 columns or more. Rows and columns that are left over are
// turned in blocks that begin earlier; fewer than 4 are left to the reference.
func transposeF32NEON(dst []float32, ldd int, src []float32, lds, rows, cols int, _, _ bool) {
	high, wide := rows&^3, cols&^3
	if high == 0 || wide == 0 {
		transposeF32Generic(dst, ldd, src, lds, rows, cols, false, false)
		return
	}
	_, _ = dst[(cols-1)*ldd+rows-1], src[(rows-1)*lds+cols-1]
	for r := 0; r < high; r += 4 {
		pack4F32NEON(wide/4, &dst[r], &src[r*lds], lds, ldd)
	}
	if high < rows {
		pack4F32NEON(wide/4, &dst[rows-4], &src[(rows-4)*lds], lds, ldd)
	}
	for r, c := 0, cols-4; wide < cols && r < rows; r += 4 {
		r = min(r, rows-4)
		pack4F32NEON(1, &dst[c*ldd+r], &src[r*lds+c], lds, ldd)
	}
}

func takeSecondF32NEONSlice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+2*n-2]
	takeSecondF32NEON(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

// weaveF32NEONSlice leaves what it writes in the caches.
func weaveF32NEONSlice(dst, even, odd []float32, p Planes, n int, past bool) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 || even == nil && odd == nil {
		weaveF32Generic(dst, even, odd, p, n, past)
		return
	}
	first, second := p.woven(dst, even, odd, n)
	weaveF32NEON(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, first, second, p.SrcPlane, p.SrcRow, n)
}

func expandF32NEONSlice(dst, src []float32, planes int, masks []uint16, size, count int) {
	if planes*count < 4 {
		expandF32Generic(dst, src, planes, masks, size, count)
		return
	}
	_, _, _ = dst[planes*size-1], src[planes*count-1], masks[(size-1)/16]
	expandF32NEON(planes, &dst[0], &src[0], &masks[0], size, count)
}

func addPlanesF32NEONSlice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+n-1]
	addPlanesF32NEON(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

func copyPlanesF32NEONSlice(dst, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _ = dst[p.lastDst()+n-1], src[p.lastSrc()+n-1]
	copyPlanesF32NEON(p.Planes, p.Rows, &dst[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}

func partF32NEONSlice(even, odd, src []float32, p Planes, n int) {
	if p.Planes == 0 || p.Rows == 0 || n == 0 {
		return
	}
	_, _, _ = even[p.lastDst()+n-1], odd[p.lastDst()+n-1], src[p.lastSrc()+2*n-1]
	partF32NEON(p.Planes, p.Rows, &even[0], &odd[0], p.DstPlane, p.DstRow, &src[0], p.SrcPlane, p.SrcRow, n)
}
