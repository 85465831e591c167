package nn

import (
	"math"
	"math/bits"
	"strings"
)

// Plan says what a training step of a network costs, before anything is
// allocated for it. Counts that no int can hold stand at math.MaxInt.
type Plan struct {
	Spec    string      `json:"spec"`
	In      Shape       `json:"input"`
	Classes int         `json:"classes"`
	Batch   int         `json:"batch"`
	Layers  []PlanLayer `json:"layers"`
	Params  int         `json:"parameters"`
	// StepFLOPs counts the matrix products of one step, a multiplication and an
	// addition as two: forward, the gradients of the weights and, but for the
	// first layer with weights, those of the inputs.
	StepFLOPs float64    `json:"step_flops"`
	Memory    PlanMemory `json:"memory_bytes"`
}

// PlanLayer is one layer of a Plan.
type PlanLayer struct {
	Element string  `json:"element"` // as in the SPEC
	Out     Shape   `json:"output"`
	Params  int     `json:"parameters"`
	FanIn   int     `json:"fan_in"`        // inputs of one output of the weight, 0 for none
	FLOPs   float64 `json:"forward_flops"` // of the matrix product for one example
}

// PlanMemory is what float32 training holds, in bytes. The workers' packing
// buffers, some MB each, come on top.
type PlanMemory struct {
	Weights     int `json:"weights"`
	Gradients   int `json:"gradients"`
	Momentum    int `json:"momentum"`
	Activations int `json:"activations"` // the batch itself, and the output of each layer
	Deltas      int `json:"deltas"`      // the two gradients on their way back
	Total       int `json:"total"`
}

// NewPlan returns the plan of the network arch (a name or a SPEC) for batches
// of examples of shape in. Its errors are those of NewModel.
func NewPlan(arch string, in Shape, classes, batch int) (*Plan, error) {
	spec := ExpandArch(arch)
	layers, err := buildLayers[float32](spec, in, classes)
	if err != nil {
		return nil, err
	}
	p := &Plan{Spec: spec, In: in, Classes: classes, Batch: batch}
	elements := strings.Split(spec, ",")
	held, first := in.Size(), true
	for i, l := range layers {
		pl := PlanLayer{Element: strings.TrimSpace(elements[i]), Out: l.Out()}
		passes := 3.0
		for _, w := range l.Params() {
			pl.Params = addSaturated(pl.Params, w.Size())
			if w.FanIn > 0 {
				pl.FanIn = w.FanIn
				positions := l.Out().Size() / w.Shape[0]
				pl.FLOPs += 2 * float64(w.Size()) * float64(positions)
				if first {
					passes, first = 2, false
				}
			}
		}
		if !l.InPlace() || i == 0 {
			held = addSaturated(held, l.Out().Size())
		}
		p.Params = addSaturated(p.Params, pl.Params)
		p.StepFLOPs += passes * pl.FLOPs * float64(batch)
		p.Layers = append(p.Layers, pl)
	}
	const float = 4
	m := &p.Memory
	m.Weights = mulSaturated(float, p.Params)
	m.Gradients, m.Momentum = m.Weights, m.Weights
	m.Activations = mulSaturated(mulSaturated(float, batch), held)
	back := backwardSizes(layers)
	m.Deltas = mulSaturated(mulSaturated(float, batch), addSaturated(back[0], back[1]))
	for _, b := range []int{m.Weights, m.Gradients, m.Momentum, m.Activations, m.Deltas} {
		m.Total = addSaturated(m.Total, b)
	}
	return p, nil
}

// backwardSizes returns the values of an example that each of the two buffers
// of Backward holds; see Model.reserveGrad.
func backwardSizes(layers []Layer[float32]) (size [2]int) {
	turn := 0
	for i := len(layers) - 1; i >= 0; i-- {
		size[turn] = max(size[turn], layers[i].Out().Size())
		if !layers[i].InPlace() {
			turn = 1 - turn
		}
	}
	return size
}

// mulSaturated and addSaturated stop at math.MaxInt; their arguments are not negative.
func mulSaturated(a, b int) int {
	if hi, lo := bits.Mul64(uint64(a), uint64(b)); hi == 0 && lo <= math.MaxInt {
		return int(lo)
	}
	return math.MaxInt
}

func addSaturated(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}
