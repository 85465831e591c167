package experiments

import (
	"fmt"
	"math"

	"randalign/nn"
	"randalign/tensor"
)

// runFig2 measures the eigenvalue mapping: (a) of networks on Gaussian data,
// (b) of simple-cnn on random labels and (c) on real ones.
func runFig2(e *Env, r *Record) error {
	if len(e.Preset.Gaussian) < 3 {
		r.Note("This preset leaves out the published settings with 2048 units and 10,000 examples; larger presets train them.")
	}
	for _, g := range e.Preset.Gaussian {
		if err := gaussianPanel(e, r, g); err != nil {
			return err
		}
	}
	l, random, real, err := e.bothLabels()
	if err != nil {
		return err
	}
	l.describe(r, "upstream", "downstream")
	if err := l.imagePanel(r, "random", "b", random); err != nil {
		return err
	}
	return l.imagePanel(r, "real", "c", real)
}

// gaussianRun is one training of figure 2a: the mean square of the first
// layer's weights along each coordinate, and the accuracy on the labels.
type gaussianRun struct {
	Square   []float64
	Accuracy float64
	Digest   string
}

// network trains run i of a Gaussian setting and returns its data too. Data,
// labels, weights and order of each run are its own.
func (g GaussianSetting) network(e *Env, std []float64, i int, p *tensor.Pool, tick func()) (*nn.Model[float32], *nn.Data, error) {
	seed := e.Seed + uint64(i)
	d := len(std)
	data := &nn.Data{X: make([]float32, g.Examples*d), Size: d, Classes: gaussianClasses}
	s := tensor.NewStream(seed, "fig2/"+g.Spec)
	for j := range data.X {
		data.X[j] = float32(s.Normal() * std[j%d])
	}
	data.Labels = RandomLabels(g.Examples, data.Classes, tensor.NewStream(seed, "fig2/labels"))
	m, err := nn.NewModel[float32](fmt.Sprintf("dense:%d,relu,dense:%d,relu,dense:classes", g.Hidden[0], g.Hidden[1]), nn.Shape{d}, data.Classes)
	if err != nil {
		return nil, nil, err
	}
	m.Init(seed, nn.LeCunNormal(1))
	t, err := nn.NewTrainer(m, nn.Config{Epochs: g.Epochs, Batch: g.Batch, Seed: seed, SGD: nn.SGD{LR: g.LR, Momentum: 0.9, Gamma: 1}}, data, p)
	if err != nil {
		return nil, nil, err
	}
	return m, data, t.Run(e.Ctx, func(nn.StepInfo) error {
		tick()
		return nil
	})
}

// train does run i and keeps what the figure needs.
func (g GaussianSetting) train(e *Env, std []float64, i int, p *tensor.Pool, tick func()) (*gaussianRun, error) {
	m, data, err := g.network(e, std, i, p, tick)
	if err != nil {
		return nil, err
	}
	d := len(std)
	out := &gaussianRun{Square: make([]float64, d), Digest: m.Digest()}
	_, out.Accuracy = nn.Evaluate(m, p, data, g.Batch)
	w := m.Params[0].Value
	for j, v := range w {
		out.Square[j%d] += float64(float64(v) * float64(v))
	}
	for j := range out.Square {
		out.Square[j] /= float64(len(w) / d)
	}
	return out, nil
}

