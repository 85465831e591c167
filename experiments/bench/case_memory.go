package bench

import (
	"slices"
	"unsafe"

	"randalign/asm"
	"randalign/tensor"
)

// arrays are what a memory-bound kernel may work on, all of one length, a buffer that stays in the
// caches, two rows of sums and what columns are normalised by, for the longest rows.
type arrays struct {
	x, y, z []float32
	near    []float32
	s, q    []float64
	col     []float32
	mean    []float64
}

// memoryKernel is a kernel that is held against the bandwidth of a copy.
type memoryKernel struct {
	name  string
	words float64 // float32s read plus written for each element of x
	run   func(k *asm.Kernels, a arrays)
}

var copyKernel = memoryKernel{"copy", 2, func(k *asm.Kernels, a arrays) { k.CopyF32(a.y, a.x) }}

// rowWidth is how many columns a row has, of batches of vectors, and longRow one of a matrix.
const (
	rowWidth = 256
	longRow  = 1024
)

// pixels is the table of a lookup.
var pixels [256]float32

// memoryKernels has a line for each kernel. Those that layers run in place do so here.
var memoryKernels = []memoryKernel{
	copyKernel,
	{"go-copy", 2, func(_ *asm.Kernels, a arrays) { copy(a.y, a.x) }}, // the runtime's, which passes by the caches
	{"add", 3, func(k *asm.Kernels, a arrays) { k.AddF32(a.y, a.x) }},
	{"addscalar", 2, func(k *asm.Kernels, a arrays) { k.AddScalarF32(a.y, 1e-6) }},
	{"addrelu", 3, func(k *asm.Kernels, a arrays) { k.AddReluF32(a.y, a.x) }},
	{"mul", 3, func(k *asm.Kernels, a arrays) { k.MulF32(a.z, a.x, a.y) }},
	{"scale", 2, func(k *asm.Kernels, a arrays) { k.ScaleF32(a.y, -1) }},
	{"fill", 1, func(k *asm.Kernels, a arrays) { k.FillF32(a.y, 1) }},
	{"lookup", 1.25, func(k *asm.Kernels, a arrays) { k.LookupF32(a.y, view[byte](a.x)[:len(a.y)], &pixels) }},
	{"sum", 1, func(k *asm.Kernels, a arrays) { k.SumF32(a.x) }},
	{"count", 1, func(k *asm.Kernels, a arrays) { k.CountF32(a.x) }},
	{"sumplanes", 1, func(k *asm.Kernels, a arrays) { k.SumPlanesF32(a.y[:len(a.x)/planeSize], a.x, planeSize) }},
	{"sumsquares", 1, func(k *asm.Kernels, a arrays) { k.SumSquaresF32(a.x) }},
	{"dot", 2, func(k *asm.Kernels, a arrays) { k.DotF32(a.x, a.y) }},
	{"sgd", 5, func(k *asm.Kernels, a arrays) { k.SgdF32(a.y, a.z, a.x, 1e-6, 0.9, 1e-4) }},
	{"sumrows", 1, func(k *asm.Kernels, a arrays) { k.SumRowsF32(a.y[:rowWidth], a.x, len(a.x)/rowWidth, rowWidth) }},

	{"relu", 2, func(k *asm.Kernels, a arrays) { k.ReluF32(a.y, a.x) }},
	{"relugrad", 3, func(k *asm.Kernels, a arrays) { k.ReluGradF32(a.z, a.z, a.x) }},
	{"past-relugrad", 3, func(k *asm.Kernels, a arrays) {
		k.ReluGradRowsF32(a.z, rowWidth, a.y, a.x, rowWidth, len(a.x)/rowWidth, rowWidth)
	}},
	{"leakyrelu", 2, func(k *asm.Kernels, a arrays) { k.LeakyReluF32(a.y, a.x, 0.01) }},
	{"leakyrelugrad", 3, func(k *asm.Kernels, a arrays) { k.LeakyReluGradF32(a.z, a.z, a.x, 0.99) }},
	{"sigmoid", 2, func(k *asm.Kernels, a arrays) { k.SigmoidF32(a.y, a.x) }},
	{"sigmoidgrad", 3, func(k *asm.Kernels, a arrays) { k.SigmoidGradF32(a.z, a.y, a.x) }},
	{"tanh", 2, func(k *asm.Kernels, a arrays) { k.TanhF32(a.y, a.x) }},
	{"tanhgrad", 3, func(k *asm.Kernels, a arrays) { k.TanhGradF32(a.z, a.y, a.x) }},
	{"gelu", 2, func(k *asm.Kernels, a arrays) { k.GeluF32(a.y, a.x) }},
	{"gelugrad", 3, func(k *asm.Kernels, a arrays) { k.GeluGradF32(a.z, a.y, a.x) }},
}

