//go:build !noasm

package asm

import "math"

// sigmoidGradF32AVX2 is dx[i] = dy[i] * (y[i]*(1-y[i])); dx may be dy.
//
//go:noescape
func sigmoidGradF32AVX2(dx, dy, y []float32)

// sigmoidGradF32AVX512 is sigmoidGradF32AVX2.
//
//go:noescape
func sigmoidGradF32AVX512(dx, dy, y []float32)

// tanhGradF32AVX2 is dx[i] = dy[i] * fma(-y[i], y[i], 1); dx may be dy.
//
//go:noescape
func tanhGradF32AVX2(dx, dy, y []float32)

// tanhGradF32AVX512 is tanhGradF32AVX2.
//
//go:noescape
func tanhGradF32AVX512(dx, dy, y []float32)

// The constants of generic_act.go where assembly finds them, in the order of the names in
// act_avx2_amd64.h: those of sigmoid and tanh, those of GELU.
var (
	//lint:ignore U1000 read by assembly
	actF32 = [...]float32{
		expLow, tanhLow / 2, expLog2E, 2 * expLog2E, expMagic + 127 + 64, expMagic + 127,
		expLn2Hi, expLn2Lo, expC5, expC4, expC3, expC2, expC1, expC0, 0x1p64, 1, 2, -geluTop, math.Float32frombits(1 << 31),
	}
	//lint:ignore U1000 read by assembly
	tailF32 = [...]float32{
		expMagic, tailLog, tailLn2Hi, tailLn2Lo, density, math.Float32frombits(64 << 23),
		tailE[0], tailE[1], tailE[2],
		tailP[0], tailP[1], tailP[2], tailP[3],
		tailQ[0], tailQ[1], tailQ[2], tailQ[3], tailQ[4],
	}
)

// act8F32 and tail8F32 hold them in all lanes of an AVX2 vector.
var (
	//lint:ignore U1000 read by assembly
	act8F32 = func() (c [len(actF32)][8]float32) {
		eightfold(c[:], actF32[:])
		return c
	}()
	//lint:ignore U1000 read by assembly
	tail8F32 = func() (c [len(tailF32)][8]float32) {
		eightfold(c[:], tailF32[:])
		return c
	}()
)

func eightfold(dst [][8]float32, src []float32) {
	for i, v := range src {
		for lane := range dst[i] {
			dst[i][lane] = v
		}
	}
}

// sigmoidF32AVX2 is sigmoidF32Generic; dst may be src.
//
//go:noescape
func sigmoidF32AVX2(dst, src []float32)

// sigmoidF32AVX512 is sigmoidF32AVX2.
//
//go:noescape
func sigmoidF32AVX512(dst, src []float32)

// tanhF32AVX2 is tanhF32Generic; dst may be src.
//
//go:noescape
func tanhF32AVX2(dst, src []float32)

// tanhF32AVX512 is tanhF32AVX2.
//
//go:noescape
func tanhF32AVX512(dst, src []float32)

// geluF32AVX2 is geluF32Generic; dst may be src.
//
//go:noescape
func geluF32AVX2(dst, src []float32)

// geluF32AVX512 is geluF32AVX2.
//
//go:noescape
func geluF32AVX512(dst, src []float32)

// geluGradF32AVX2 is geluGradF32Generic; dx may be dy.
//
//go:noescape
func geluGradF32AVX2(dx, dy, x []float32)

// geluGradF32AVX512 is geluGradF32AVX2.
//
//go:noescape
func geluGradF32AVX512(dx, dy, x []float32)