func gaussianPanel(e *Env, r *Record, g GaussianSetting) error {
	source, err := parseGaussian(g.Spec)
	if err != nil {
		return err
	}
	std := source.std
	runs := make([]*gaussianRun, g.Runs)
	steps := g.Epochs * ((g.Examples + g.Batch - 1) / g.Batch)
	err = e.parallel("Gaussian data, "+g.Name, g.Runs, steps, func(i int, p *tensor.Pool, tick func()) (err error) {
		spec := struct {
			Kind       string
			Setting    GaussianSetting
			Seed       uint64
			Run        int
			Arithmetic int
		}{"fig2a", g, e.Seed, i, nn.Arithmetic}
		runs[i], err = cached(e, spec, func() (*gaussianRun, error) { return g.train(e, std, i, p, tick) })
		return err
	})
	if err != nil {
		return err
	}
	d := len(std)
	// f pools the filters of all runs; its spread is that of single runs.
	f, lo, hi, se := make([]float64, d), make([]float64, d), make([]float64, d), make([]float64, d)
	table := Table{Name: "gaussian-" + slug(g.Name), Title: fmt.Sprintf("Figure 2a, %s: f, %d trainings pooled", g.Name, g.Runs), Columns: []string{"sigma", "f pooled", "standard deviation of one training", "standard error of the pooled value"}}
	for j := range d {
		var single, square []float64
		for _, x := range runs {
			single = append(single, math.Sqrt(x.Square[j]))
			square = append(square, x.Square[j])
		}
		f[j] = math.Sqrt(Mean(square))
		sd := Std(single)
		lo[j], hi[j], se[j] = f[j]-sd, f[j]+sd, sd/math.Sqrt(float64(g.Runs))
		table.Rows = append(table.Rows, Cells(std[j], f[j], sd, se[j]))
	}
	var refX, refY []float64
	for _, p := range g.Reference {
		refX, refY = append(refX, p.Sigma), append(refY, p.F)
	}
	panel := Panel{X: Axis{Title: "sigma (standard deviation of the data)"}, Y: Axis{Title: "f (standard deviation of the weights)"},
		Series: []Series{{Name: "f", X: std, Y: f, Lo: lo, Hi: hi}}, HLines: []RefLine{{1 / math.Sqrt(float64(d)), "start"}}}
	if refX != nil {
		panel.Series = append(panel.Series, Series{Name: "PyTorch", X: refX, Y: refY, NoLine: true, Marker: MarkerAll})
	}
	caption := fmt.Sprintf("%d inputs, hidden layers of %d and %d units, 10 classes; %d examples N(0, diag(sigma^2)) with random labels, batch %d, %d epochs at rate %v, momentum 0.9, weights N(0, 1/fan_in). %d trainings pooled; shaded: one standard deviation of a single training.",
		d, g.Hidden[0], g.Hidden[1], g.Examples, g.Batch, g.Epochs, g.LR, g.Runs)
	if err := r.Chart("gaussian-"+slug(g.Name), caption, &Chart{Title: "(a) Gaussian data: " + g.Name, Description: "The eigenvalue mapping f over sigma: " + g.Shape + ".", Panels: []Panel{panel}}); err != nil {
		return err
	}
	if err := r.Table(table); err != nil {
		return err
	}
	var accuracy []float64
	for i, x := range runs {
		accuracy = append(accuracy, x.Accuracy)
		r.Digest(fmt.Sprintf("Gaussian %s, run %d", g.Name, i+1), x.Digest)
	}
	r.Set("(a) "+g.Name, fmt.Sprintf("%s, training accuracy %.4f (mean of %d)", g.Spec, Mean(accuracy), g.Runs))

	name := fmt.Sprintf("(a) %s: ", g.Name)
	per := func(stat func(f []float64) float64) Estimate {
		var xs []float64
		for _, x := range runs {
			single := make([]float64, d)
			for j := range single {
				single[j] = math.Sqrt(x.Square[j])
			}
			xs = append(xs, stat(single))
		}
		return MeanCI(xs, 0.95)
	}
	third := max(1, d/3)
	low, mid, high := func(f []float64) float64 { return Mean(f[:third]) }, func(f []float64) float64 { return Mean(f[third : d-third]) }, func(f []float64) float64 { return Mean(f[d-third:]) }
	const thirds = "by thirds of the sigmas, single trainings: "
	switch g.Shape {
	case "falling":
		r.Claim(Above(name+"f falls", thirds+"f(low)/f(high)", per(func(f []float64) float64 { return low(f) / high(f) }), 1))
	case "peaked":
		r.Claim(Above(name+"f rises first", thirds+"f(middle)/f(low)", per(func(f []float64) float64 { return mid(f) / low(f) }), 1),
			Above(name+"and then falls", thirds+"f(middle)/f(high)", per(func(f []float64) float64 { return mid(f) / high(f) }), 1))
	case "rising":
		r.Claim(Above(name+"f rises", thirds+"f(high)/f(low)", per(func(f []float64) float64 { return high(f) / low(f) }), 1),
			Within(name+"and is flat at the end", "single trainings: f(last sixth)/f(sixth before)", per(func(f []float64) float64 {
				k := max(1, d/6)
				return Mean(f[d-k:]) / Mean(f[d-2*k:d-k])
			}), 0.97, 1.03))
	}
	for _, p := range g.Reference {
		j := nearest(std, p.Sigma)
		t := StudentTQuantile(0.975, float64(g.Runs-1)) * se[j]
		diff := f[j] - p.F
		r.Claim(Within(fmt.Sprintf("%sf(%v) is PyTorch's %v", name, p.Sigma, p.F), "f pooled less PyTorch's; interval by the spread over trainings", Estimate{diff, diff - t, diff + t, g.Runs}, -publishedSpread, publishedSpread))
	}
	return nil
}

// publishedSpread is how far apart the published curves of equal settings lie:
// the sampling error of the values that ours are held against.
const publishedSpread = 0.004

