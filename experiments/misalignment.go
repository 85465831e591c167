package experiments

import (
	"fmt"
	"math"

	"randalign/linalg"
)

// runMisalignment follows misalignment, control and floor through the trainings
// on random and on real labels.
func runMisalignment(e *Env, r *Record) error {
	l, random, real, err := e.bothLabels()
	if err != nil {
		return err
	}
	l.describe(r, "upstream", "downstream")
	r.Set("misalignment", fmt.Sprintf("of the second moment of the first layer's filters against the covariance of all training patches; control: %d Haar bases; floor: %d samples of as many aligned Gaussian filters", controlDraws, floorDraws))
	chart := &Chart{Title: "Misalignment stays at its floor while its control grows", Columns: 2,
		Description: "Misalignment of the weights by epoch with its control and its finite-sample floor, for random and real labels."}
	table := Table{Name: "misalignment", Title: "Misalignment by epoch, filters of all seeds pooled", Columns: []string{"labels", "epoch", "training accuracy (epoch mean)", "misalignment", "control", "floor", "position"}}
	for _, arm := range []struct {
		name string
		runs []*run
	}{{"random", random}, {"real", real}} {
		epochs := len(arm.runs[0].Filters)
		var mis, control, floor [][]float64
		for _, x := range arm.runs {
			var m, c, f []float64
			for t := range x.Filters {
				a, err := l.align(x.Filters[t])
				if err != nil {
					return err
				}
				m, c, f = append(m, a.Misalignment), append(c, a.Control.Mean), append(f, a.Floor.Mean)
			}
			mis, control, floor = append(mis, m), append(control, c), append(floor, f)
		}
		band := func(name string, s [][]float64, color int) Series {
			y, lo, hi := spread(s)
			return Series{Name: name, X: counted(0, epochs), Y: y, Lo: lo, Hi: hi, Marker: MarkerNone, Color: color}
		}
		chart.Panels = append(chart.Panels, Panel{Title: arm.name + " labels", X: Axis{Title: "epoch"}, Y: Axis{Title: "misalignment"},
			Series: []Series{band("control (random bases)", control, 2), band("weights", mis, 1), band("floor (aligned sample)", floor, 3)}})

		for t := range epochs {
			a, err := l.align(pool(arm.runs, t))
			if err != nil {
				return err
			}
			position := math.NaN()
			if a.PositionKnown {
				position = a.Position
			}
			acc := math.NaN()
			if t > 0 {
				acc = Mean(collect(arm.runs, func(x *run) float64 { return Mean(x.Batches[(t-1)*x.Per : min(t*x.Per, len(x.Batches))]) }))
			}
			table.Rows = append(table.Rows, Cells(arm.name, t, acc, a.Misalignment, a.Control.Mean, a.Floor.Mean, position))
		}
		pos := make([]float64, len(arm.runs))
		for i := range arm.runs {
			n := epochs - 1
			pos[i] = (mis[i][n] - floor[i][n]) / (control[i][n] - floor[i][n])
		}
		at := func(stat func(a *linalg.Report) float64) (Estimate, error) {
			return pooled(arm.runs, -1, func(f []float32) (float64, error) {
				a, err := l.align(f)
				if err != nil {
					return 0, err
				}
				return stat(a), nil
			})
		}
		growth, err := at(func(a *linalg.Report) float64 { return a.Control.Mean / a.Floor.Mean })
		if err != nil {
			return err
		}
		position, err := at(func(a *linalg.Report) float64 {
			return (a.Misalignment - a.Floor.Mean) / (a.Control.Mean - a.Floor.Mean)
		})
		if err != nil {
			return err
		}
		together := fmt.Sprintf("%d filters of all seeds pooled, jackknife over seeds", len(arm.runs)*e.Preset.Filters)
		r.Claim(
			Above(fmt.Sprintf("Trained on %s labels, the filters are far from isotropic", arm.name), "control over floor at the end, "+together, growth, 3),
			Below(fmt.Sprintf("and yet aligned with the data (%s labels)", arm.name), "position of the misalignment between floor (0) and control (1), "+together, position, 0.1),
			Below(fmt.Sprintf("also the filters of a single seed (%s labels)", arm.name), fmt.Sprintf("position, %d filters of one seed, mean over seeds", e.Preset.Filters), MeanCI(pos, 0.95), 0.1),
		)
	}
	if err := r.Chart("misalignment", "Mean over seeds, shaded: one standard deviation. Weights aligned with the data lie at the floor, the misalignment of a finite sample of aligned filters; the control is what weights of this shape but another basis would show.", chart); err != nil {
		return err
	}
	r.digests("weights after random labels", random, e.seeds())
	r.digests("weights after real labels", real, e.seeds())
	return r.Table(table)
}
