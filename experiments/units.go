package experiments

import "fmt"

// runUnits counts the ReLU units that are 0 for every input.
func runUnits(e *Env, r *Record) error {
	l, err := e.open()
	if err != nil {
		return err
	}
	runs, err := l.upstream()
	if err != nil {
		return err
	}
	l.describe(r, "upstream")
	states := []string{"fresh", "pre-trained, its own inputs", "pre-trained, the second task's inputs"}
	layers := len(runs[0].Units[0])
	var categories []string
	for i := range layers {
		categories = append(categories, fmt.Sprintf("ReLU %d", i+1))
	}
	dead := &Chart{Title: "Dead units", Description: "Share of units that are zero for every input, by layer.", Panels: []Panel{{Categories: categories, X: Axis{Title: "layer"}, Y: Axis{Title: "share of dead units"}}}}
	mean := &Chart{Title: "Mean activation", Description: "Mean output of the units by layer.", Panels: []Panel{{Categories: categories, X: Axis{Title: "layer"}, Y: Axis{Title: "mean output (share of the trained network's on its own inputs)"}}}}
	table := Table{Name: "units", Title: "Units by layer, mean over seeds", Columns: []string{"state", "layer", "units", "dead", "active share of outputs", "mean output"}}
	for s, name := range states {
		deadBars, meanBars := Series{Name: name, ErrorBars: true}, Series{Name: name, ErrorBars: true}
		for i := range layers {
			share := collect(runs, func(x *run) float64 { return float64(x.Units[s][i].Dead) / float64(x.Units[s][i].Units) })
			level := collect(runs, func(x *run) float64 { return x.Units[s][i].Mean / x.Units[1][i].Mean })
			for _, b := range []struct {
				s *Series
				v []float64
			}{{&deadBars, share}, {&meanBars, level}} {
				m, sd := Mean(b.v), Std(b.v)
				b.s.Y, b.s.Lo, b.s.Hi = append(b.s.Y, m), append(b.s.Lo, m-sd), append(b.s.Hi, m+sd)
			}
			table.Rows = append(table.Rows, Cells(name, i+1, runs[0].Units[s][i].Units,
				Mean(collect(runs, func(x *run) float64 { return float64(x.Units[s][i].Dead) })),
				Mean(collect(runs, func(x *run) float64 { return x.Units[s][i].Active })),
				Mean(collect(runs, func(x *run) float64 { return x.Units[s][i].Mean }))))
		}
		dead.Panels[0].Series = append(dead.Panels[0].Series, deadBars)
		mean.Panels[0].Series = append(mean.Panels[0].Series, meanBars)
	}
	if err := r.Chart("dead", "Mean over seeds; bars: one standard deviation. A unit is dead when it is 0 for every image (and position) of the set.", dead); err != nil {
		return err
	}
	if err := r.Chart("activation", "Mean over seeds; bars: one standard deviation.", mean); err != nil {
		return err
	}
	if err := r.Table(table); err != nil {
		return err
	}
	for i := range layers {
		own := collect(runs, func(x *run) float64 { return float64(x.Units[1][i].Dead) / float64(x.Units[1][i].Units) })
		second := collect(runs, func(x *run) float64 { return float64(x.Units[2][i].Dead) / float64(x.Units[2][i].Units) })
		fall := collect(runs, func(x *run) float64 { return x.Units[2][i].Mean / x.Units[1][i].Mean })
		r.Claim(
			Above(fmt.Sprintf("Pre-training on random labels leaves units of layer %d dead for the second task", i+1), "share of units that are 0 for all inputs of the second task", MeanCI(second, 0.95), 0),
			Above(fmt.Sprintf("More of them than for its own inputs (layer %d)", i+1), "difference of the shares, paired by seed", DiffCI(second, own, 0.95), 0),
			Below(fmt.Sprintf("Activations fall at the switch (layer %d)", i+1), "mean output on the second task's inputs over that on its own", MeanCI(fall, 0.95), 1),
		)
	}
	return nil
}
