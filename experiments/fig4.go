package experiments

import (
	"fmt"

	"randalign/nn"
)

// fig4Maps are mappings chosen by hand, one of each reasonable shape.
var fig4Maps = []struct{ name, mapping string }{
	{"peaked", "unimodal"},
	{"falling", "decreasing"},
	{"rising", "increasing"},
	{"cut off", "cutoff"},
}

// runFig4 starts the first layer by mappings chosen by hand, from the data
// alone.
func runFig4(e *Env, r *Record) error {
	l, err := e.open()
	if err != nil {
		return err
	}
	scratch := scratchArm()
	arms := []*arm{scratch}
	for _, m := range fig4Maps {
		arms = append(arms, l.eigenmapArm(m.name, m.mapping, 1))
	}
	if err := l.trainArms("figure 4", l.Preset.CNN(), arms); err != nil {
		return err
	}
	l.describe(r, "downstream")
	if err := l.showArms(r, "mappings", "First layer drawn by a mapping chosen by hand", arms); err != nil {
		return err
	}
	panel := Panel{X: Axis{Title: "sigma", Log: true}, Y: Axis{Title: "f, largest value 1"}}
	for _, m := range fig4Maps {
		f, err := nn.ParseMapping(m.mapping)
		if err != nil {
			return err
		}
		s := Series{Name: m.name, Marker: MarkerAll}
		_, sigma, _ := l.mapping(make([]float32, 2*l.filterDim()))
		top := 0.0
		for _, u := range sigma {
			top = max(top, f.At(u))
		}
		for _, u := range sigma {
			s.X, s.Y = append(s.X, u), append(s.Y, f.At(u)/top)
		}
		panel.Series = append(panel.Series, s)
	}
	if err := r.Chart("families", "The mappings at the data's own standard deviations.", &Chart{Title: "The mappings", Description: "Four shapes of f over sigma.", Panels: []Panel{panel}}); err != nil {
		return err
	}
	for i, m := range fig4Maps {
		r.Set(m.name, m.mapping)
		r.Claim(Above(fmt.Sprintf("A first layer by the %s mapping is faster than a fresh one", m.name), "steps to 80 % training accuracy, paired by seed: scratch/"+m.name, arms[i+1].ratio(scratch), 1))
	}
	r.Claim(Within("Which reasonable mapping is used matters little", "steps to 80 %, paired by seed: falling/peaked", arms[1].ratio(arms[2]), 0.8, 1.25))
	rateNote(r)
	return nil
}
