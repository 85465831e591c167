package bench

import (
	"math/rand/v2"

	"randalign/tensor"
)

// kase is a case to be measured, for one thread and for all.
type kase struct {
	name string
	unit string    // of the value; "ms" is a call's time, all others are rates
	work float64   // what a call does, in that unit times a second
	yard yardstick // what it is held against
	load float64   // what a call does, in FLOP or bytes, of the yardstick
	solo bool      // it knows no threads
	// prepare makes the operands, touched, and returns the call.
	prepare func(m *memory) func(p *tensor.Pool)
	// near, which may be nil, is the value where the caches hold the operands; it may be nil, too.
	near func(m *memory, p *tensor.Pool) *float64
}

const milliseconds = "ms"

func (c *kase) value(seconds float64) float64 {
	if c.unit == milliseconds {
		return 1e3 * seconds
	}
	return c.work / seconds
}

// flops is a case whose value is its rate of operations.
func flops(name string, yard yardstick, n float64, prepare func() func(p *tensor.Pool)) kase {
	return kase{name: name, unit: "GFLOP/s", work: n / 1e9, yard: yard, load: n, prepare: func(*memory) func(p *tensor.Pool) { return prepare() }}
}

// numbers returns n values between -0.5 and 0.5.
func numbers[T tensor.Float](n int) []T {
	x := tensor.Make[T](n)
	fill(x)
	return x
}

// fill draws a period of numbers and repeats it, since drawing takes longer than
// measuring.
func fill[T tensor.Float](x []T) {
	const period = 4099 // no stride of a matrix meets it
	rng := rand.New(rand.NewPCG(1, 2))
	head := x[:min(len(x), period)]
	for i := range head {
		head[i] = T(rng.Float64() - 0.5)
	}
	for i := period; i < len(x); i += period {
		copy(x[i:], head)
	}
}

// yardOf returns the peak and the name of the type T.
func yardOf[T tensor.Float]() (yardstick, string) {
	if _, ok := any(T(0)).(float32); ok {
		return peakF32, "f32"
	}
	return peakF64, "f64"
}
