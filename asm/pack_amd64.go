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
	var at [16]int
	for i := 0; i < width; i += 16 {
		n := copy(at[:], offset[min(i, len(offset)):])
		for _, o := range at[:n] {
			_, _ = src[o], src[o+kc-1]
		}
		for r := n; r < 16; r++ {
			at[r] = offset[0] // read, and masked out
		}
		packF32AVX512(kc, &dst[i], &src[0], &at, width, uint16(1<<n-1))
	}
}

// packF64AVX512Slice packs 8 rows at a time.
func packF64AVX512Slice(dst, src []float64, offset []int, width, kc int) {
	if kc == 0 || len(offset) == 0 || width%8 != 0 {
		packF64Generic(dst, src, offset, width, kc)
		return
	}
	dst = dst[:kc*width]
	var at [8]int
	for i := 0; i < width; i += 8 {
		n := copy(at[:], offset[min(i, len(offset)):])
		for _, o := range at[:n] {
			_, _ = src[o], src[o+kc-1]
		}
		for r := n; r < 8; r++ {
			at[r] = offset[0] // read, and masked out
		}
		packF64AVX512(kc, &dst[i], &src[0], &at, width, uint8(1<<n-1))
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
	for _, o := range offset {
		_, _ = src[o], src[o+kc-1]
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

func copyRowsF32AVX2Slice(dst, src []float32, ld, width, kc int) {
	if width != 16 || kc == 0 {
		copyRowsF32Generic(dst, src, ld, width, kc)
		return
	}
	_, _ = dst[16*kc-1], src[(kc-1)*ld+15]
	copyRowsF32AVX2(kc, &dst[0], &src[0], ld)
}

func copyRowsF32AVX512Slice(dst, src []float32, ld, width, kc int) {
	if width != 32 || kc == 0 {
		copyRowsF32Generic(dst, src, ld, width, kc)
		return
	}
	_, _ = dst[32*kc-1], src[(kc-1)*ld+31]
	copyRowsF32AVX512(kc, &dst[0], &src[0], ld)
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
	var list [16]run512
	for i := 0; i < width; i += 16 {
		n := 0
		for _, r := range runs {
			if lo, hi := max(r.At-i, 0), min(r.At+r.N-i, 16); lo < hi {
				list[n] = run512{r.Offset - r.At + i, 1<<hi - 1<<lo}
				n++
			}
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
	for i := 0; i < width; i += 8 {
		n := 0
		for _, r := range runs {
			if lo, hi := max(r.At-i, 0), min(r.At+r.N-i, 8); lo < hi {
				list[n] = run256{offset: r.Offset - r.At + i}
				for j := lo; j < hi; j++ {
					list[n].mask[j] = -1
				}
				n++
			}
		}
		if n == 0 {
			list[0] = run256{offset: runs[0].Offset}
			n = 1
		}
		packRunsF32AVX2(len(taps), &dst[i], &src[0], &taps[0], width, &list[0], n)
	}
}
