//go:build !noasm

package asm

import (
	"fmt"
	"unsafe"
)

// notes3 holds what a winner is noted as, 3*row+column, then the float32 9 and no note, each
// for a vector.
//
//lint:ignore U1000 read by assembly
var notes3 = [11][8]int32{
	{0, 0, 0, 0, 0, 0, 0, 0},
	{1, 1, 1, 1, 1, 1, 1, 1},
	{2, 2, 2, 2, 2, 2, 2, 2},
	{3, 3, 3, 3, 3, 3, 3, 3},
	{4, 4, 4, 4, 4, 4, 4, 4},
	{5, 5, 5, 5, 5, 5, 5, 5},
	{6, 6, 6, 6, 6, 6, 6, 6},
	{7, 7, 7, 7, 7, 7, 7, 7},
	{8, 8, 8, 8, 8, 8, 8, 8},
	{nine, nine, nine, nine, nine, nine, nine, nine},
	{-1, -1, -1, -1, -1, -1, -1, -1},
}

const nine = 0x41100000

// The kernels are for planes > 0 of a grid, and for windows 1 or 2 apart. Those named AVX2
// need AVX2, those named AVX512 AVX512F and VL.

// pools3AVX2 sets the poolings by windows of 3 x 3 of the AVX2 path.
func pools3AVX2(t *Kernels) {
	t.Pools3 = pools3(8,
		maxPools3{maxPool3By1F32AVX2, maxPool3By2F32AVX2}, maxGrads3{maxPool3GradBy1F32AVX2, maxPool3GradBy2F32AVX2},
		avgPools3{avgPool3By1F32AVX2, avgPool3By2F32AVX2}, avgGrads3{avgPool3GradBy1F32AVX2, avgPool3GradBy2F32AVX2})
	t.MaxPool3GradPastF32, t.AvgPool3GradPastF32 = maxPool3GradPastF32AVX2, avgPool3GradPastF32AVX2
}

// pastLeast elements of a row, or more, are made sooner by rows than by strips and a copy.
const pastLeast = 16

// past reports whether dx may be made row by row, past the caches.
func (s *Windows3) past(dx []float32) bool {
	return s.w%8 == 0 && s.w >= pastLeast && len(dx) > 0 && uintptr(unsafe.Pointer(&dx[0]))%32 == 0
}

// maxPool3GradPastF32AVX2 is MaxPool3GradPastF32 of both paths.
func maxPool3GradPastF32AVX2(dx, x, dy, room []float32, s *Windows3) (ordered, made bool) {
	if s.stride != 1 || !s.past(dx) {
		return false, false
	}
	ordered, room = true, room[:s.Room()]
	s.parts(8, true, min(len(dx), len(x)), len(dy), func(in, out, planes int, grid *grid3) {
		ordered = maxPool3GradPastBy1F32AVX2(&dx[in], &x[in], &dy[out], planes, grid, &room[0]) && ordered
	})
	return ordered, true
}

// avgPool3GradPastF32AVX2 is AvgPool3GradPastF32 of both paths.
func avgPool3GradPastF32AVX2(dx, dy, room []float32, s *Windows3) bool {
	if !s.past(dx) {
		return false
	}
	kernel := avgPool3GradPastBy1F32AVX2
	if s.stride == 2 {
		kernel = avgPool3GradPastBy2F32AVX2
	}
	clear(room[:s.Room()])
	s.parts(8, true, len(dx), len(dy), func(in, out, planes int, grid *grid3) {
		kernel(&dx[in], &dy[out], planes, grid, &room[0])
	})
	s.rowsLeft(dx)
	return true
}

// pools3AVX512 does so for the AVX-512 path.
func pools3AVX512(t *Kernels) {
	t.Pools3 = pools3(16,
		maxPools3{maxPool3By1F32AVX512, maxPool3By2F32AVX512}, maxGrads3{maxPool3GradBy1F32AVX512, maxPool3GradBy2F32AVX512},
		avgPools3{avgPool3By1F32AVX512, avgPool3By2F32AVX512}, avgGrads3{avgPool3GradBy1F32AVX512, avgPool3GradBy2F32AVX512})
	t.MaxPool3GradPastF32, t.AvgPool3GradPastF32 = maxPool3GradPastF32AVX2, avgPool3GradPastF32AVX2
}

// Kernels for windows 1 and 2 apart.
type (
	maxPools3 [2]func(y, x *float32, planes int, grid *grid3) (ordered bool)
	avgPools3 [2]func(y, x *float32, planes int, grid *grid3)
	maxGrads3 [2]func(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)
	avgGrads3 [2]func(dx, dy *float32, planes int, grid *grid3, room *float32)
)

