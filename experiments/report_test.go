package experiments

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

var exampleProvenance = Provenance{Version: "v0.0.0-example", Kernel: "avx512", Threads: 8, Arithmetic: 1}

// bandOf is the made-up mean of five seeds about f, with its 95 % interval.
func bandOf(s *tensor.Stream, name string, xs []float64, noise float64, f func(x float64) float64) Series {
	out := Series{Name: name, X: xs}
	for _, x := range xs {
		var seeds []float64
		for range 5 {
			seeds = append(seeds, f(x)*(1+noise*s.Normal()))
		}
		e := MeanCI(seeds, 0.95)
		out.Y, out.Lo, out.Hi = append(out.Y, e.Value), append(out.Lo, e.Lo), append(out.Hi, e.Hi)
	}
	return out
}

func exampleSteps(from, to, by float64) []float64 {
	var xs []float64
	for x := from; x <= to+1e-9; x += by {
		xs = append(xs, x)
	}
	return xs
}

// exampleResults fills dir with three made-up experiments that use every kind of
// figure, and returns them as LoadResults does.
func exampleResults(t *testing.T, dir string) []*Result {
	t.Helper()
	s := tensor.NewStream(1, "example")
	begin := func(name, title, question string, config any) *Record {
		r, done, err := StartRecord(dir, name, config, exampleProvenance)
		require.NoError(t, err)
		require.Nil(t, done)
		r.Title, r.Question, r.Seeds = title, question, []uint64{1, 2, 3, 4, 5}
		return r
	}
	peak := func(x float64) float64 { return 0.18 + 0.03*x/(1+x*x) }

	r := begin("fig1", "Eigenvectors of the data and of the weights", "Do the first layer's weights take over the eigenvectors of the data's patches?",
		map[string]any{"filters": 64, "examples": 1000})
	r.Set("Network", "simple-cnn, 64 filters of 3×3")
	r.Set("Data", "leaves, 1,000 images, random labels")
	rows := make([][][]float64, 2)
	for i := range rows {
		for range 10 {
			v := make([]float64, 27)
			for j := range v {
				v[j] = s.Normal()
			}
			rows[i] = append(rows[i], v)
		}
	}
	img, err := VectorGrid(rows, [3]int{3, 3, 3}, TileStyle{})
	require.NoError(t, err)
	require.NoError(t, r.Image(Figure{File: "eigenvectors.png", Title: "Ten leading eigenvectors", Caption: "Each tile is scaled by its largest absolute value; mid-grey is zero.",
		Alt: "Two rows of ten coloured tiles of 3 by 3 pixels", Rows: []string{"data", "weights"}, Columns: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}}, img))
	pixels := make([]uint8, 20*3*32*32)
	for i := range pixels {
		pixels[i] = uint8(s.IntN(256))
	}
	sheet, err := ContactSheet(pixels, [3]int{3, 32, 32}, TileStyle{Size: 64})
	require.NoError(t, err)
	require.NoError(t, r.Image(Figure{File: "images.png", Title: "Twenty training images", Caption: "The first twenty after the shuffle."}, sheet))
	r.Claim(Above("The leading eigenspaces of weights and data overlap", "mean squared cosine of the leading 8-dimensional subspaces, 5 seeds", MeanCI([]float64{0.81, 0.84, 0.79, 0.86, 0.82}, 0.95), 0.6))
	_, err = r.Finish(12.3)
	require.NoError(t, err)

	r = begin("fig2", "Eigenvalue mappings", "How does the deviation of the weights along an eigenvector depend on the data's deviation there?",
		map[string]any{"epochs": 200, "batch": 128, "lr": 0.01})
	r.Set("Networks", "2048-256-10 and 256-256-10, fully connected, on Gaussian data")
	r.Set("Training", "200 epochs, batch 128, constant rate 0.01, momentum 0.9")
	xs := exampleSteps(0.1, 3, 0.1)
	require.NoError(t, r.Chart("mappings", "Mean of five seeds and its 95 % interval. The dashed line is the start, 1/√d.", &Chart{
		Title: "Transfer function f after training on random labels", Description: "three curves: falling, rising then falling, rising",
		Panels: []Panel{
			{Title: "(a) d = 10, 2048 units", X: Axis{Title: "σ of the data"}, Y: Axis{Title: "f(σ)"}, HLines: []RefLine{{0.3162, "start"}},
				Series: []Series{bandOf(s, "network", exampleSteps(1, 1.9, 0.1), 0.01, func(x float64) float64 { return 0.45 - 0.07*x }), {Name: "closed form", X: []float64{1, 1.9}, Y: []float64{0.38, 0.317}, Dash: true, Marker: MarkerNone}}},
			{Title: "(b) d = 30, 2048 units", X: Axis{Title: "σ of the data"}, Y: Axis{Title: "f(σ)"}, HLines: []RefLine{{0.1826, "start"}}, VLines: []RefLine{{1, "peak"}, {1.3, "as published"}},
				Series: []Series{bandOf(s, "network", xs, 0.01, peak)}},
			{Title: "(c) d = 30, 256 units", X: Axis{Title: "σ of the data"}, Y: Axis{Title: "f(σ)"}, HLines: []RefLine{{0.1826, "start"}},
				Series: []Series{bandOf(s, "network", xs, 0.01, func(x float64) float64 { return 0.18 + 0.07*x*x/(2+x*x) })}},
		}}))
	eigen := []float64{21.2, 1.76, 1.43, 1.13, .391, .274, .233, .195, .07, .03, .01, .004, .001, 1.9e-4}
	logx := bandOf(s, "epoch 40", eigen, 0.08, func(x float64) float64 { return 0.002 + 0.1*x/(1+x*x) })
	logx.ErrorBars = true
	start := bandOf(s, "epoch 5", eigen, 0.08, func(x float64) float64 { return 0.002 + 0.01*x/(1+x*x) })
	require.NoError(t, r.Chart("mapping-cnn", "Means of five seeds; bars and bands are 95 % intervals.", &Chart{
		Title: "Variance of the filters along the data's eigenvectors", Description: "both curves rise and fall", Direct: true, PanelHeight: 380,
		Panels: []Panel{{X: Axis{Title: "eigenvalue of the patches' covariance", Log: true}, Y: Axis{Title: "variance of the weights, vᵀΣv", Log: true},
			Series: []Series{start, logx}, HLines: []RefLine{{0.0021, "start, 0.2 × He"}}}}}))
	table := Table{Name: "mapping", Title: "Mapping by seed", Columns: []string{"seed", "sigma", "f", "note"}}
	for i, x := range xs {
		table.Rows = append(table.Rows, Cells(i%5+1, x, peak(x), "a < b"))
	}
	require.NoError(t, r.Table(table))
	r.Claim(Below("f falls at the upper end, d = 10", "Pearson correlation of f and σ", MeanCI([]float64{-0.98, -0.97, -0.99}, 0.95), 0),
		Within("The peak stands where it was published", "index of the largest f, by seed", MeanCI([]float64{9, 14, 11, 12, 10}, 0.95), 8, 13),
		Above("f is flat for 256 units beyond σ = 2.5", "slope <em>by</em> least squares", Single(nan), 0))
	r.Note("One training of %d units has sampling noise of about 0.008; five seeds are pooled.", 256)
	r.Digest("weights, seed 1", strings.Repeat("0f", 32))
	_, err = r.Finish(4213.7)
	require.NoError(t, err)

	r = begin("units", "Inactive units and negative transfer", "How many units are dead after the switch, and does a leaky unit help?", map[string]any{"preset": "quick"})
	train := exampleSteps(0, 3000, 50)
	acc := func(tau float64) func(float64) float64 {
		return func(x float64) float64 { return 0.1 + 0.88*(1-math.Exp(-x/tau)) }
	}
	require.NoError(t, r.Chart("transfer", "Dashed: 80 % training accuracy.", &Chart{Title: "Second training, real labels", Description: "the covariance start is fastest",
		Panels: []Panel{
			{Title: "Training", X: Axis{Title: "step"}, Y: Axis{Title: "accuracy", Range: [2]float64{0, 1}}, HLines: []RefLine{{0.8, "80 %"}, {0.1, "chance"}, {0.12, "majority class"}},
				Series: []Series{bandOf(s, "from scratch", train, 0.03, acc(1300)), bandOf(s, "covariance", train, 0.03, acc(900)), bandOf(s, "pretrained", train, 0.03, acc(880)), bandOf(s, "eigenmap, peaked f", train, 0.03, acc(700))}},
			{Title: "Test", X: Axis{Title: "step", Log: true}, Y: Axis{Title: "accuracy", Range: [2]float64{0, 1}},
				Series: []Series{bandOf(s, "from scratch", train[1:], 0.02, acc(4000)), bandOf(s, "covariance", train[1:], 0.02, acc(3500))}},
		}}))
	layers := []string{"conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "fc (first fully connected)"}
	bars := func(name string, scale float64) Series {
		b := Series{Name: name}
		for i := range layers {
			e := WilsonCI(int(scale*float64(i*i)), 200, 0.95)
			b.Y, b.Lo, b.Hi = append(b.Y, e.Value), append(b.Lo, e.Lo), append(b.Hi, e.Hi)
		}
		return b
	}
	require.NoError(t, r.Chart("dead", "Units that no input of the second task activates; bars are Wilson intervals.", &Chart{Title: "Dead units by layer", Description: "the share grows with depth",
		Panels: []Panel{{X: Axis{Title: "layer"}, Y: Axis{Title: "share of dead units"}, Categories: layers, Series: []Series{bars("ReLU", 2.2), bars("leaky ReLU", 0.3), bars("GELU", 0.9)}}}}))
	r.Claim(Below("Leaky ReLU leaves fewer dead units", "ratio of shares, paired over seeds", RatioCI([]float64{2, 3, 2.5}, []float64{2.1, 2.6, 2.4}, 0.95), 1),
		Below("Dead units slow the second task at twice the width, when it is trained on real labels from the start", "ratio of steps to 80 %", RatioCI([]float64{144, 146, 145}, []float64{107, 97, 97}, 0.95), 1))
	r.Note("The quick preset has three seeds.")
	_, err = r.Finish(80)
	require.NoError(t, err)

	results, err := LoadResults(dir)
	require.NoError(t, err)
	require.Len(t, results, 3)
	return results
}

