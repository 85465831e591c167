package experiments

import (
	"fmt"
	"slices"

	"randalign/linalg"
)

// describe writes the setting that the trainings of a study share.
func (l *lab) describe(r *Record, kinds ...string) {
	p := l.Preset
	r.Set("network", p.CNN())
	for _, k := range kinds {
		switch k {
		case "upstream":
			r.Set("upstream", fmt.Sprintf("%d images with random labels, %d epochs", p.Images, p.Upstream))
		case "downstream":
			r.Set("downstream", fmt.Sprintf("%d other images with real labels, %d epochs; %d test images", p.Images, p.Downstream, l.test.N()))
		}
	}
	rate := fmt.Sprintf("%v, constant", p.LR)
	if p.LRSteps > 0 {
		rate = fmt.Sprintf("%v, times %.4g after each of %d equal parts upstream, constant downstream", p.LR, p.LRGamma, p.LRSteps)
	}
	r.Set("training", fmt.Sprintf("SGD, batch %d, momentum %v, rate %s", p.Batch, p.Momentum, rate))
	r.Set("start", fmt.Sprintf("all weights %v x He normal, biases 0", p.Scale))
	r.Set("repetitions", fmt.Sprintf("%d seeds, each with its own images, labels, weights and order", p.Seeds))
	if l.overlap {
		r.Note("The source has %d training images for %d seeds of %d: the sets of different seeds overlap.", l.distinct, p.Seeds, 2*p.Images)
	}
}

// pool joins the filters of all runs after an epoch (negative: counted from the end).
func pool(runs []*run, epoch int) []float32 {
	var all []float32
	for _, r := range runs {
		all = append(all, r.at(epoch)...)
	}
	return all
}

// pooled returns a statistic of the filters of all runs together after an epoch,
// with its jackknife interval over the runs.
func pooled(runs []*run, epoch int, stat func(filters []float32) (float64, error)) (Estimate, error) {
	value, err := stat(pool(runs, epoch))
	if err != nil || len(runs) < 3 {
		return Single(value), err
	}
	var without []float64
	for i := range runs {
		x, err := stat(pool(slices.Concat(runs[:i], runs[i+1:]), epoch))
		if err != nil {
			return Estimate{}, err
		}
		without = append(without, x)
	}
	return JackknifeCI(value, without, 0.95), nil
}

func (r *run) at(epoch int) []float32 {
	if epoch < 0 {
		epoch += len(r.Filters)
	}
	return r.Filters[epoch]
}

// controlDraws random bases and floorDraws aligned samples are behind each control
// and floor of the study.
const (
	controlDraws = 100
	floorDraws   = 40
)

// align measures filters of the first layer against the study's patches.
func (l *lab) align(filters []float32) (*linalg.Report, error) {
	return linalg.Align(l.cov, filters, len(filters)/l.filterDim(), linalg.AlignOptions{ControlDraws: controlDraws, FloorDraws: floorDraws, Seed: l.Seed})
}

// mapping returns eigenvalue, sigma and f of filters along the eigenvectors of
// the study's patches, the largest eigenvalue first.
func (l *lab) mapping(filters []float32) (eigenvalue, sigma, f []float64) {
	d := l.filterDim()
	second := linalg.SecondMoment(filters, len(filters)/d, d)
	points := linalg.TransferFunction(l.eig, linalg.Group(l.eig.Values, linalg.DefaultRelTol), second)
	for i := len(points) - 1; i >= 0; i-- {
		eigenvalue = append(eigenvalue, points[i].Eigenvalue)
		sigma = append(sigma, points[i].Sigma)
		f = append(f, points[i].F)
	}
	return eigenvalue, sigma, f
}

// specs lists one run a seed.
func (l *lab) specs(kind, arch string, start startSpec) []runSpec {
	var list []runSpec
	for i := range l.sets {
		list = append(list, l.spec(kind, i, arch, start))
	}
	return list
}

// upstream returns the trainings on random labels.
func (l *lab) upstream() ([]*run, error) {
	return l.train("training on random labels", l.specs("upstream", l.Preset.CNN(), startSpec{}))
}

// scratch returns the trainings on real labels from a fresh start.
func (l *lab) scratch() ([]*run, error) {
	return l.train("training on real labels", l.specs("downstream", l.Preset.CNN(), startSpec{}))
}

// bothLabels returns the trainings on random and on real labels.
func (e *Env) bothLabels() (l *lab, random, real []*run, err error) {
	if l, err = e.open(); err != nil {
		return nil, nil, nil, err
	}
	if random, err = l.upstream(); err != nil {
		return nil, nil, nil, err
	}
	real, err = l.scratch()
	return l, random, real, err
}

// digests notes the digest of each run's weights.
func (r *Record) digests(what string, runs []*run, seeds []uint64) {
	for i, x := range runs {
		r.Digest(fmt.Sprintf("%s, seed %d", what, seeds[i]), x.Digest)
	}
}

// collect applies f to each run.
func collect(runs []*run, f func(r *run) float64) []float64 {
	out := make([]float64, len(runs))
	for i, r := range runs {
		out[i] = f(r)
	}
	return out
}

// spread returns mean, mean-std and mean+std at each index over the series.
func spread(series [][]float64) (mean, lo, hi []float64) {
	for i := range series[0] {
		var at []float64
		for _, s := range series {
			at = append(at, s[i])
		}
		m, sd := Mean(at), Std(at)
		mean, lo, hi = append(mean, m), append(lo, m-sd), append(hi, m+sd)
	}
	return mean, lo, hi
}

// counted returns from, from+1, ..., from+n-1 as floats.
func counted(from, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(from + i)
	}
	return x
}
