package bench

import "randalign/asm"

// stripWidth is what a strip of vgg16's first layers is: 34 pixels of 64 channels.
const stripWidth = 34 * 64

// transformKernels are the one-dimensional transforms of Winograd's convolutions, of so many
// rows to so many. Layers call them on what the caches hold.
var transformKernels = []memoryKernel{
	transform("winograd-input", 6, 6, func(k *asm.Kernels) stripsFunc { return k.InputF32 }),
	transform("winograd-filter", 3, 6, func(k *asm.Kernels) stripsFunc { return k.FilterF32 }),
	transform("winograd-output", 6, 4, func(k *asm.Kernels) stripsFunc { return k.OutputF32 }),
	transform("winograd-outputgrad", 4, 6, func(k *asm.Kernels) stripsFunc { return k.OutputGradF32 }),
	transform("winograd-filtergrad", 6, 3, func(k *asm.Kernels) stripsFunc { return k.FilterGradF32 }),
	transform("stride-input", 9, 9, func(k *asm.Kernels) stripsFunc { return k.StrideInputF32 }),
	transform("stride-filter", 3, 6, func(k *asm.Kernels) stripsFunc { return k.StrideFilterF32 }),
	transform("stride-output", 9, 4, func(k *asm.Kernels) stripsFunc { return k.StrideOutputF32 }),
	transform("stride-outputgrad", 5, 9, func(k *asm.Kernels) stripsFunc { return k.StrideOutputGradF32 }),
	transform("stride-inputgrad", 9, 8, func(k *asm.Kernels) stripsFunc { return k.StrideInputGradF32 }),
	transform("rows-input3", 4, 4, func(k *asm.Kernels) stripsFunc { return k.RowsInput3F32 }),
	transform("rows-input5", 8, 8, func(k *asm.Kernels) stripsFunc { return k.RowsInput5F32 }),
	tilesGrad("rows-grad3", 6, func(k *asm.Kernels) asm.RowsGrad { return k.RowsGrad3F32 }),
	tilesGrad("rows-grad5", 8, func(k *asm.Kernels) asm.RowsGrad { return k.RowsGrad5F32 }),
}

type stripsFunc = func(dst, src []float32, s asm.Strips)

func transform(name string, from, to int, kernel func(k *asm.Kernels) stripsFunc) memoryKernel {
	block := max(from, to) * stripWidth
	words := whole(block) * float64(from+to) / float64(max(from, to))
	return memoryKernel{name, words, func(k *asm.Kernels, a arrays) {
		kernel(k)(a.y, a.x, asm.Strips{
			DstRow: stripWidth, DstStep: to * stripWidth, SrcRow: stripWidth, SrcStep: from * stripWidth, N: stripWidth, Count: len(a.x) / block,
		})
	}}
}

// tilesGrad transforms the planes of asm.Lanes filters twice: four outputs become so many places, in a
// buffer that stays near, as layers' do.
func tilesGrad(name string, places int, kernel func(k *asm.Kernels) asm.RowsGrad) memoryKernel {
	const tiles = planeWidth / 4
	return memoryKernel{name, 1 + float64(places)/4, func(k *asm.Kernels, a arrays) {
		half := len(a.x) / 2
		plane := half / asm.Lanes
		rows := plane / planeWidth
		for _, x := range [][]float32{a.x[:half], a.x[half:]} {
			kernel(k)(a.near, rows*tiles*asm.Lanes, asm.Lanes, x, plane, planeWidth, asm.Lanes, rows, planeWidth)
		}
	}}
}
