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
	return T(asm.Tree(&lane))
}

// Count returns how many elements of x are not 0, NaN among them.
func Count[T Float](x []T) (n int) {
	if f, ok := asF32(x); ok {
		return asm.Active().CountF32(f)
	}
	for _, v := range x {
		if v != 0 {
			n++
		}
	}
	return n
}

// SumSquares returns the sum of the squares of x in float64, over lanes.
func SumSquares[T Float](x []T) float64 {
	if s, ok := asF32(x); ok {
		return asm.Active().SumSquaresF32(s)
	}
	var lane [asm.Lanes]float64
	for i, v := range x {
		l := i % asm.Lanes
		lane[l] = math.FMA(float64(v), float64(v), lane[l])
	}
	return asm.Tree(&lane)
}

// Dot returns the sum of x[i]*y[i] in float64, over lanes.
func Dot[T Float](x, y []T) float64 {
	lengths("dot", len(x), len(y))
	if s, ok := asF32(x); ok {
		t, _ := asF32(y)
		return asm.Active().DotF32(s, t)
	}
	var lane [asm.Lanes]float64
	for i, v := range x {
		l := i % asm.Lanes
		lane[l] = math.FMA(float64(v), float64(y[i]), lane[l])
	}
	return asm.Tree(&lane)
}

// Norm returns the Euclidean norm of x, computed in float64.
func Norm[T Float](x []T) float64 { return math.Sqrt(SumSquares(x)) }

// Finite reports whether x holds neither NaN nor Inf.
func Finite[T Float](x []T) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// sumPlanes is sums[k] = Sum of plane k of x.
func sumPlanes[T Float](sums, x []T, area int) {
	if s, ok := asF32(sums); ok {
		f, _ := asF32(x)
		asm.Active().SumPlanesF32(s, f, area)
		return
	}
	for k := range sums {
		sums[k] = Sum(x[k*area:][:area])
	}
}
