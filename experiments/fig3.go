package experiments

// runFig3 trains on real labels from five starts that differ in the first
// layer's filters only.
func runFig3(e *Env, r *Record) error {
	l, err := e.open()
	if err != nil {
		return err
	}
	scratch := scratchArm()
	pretrained := &arm{name: "pre-trained", start: startSpec{From: "pretrained", Rescaled: true}}
	covariance := &arm{name: "covariance", start: startSpec{From: "covariance", Rescaled: true}}
	raw := &arm{name: "pre-trained, not rescaled", start: startSpec{From: "pretrained"}}
	arms := []*arm{scratch, covariance, pretrained, raw}
	if err := l.trainArms("figure 3", l.Preset.CNN(), arms); err != nil {
		return err
	}
	l.describe(r, "upstream", "downstream")
	r.Set("starts", "only the first layer's filters differ; covariance: filters drawn from N(0, E[w w^T]) of that seed's pre-trained filters; rescaled to the l2 norm of a fresh start unless said otherwise")
	if err := l.showArms(r, "starts", "Training on real labels after random ones", arms); err != nil {
		return err
	}
	end := func(a *arm) []float64 { return collect(a.runs, func(x *run) float64 { return x.TestEnd }) }
	const steps = "steps to 80 % training accuracy, paired by seed: "
	r.Claim(
		Above("A covariance start is faster than a fresh one", steps+"scratch/covariance", covariance.ratio(scratch), 1),
		Above("Pre-trained filters are faster than fresh ones", steps+"scratch/pre-trained", pretrained.ratio(scratch), 1),
		Within("The covariance is as good as the filters themselves", steps+"covariance/pre-trained", pretrained.ratio(covariance), 0.8, 1.25),
		Within("The final test accuracy does not suffer", "test accuracy at the end, covariance less scratch, paired by seed", DiffCI(end(covariance), end(scratch), 0.95), -0.03, 0.03),
	)
	rateNote(r)
	r.Note("Weights grow during pre-training; without rescaling the comparison mixes alignment with size. Both are shown, and the claims are about rescaled filters.")
	return nil
}
