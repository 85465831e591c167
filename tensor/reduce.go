package tensor

import (
	"math"

	"randalign/asm"
)

// Sum returns the sum of x over asm.Lanes lanes and a fixed tree, in T.
func Sum[T Float](x []T) T {
	if s, ok := asF32(x); ok {
		return T(asm.Active().SumF32(s))
	}
	var lane [asm.Lanes]float64
	for i, v := range x {
		lane[i%asm.Lanes] += float64(v)
	}
	return T(tree(&lane))
}

// SumSquares returns the sum of the squares of x in float64, over lanes.
func SumSquares[T Float](x []T) float64 {
	var lane [asm.Lanes]float64
	for i, v := range x {
		l := i % asm.Lanes
		lane[l] = math.FMA(float64(v), float64(v), lane[l])
	}
	return tree(&lane)
}

// Norm returns the Euclidean norm of x, computed in float64.
func Norm[T Float](x []T) float64 { return math.Sqrt(SumSquares(x)) }

func tree(lane *[asm.Lanes]float64) float64 {
	for h := asm.Lanes / 2; h > 0; h /= 2 {
		for i := range h {
			lane[i] += lane[i+h]
		}
	}
	return lane[0]
}

// Finite reports whether x holds neither NaN nor Inf.
func Finite[T Float](x []T) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}