// pools3 are the poolings that kernels on vectors of so many lanes make.
func pools3(lanes int, largest maxPools3, largestGrad maxGrads3, mean avgPools3, meanGrad avgGrads3) Pools3 {
	return Pools3{
		Direct3: true,
		MaxPool3F32: func(y, x []float32, s *Windows3) bool {
			all, kernel := true, largest[s.stride-1]
			s.parts(lanes, false, len(x), len(y), func(in, out, planes int, grid *grid3) {
				all = kernel(&y[out], &x[in], planes, grid) && all
			})
			return all
		},
		MaxPool3GradF32: func(dx, x, dy, room []float32, s *Windows3) bool {
			all, kernel := true, largestGrad[s.stride-1]
			s.clear(room, lanes)
			s.parts(lanes, true, min(len(dx), len(x)), len(dy), func(in, out, planes int, grid *grid3) {
				all = kernel(&dx[in], &x[in], &dy[out], planes, grid, &room[0]) && all
			})
			s.rowsLeft(dx)
			return all
		},
		AvgPool3F32: func(y, x []float32, s *Windows3) {
			kernel := mean[s.stride-1]
			s.parts(lanes, false, len(x), len(y), func(in, out, planes int, grid *grid3) {
				kernel(&y[out], &x[in], planes, grid)
			})
		},
		AvgPool3GradF32: func(dx, dy, room []float32, s *Windows3) {
			kernel := meanGrad[s.stride-1]
			s.clear(room, lanes)
			s.parts(lanes, true, len(dx), len(dy), func(in, out, planes int, grid *grid3) {
				kernel(&dx[in], &dy[out], planes, grid, &room[0])
			})
			s.rowsLeft(dx)
		},
		MaxPool3GradPastF32: maxPool3NotPast,
		AvgPool3GradPastF32: avgPool3NotPast,
	}
}

// clear makes room +0 for the kernels that work in it.
func (s *Windows3) clear(room []float32, lanes int) {
	if lanes == 8 && s.stride == 1 {
		clear(room[:s.Room()])
	}
}

// parts calls f for the planes of slices of so many inputs and outputs, on vectors of so
// many lanes: for bands of large planes, for two planes at a time if they fit, and for those
// that are left.
func (s *Windows3) parts(lanes int, back bool, inputs, outputs int, f func(in, out, planes int, grid *grid3)) {
	in, out := s.h*s.w, s.ho*s.wo
	n := inputs / in
	if outputs < n*out {
		panic(fmt.Sprintf("asm: windows of 3 x 3: %d inputs, %d outputs; expected %d", inputs, outputs, n*out))
	}
	grid, pair := &s.wide[0], &s.pairs[0]
	if back {
		grid, pair = &s.wide[1], &s.pairs[1]
	}
	if lanes == 8 && !back {
		grid = &s.narrow[0]
	} else if lanes == 8 {
		grid = &s.narrow[1]
	}
	if grid.bands != nil {
		for i := range n {
			for _, b := range grid.bands {
				f(i*in+b.in, i*out+b.out, 1, &b.grid3)
			}
		}
		return
	}
	pairs := 0
	if s.paired && lanes == 16 && n > 1 {
		pairs = n / 2
		f(0, 0, pairs, pair)
	}
	if left := n - 2*pairs; left > 0 {
		f(2*pairs*in, 2*pairs*out, left, grid)
	}
}

//go:noescape
func maxPool3By1F32AVX2(y, x *float32, planes int, grid *grid3) (ordered bool)

//go:noescape
func maxPool3By2F32AVX2(y, x *float32, planes int, grid *grid3) (ordered bool)

//go:noescape
func avgPool3By1F32AVX2(y, x *float32, planes int, grid *grid3)

//go:noescape
func avgPool3By2F32AVX2(y, x *float32, planes int, grid *grid3)

//go:noescape
func maxPool3GradBy1F32AVX2(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)

//go:noescape
func maxPool3GradBy2F32AVX2(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)

//go:noescape
func avgPool3GradBy1F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)

//go:noescape
func avgPool3GradBy2F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)

//go:noescape
func maxPool3GradPastBy1F32AVX2(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)

//go:noescape
func avgPool3GradPastBy1F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)

//go:noescape
func avgPool3GradPastBy2F32AVX2(dx, dy *float32, planes int, grid *grid3, room *float32)

//go:noescape
func maxPool3By1F32AVX512(y, x *float32, planes int, grid *grid3) (ordered bool)

//go:noescape
func maxPool3By2F32AVX512(y, x *float32, planes int, grid *grid3) (ordered bool)

//go:noescape
func maxPool3GradBy1F32AVX512(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)

//go:noescape
func maxPool3GradBy2F32AVX512(dx, x, dy *float32, planes int, grid *grid3, room *float32) (ordered bool)

//go:noescape
func avgPool3By1F32AVX512(y, x *float32, planes int, grid *grid3)

//go:noescape
func avgPool3By2F32AVX512(y, x *float32, planes int, grid *grid3)

//go:noescape
func avgPool3GradBy1F32AVX512(dx, dy *float32, planes int, grid *grid3, room *float32)

//go:noescape
func avgPool3GradBy2F32AVX512(dx, dy *float32, planes int, grid *grid3, room *float32)

// rowsLeft clears what no window reaches of planes: their last row, or nothing.
func (s *Windows3) rowsLeft(dx []float32) {
	reached := min(s.h, (s.ho-1)*s.stride+3-s.pad) * s.w
	if reached == s.h*s.w {
		return
	}
	for i := range s.planes(len(dx)) {
		clear(dx[i*s.h*s.w+reached : (i+1)*s.h*s.w])
	}
}
