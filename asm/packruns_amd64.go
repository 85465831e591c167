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
