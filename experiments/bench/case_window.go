package bench

import "randalign/asm"

// The planes that a piece of an array is cut into, as layers have them: CIFAR-10's
// rows for pooling, channels of 32 x 32 for batch normalisation.
const (
	planeWidth = 32
	planeSize  = 32 * 32
)

// A piece as a batch for batch normalisation: images of so many planes, of which a task has as many
// as tensor.BatchNorm gives it.
const (
	imageSize    = 8 * planeSize
	planesAtOnce = 2
)

// eachPlane does the planes of a task, image after image, and then those of the next task; ahead is from
// a plane to the one that is asked for meanwhile, in the next image or, after the last, what comes next.
func eachPlane(x []float32, do func(at, ahead int)) {
	const width = planesAtOnce * planeSize
	images := len(x) / imageSize * imageSize
	for task := 0; task < imageSize; task += width {
		for image := 0; image < images; image += imageSize {
			next := image + imageSize
			if next == images {
				next = width
				if task+width == imageSize {
					next = images - task
				}
			}
			for at := task; at < task+width; at += planeSize {
				do(image+at, next-image)
			}
		}
	}
}

// window3 is a window of 3 x 3 over rows of planeWidth, and noted3 the same with numbers.
var (
	window3 = []int{0, 1, 2, planeWidth, planeWidth + 1, planeWidth + 2, 2 * planeWidth, 2*planeWidth + 1, 2*planeWidth + 2}
	noted3  = func() (taps []asm.Tap) {
		for i, at := range window3 {
			taps = append(taps, asm.Tap{At: at, Note: i})
		}
		return taps
	}()
)

// windowKernels are those of pooling. Poolings by a window of 3 x 3 have kernels that know
// planes; those of poolCases call them.
var windowKernels = []memoryKernel{
	{"maxpool2", 1.25, func(k *asm.Kernels, a arrays) { k.MaxPool2F32(a.y, a.x, len(a.x)/planeWidth/2, planeWidth) }},
	{"maxpool2grad", 2.5, func(k *asm.Kernels, a arrays) {
		k.MaxPool2GradF32(a.z, a.x, a.y, a.y, len(a.x)/planeWidth/2, planeWidth)
	}},
	{"avgpool2", 1.25, func(k *asm.Kernels, a arrays) { k.AvgPool2F32(a.y, a.x, len(a.x)/planeWidth/2, planeWidth) }},
	{"avgpool2grad", 1.25, func(k *asm.Kernels, a arrays) { k.AvgPool2GradF32(a.z, a.y, len(a.x)/planeWidth/2, planeWidth) }},
	{"maxtaps", 2, func(k *asm.Kernels, a arrays) { k.MaxTapsF32(a.y[:len(a.x)-window3[8]], a.x, window3) }},
	{"sumtaps", 2, func(k *asm.Kernels, a arrays) { k.SumTapsF32(a.y[:len(a.x)-window3[8]], a.x, window3, 0, 9) }},
	{"notetaps", 3, func(k *asm.Kernels, a arrays) {
		note, none := view[int32](a.y), view[int32](a.col)
		for i := 0; i+rowWidth+window3[8] <= len(note); i += rowWidth {
			k.NoteTapsF32(note[i:i+rowWidth], none, a.x[i:], a.z[i:], window3)
		}
	}},
	{"picktaps", 3, func(k *asm.Kernels, a arrays) {
		k.PickTapsF32(a.z[:len(a.x)-window3[8]], a.x, view[int32](a.y), noted3)
	}},
}

// normKernels are those of batch normalisation, of planes and of columns. Those of planes go over
// a piece as tensor.BatchNorm does over a batch, and ask for the same.
var normKernels = []memoryKernel{
	{"normsums", 1, func(k *asm.Kernels, a arrays) {
		eachPlane(a.x, func(at, ahead int) {
			k.NormSumsF32(a.x[at:], 1, imageSize, planeSize, 0.1, lanesOf(a.s), lanesOf(a.q), ahead)
		})
	}},
	{"normapply", 2, func(k *asm.Kernels, a arrays) {
		eachPlane(a.x, func(at, ahead int) {
			k.NormApplyF32(a.z[at:], a.z[at:], 1, imageSize, planeSize, 0.1, 1.1, 0.2, true, false, ahead)
		})
	}},
	{"past-normapply", 2, func(k *asm.Kernels, a arrays) {
		eachPlane(a.x, func(at, ahead int) {
			k.NormApplyF32(a.y[at:], a.x[at:], 1, imageSize, planeSize, 0.1, 1.1, 0.2, true, true, ahead)
		})
	}},
	{"normgradsums", 2, func(k *asm.Kernels, a arrays) {
		eachPlane(a.x, func(at, ahead int) {
			k.NormGradSumsF32(a.x[at:], a.y[at:], 1, imageSize, planeSize, 0.1, 0.1, 1.1, 0.2, true, lanesOf(a.s), lanesOf(a.q), ahead)
		})
	}},
	{"normgrad", 3, func(k *asm.Kernels, a arrays) {
		eachPlane(a.x, func(at, ahead int) {
			k.NormGradF32(a.z[at:], a.x[at:], a.z[at:], 1, imageSize, planeSize, 0.1, 0.99, 0.2, 1e-3, 1e-3, true, false, ahead)
		})
	}},
	{"past-normgrad", 3, func(k *asm.Kernels, a arrays) {
		eachPlane(a.x, func(at, ahead int) {
			k.NormGradF32(a.z[at:], a.x[at:], a.y[at:], 1, imageSize, planeSize, 0.1, 0.99, 0.2, 1e-3, 1e-3, true, true, ahead)
		})
	}},
	{"normcolssums", 1, func(k *asm.Kernels, a arrays) {
		k.NormColsSumsF32(a.x, len(a.x)/rowWidth, rowWidth, 1, a.col, a.s, a.q)
	}},
	{"normcolsapply", 2, func(k *asm.Kernels, a arrays) {
		k.NormColsApplyF32(a.y, a.x, len(a.x)/rowWidth, rowWidth, 1, a.col, a.col, a.col, true, false)
	}},
	{"normcolsgradsums", 2, func(k *asm.Kernels, a arrays) {
		k.NormColsGradSumsF32(a.x, a.y, len(a.x)/rowWidth, rowWidth, 1, a.mean[:rowWidth], a.col, a.col, a.col, true, a.s, a.q)
	}},
	{"normcolsgrad", 3, func(k *asm.Kernels, a arrays) {
		k.NormColsGradF32(a.z, a.x, a.z, len(a.x)/rowWidth, rowWidth, 1, a.col, a.col, a.col, a.col, a.col, true, false)
	}},
}

func lanesOf(sums []float64) *[asm.Lanes]float64 { return (*[asm.Lanes]float64)(sums) }
