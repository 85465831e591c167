package experiments

import (
	"fmt"
	"math"

	"randalign/linalg"
)

// fig1Vectors leading eigenvectors are shown and compared.
const fig1Vectors = 10

// runFig1 compares the eigenvectors of the patches with those of the second
// moment of the first layer's filters, pooled over the seeds.
func runFig1(e *Env, r *Record) error {
	l, err := e.open()
	if err != nil {
		return err
	}
	runs, err := l.upstream()
	if err != nil {
		return err
	}
	l.describe(r, "upstream")
	r.digests("weights after random labels", runs, e.seeds())
	d := l.filterDim()
	k := min(fig1Vectors, d)

	// match returns the mean cosine of the leading vectors with the weights'
	// eigenspaces, less what a random vector would reach, over 1 less that.
	match := func(filters []float32) (score float64, list []linalg.Match, eig *linalg.Eig, err error) {
		if eig, err = linalg.Eigen(linalg.SecondMoment(filters, len(filters)/d, d)); err != nil {
			return 0, nil, nil, err
		}
		list = linalg.MatchVectors(l.eig, eig, k, linalg.SampleRelTol(len(filters)/d))
		for _, m := range list {
			if m.Chance < 1 {
				score += (m.Cos - m.Chance) / (1 - m.Chance) / float64(k)
			}
		}
		return score, list, eig, nil
	}
	trained, list, weights, err := match(pool(runs, -1))
	if err != nil {
		return err
	}
	fresh, _, start, err := match(pool(runs, 0))
	if err != nil {
		return err
	}
	all, err := pooled(runs, -1, func(f []float32) (float64, error) {
		score, _, _, err := match(f)
		return score, err
	})
	if err != nil {
		return err
	}
	each, before := make([]float64, len(runs)), make([]float64, len(runs))
	for i, x := range runs {
		if each[i], _, _, err = match(x.at(-1)); err != nil {
			return err
		}
		if before[i], _, _, err = match(x.at(0)); err != nil {
			return err
		}
	}

	vector := func(eig *linalg.Eig, column int) []float64 { return eig.Vectors.Col(column) }
	rows := make([][][]float64, 3)
	names := []string{}
	table := Table{Name: "matches", Title: "Leading eigenvectors of the patches and the weights' eigenvectors nearest to them",
		Columns: []string{"vector", "data eigenvalue", "cosine", "cosine of a random vector", "weights' eigenvectors grouped"}}
	for i, m := range list {
		v := vector(l.eig, m.Vector)
		rows[0] = append(rows[0], v)
		rows[1] = append(rows[1], project(v, weights, m.Space))
		rows[2] = append(rows[2], vector(start, d-1-i))
		names = append(names, fmt.Sprint(i+1))
		table.Rows = append(table.Rows, Cells(i+1, l.eig.Values[m.Vector], m.Cos, m.Chance, m.Space.Dim()))
	}
	shape := [3]int{l.shape[0], filterSize, filterSize}
	img, err := VectorGrid(rows, shape, TileStyle{Size: 60})
	if err != nil {
		return err
	}
	if err := r.Image(Figure{File: "eigenvectors.png", Title: "Leading eigenvectors as 3x3 patches",
		Caption: "Top: the patches' covariance, largest eigenvalue first. Middle: the eigenvector of the trained filters' second moment (pooled over the seeds) that lies nearest; where its eigenvalue cannot be told from its neighbours', the nearest vector of their span. Bottom: leading eigenvectors of the filters before training.",
		Alt:     fmt.Sprintf("Grid of %d columns of small colour patches in three rows; the first two rows look alike where the cosine is near 1.", k),
		Rows:    []string{"data", "trained weights", "weights at the start"}, Columns: names}, img); err != nil {
		return err
	}
	if err := r.Table(table); err != nil {
		return err
	}
	var cosine, chance []float64
	for _, m := range list {
		cosine, chance = append(cosine, m.Cos), append(chance, m.Chance)
	}
	if err := r.Chart("cosines", "Cosine between each leading eigenvector of the patches and the nearest eigenspace of the trained filters' second moment, pooled over the seeds; grey: the root mean square for a random vector.",
		&Chart{Title: "The weights' eigenvectors are the data's", Description: "Cosines near 1 for the leading eigenvectors, above those of random vectors.",
			Panels: []Panel{{X: Axis{Title: "eigenvector of the patches"}, Y: Axis{Title: "cosine", Range: [2]float64{0, 1}},
				Series: []Series{{Name: "trained weights", X: counted(1, k), Y: cosine, Marker: MarkerAll}, {Name: "random vector", X: counted(1, k), Y: chance, Color: ColorGrey, Dash: true}}}}}); err != nil {
		return err
	}
	r.Set("comparison", fmt.Sprintf("%d leading eigenvectors; the weights' eigenvalues closer than 2*sqrt(2/filters) relative form one eigenspace", k))
	accuracy := MeanCI(collect(runs, func(x *run) float64 { return x.Train }), 0.95)
	r.Claim(
		Above("The network memorises the random labels", "training accuracy at the end, mean over seeds", accuracy, 0.95),
		Above("Trained filters have the data's eigenvectors", fmt.Sprintf("similarity of %d leading eigenvectors (1: the same, 0: random), filters of all seeds pooled, jackknife over seeds", k), all, 0.5),
		Above("Training brings them there", "similarity after training less that before, single seeds", DiffCI(each, before, 0.95), 0),
	)
	r.Set("similarity pooled, before and after training", fmt.Sprintf("%.3f, %.3f", fresh, trained))
	if !(e.Preset.Seeds > 1) {
		r.Note("One seed gives no interval.")
	}
	return nil
}

// project returns the unit vector in a span of eigenvectors that is nearest to v.
func project(v []float64, eig *linalg.Eig, s linalg.Space) []float64 {
	out := make([]float64, len(v))
	for c := s.Start; c < s.End; c++ {
		w := eig.Vectors.Col(c)
		var dot float64
		for i := range v {
			dot += float64(v[i] * w[i])
		}
		for i := range out {
			out[i] += float64(dot * w[i])
		}
	}
	var norm float64
	for _, x := range out {
		norm += float64(x * x)
	}
	for i := range out {
		out[i] /= math.Sqrt(norm)
	}
	return out
}