func allMemoryKernels() []memoryKernel {
	return slices.Concat(memoryKernels, windowKernels, normKernels, wideKernels, copyKernels(), transformKernels)
}

// memoryCases are the kernels on arrays of n elements.
func memoryCases(n int) []kase {
	var cases []kase
	for _, mk := range allMemoryKernels() {
		c := memoryCase(mk.name, 4*mk.words*float64(n), func(m *memory) func(p *tensor.Pool) {
			return func(p *tensor.Pool) { m.run(p, mk) }
		})
		c.near = func(m *memory, p *tensor.Pool) *float64 { return m.nearRate(p, mk) }
		cases = append(cases, c)
	}
	return cases
}

// memoryCase is a case that moves so many bytes of the arrays, which are fresh when the call is
// made.
func memoryCase(name string, bytes float64, call func(m *memory) func(p *tensor.Pool)) kase {
	return kase{
		name: "memory/" + name, unit: "GB/s", work: bytes / 1e9, yard: copyRate, load: bytes,
		prepare: func(m *memory) func(p *tensor.Pool) {
			m.fill()
			return call(m)
		},
	}
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
// a piece of 256 KiB, or, where they shall stay near, a worker's own piece again.
type memory struct {
	arrays
	kernels *asm.Kernels
	kernel  memoryKernel
	again   bool // a worker's own piece, near
	workers []workersOwn
}

// workersOwn is what each worker has of its own.
type workersOwn struct {
	sums [2][longRow]float64
	near []float32
}

const piece = 64 << 10

// newMemory returns arrays of n elements for copying; fill makes the third.
func newMemory(n int) *memory {
	a := arrays{x: numbers[float32](n), y: numbers[float32](n), col: numbers[float32](rowWidth), mean: numbers[float64](longRow)}
	return &memory{arrays: a, kernels: asm.Active()}
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
	m.start(p, k, (len(m.x)+piece-1)/piece, false)
}

func (m *memory) start(p *tensor.Pool, k memoryKernel, tasks int, again bool) {
	m.kernel, m.again = k, again
	for len(m.workers) < p.Threads() {
		m.workers = append(m.workers, workersOwn{near: numbers[float32](piece)})
	}
	p.Run(tasks, m)
}

// A kernel goes over what is near for part of a millisecond, and few times: those that change what
// they read would make denormal numbers of it.
const (
	nearTasks = 16 // each thread's
	nearTries = 5
)

// nearRate is what a kernel moves of arrays in the second-level cache in GB/s, the median of a few tries;
// nil where there is no piece for each worker.
func (m *memory) nearRate(p *tensor.Pool, k memoryKernel) *float64 {
	if len(m.x) < p.Threads()*piece {
		return nil
	}
	tasks := nearTasks * p.Threads()
	call := func() { m.start(p, k, tasks, true) }
	call()
	var rates []float64
	for range nearTries {
		rates = append(rates, 4*k.words*float64(tasks*piece)/1e9/clock(call, 1).Seconds())
	}
	rate := quantile(rates, 0.5)
	return &rate
}

// Do implements tensor.Job.
func (m *memory) Do(worker, task int) {
	if m.again {
		task = worker
	}
	lo, hi := task*piece, min(len(m.x), (task+1)*piece)
	a, own := m.arrays, &m.workers[worker]
	a.x, a.y, a.near, a.s, a.q = a.x[lo:hi], a.y[lo:hi], own.near, own.sums[0][:], own.sums[1][:]
	if m.z != nil {
		a.z = m.z[lo:hi]
	}
	m.kernel.run(m.kernels, a)
}

// gigabytes is what a run of the kernel moves.
func (m *memory) gigabytes(k memoryKernel) float64 {
	return 4 * k.words * float64(len(m.x)) / 1e9
}

// view returns the memory of x as elements of another type.
func view[T byte | int32 | float64](x []float32) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x)/int(unsafe.Sizeof(*new(T))))
}