func nearest(xs []float64, x float64) int {
	best := 0
	for i, v := range xs {
		if math.Abs(v-x) < math.Abs(xs[best]-x) {
			best = i
		}
	}
	return best
}

// slug makes a file name of a setting's name.
func slug(s string) string {
	out := []rune{}
	for _, c := range s {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			out = append(out, c)
		} else if len(out) > 0 && out[len(out)-1] != '-' {
			out = append(out, '-')
		}
	}
	return string(out)
}

// imagePanel shows the mapping of simple-cnn after some epochs, over the
// eigenvalue as published and over its root.
func (l *lab) imagePanel(r *Record, labels, letter string, runs []*run) error {
	last := len(runs[0].Filters) - 1
	epochs := []int{0}
	for _, t := range []int{5, 10, 20, 40} {
		if t < last {
			epochs = append(epochs, t)
		}
	}
	epochs = append(epochs, last)
	byValue := Panel{Title: "over the eigenvalue (as published)", X: Axis{Title: "eigenvalue of the patches' covariance", Log: true}, Y: Axis{Title: "v'Sigma_w v (variance of the weights)"}}
	bySigma := Panel{Title: "over sigma, the root", X: Axis{Title: "sigma", Log: true}, Y: Axis{Title: "f (standard deviation of the weights)"}}
	table := Table{Name: "mapping-" + labels, Title: fmt.Sprintf("Figure 2%s: f by epoch, filters of all seeds pooled", letter), Columns: []string{"eigenvector", "eigenvalue", "sigma"}}
	var columns [][]float64
	var value, sigma []float64
	for _, t := range epochs {
		name := fmt.Sprintf("epoch %d", t)
		if t == 0 {
			name = "start"
		}
		var f []float64
		value, sigma, f = l.mapping(pool(runs, t))
		var single, squares [][]float64
		for _, x := range runs {
			_, _, fx := l.mapping(x.at(t))
			single, squares = append(single, fx), append(squares, squared(fx))
		}
		_, slo, shi := spread(single)
		_, vlo, vhi := spread(squares)
		columns = append(columns, f)
		table.Columns = append(table.Columns, "f, "+name)
		byValue.Series = append(byValue.Series, Series{Name: name, X: value, Y: squared(f), Lo: vlo, Hi: vhi, Marker: MarkerAll})
		bySigma.Series = append(bySigma.Series, Series{Name: name, X: sigma, Y: f, Lo: slo, Hi: shi, Marker: MarkerAll})
	}
	for i := range value {
		row := []any{i + 1, value[i], sigma[i]}
		for _, c := range columns {
			row = append(row, c[i])
		}
		table.Rows = append(table.Rows, Cells(row...))
	}
	if err := r.Chart("mapping-"+labels, fmt.Sprintf("Mean over %d seeds pooled; shaded: one standard deviation of a single seed's filters.", len(runs)),
		&Chart{Title: fmt.Sprintf("(%s) Images, %s labels", letter, labels), Description: "The weights' variance along the patches' eigenvectors: flat at the start, then a peak at middling eigenvalues and a fall at the largest.", Columns: 2, Panels: []Panel{byValue, bySigma}}); err != nil {
		return err
	}
	if err := r.Table(table); err != nil {
		return err
	}
	peak := func(x *run) float64 {
		_, _, f := l.mapping(x.at(-1))
		best := 0
		for i := range f {
			if f[i] > f[best] {
				best = i
			}
		}
		return float64(best + 1)
	}
	ratio := func(i int) func(x *run) float64 {
		return func(x *run) float64 {
			_, _, f := l.mapping(x.at(-1))
			at := i
			if at < 0 {
				at += len(f)
			}
			return f[int(peak(x))-1] / f[at]
		}
	}
	published := map[string]string{"random": "6th", "real": "4th"}[labels]
	name := fmt.Sprintf("(%s) %s labels: ", letter, labels)
	r.Claim(
		Within(name+"f has its peak inside the spectrum", "index of the peak, 1 being the largest eigenvalue, mean over seeds (published: "+published+")", MeanCI(collect(runs, peak), 0.95), 2, 10),
		Above(name+"f rises to the peak", "f(peak)/f(smallest eigenvalue), single seeds", MeanCI(collect(runs, ratio(-1)), 0.95), 1.5),
		Above(name+"and falls behind it", "f(peak)/f(largest eigenvalue), single seeds", MeanCI(collect(runs, ratio(0)), 0.95), 1.5),
	)
	return nil
}

func squared(f []float64) []float64 {
	out := make([]float64, len(f))
	for i, x := range f {
		out[i] = float64(x * x)
	}
	return out
}
