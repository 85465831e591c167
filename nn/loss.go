package nn

import (
	"fmt"

	"randalign/tensor"
)

// Objective is what training makes small.
type Objective string

const (
	// ObjectiveCrossEntropy, and the zero value, is the mean over examples of
	// -log softmax(logits)[label].
	ObjectiveCrossEntropy Objective = "cross-entropy"
	// ObjectiveSquaredError is the mean over examples and classes of the squared
	// difference between the outputs and 1 at the label, 0 elsewhere.
	ObjectiveSquaredError Objective = "mse"
)

func (o Objective) check() error {
	switch o {
	case "", ObjectiveCrossEntropy, ObjectiveSquaredError:
		return nil
	}
	return fmt.Errorf("loss: found %q, expected %s or %s", string(o), ObjectiveCrossEntropy, ObjectiveSquaredError)
}

// lossTask rows make one task. Rows are independent.
const lossTask = 32

// crossEntropy computes a loss over the pool.
type crossEntropy[T tensor.Float] struct {
	objective  Objective
	x, grad    []T
	labels     []int32
	n, classes int
	row        []float64 // each row's loss
	right      []int32
}

// run is CrossEntropy, or SquaredError, over the pool.
func (j *crossEntropy[T]) run(p *tensor.Pool, o Objective, x []T, labels []int32, n, classes int, grad []T) (sum float64, correct int) {
	if len(j.row) < n {
		j.row, j.right = make([]float64, n), make([]int32, n)
	}
	j.objective, j.x, j.labels, j.n, j.classes, j.grad = o, x, labels, n, classes, grad
	p.Run((n+lossTask-1)/lossTask, j)
	j.x, j.labels, j.grad = nil, nil, nil
	for i, l := range j.row[:n] {
		sum += l
		correct += int(j.right[i])
	}
	return sum, correct
}

// Do implements tensor.Job.
func (j *crossEntropy[T]) Do(_, task int) {
	for i := task * lossTask; i < min((task+1)*lossTask, j.n); i++ {
		row := j.x[i*j.classes:][:j.classes]
		var grad []T
		if j.grad != nil {
			grad = j.grad[i*j.classes:][:j.classes]
		}
		label := int(j.labels[i])
		if j.objective == ObjectiveSquaredError {
			j.row[i] = squaredRow(row, label, j.n, grad)
		} else {
			j.row[i] = crossRow(row, label, j.n, grad)
		}
		j.right[i] = 0
		if largest(row) == label {
			j.right[i] = 1
		}
	}
}

// largest is the index of the largest element, the first of equals.
func largest[T tensor.Float](row []T) int {
	best := 0
	for c, x := range row {
		if x > row[best] {
			best = c
		}
	}
	return best
}

// CrossEntropy computes, for n rows of logits [n, classes], the sum over rows
// of -log softmax(logits)[label] in float64, and how many rows have their
// largest logit (the first of equals) at the label. Unless grad is nil, grad
// [n, classes] becomes the gradient of the mean: (softmax - onehot)/n. Every row
// is computed in float64 in class order and rows are added in order. Labels
// must lie in 0..classes-1.
func CrossEntropy[T tensor.Float](logits []T, labels []int32, n, classes int, grad []T) (sum float64, correct int) {
	return rows(logits, labels, n, classes, grad, crossRow[T])
}

// SquaredError is CrossEntropy for the mean over classes of (output - onehot)^2.
func SquaredError[T tensor.Float](outputs []T, labels []int32, n, classes int, grad []T) (sum float64, correct int) {
	return rows(outputs, labels, n, classes, grad, squaredRow[T])
}

func rows[T tensor.Float](x []T, labels []int32, n, classes int, grad []T, loss func(row []T, label, n int, grad []T) float64) (sum float64, correct int) {
	for i := range n {
		row := x[i*classes:][:classes]
		if largest(row) == int(labels[i]) {
			correct++
		}
		var out []T
		if grad != nil {
			out = grad[i*classes:][:classes]
		}
		sum += loss(row, int(labels[i]), n, out)
	}
	return sum, correct
}

// keptExps is up to how many classes a row's exponentials are kept, on the stack.
const keptExps = 128

// crossRow is the loss of one row, and its gradient over n unless grad is nil.
func crossRow[T tensor.Float](row []T, label, n int, grad []T) float64 {
	top := float64(row[largest(row)])
	var kept [keptExps]float64
	var z float64
	for c, x := range row {
		e := tensor.Exp(float64(x) - top)
		if c < keptExps {
			kept[c] = e
		}
		z += e
	}
	for c := range grad {
		e := kept[c%keptExps]
		if c >= keptExps {
			e = tensor.Exp(float64(row[c]) - top)
		}
		q := e / z
		if c == label {
			q--
		}
		grad[c] = T(q / float64(n))
	}
	return tensor.Log(z) - (float64(row[label]) - top)
}

func squaredRow[T tensor.Float](row []T, label, n int, grad []T) float64 {
	classes := float64(len(row))
	var sum float64
	for c, x := range row {
		d := float64(x)
		if c == label {
			d--
		}
		sum += float64(d * d)
		if grad != nil {
			grad[c] = T(2 * d / (classes * float64(n)))
		}
	}
	return sum / classes
}
