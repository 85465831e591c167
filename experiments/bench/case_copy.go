package bench

import "randalign/asm"

// copyKernels are those that lay elements out anew. What a kernel skips counts where it
// shares the cache lines of what it reads.
//
// Panels of rows and vectors of channels are written to memory that layers use again and again and
// find in their caches: only what is read counts. So do only the planes that are made of such
// vectors, which were made just before. Panels of patches go through memory although layers have
// them in a cache as well, since hardly anything would be left to count: an element of an image is
// written as often as a window has elements.
func copyKernels() []memoryKernel {
	const half = planeWidth / 2
	rows := func(a arrays) int { return len(a.y) / planeWidth }
	return []memoryKernel{
		packKernel(), packKernelF64(), packRunsKernel(), copyRowsKernel(), gatherKernel(),
		{"past-copy", 2, func(k *asm.Kernels, a arrays) { k.CopyPastF32(a.y, a.x) }},
		{"part", 2, func(k *asm.Kernels, a arrays) {
			rows, half := len(a.x)/planeWidth, planeWidth/2
			k.PartF32(a.y, a.y[len(a.y)/2:], a.x, asm.Planes{Planes: 1, Rows: rows, DstRow: half, SrcRow: planeWidth}, half)
		}},
		{"takesecond", 1.5, func(k *asm.Kernels, a arrays) {
			k.TakeSecondF32(a.y, a.x, asm.Planes{Planes: 1, Rows: rows(a), DstRow: half, SrcRow: planeWidth}, half)
		}},
		{"weave", 2, func(k *asm.Kernels, a arrays) {
			k.WeaveF32(a.y, a.x, a.x[len(a.x)/2:], asm.Planes{Planes: 1, Rows: rows(a), DstRow: planeWidth, SrcRow: half}, half, false)
		}},
		{"past-weave", 2, func(k *asm.Kernels, a arrays) {
			k.WeaveF32(a.y, a.x, a.x[len(a.x)/2:], asm.Planes{Planes: 1, Rows: rows(a), DstRow: planeWidth, SrcRow: half}, half, true)
		}},
		{"upsample", 1.25, func(k *asm.Kernels, a arrays) {
			k.UpsampleF32(a.y, a.x, asm.Planes{Planes: 1, Rows: rows(a) / 2, DstRow: 2 * planeWidth, SrcRow: half}, half, false)
		}},
		{"past-upsample", 1.25, func(k *asm.Kernels, a arrays) {
			k.UpsampleF32(a.y, a.x, asm.Planes{Planes: 1, Rows: rows(a) / 2, DstRow: 2 * planeWidth, SrcRow: half}, half, true)
		}},
		// Rows that stand in wider ones, as those of phases do.
		{"copyplanes", 2, func(k *asm.Kernels, a arrays) {
			k.CopyPlanesF32(a.y, a.x, asm.Planes{Planes: 1, Rows: rows(a), DstRow: planeWidth, SrcRow: planeWidth}, planeWidth-2)
		}},
		{"addplanes", 3, func(k *asm.Kernels, a arrays) {
			k.AddPlanesF32(a.y, a.x, asm.Planes{Planes: 1, Rows: rows(a), DstRow: planeWidth, SrcRow: planeWidth}, planeWidth-2)
		}},
		{"padrows", 1 + (planeWidth-2.0)/planeWidth, func(k *asm.Kernels, a arrays) {
			k.PadRowsF32(a.y, a.x, rows(a), planeWidth, planeWidth-2, 1, planeWidth-2, planeWidth)
		}},
		expandKernel(),
		turnKernel(),
		// Planes to vectors of asm.Lanes channels, and back, four rows at a time: to store is all that the
		// latter does in memory. Of stores past the caches alone Zen 4's cores that share a last-level cache do
		// 26 to 28 GB/s, one or all of them.
		{"transpose", 1, func(k *asm.Kernels, a arrays) {
			for i := 0; i+asm.Lanes*planeSize <= len(a.x); i += asm.Lanes * planeSize {
				k.TransposeF32(a.near, asm.Lanes, a.x[i:], planeSize, asm.Lanes, planeSize, true, false)
			}
		}},
		// Planes of 8 x 8 of 64 channels at a time.
		{"transpose-short", 1, func(k *asm.Kernels, a arrays) {
			const side = 64
			for i := 0; i+side*side <= len(a.x); i += side * side {
				k.TransposeF32(a.near, side, a.x[i:], side, side, side, true, false)
			}
		}},
		{"transpose-back", 1, func(k *asm.Kernels, a arrays) {
			const strip = 4 * planeWidth
			for i := 0; i+asm.Lanes*planeSize <= len(a.y); i += asm.Lanes * planeSize {
				for j := 0; j < planeSize; j += strip {
					k.TransposeF32(a.y[i+j:], planeSize, a.near, asm.Lanes, strip, asm.Lanes, false, true)
				}
			}
		}},
	}
}

