package bench

import (
	"randalign/asm"
	"randalign/tensor"
)

// arrays are what a memory-bound kernel may work on, all of one length.
type arrays struct{ x, y, z []float32 }

// memoryKernel is a kernel that is held against the bandwidth of a copy.
type memoryKernel struct {
	name  string
	words int // float32s read plus written for each element
	run   func(k *asm.Kernels, a arrays)
}

var copyKernel = memoryKernel{"copy", 2, func(k *asm.Kernels, a arrays) { k.CopyF32(a.y, a.x) }}

// memoryKernels has a line for each kernel.
var memoryKernels = []memoryKernel{
	copyKernel,
	{"go-copy", 2, func(_ *asm.Kernels, a arrays) { copy(a.y, a.x) }}, // the runtime's, which passes by the caches
	{"add", 3, func(k *asm.Kernels, a arrays) { k.AddF32(a.y, a.x) }},
	{"addscalar", 2, func(k *asm.Kernels, a arrays) { k.AddScalarF32(a.y, 1e-6) }},
	{"relu", 2, func(k *asm.Kernels, a arrays) { k.ReluF32(a.y, a.x) }},
	{"relugrad", 3, func(k *asm.Kernels, a arrays) { k.ReluGradF32(a.z, a.z, a.x) }},
	{"sgd", 5, func(k *asm.Kernels, a arrays) { k.SgdF32(a.y, a.z, a.x, 1e-6, 0.9, 1e-4) }},
	{"sum", 1, func(k *asm.Kernels, a arrays) { k.SumF32(a.x) }},
}

// memoryCases are the kernels on arrays of n elements.
func memoryCases(n int) []kase {
	var cases []kase
	for _, mk := range memoryKernels {
		bytes := 4 * float64(mk.words) * float64(n)
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

// arrayLength is such that an array is four times the last cache, as STREAM wants it.
func arrayLength() int {
	_, _, caches := asm.CPU()
	if caches.L3 == 0 {
		return unknownLength
	}
	return min(mostLength, max(leastLength, caches.L3))
}

// memory owns the arrays and is the job that runs a kernel over them; a task is
// a piece of 256 KiB.
type memory struct {
	arrays
	kernels *asm.Kernels
	kernel  memoryKernel
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
	p.Run((len(m.x)+piece-1)/piece, m)
}

// Do implements tensor.Job.
func (m *memory) Do(_, task int) {
	lo, hi := task*piece, min(len(m.x), (task+1)*piece)
	a := arrays{x: m.x[lo:hi], y: m.y[lo:hi]}
	if m.z != nil {
		a.z = m.z[lo:hi]
	}
	m.kernel.run(m.kernels, a)
}

// gigabytes is what a run of the kernel moves.
func (m *memory) gigabytes(k memoryKernel) float64 {
	return 4 * float64(k.words) * float64(len(m.x)) / 1e9
}
