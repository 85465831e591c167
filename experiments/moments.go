package experiments

import (
	"randalign/linalg"
	"randalign/nn"
)

// secondMoment returns E[w w^T] of filters of dimension d, no mean subtracted.
func secondMoment(filters []float32, d int) *linalg.Mat {
	return nn.SecondMoment(filters, len(filters)/d)
}
