package experiments

import "fmt"

// fig5Map is the mapping of figure 5: peaked, as training on random labels makes it.
const fig5Map = "unimodal"

// runFig5 starts 0, 1, 2 and all layers by the eigenvalue mapping, on the
// study's convolutional network and on one without convolutions.
func runFig5(e *Env, r *Record) error {
	l, err := e.open()
	if err != nil {
		return err
	}
	l.describe(r, "downstream")
	r.Set("mapping", fig5Map+": u/(1+u^2), u = sigma for patches of the images, sigma over the mean of the 20 leading ones elsewhere; each tensor rescaled to the fresh l2 norm")
	r.Set("epochs of "+l.Preset.MLP, l.Preset.MLPEpochs)
	r.Set("samples for a dense layer", l.Preset.MeasureSamples)
	for _, net := range []struct{ name, arch string }{{"simple-cnn", l.Preset.CNN()}, {l.Preset.MLP, l.Preset.MLP}} {
		scratch := scratchArm()
		scratch.name = "no layer"
		one, two, all := l.eigenmapArm("one layer", fig5Map, 1), l.eigenmapArm("two layers", fig5Map, 2), l.eigenmapArm("all layers", fig5Map, 0)
		arms := []*arm{scratch, one, two, all}
		if err := l.trainArms("figure 5, "+net.name, net.arch, arms); err != nil {
			return err
		}
		if err := l.showArms(r, slug("layers-"+net.name), "Layers started by the mapping: "+net.name, arms); err != nil {
			return err
		}
		const steps = "steps to 80 % training accuracy, paired by seed: "
		r.Claim(
			Above(net.name+": one layer by the mapping is faster than none", steps+"none/one", one.ratio(scratch), 1),
			Above(net.name+": two layers are faster than none", steps+"none/two", two.ratio(scratch), 1),
			Above(net.name+": all layers are faster than none", steps+"none/all", all.ratio(scratch), 1),
			Above(net.name+": the second layer adds to the first", steps+"one/two", two.ratio(one), 1),
		)
		dead := 0
		for _, a := range arms[1:] {
			for _, x := range a.runs {
				for _, u := range x.Units[0] {
					dead += u.Dead
				}
			}
		}
		r.Set("dead units at the start, "+net.name, fmt.Sprintf("%d over all eigenmap starts", dead))
	}
	rateNote(r)
	return nil
}