func TestReportStandsAlone(t *testing.T) {
	dir := t.TempDir()
	results := exampleResults(t, dir)
	meta := Meta{Data: "leaves", Preset: "quick", Seeds: "5", Machine: `<script>alert(1)</script>`, Kernel: "avx512", Version: "v0", Command: "randalign reproduce --preset quick"}
	require.NoError(t, WriteReport(dir, results, meta))
	b, err := os.ReadFile(filepath.Join(dir, "report.html"))
	require.NoError(t, err)
	page := string(b)

	rest := strings.ReplaceAll(page, `xmlns="http://www.w3.org/2000/svg"`, "")
	require.False(t, strings.Contains(rest, "http://"))
	require.False(t, strings.Contains(rest, "https://"))
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		require.Regexp(t, `^(#|data:)`, m[1])
	}
	require.False(t, strings.Contains(page, "@import"))
	require.False(t, strings.Contains(page, "url("))
	require.False(t, strings.Contains(page, "<script"))
	require.False(t, strings.Contains(page, "ZgotmplZ"), "html/template's mark of refused content")
	require.True(t, strings.Contains(page, `<html lang="en">`))
	require.True(t, strings.Contains(page, `<link rel="icon" href="data:,">`))
	require.Equal(t, strings.Count(page, "<img "), strings.Count(page, "alt="))
	require.Equal(t, 4, strings.Count(page, "<svg xmlns"))
	for _, r := range results {
		require.True(t, strings.Contains(page, `id="x-`+r.Experiment+`"`))
		for _, c := range r.Claims {
			require.True(t, strings.Contains(page, " "+string(c.Verdict)+"</span>"), "a chip says its verdict in words: %s", c.Verdict)
		}
	}
	require.True(t, strings.Contains(page, "slope &lt;em&gt;by"))

	// Claims come before every section, and links within the page lead somewhere.
	require.Less(t, strings.Index(page, `id="claims"`), strings.Index(page, `id="x-fig1"`))
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		require.True(t, strings.Contains(page, `id="`+m[1]+`"`))
	}

	again := t.TempDir()
	require.NoError(t, WriteReport(again+"/../"+filepath.Base(again), nil, Meta{}), "no results is a report too")
}

