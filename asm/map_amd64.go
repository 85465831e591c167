//go:build !noasm

package asm

// mapsAVX2 sets the kernels of the AVX2 path that are not GEMM's.
func mapsAVX2(t *Kernels) {
	t.AddF32 = addF32AVX2
	t.AddScalarF32 = addScalarF32AVX2
	t.AddReluF32 = addReluF32AVX2
	t.MulF32 = mulF32AVX2
	t.ScaleF32 = scaleF32AVX2
	t.FillF32 = fillF32AVX2
	t.SgdF32 = sgdF32AVX2
	t.ReluF32 = reluF32AVX2
	t.ReluGradF32 = reluGradF32AVX2
	t.ReluGradRowsF32 = reluGradRowsF32AVX2Slice
	t.LeakyReluF32 = leakyReluF32AVX2
	t.LeakyReluGradF32 = leakyReluGradF32AVX2
	t.SigmoidF32 = sigmoidF32AVX2
	t.SigmoidGradF32 = sigmoidGradF32AVX2
	t.TanhF32 = tanhF32AVX2
	t.TanhGradF32 = tanhGradF32AVX2
	t.GeluF32 = geluF32AVX2
	t.GeluGradF32 = geluGradF32AVX2
	t.SumRowsF32 = sumRowsF32AVX2
	t.SumF32 = sumF32AVX2
	t.SumPlanesF32 = sumPlanesF32AVX2
	t.CountF32 = countF32AVX2
	t.SumSquaresF32 = sumSquaresF32AVX2
	t.DotF32 = dotF32AVX2
	t.RotateF64 = rotateF64AVX2
	t.LookupF32 = lookupF32Slice
	t.NormSumsF32 = normSumsF32AVX2
	t.NormApplyF32 = normApplyF32AVX2
	t.NormGradSumsF32 = normGradSumsF32AVX2
	t.NormGradF32 = normGradF32AVX2
	t.normCols(false)
	t.MaxPool2F32 = maxPool2F32AVX2
	t.MaxPool2GradF32 = maxPool2GradF32AVX2
	t.NotedPool2F32 = notedPool2F32AVX2
	t.NotedPool2GradF32 = notedPool2GradF32AVX2
	t.AvgPool2F32 = avgPool2F32AVX2
	t.AvgPool2GradF32 = avgPool2GradF32AVX2
	t.MaxTapsF32 = maxTapsF32AVX2
	t.SumTapsF32 = sumTapsF32AVX2
	t.NoteTapsF32 = noteTapsF32AVX2
	t.PickTapsF32 = pickTapsF32AVX2
}

// mapsAVX512 does so for the AVX-512 path.
func mapsAVX512(t *Kernels) {
	t.AddF32 = addF32AVX512
	t.AddScalarF32 = addScalarF32AVX512
	t.AddReluF32 = addReluF32AVX512
	t.MulF32 = mulF32AVX512
	t.ScaleF32 = scaleF32AVX512
	t.FillF32 = fillF32AVX512
	t.SgdF32 = sgdF32AVX512
	t.ReluF32 = reluF32AVX512
	t.ReluGradF32 = reluGradF32AVX512
	t.ReluGradRowsF32 = reluGradRowsF32AVX512Slice
	t.LeakyReluF32 = leakyReluF32AVX512
	t.LeakyReluGradF32 = leakyReluGradF32AVX512
	t.SigmoidF32 = sigmoidF32AVX512
	t.SigmoidGradF32 = sigmoidGradF32AVX512
	t.TanhF32 = tanhF32AVX512
	t.TanhGradF32 = tanhGradF32AVX512
	t.GeluF32 = geluF32AVX512
	t.GeluGradF32 = geluGradF32AVX512
	t.SumRowsF32 = sumRowsF32AVX512
	t.SumF32 = sumF32AVX512
	t.SumPlanesF32 = sumPlanesF32AVX512Slice
	t.SumSquaresF32 = sumSquaresF32AVX512
	t.DotF32 = dotF32AVX512
	t.RotateF64 = rotateF64AVX512
	t.LookupF32 = lookupF32Slice
	t.NormSumsF32 = normSumsF32AVX512
	t.NormApplyF32 = normApplyF32AVX512
	t.NormGradSumsF32 = normGradSumsF32AVX512
	t.NormGradF32 = normGradF32AVX512
	t.normCols(true)
	t.MaxPool2F32 = byWidth(maxPool2F32AVX2, maxPool2F32AVX512)
	t.MaxPool2GradF32 = maxPool2GradF32Either
	t.NotedPool2F32 = notedPool2F32Either
	t.NotedPool2GradF32 = notedPool2GradF32AVX512
	t.AvgPool2F32 = byWidth(avgPool2F32AVX2, avgPool2F32AVX512)
	t.AvgPool2GradF32 = byWidth(avgPool2GradF32AVX2, avgPool2GradF32AVX512)
	t.MaxTapsF32 = maxTapsF32AVX512
	t.SumTapsF32 = sumTapsF32AVX512
	t.NoteTapsF32 = noteTapsF32AVX512
	t.PickTapsF32 = pickTapsF32AVX512
}

