package asm

import "math"

func sumF32Generic(x []float32) float32 {
	var lane [Lanes]float32
	for len(x) >= Lanes {
		for i, v := range x[:Lanes] {
			lane[i] += v
		}
		x = x[Lanes:]
	}
	for i, v := range x {
		lane[i] += v
	}
	return Tree(&lane)
}

func sumPlanesF32Generic(sums, x []float32, area int) {
	for k := range sums {
		sums[k] = sumF32Generic(x[k*area:][:area])
	}
}

func countF32Generic(x []float32) (n int) {
	for _, v := range x {
		if v != 0 {
			n++
		}
	}
	return n
}

// Tree adds the lanes of a reduction: lane i to lane i+8, then i+4, i+2, i+1.
func Tree[T float32 | float64](lane *[Lanes]T) T {
	a, b := (lane[0]+lane[8])+(lane[4]+lane[12]), (lane[1]+lane[9])+(lane[5]+lane[13])
	c, d := (lane[2]+lane[10])+(lane[6]+lane[14]), (lane[3]+lane[11])+(lane[7]+lane[15])
	return (a + c) + (b + d)
}

func sumRowsF32Generic(dst, src []float32, rows, stride int) {
	clear(dst)
	for r := range rows {
		addF32Generic(dst, src[r*stride:][:len(dst)])
	}
}

func sumSquaresF32Generic(x []float32) float64 { return dotF32Generic(x, x) }

func dotF32Generic(x, y []float32) float64 {
	var lane [Lanes]float64
	y = y[:len(x)]
	for i, v := range x {
		l := i % Lanes
		lane[l] = math.FMA(float64(v), float64(y[i]), lane[l])
	}
	return Tree(&lane)
}