func TestReportRefusesWhatItShouldNotEmbed(t *testing.T) {
	for name, svg := range map[string]string{
		"script":  `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
		"event":   `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>`,
		"link":    `<svg xmlns="http://www.w3.org/2000/svg"><image href="http://a.b/c.png"/></svg>`,
		"fill":    `<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(http://a.b/c)"/></svg>`,
		"breaks":  `<svg xmlns="http://www.w3.org/2000/svg"></svg><p>`,
		"comment": `<svg xmlns="http://www.w3.org/2000/svg"><!-- --><g/></svg>`,
		"html":    `<g/>`,
		"two":     `<svg/><svg/>`,
		"empty":   ``,
	} {
		require.False(t, harmlessSVG([]byte(svg)), name)
	}
	dir := t.TempDir()
	r := &Result{Experiment: "x", Figures: []Figure{{File: "../secret.png", Kind: "png"}}}
	require.ErrorContains(t, WriteReport(dir, []*Result{r}, Meta{}), `"../secret.png"`)
	r.Figures = []Figure{{File: "gone.png", Kind: "png"}}
	require.ErrorContains(t, WriteReport(dir, []*Result{r}, Meta{}), "gone.png")
	_, err := os.Stat(filepath.Join(dir, "report.html"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestResultsResume(t *testing.T) {
	dir := t.TempDir()
	first := exampleResults(t, dir)
	require.Equal(t, []string{"fig1", "fig2", "units"}, []string{first[0].Experiment, first[1].Experiment, first[2].Experiment})

	// The same configuration: done. Another version of the program changes nothing, another arithmetic does.
	config := map[string]any{"lr": 0.01, "batch": 128, "epochs": 200}
	p := exampleProvenance
	p.Version = "v9"
	rec, done, err := StartRecord(dir, "fig2", config, p)
	require.NoError(t, err)
	require.Nil(t, rec)
	require.Equal(t, 4213.7, done.Seconds)
	require.Len(t, done.Claims, 3)
	require.True(t, math.IsNaN(done.Claims[2].Value))

	// An unfinished folder is gone on with; LoadResults leaves it out.
	require.NoError(t, os.Remove(filepath.Join(dir, "fig2", "result.json")))
	rec, done, err = StartRecord(dir, "fig2", config, p)
	require.NoError(t, err)
	require.Nil(t, done)
	require.FileExists(t, rec.Path("mapping.csv"))
	loaded, err := LoadResults(dir)
	require.NoError(t, err)
	require.Len(t, loaded, 2)

	// Another configuration: the old folder is moved, not lost.
	p.Arithmetic = 2
	rec, _, err = StartRecord(dir, "fig1", map[string]any{"filters": 64, "examples": 1000}, p)
	require.NoError(t, err)
	require.NoFileExists(t, rec.Path("result.json"))
	kept, err := filepath.Glob(filepath.Join(dir, ".previous", "fig1-*", "result.json"))
	require.NoError(t, err)
	require.Len(t, kept, 1)

	_, _, err = StartRecord(dir, "../x", nil, p)
	require.Error(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "units", "result.json"), []byte(`{"experiment":"fig9"}`), 0o666))
	_, err = LoadResults(dir)
	require.ErrorContains(t, err, `found "fig9"`)
}

func TestResultJSON(t *testing.T) {
	dir := t.TempDir()
	exampleResults(t, dir)
	b, err := os.ReadFile(filepath.Join(dir, "fig2", "result.json"))
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(b, &m))
	for field := range strings.FieldsSeq("experiment title question setting claims figures tables notes seeds config version kernel threads arithmetic seconds digests") {
		require.Contains(t, m, field)
		require.NotNil(t, m[field], field)
	}
	for _, c := range m["claims"].([]any) {
		for field := range strings.FieldsSeq("claim statistic value ci95 threshold verdict") {
			require.Contains(t, c, field)
		}
	}
	require.Contains(t, string(b), `"threshold": "< 0"`)
	csv, err := os.ReadFile(filepath.Join(dir, "fig2", "mapping.csv"))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(csv), "seed,sigma,f,note\n1,0.1,"))
}

// wellFormed parses the picture as XML.
func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err != nil {
			require.True(t, errors.Is(err, io.EOF), "%v", err)
			return
		}
	}
}
