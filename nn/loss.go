package nn

import "randalign/tensor"

// CrossEntropy computes, for n rows of logits [n, classes], the sum over rows
// of -log softmax(logits)[label] in float64, and how many rows have their
// largest logit (the first of equals) at the label. Unless grad is nil, grad
// [n, classes] becomes the gradient of the mean: (softmax - onehot)/n. Every row
// is computed in float64 in class order and rows are added in order. Labels
// must lie in 0..classes-1.
func CrossEntropy[T tensor.Float](logits []T, labels []int32, n, classes int, grad []T) (sum float64, correct int) {
	var exps [64]float64 // of the first classes; those of further ones are computed twice
	for i := range n {
		row := logits[i*classes:][:classes]
		best := 0
		for c, x := range row {
			if x > row[best] {
				best = c
			}
		}
		label := int(labels[i])
		if best == label {
			correct++
		}
		top := float64(row[best])
		var z float64
		for c, x := range row {
			e := tensor.Exp(float64(x) - top)
			z += e
			if c < len(exps) {
				exps[c] = e
			}
		}
		sum += tensor.Log(z) - (float64(row[label]) - top)
		if grad == nil {
			continue
		}
		out := grad[i*classes:][:classes]
		for c, x := range row {
			var e float64
			if c < len(exps) {
				e = exps[c]
			} else {
				e = tensor.Exp(float64(x) - top)
			}
			q := e / z
			if c == label {
				q--
			}
			out[c] = T(q / float64(n))
		}
	}
	return sum, correct
}
