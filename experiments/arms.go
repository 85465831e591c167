package experiments

import (
	"fmt"

	"randalign/nn"
)

// arm is one way to start the second training; arms of an experiment share
// images, labels, order of the batches and all weights that they do not replace.
type arm struct {
	name  string
	start startSpec
	runs  []*run
}

// target is the training accuracy by whose number of steps starts are compared.
const target = 0.8

// trainArms trains all arms with all seeds.
func (l *lab) trainArms(stage, arch string, arms []*arm) error {
	var all []runSpec
	for _, a := range arms {
		all = append(all, l.specs("downstream", arch, a.start)...)
	}
	runs, err := l.train(stage, all)
	if err != nil {
		return err
	}
	for i, a := range arms {
		a.runs = runs[i*len(l.sets) : (i+1)*len(l.sets)]
	}
	return nil
}

func scratchArm() *arm { return &arm{name: "from scratch"} }

// eigenmapArm starts the first layers by a mapping of the data's own
// eigenvectors; 0 layers means all.
func (l *lab) eigenmapArm(name, mapping string, layers int) *arm {
	return &arm{name: name, start: startSpec{From: "eigenmap", Rescaled: true, Map: mapping, Layers: layers, Match: nn.MatchNorm, Samples: l.Preset.MeasureSamples}}
}

// steps returns the steps to the target of each seed, and how many seeds never
// reached it; those count with the length of the run, which is too few.
func (a *arm) steps() (steps []float64, missed int) {
	for _, r := range a.runs {
		s, ok := r.stepsTo(target)
		if !ok {
			missed++
		}
		steps = append(steps, s)
	}
	return steps, missed
}

// ratio is the ratio of the steps to the target, base over a, paired by seed:
// above 1 where a is faster.
func (a *arm) ratio(base *arm) Estimate {
	x, _ := base.steps()
	y, _ := a.steps()
	return RatioCI(x, y, 0.95)
}

// showArms writes the accuracy curves and the table of steps of the arms.
func (l *lab) showArms(r *Record, name, title string, arms []*arm) error {
	train := Panel{Title: "training accuracy", X: Axis{Title: "step"}, Y: Axis{Title: "accuracy", Range: [2]float64{0, 1}}, HLines: []RefLine{{target, fmt.Sprintf("%.0f %%", 100*target)}}}
	test := Panel{Title: "test accuracy", X: Axis{Title: "epoch"}, Y: Axis{Title: "accuracy"}}
	table := Table{Name: name, Title: "Steps to " + fmt.Sprintf("%.0f %%", 100*target) + " training accuracy, and the end", Columns: []string{"start", "seed", "steps", "reached", "training accuracy at the end", "test accuracy at the end", "dead units, layer by layer"}}
	for _, a := range arms {
		var curves, tests [][]float64
		var epochs []float64
		shortest := len(a.runs[0].Batches)
		for _, x := range a.runs {
			shortest = min(shortest, len(x.Batches))
		}
		for i, x := range a.runs {
			curves = append(curves, x.curve()[:shortest])
			steps, ok := x.stepsTo(target)
			var dead []int
			for _, u := range x.Units[1] {
				dead = append(dead, u.Dead)
			}
			table.Rows = append(table.Rows, Cells(a.name, l.sets[i].seed, steps, ok, x.Train, x.TestEnd, fmt.Sprint(dead)))
			if x.Diverged != "" {
				r.Note("%s, seed %d: %s", a.name, l.sets[i].seed, x.Diverged)
			}
			if len(x.Test) == len(a.runs[0].Test) {
				var y []float64
				epochs = epochs[:0]
				for _, p := range x.Test {
					epochs, y = append(epochs, p.Epoch), append(y, p.Value)
				}
				tests = append(tests, y)
			}
		}
		if shortest > 0 {
			y, lo, hi := spread(curves)
			train.Series = append(train.Series, Series{Name: a.name, X: counted(1, shortest), Y: y, Lo: lo, Hi: hi, Marker: MarkerNone})
		}
		if len(epochs) > 0 {
			y, lo, hi := spread(tests)
			test.Series = append(test.Series, Series{Name: a.name, X: epochs, Y: y, Lo: lo, Hi: hi})
		}
		if _, missed := a.steps(); missed > 0 {
			r.Note("%s: %d of %d seeds never reach %.0f %%; they count with the length of the run, so that the ratio flatters this start.", a.name, missed, len(a.runs), 100*target)
		}
		r.digests(a.name, a.runs, l.seeds())
	}
	if err := r.Chart(name, "Mean over seeds; shaded: one standard deviation. The training accuracy is that of the batches before their update, averaged over one epoch's batches around the step.",
		&Chart{Title: title, Description: "Accuracy curves of the starts.", Columns: 2, Panels: []Panel{train, test}}); err != nil {
		return err
	}
	return r.Table(table)
}

// rateNote says what all comparisons of starts have in common.
func rateNote(r *Record) {
	r.Note("All starts are compared at one learning rate, not each at its best one.")
}
