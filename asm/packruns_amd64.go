//go:build !noasm

package asm

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
	if len(taps) == 0 || len(runs) == 0 || width == 0 || width%16 != 0 {
		packRunsF32Generic(dst, src, taps, runs, width)
		return
	}
	dst = dst[:len(taps)*width]
	for i := 0; ; i += 16 {
		if i = copyTapsF32AVX512(len(taps), &dst[0], &src[0], &taps[0], width, &runs[0], len(runs), i); i >= width {
			return
		}
		packRuns16(dst, src, taps, runs, width, i)
	}
}

// packRuns16 fills columns i to i+15, which runs share.
func packRuns16(dst, src []float32, taps []int, runs []Run, width, i int) {
	var list [16]run512
	n := 0
	for _, r := range reaching(runs, i) {
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
	if len(taps) == 0 || len(runs) == 0 || width == 0 || width%8 != 0 {
		packRunsF32Generic(dst, src, taps, runs, width)
		return
	}
	dst = dst[:len(taps)*width]
	for i := 0; ; i += 8 {
		if i = copyTapsF32AVX2(len(taps), &dst[0], &src[0], &taps[0], width, &runs[0], len(runs), i); i >= width {
			return
		}
		packRuns8(dst, src, taps, runs, width, i)
	}
}

// packRuns8 fills columns i to i+7, which runs share.
func packRuns8(dst, src []float32, taps []int, runs []Run, width, i int) {
	var list [8]run256
	n := 0
	for _, r := range reaching(runs, i) {
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
