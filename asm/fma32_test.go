package asm_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// bigFMA rounds the exact value of x*y + z once.
func bigFMA(x, y, z float32) float32 {
	p := new(big.Float).SetPrec(2000)
	p.Mul(big.NewFloat(float64(x)).SetPrec(2000), big.NewFloat(float64(y)).SetPrec(2000))
	p.Add(p, big.NewFloat(float64(z)).SetPrec(2000))
	f, _ := p.Float32()
	return f
}

func TestFMA32Published(t *testing.T) {
	// Cases in which rounding by way of float64 goes wrong.
	require.Equal(t, float32(16785410), asm.FMA32(4097, 4097, 0x1p-30))
	require.Equal(t, float32(-0x1.f22d46p-3), asm.FMA32(0.9474001, 4.639901e-7, -0.24325085))
	require.Equal(t, float32(math.Inf(1)), asm.FMA32(math.MaxFloat32, 2, 0))
	negZero := float32(math.Copysign(0, -1))
	asmtest.SameBits(t, []float32{0}, []float32{asm.FMA32(0, 0, negZero)}, "fma(0,0,-0)")
	asmtest.SameBits(t, []float32{negZero}, []float32{asm.FMA32(0, negZero, negZero)}, "fma(0,-0,-0)")
}

func TestFMA32IsRoundedOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	number := func(spread int) float32 {
		m := rng.Uint32() & 0x7fffff
		if rng.IntN(2) == 0 { // few significant bits make half-way cases
			m &= ^uint32(0) << rng.IntN(23)
		}
		e := uint32(127 + rng.IntN(2*spread+1) - spread)
		return math.Float32frombits(rng.Uint32()&0x80000000 | e<<23 | m)
	}
	for i := range 200_000 {
		spread := []int{2, 12, 40}[i%3]
		x, y, z := number(spread), number(spread), number(spread)
		if i%5 == 0 { // into the denormals
			x, z = x*0x1p-60, float32(float64(z)*0x1p-130)
			y *= 0x1p-60
		}
		if i%7 == 0 { // z next to a midpoint of the product
			p := float64(x) * float64(y)
			z = float32(p-float64(float32(p))) * 0.5
		}
		require.Equal(t, bigFMA(x, y, z), asm.FMA32(x, y, z), "fma(%x, %x, %x)", x, y, z)
	}
}
