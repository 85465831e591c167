package tensor

import (
	"math"

	"randalign/asm"
)

// MeanSquaredError returns the mean of (x[i]-target[i])^2, each difference and
// square in float64, summed over asm.Lanes lanes. Unless grad is nil,
// grad[i] = 2*(x[i]-target[i])/len(x), rounded once to T. grad may be x. The
// mean of nothing is 0.
func MeanSquaredError[T Float](x, target, grad []T) float64 {
	lengths("mean squared error", len(x), len(target))
	if len(x) == 0 {
		return 0
	}
	if grad != nil {
		lengths("mean squared error", len(x), len(grad))
	}
	var lane [asm.Lanes]float64
	n := float64(len(x))
	for i, v := range x {
		d := float64(v) - float64(target[i])
		l := i % asm.Lanes
		lane[l] = math.FMA(d, d, lane[l])
		if grad != nil {
			grad[i] = T(2 * d / n)
		}
	}
	return asm.Tree(&lane) / n
}