// Rows are added one after the other: a row of dst stays in the first-level
// cache while the other matrix streams by.

func sumRowsF32AVX2(dst, src []float32, rows, stride int) {
	clear(dst)
	for r := range rows {
		addF32AVX2(dst, src[r*stride:][:len(dst)])
	}
}

func sumRowsF32AVX512(dst, src []float32, rows, stride int) {
	clear(dst)
	for r := range rows {
		addF32AVX512(dst, src[r*stride:][:len(dst)])
	}
}

func reluGradRowsF32AVX2Slice(dx []float32, ldx int, dy, y []float32, ld, rows, width int) {
	if rows > 0 && width > 0 {
		reluGradRowsF32AVX2(rows, &dx[0], ldx, &dy[0], &y[0], ld, width)
	}
}

func reluGradRowsF32AVX512Slice(dx []float32, ldx int, dy, y []float32, ld, rows, width int) {
	if rows > 0 && width > 0 {
		reluGradRowsF32AVX512(rows, &dx[0], ldx, &dy[0], &y[0], ld, width)
	}
}

// lookupF32Slice leaves the last len(dst) mod 16 bytes to the reference.
func lookupF32Slice(dst []float32, src []byte, table *[256]float32) {
	src = src[:len(dst)]
	b := len(dst) / 16
	if b > 0 {
		lookupF32AVX2(b, &dst[0], &src[0], table)
	}
	lookupF32Generic(dst[16*b:], src[16*b:], table)
}

// lookupF32VBMISlice leaves to lookupF32Slice what ends within a block, and all of what is not worth taking
// a table apart for.
func lookupF32VBMISlice(dst []float32, src []byte, table *[256]float32) {
	const short = 512
	if len(dst) < short {
		lookupF32Slice(dst, src, table)
		return
	}
	src = src[:len(dst)]
	b := len(dst) / 64
	var bytes [1024]byte
	lookupF32VBMI(b, &dst[0], &src[0], table, &bytes)
	lookupF32Slice(dst[64*b:], src[64*b:], table)
}

func sumPlanesF32AVX2(sums, x []float32, area int) {
	for k := range sums {
		sums[k] = sumF32AVX2(x[k*area:][:area])
	}
}

// sumPlanesF32AVX512Slice sums short planes four at a time. Longer ones need no company to hide what
// a sum waits for, and would be four streams where prefetchers follow one better.
func sumPlanesF32AVX512Slice(sums, x []float32, area int) {
	const long = 64
	fours := 0
	if area > 0 && area < long {
		fours = len(sums) / 4
	}
	if fours > 0 {
		_ = x[4*fours*area-1]
		sumPlanes4F32AVX512(fours, &sums[0], &x[0], area)
	}
	for k := 4 * fours; k < len(sums); k++ {
		sums[k] = sumF32AVX512(x[k*area:][:area])
	}
}
