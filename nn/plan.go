package nn

import (
	"math"
	"math/bits"
)

// Plan says what a training step of a network costs, before anything is
// allocated for it. Counts that no int can hold stand at math.MaxInt.
type Plan struct {
	Arch    string      `json:"arch"`
	Spec    string      `json:"spec"`
	In      Shape       `json:"input"`
	Classes int         `json:"classes"`
	Batch   int         `json:"batch"`
	Layers  []PlanLayer `json:"layers"`
	Params  int         `json:"parameters"` // trained
	Buffers int         `json:"buffers"`    // values that follow from the data
	// StepFLOPs counts the matrix products of one step, a multiplication and an
	// addition as two: forward, the gradients of the weights and, but for what
	// the first layer with weights reads, those of the inputs. Convolutions count
	// as the direct algorithm's, also where another does a fraction of that.
	StepFLOPs float64    `json:"step_flops"`
	Memory    PlanMemory `json:"memory_bytes"`
}

// PlanLayer is one layer of a Plan.
type PlanLayer struct {
	Element string  `json:"element"`          // as in the SPEC
	Name    string  `json:"name"`             // of the module: "0", "layer1.0.conv1"
	Weight  string  `json:"weight,omitempty"` // the weight's tensor, of conv and dense layers
	Out     Shape   `json:"output"`
	Params  int     `json:"parameters"`
	FanIn   int     `json:"fan_in"`        // inputs of one output of the weight, 0 for none
	FLOPs   float64 `json:"forward_flops"` // of the matrix product for one example
}

// PlanMemory is what float32 training holds, in bytes. The workers' packing
// buffers, some MB each, come on top, and what Winograd convolutions transform: up
// to some 40 MB for 512 channels.
type PlanMemory struct {
	Weights   int `json:"weights"`   // running statistics included
	Gradients int `json:"gradients"` // without those of weights that take their step on the way back
	Momentum  int `json:"momentum"`
	Input     int `json:"input"` // the batch itself
	// Arena holds the layers' outputs and the gradients on their way back, which
	// share memory where one is no longer read before the other is written, and
	// what layers note; Unshared is what they would take side by side.
	Arena    int `json:"arena"`
	Unshared int `json:"unshared"`
	Total    int `json:"total"` // without Unshared
}

// NewPlan returns the plan of the network arch (a name or a SPEC) for batches
// of examples of shape in. Its errors are those of NewModel.
func NewPlan(arch string, in Shape, classes, batch int) (*Plan, error) {
	spec := ExpandArch(arch)
	g, err := buildGraph[float32](spec, in, classes)
	if err != nil {
		return nil, err
	}
	p := &Plan{Arch: arch, Spec: spec, In: in, Classes: classes, Batch: batch}
	memory := planMemory(g.nodes(), batch, true)
	first := true
	notes, gradients := 0, 0
	for i, l := range g.layers {
		notes = addSaturated(notes, mulSaturated(l.Needs().Notes, batch))
		pl := PlanLayer{Element: g.texts[i], Name: g.paths[i], Out: l.Out()}
		passes := 3.0
		for _, w := range l.Params() {
			if w.Buffer {
				p.Buffers = addSaturated(p.Buffers, w.Size())
				continue
			}
			pl.Params = addSaturated(pl.Params, w.Size())
			if w != descendedOf(l) {
				gradients = addSaturated(gradients, w.Size())
			}
			if w.FanIn > 0 {
				pl.FanIn, pl.Weight = w.FanIn, w.Name
				positions := l.Out().Size() / w.Shape[0]
				pl.FLOPs += 2 * float64(w.Size()) * float64(positions)
				if first {
					passes, first = 2, false
				}
			}
		}
		p.Params = addSaturated(p.Params, pl.Params)
		p.StepFLOPs += passes * pl.FLOPs * float64(batch)
		p.Layers = append(p.Layers, pl)
	}
	const float = 4
	m := &p.Memory
	m.Gradients = mulSaturated(float, gradients)
	m.Momentum = mulSaturated(float, p.Params)
	m.Weights = mulSaturated(float, addSaturated(p.Params, p.Buffers))
	m.Input = mulSaturated(mulSaturated(float, batch), in.Size())
	m.Arena, m.Unshared = addSaturated(mulSaturated(float, memory.values), notes), addSaturated(mulSaturated(float, memory.unshared), notes)
	for _, b := range []int{m.Weights, m.Gradients, m.Momentum, m.Input, m.Arena} {
		m.Total = addSaturated(m.Total, b)
	}
	return p, nil
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
