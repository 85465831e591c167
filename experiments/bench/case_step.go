package bench

import (
	"fmt"

	"randalign/nn"
	"randalign/tensor"
)

// stepCases are what else a run does on one thread, in millions of elements a second: the
// arithmetic of a loss and the drawing of random numbers, which no yardstick measures.
func stepCases() []kase {
	const drawn = 64 << 10
	var cases []kase
	add := func(name string, elements int, prepare func() func()) {
		cases = append(cases, kase{
			name: "step/" + name, unit: "M/s", work: float64(elements) / 1e6, solo: true,
			prepare: func(*memory) func(p *tensor.Pool) {
				call := prepare()
				return func(*tensor.Pool) { call() }
			},
		})
	}
	for _, classes := range []int{10, 1000} {
		const rows = 256
		add(fmt.Sprintf("cross-entropy/%dx%d", rows, classes), rows*classes, func() func() {
			logits, grad, labels := numbers[float32](rows*classes), numbers[float32](rows*classes), make([]int32, rows)
			for i := range labels {
				labels[i] = int32(i % classes)
			}
			return func() { nn.CrossEntropy(logits, labels, rows, classes, grad) }
		})
	}
	add("normal", drawn, func() func() {
		s, x := tensor.NewStream(1, "bench"), numbers[float32](drawn)
		return func() { tensor.FillNormal(s, x, 1) }
	})
	add("dropout-mask", drawn, func() func() {
		s, x := tensor.NewStream(1, "bench"), numbers[float32](drawn)
		return func() { tensor.DropoutMask(s, x, 0.5) }
	})
	return cases
}