// turnKernel turns filters of as many channels as layers turn at a time, so that a piece makes rows
// nearly as long as theirs, which share no set of the first-level cache either.
func turnKernel() memoryKernel {
	const channels, filters = 16, 432
	return memoryKernel{"turn", 2 * whole(channels*filters*9), func(k *asm.Kernels, a arrays) {
		if len(a.x) == piece {
			k.TurnF32(a.y, 9*filters, a.x, 9*channels, filters, channels)
		}
	}}
}

// packSteps is the length of the rows that a panel is made of.
const packSteps = 512

// places returns where n rows of packSteps elements begin.
func places(n int) []int {
	at := make([]int, n)
	for i := range at {
		at[i] = i * packSteps
	}
	return at
}

func packKernel() memoryKernel {
	width := asm.Active().GemmF32.NR
	at, panel := places(width), width*packSteps
	return memoryKernel{"pack", whole(panel), func(k *asm.Kernels, a arrays) {
		for i := 0; i+panel <= len(a.x); i += panel {
			k.PackF32(a.near[i:], a.x[i:], at, width, packSteps)
		}
	}}
}

func packKernelF64() memoryKernel {
	width := asm.Active().GemmF64.NR
	at, panel := places(width), width*packSteps
	return memoryKernel{"pack-f64", whole(2 * panel), func(k *asm.Kernels, a arrays) {
		x, near := view[float64](a.x), view[float64](a.near)
		for i := 0; i+panel <= len(x); i += panel {
			k.PackF64(near[i:], x[i:], at, width, packSteps)
		}
	}}
}

// copyRowsKernel makes panels of a matrix with rows of rowWidth.
func copyRowsKernel() memoryKernel {
	width := asm.Active().GemmF32.NR
	panels := rowWidth / width
	return memoryKernel{"copyrows", float64(panels*width) / rowWidth, func(k *asm.Kernels, a arrays) {
		steps := len(a.x) / rowWidth
		k.CopyPanelsF32(a.near, steps*width, a.x, rowWidth, width, panels, steps)
	}}
}

// gatherKernel puts the outputs of a filter for images of 4 x 4 beside each other, as weight gradients do.
func gatherKernel() memoryKernel {
	const positions, images, filters = 16, 16, 240
	const used, ld = positions * filters, positions*images + 16
	return memoryKernel{"gather", float64(used*images) / piece, func(k *asm.Kernels, a arrays) {
		for i := 0; i < images && (i+1)*used <= len(a.x); i++ {
			k.CopyRowsF32(a.near[i*positions:], ld, a.x[i*used:], positions, positions, filters, true)
		}
	}}
}

// packRunsKernel makes panels of patches of 3 x 3, nine elements of one of the image, in a buffer that
// stays near. In the middle of a panel a row of outputs ends.
func packRunsKernel() memoryKernel {
	width := asm.Active().GemmF32.NR
	runs := []asm.Run{{N: width / 2}, {At: width / 2, N: width - width/2, Offset: width/2 + 2}}
	panel := len(window3) * width
	return memoryKernel{"packruns", whole(panel) * float64(len(window3)+1) / float64(len(window3)), func(k *asm.Kernels, a arrays) {
		for i := 0; (i+1)*panel <= len(a.x); i++ {
			k.PackRunsF32(a.near[i*panel:], a.x[i*width:], window3, runs, width)
		}
	}}
}

// expandKernel puts planes of 32 x 32 into a frame of one zero.
func expandKernel() memoryKernel {
	const side = planeWidth + 2
	masks := make([]uint16, (side*side+15)/16)
	for i := range side * side {
		if y, x := i/side, i%side; min(x, y) > 0 && max(x, y) <= planeWidth {
			masks[i/16] |= 1 << (i % 16)
		}
	}
	words := whole(side*side) * (1 + float64(planeSize)/(side*side))
	return memoryKernel{"expand", words, func(k *asm.Kernels, a arrays) {
		k.ExpandF32(a.y, a.x, len(a.y)/(side*side), masks, side*side, planeSize)
	}}
}

// whole is the share of a piece that blocks of n elements fill.
func whole(n int) float64 { return float64(piece/n*n) / piece }
