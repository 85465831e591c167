//go:build !noasm

package asm

// The functions below are those of the table with the same names.

//go:noescape
func addF32NEON(dst, src []float32)

//go:noescape
func addScalarF32NEON(dst []float32, v float32)

//go:noescape
func mulF32NEON(dst, x, y []float32)

//go:noescape
func scaleF32NEON(dst []float32, v float32)

//go:noescape
func fillF32NEON(dst []float32, v float32)

//go:noescape
func sgdF32NEON(w, v, grad []float32, lr, mu, wd float32)

//go:noescape
func reluF32NEON(dst, src []float32)

//go:noescape
func reluGradF32NEON(dx, dy, y []float32)

//go:noescape
func addReluF32NEON(dst, src []float32)

//go:noescape
func leakyReluF32NEON(dst, src []float32, slope float32)

//go:noescape
func leakyReluGradF32NEON(dx, dy, y []float32, slope float32)

//go:noescape
func maxPool2F32NEON(y, x []float32, rows, w int)

//go:noescape
func maxPool2GradF32NEON(dx, x, y, dy []float32, rows, w int)

//go:noescape
func notedPool2F32NEON(y []float32, note []uint8, x []float32, rows, w int)

//go:noescape
func notedPool2GradF32NEON(dx, dy []float32, note []uint8, rows, w int, past bool)

//go:noescape
func avgPool2F32NEON(y, x []float32, rows, w int)

//go:noescape
func avgPool2GradF32NEON(dx, dy []float32, rows, w int)

// lookupF32NEON is lookupF32Generic for 8*blocks bytes, blocks > 0.
//
//go:noescape
func lookupF32NEON(blocks int, dst *float32, src *byte, table *[256]float32)

//go:noescape
func maxTapsF32NEON(dst, src []float32, taps []int)

//go:noescape
func sumTapsF32NEON(dst, src []float32, taps []int, from, div float32)

//go:noescape
func noteTapsF32NEON(note, none []int32, src, y []float32, taps []int)

//go:noescape
func pickTapsF32NEON(dst, src []float32, note []int32, taps []Tap)

//go:noescape
func rotateF64NEON(x, y []float64, h, s float64)

// sumBlocksF32NEON is lane[i%16] += x[i] for i < 16*blocks, in increasing i, blocks > 0.
//
//go:noescape
func sumBlocksF32NEON(blocks int, x *float32, lane *[16]float32)

// countBlocksF32NEON is countF32Generic for 16*blocks elements, blocks > 0.
//
//go:noescape
func countBlocksF32NEON(blocks int, x *float32) int

// dotBlocksF32NEON is lane[i%16] = fma(x[i], y[i], lane[i%16]) in float64 for
// i < 16*blocks, in increasing i, blocks > 0.
//
//go:noescape
func dotBlocksF32NEON(blocks int, x, y *float32, lane *[16]float64)
