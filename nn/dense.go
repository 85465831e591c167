package nn

import "randalign/tensor"

// Dense is y = W x + b with W [Out, In] and b [Out] or none.
type Dense[T tensor.Float] struct {
	in, out      int
	weight, bias *Param[T] // bias may be nil
	relu         bool      // the ReLU behind it is done here
	reluGrad     bool      // and so is its gradient
	behindReLU   bool      // x is a ReLU's, whose gradient is done here
	edge         denseEdge[T]
	product      tensor.DenseForward[T]
	panels       tensor.DensePanels[T]
	packed       bool // panels holds the weights
	grad         tensor.DenseGrad[T]
}

func newDense[T tensor.Float](name string, in, out int, bias bool) *Dense[T] {
	d := &Dense[T]{in: in, out: out, weight: &Param[T]{Name: name + ".weight", Shape: []int{out, in}, FanIn: in}}
	if bias {
		d.bias = &Param[T]{Name: name + ".bias", Shape: []int{out}}
	}
	return d
}

// Kind implements Layer.
func (d *Dense[T]) Kind() string { return "dense" }

// Out implements Layer.
func (d *Dense[T]) Out() Shape { return Shape{d.out} }

// Params implements Layer.
func (d *Dense[T]) Params() []*Param[T] { return withBias(d.weight, d.bias) }

// denseOver inputs are worth their memory: dx takes the place of x, and its
// columns alone are shared out among the threads.
const denseOver = 4096

// Needs implements Layer.
func (d *Dense[T]) Needs() Needs {
	return Needs{Input: true, Output: d.reluGrad, SpoilsDelta: d.reluGrad, OverInput: d.in >= denseOver}
}

func (d *Dense[T]) fuse() { d.relu, d.reluGrad = true, true }

func (d *Dense[T]) leave() { d.reluGrad = false }

// Forward implements Layer. x is [n, In], y [n, Out].
func (d *Dense[T]) Forward(c *Pass, x, y []T) { d.forward(c, x, y, d.relu) }

// linear computes the outputs before the ReLU that is fused into the layer.
func (d *Dense[T]) linear(c *Pass, x, y []T) { d.forward(c, x, y, false) }

func (d *Dense[T]) forward(c *Pass, x, y []T, relu bool) {
	if d.packed && d.panels.Packed() {
		d.panels.Run(c.Pool, c.N, x, d.bias.value(), y, relu)
		return
	}
	d.product.Run(c.Pool, c.N, d.in, d.out, x, d.weight.Value, d.bias.value(), y, relu)
}

// prepack implements prepacks.
func (d *Dense[T]) prepack(p *tensor.Pool) {
	d.packed = d.panels.Pack(p, d.in, d.out, d.weight.Value)
}

func (d *Dense[T]) unpack() { d.packed = false }

// Backward implements Layer: dW = dy^T x, db the sum of dy over the examples in
// order, dx = dy W, where a ReLU made x as far as x is above 0.
func (d *Dense[T]) Backward(c *Pass, x, y, dy, dx []T) {
	d.backEdge(c, y, dy)
	d.grad.Run(c.Pool, c.N, d.in, d.out, x, d.weight.Value, dy, d.weight.Grad, dx, d.behindReLU)
}

func (d *Dense[T]) backEdge(c *Pass, y, dy []T) {
	d.edge.run(c.Pool, denseEdge[T]{n: c.N, out: d.out, y: y, dy: dy, bias: d.bias.grad(), relu: d.reluGrad})
}

// denseDescends weights do not stay in the caches from their gradient to their step, and
// denseFew outputs are so few that rows of their gradient, the weights and the momentum
// are long ones: then a step on the way back pays. Tests change the first.
var denseDescends = 1 << 22

const denseFew = 256

func (d *Dense[T]) descended() *Param[T] {
	if d.out > denseFew || d.in*d.out < denseDescends {
		return nil
	}
	return d.weight
}

// Descend implements descends.
func (d *Dense[T]) Descend(c *Pass, x, y, dy, dx []T, s tensor.Descent[T]) {
	d.backEdge(c, y, dy)
	s.V = d.weight.Velocity
	d.grad.Descend(c.Pool, c.N, d.in, d.out, x, d.weight.Value, dy, dx, d.behindReLU, s)
}

// denseColumns outputs make one task of what a dense layer does beside its
// products. Outputs do not depend on each other.
const denseColumns = 256

// denseEdge does the gradient of the ReLU and sums dy over the examples into the
// bias's.
type denseEdge[T tensor.Float] struct {
	n, out      int
	y, dy, bias []T // bias may be nil
	relu        bool
}

func (j *denseEdge[T]) run(p *tensor.Pool, what denseEdge[T]) {
	if what.bias == nil && !what.relu {
		return
	}
	*j = what
	p.Run((j.out+denseColumns-1)/denseColumns, j)
	*j = denseEdge[T]{}
}

// Do implements tensor.Job.
func (j *denseEdge[T]) Do(_, task int) {
	lo, hi := task*denseColumns, min((task+1)*denseColumns, j.out)
	if j.relu {
		for i := range j.n {
			g := j.dy[i*j.out+lo : i*j.out+hi]
			tensor.ReLUGrad(g, g, j.y[i*j.out+lo:i*j.out+hi])
		}
	}
	if j.bias != nil {
		tensor.SumRows(j.bias[lo:hi], j.dy[lo:], j.n, j.out)
	}
}
