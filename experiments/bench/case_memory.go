package bench

import (
	"randalign/asm"
	"randalign/tensor"
)

// arrays are what a memory-bound kernel may work on, all of one length, and the
// lanes of two sums.
type arrays struct {
	x, y, z []float32
	s, q    *[asm.Lanes]float64
}

// memoryKernel is a kernel that is held against the bandwidth of a copy.
type memoryKernel struct {
	name  string
	words float64 // float32s read plus written for each element of x
	run   func(k *asm.Kernels, a arrays)
}

var copyKernel = memoryKernel{"copy", 2, func(k *asm.Kernels, a arrays) { k.CopyF32(a.y, a.x) }}

// The planes that a piece of an array is cut into, as layers have them: CIFAR-10's
// rows for pooling, channels of 32 x 32 for batch normalisation, batches of vectors.
const (
	planeWidth = 32
	planeSize  = 32 * 32
	rowWidth   = 256
)

// window3 is a window of 3 x 3 over rows of planeWidth.
var window3 = []int{0, 1, 2, planeWidth, planeWidth + 1, planeWidth + 2, 2 * planeWidth, 2*planeWidth + 1, 2*planeWidth + 2}

// memoryKernels has a line for each kernel. Those that layers run in place do so here.
//
// GELU is bound by arithmetic on AVX2 and cannot quite reach the copy's bandwidth on one
// thread: in the second-level cache (BenchmarkMaps of package asm) it takes 1.4 cycles of
// Zen 4 for an element, and the copy 1.1 from memory.
var memoryKernels = []memoryKernel{
	copyKernel,
	{"go-copy", 2, func(_ *asm.Kernels, a arrays) { copy(a.y, a.x) }}, // the runtime's, which passes by the caches
	{"add", 3, func(k *asm.Kernels, a arrays) { k.AddF32(a.y, a.x) }},
	{"addscalar", 2, func(k *asm.Kernels, a arrays) { k.AddScalarF32(a.y, 1e-6) }},
	{"addrelu", 3, func(k *asm.Kernels, a arrays) { k.AddReluF32(a.y, a.x) }},
	{"mul", 3, func(k *asm.Kernels, a arrays) { k.MulF32(a.z, a.x, a.y) }},
	{"sum", 1, func(k *asm.Kernels, a arrays) { k.SumF32(a.x) }},
	{"sgd", 5, func(k *asm.Kernels, a arrays) { k.SgdF32(a.y, a.z, a.x, 1e-6, 0.9, 1e-4) }},
	{"sumrows", 1, func(k *asm.Kernels, a arrays) { k.SumRowsF32(a.y[:rowWidth], a.x, len(a.x)/rowWidth, rowWidth) }},

	{"relu", 2, func(k *asm.Kernels, a arrays) { k.ReluF32(a.y, a.x) }},
	{"relugrad", 3, func(k *asm.Kernels, a arrays) { k.ReluGradF32(a.z, a.z, a.x) }},
	{"leakyrelu", 2, func(k *asm.Kernels, a arrays) { k.LeakyReluF32(a.y, a.x, 0.01) }},
	{"leakyrelugrad", 3, func(k *asm.Kernels, a arrays) { k.LeakyReluGradF32(a.z, a.z, a.x, 0.99) }},
	{"sigmoid", 2, func(k *asm.Kernels, a arrays) { k.SigmoidF32(a.y, a.x) }},
	{"sigmoidgrad", 3, func(k *asm.Kernels, a arrays) { k.SigmoidGradF32(a.z, a.y, a.x) }},
	{"tanh", 2, func(k *asm.Kernels, a arrays) { k.TanhF32(a.y, a.x) }},
	{"tanhgrad", 3, func(k *asm.Kernels, a arrays) { k.TanhGradF32(a.z, a.y, a.x) }},
	{"gelu", 2, func(k *asm.Kernels, a arrays) { k.GeluF32(a.y, a.x) }},
	{"gelugrad", 3, func(k *asm.Kernels, a arrays) { k.GeluGradF32(a.z, a.y, a.x) }},

	{"maxpool2", 1.25, func(k *asm.Kernels, a arrays) { k.MaxPool2F32(a.y, a.x, len(a.x)/planeWidth/2, planeWidth) }},
	{"maxpool2grad", 2.5, func(k *asm.Kernels, a arrays) {
		k.MaxPool2GradF32(a.z, a.x, a.y, a.y, len(a.x)/planeWidth/2, planeWidth)
	}},
	{"avgpool2", 1.25, func(k *asm.Kernels, a arrays) { k.AvgPool2F32(a.y, a.x, len(a.x)/planeWidth/2, planeWidth) }},
	{"avgpool2grad", 1.25, func(k *asm.Kernels, a arrays) { k.AvgPool2GradF32(a.z, a.y, len(a.x)/planeWidth/2, planeWidth) }},
	{"maxtaps", 2, func(k *asm.Kernels, a arrays) { k.MaxTapsF32(a.y[:len(a.x)-window3[8]], a.x, window3) }},
	{"sumtaps", 2, func(k *asm.Kernels, a arrays) { k.SumTapsF32(a.y[:len(a.x)-window3[8]], a.x, window3, 0, 9) }},
	{"part", 2, func(k *asm.Kernels, a arrays) {
		rows, half := len(a.x)/planeWidth, planeWidth/2
		k.PartF32(a.y, a.y[len(a.y)/2:], a.x, asm.Planes{Planes: 1, Rows: rows, DstRow: half, SrcRow: planeWidth}, half)
	}},
	{"past-copy", 2, func(k *asm.Kernels, a arrays) { k.CopyPastF32(a.y, a.x) }},
	{"normsums", 1, func(k *asm.Kernels, a arrays) {
		k.NormSumsF32(a.x, len(a.x)/planeSize, planeSize, planeSize, 0.1, a.s, a.q)
	}},
	{"normapply", 2, func(k *asm.Kernels, a arrays) {
		k.NormApplyF32(a.y, a.x, len(a.x)/planeSize, planeSize, planeSize, 0.1, 1.1, 0.2, true)
	}},
	{"normgradsums", 2, func(k *asm.Kernels, a arrays) {
		k.NormGradSumsF32(a.x, a.y, len(a.x)/planeSize, planeSize, planeSize, 0.1, 0.1, 1.1, 0.2, true, a.s, a.q)
	}},
	{"normgrad", 3, func(k *asm.Kernels, a arrays) {
		k.NormGradF32(a.z, a.x, a.z, len(a.x)/planeSize, planeSize, planeSize, 0.1, 0.99, 0.2, 1e-3, 1e-3, true)
	}},
}

