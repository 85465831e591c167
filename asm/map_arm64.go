//go:build !noasm

package asm

import "math"

// mapsNEON sets the kernels of the NEON path that are not GEMM's.
func mapsNEON(t *Kernels) {
	t.AddF32 = addF32NEON
	t.AddScalarF32 = addScalarF32NEON
	t.AddReluF32 = addReluF32NEON
	t.MulF32 = mulF32NEON
	t.ScaleF32 = scaleF32NEON
	t.FillF32 = fillF32NEON
	t.SgdF32 = sgdF32NEON
	t.ReluF32 = reluF32NEON
	t.ReluGradF32 = reluGradF32NEON
	t.ReluGradRowsF32 = reluGradRowsF32NEON
	t.LeakyReluF32 = leakyReluF32NEON
	t.LeakyReluGradF32 = leakyReluGradF32NEON
	t.SigmoidF32 = sigmoidF32NEON
	t.SigmoidGradF32 = sigmoidGradF32NEON
	t.TanhF32 = tanhF32NEON
	t.TanhGradF32 = tanhGradF32NEON
	t.GeluF32 = geluF32NEON
	t.GeluGradF32 = geluGradF32NEON
	t.MaxPool2F32 = maxPool2F32NEON
	t.MaxPool2GradF32 = maxPool2GradF32NEON
	t.NotedPool2F32 = notedPool2F32NEON
	t.NotedPool2GradF32 = notedPool2GradF32NEON
	t.AvgPool2F32 = avgPool2F32NEON
	t.AvgPool2GradF32 = avgPool2GradF32NEON
	t.MaxTapsF32 = maxTapsF32NEON
	t.SumTapsF32 = sumTapsF32NEON
	t.NoteTapsF32 = noteTapsF32NEON
	t.PickTapsF32 = pickTapsF32NEON
	t.NormSumsF32 = normSumsF32NEON
	t.NormApplyF32 = normApplyF32NEON
	t.NormGradSumsF32 = normGradSumsF32NEON
	t.NormGradF32 = normGradF32NEON
	t.NormColsSumsF32 = normColsSumsF32NEON
	t.NormColsApplyF32 = normColsApplyF32NEON
	t.NormColsGradSumsF32 = normColsGradSumsF32NEON
	t.NormColsGradF32 = normColsGradF32NEON
	t.SumRowsF32 = sumRowsF32NEON
	t.SumF32 = sumF32NEON
	t.SumPlanesF32 = sumPlanesF32NEON
	t.CountF32 = countF32NEON
	t.SumSquaresF32 = sumSquaresF32NEON
	t.DotF32 = dotF32NEON
	t.RotateF64 = rotateF64NEON
	t.LookupF32 = lookupF32NEONSlice
}

// Rows are added one after the other: a row of dst stays in the first-level
// cache while the other matrix streams by.

func sumRowsF32NEON(dst, src []float32, rows, stride int) {
	clear(dst)
	for r := range rows {
		addF32NEON(dst, src[r*stride:][:len(dst)])
	}
}

func reluGradRowsF32NEON(dx []float32, ldx int, dy, y []float32, ld, rows, width int) {
	for r := range rows {
		reluGradF32NEON(dx[r*ldx:][:width], dy[r*ld:][:width], y[r*ld:][:width])
	}
}

func sumF32NEON(x []float32) float32 {
	var lane [Lanes]float32
	b := len(x) / Lanes
	if b > 0 {
		sumBlocksF32NEON(b, &x[0], &lane)
	}
	for i, v := range x[Lanes*b:] {
		lane[i] += v
	}
	return Tree(&lane)
}

func countF32NEON(x []float32) int {
	b := len(x) / 16
	n := countF32Generic(x[16*b:])
	if b > 0 {
		n += countBlocksF32NEON(b, &x[0])
	}
	return n
}

func dotF32NEON(x, y []float32) float64 {
	var lane [Lanes]float64
	y = y[:len(x)]
	b := len(x) / Lanes
	if b > 0 {
		dotBlocksF32NEON(b, &x[0], &y[0], &lane)
	}
	for i, v := range x[Lanes*b:] {
		lane[i] = math.FMA(float64(v), float64(y[Lanes*b+i]), lane[i])
	}
	return Tree(&lane)
}

func sumSquaresF32NEON(x []float32) float64 { return dotF32NEON(x, x) }

// lookupF32NEONSlice leaves the last len(dst) mod 8 bytes to the reference.
func lookupF32NEONSlice(dst []float32, src []byte, table *[256]float32) {
	src = src[:len(dst)]
	b := len(dst) / 8
	if b > 0 {
		lookupF32NEON(b, &dst[0], &src[0], table)
	}
	lookupF32Generic(dst[8*b:], src[8*b:], table)
}

func sumPlanesF32NEON(sums, x []float32, area int) {
	for k := range sums {
		sums[k] = sumF32NEON(x[k*area:][:area])
	}
}