// memoryCases are the kernels on arrays of n elements.
func memoryCases(n int) []kase {
	var cases []kase
	for _, mk := range memoryKernels {
		bytes := 4 * mk.words * float64(n)
		cases = append(cases, kase{
			name: "memory/" + mk.name, unit: "GB/s", work: bytes / 1e9, yard: copyRate, load: bytes,
			prepare: func(m *memory) func(p *tensor.Pool) {
				m.fill()
				return func(p *tensor.Pool) { m.run(p, mk) }
			},
		})
	}
	return cases
}

// The lengths that arrays may have: far beyond the last cache, and no more than
// a small machine can spare.
const (
	leastLength   = 16 << 20
	unknownLength = 32 << 20 // where the machine does not tell its last cache
	mostLength    = 64 << 20
)

// arrayLength is such that an array is four times the last cache, as STREAM
// wants it, and a number of whole pieces.
func arrayLength() int {
	_, _, caches := asm.CPU()
	if caches.L3 == 0 {
		return unknownLength
	}
	return min(mostLength, max(leastLength, (caches.L3+piece-1)/piece*piece))
}

// memory owns the arrays and is the job that runs a kernel over them; a task is
// a piece of 256 KiB.
type memory struct {
	arrays
	kernels *asm.Kernels
	kernel  memoryKernel
	lanes   [][2][asm.Lanes]float64 // of each worker
}

const piece = 64 << 10

// newMemory returns arrays of n elements for copying; fill makes the third.
func newMemory(n int) *memory {
	return &memory{arrays: arrays{x: numbers[float32](n), y: numbers[float32](n)}, kernels: asm.Active()}
}

// fill gives the arrays fresh numbers, since kernels change them.
func (m *memory) fill() {
	if m.z == nil {
		m.z = numbers[float32](len(m.x))
	}
	fill(m.x)
	fill(m.y)
	fill(m.z)
}

func (m *memory) run(p *tensor.Pool, k memoryKernel) {
	m.kernel = k
	if n := p.Threads(); len(m.lanes) < n {
		m.lanes = make([][2][asm.Lanes]float64, n)
	}
	p.Run((len(m.x)+piece-1)/piece, m)
}

// Do implements tensor.Job.
func (m *memory) Do(worker, task int) {
	lo, hi := task*piece, min(len(m.x), (task+1)*piece)
	a := arrays{x: m.x[lo:hi], y: m.y[lo:hi], s: &m.lanes[worker][0], q: &m.lanes[worker][1]}
	if m.z != nil {
		a.z = m.z[lo:hi]
	}
	m.kernel.run(m.kernels, a)
}

// gigabytes is what a run of the kernel moves.
func (m *memory) gigabytes(k memoryKernel) float64 {
	return 4 * k.words * float64(len(m.x)) / 1e9
}
