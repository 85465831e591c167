package experiments

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm/asmtest"
	"randalign/linalg"
	"randalign/tensor"
)

// tiny is a study of seconds: every part runs, nothing is learnt.
var tiny = Preset{
	Name: "tiny", Filters: 30, Hidden: 5, Images: 40, TestImages: 20, Batch: 16,
	LR: 0.01, LRSteps: 2, LRGamma: 0.5, Momentum: 0.9, Upstream: 2, Downstream: 4, Scale: 0.2, Seeds: 2,
	MeasureSamples: 12, MLP: "flatten,dense:6,relu,dense:classes", MLPEpochs: 3,
	Gaussian: []GaussianSetting{
		{"left", "gaussian:1,2", [2]int{6, 5}, 40, 2, 16, 0.01, 2, []ReferencePoint{{1, 0.7}}, "falling"},
		{"middle", "gaussian:1,2,3", [2]int{6, 5}, 40, 2, 16, 0.01, 2, nil, "peaked"},
		{"right", "gaussian:1,2,3", [2]int{6, 5}, 40, 2, 16, 0.01, 2, nil, "rising"},
	},
}

func study(t *testing.T, data string, threads int, out string) *Env {
	src, err := OpenSource(data, "")
	require.NoError(t, err)
	return &Env{Ctx: context.Background(), Source: src, Preset: tiny, Seed: 3, Out: out, Threads: threads}
}

func runAll(t *testing.T, e *Env) []*Result {
	require.NoError(t, e.Check())
	var list []*Result
	for _, name := range Names() {
		x, err := Find(name)
		require.NoError(t, err)
		r, err := x.Run(e)
		require.NoError(t, err, name)
		require.NotEmpty(t, r.Claims, name)
		list = append(list, r)
	}
	return list
}

// comparable leaves out what says where and how long a study ran.
func comparable(t *testing.T, list []*Result) []string {
	var out []string
	for _, r := range list {
		c := *r
		c.Seconds, c.Provenance = 0, Provenance{}
		b, err := encodeJSON(c)
		require.NoError(t, err)
		out = append(out, string(b))
	}
	return out
}

func TestStudyIsTheSameForAnyThreadsAndPath(t *testing.T) {
	if testing.Short() {
		t.Skip("trains 60 networks on each path")
	}
	var first []string
	asmtest.ForEachPath(t, func(t *testing.T) {
		for _, threads := range []int{1, 3} {
			e := study(t, "leaves", threads, t.TempDir())
			e.Preset.Filters, e.Preset.Images, e.Preset.TestImages = 5, 16, 8 // generic kernels are slow
			got := comparable(t, runAll(t, e))
			if first == nil {
				first = got
			}
			require.Equal(t, first, got, "%d threads", threads)
		}
	})
}

func TestStudyGoesOnWhereItStopped(t *testing.T) {
	out := t.TempDir()
	whole := comparable(t, runAll(t, study(t, "leaves", 2, out)))
	results, err := LoadResults(out)
	require.NoError(t, err)
	require.Len(t, results, len(Names()))
	require.NoError(t, WriteReport(out, results, Meta{}))

	// Results lost, a training damaged, a training lost: the numbers come back.
	files, err := filepath.Glob(filepath.Join(out, runsFolder, "*.gob"))
	require.NoError(t, err)
	require.NoError(t, os.Remove(files[0]))
	require.NoError(t, os.WriteFile(files[1], []byte("not a run"), 0o666))
	for _, name := range Names()[1:] {
		require.NoError(t, os.Remove(filepath.Join(out, name, "result.json")))
	}
	require.Equal(t, whole, comparable(t, runAll(t, study(t, "leaves", 1, out))))

	// Interrupted at once: nothing is finished, and the error is the context's.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	e := study(t, "leaves", 2, t.TempDir())
	e.Ctx = ctx
	x, _ := Find("fig3")
	_, err = x.Run(e)
	require.ErrorIs(t, err, context.Canceled)
	_, err = os.Stat(filepath.Join(e.Out, "fig3", "result.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestStudyOnRealImages(t *testing.T) {
	if os.Getenv("RANDALIGN_DATA") == "" {
		t.Skip("RANDALIGN_DATA is not set: no CIFAR-10 here")
	}
	runAll(t, study(t, "cifar10", 2, t.TempDir()))
}

func TestArmsShareAllButTheirStart(t *testing.T) {
	e := study(t, "leaves", 2, t.TempDir())
	l, err := e.open()
	require.NoError(t, err)
	seen := map[int32]bool{}
	for _, s := range l.sets {
		require.Equal(t, tiny.Images, s.up.N())
		require.NotEqual(t, s.up.X[:100], s.down.X[:100], "upstream and downstream images are others")
		for _, y := range s.down.Labels {
			seen[y] = true
		}
	}
	require.Greater(t, len(seen), 5)
	fresh, pre := scratchArm(), &arm{name: "pre", start: startSpec{From: "pretrained", Rescaled: true}}
	cov := &arm{name: "cov", start: startSpec{From: "covariance", Rescaled: true}}
	require.NoError(t, l.trainArms("test", tiny.CNN(), []*arm{fresh, pre, cov}))
	up, err := l.upstream()
	require.NoError(t, err)
	for i := range l.sets {
		want := tensor.Norm(fresh.runs[i].Filters[0])
		for _, a := range []*arm{pre, cov} {
			require.InEpsilon(t, want, tensor.Norm(a.runs[i].Filters[0]), 1e-5, "%s has the norm of a fresh start", a.name)
			require.NotEqual(t, fresh.runs[i].Filters[0], a.runs[i].Filters[0])
		}
		// The pre-trained arm's filters are the upstream ones up to that factor.
		last := up[i].Filters[len(up[i].Filters)-1]
		ratio := pre.runs[i].Filters[0][0] / last[0]
		for j, v := range pre.runs[i].Filters[0] {
			require.InDelta(t, ratio*last[j], v, 1e-6)
		}
	}
}

func TestStepsToTarget(t *testing.T) {
	r := &run{Per: 4}
	for i := range 40 {
		r.Batches = append(r.Batches, float64(i)/40)
	}
	// A straight line is its own moving average, away from the ends.
	steps, ok := r.stepsTo(0.5)
	require.True(t, ok)
	require.InDelta(t, 21, steps, 1e-9) // steps count from 1
	steps, ok = r.stepsTo(0.99)
	require.False(t, ok)
	require.Equal(t, 40.0, steps)
}

func TestParallelReportsTheFirstError(t *testing.T) {
	e := &Env{Ctx: context.Background(), Threads: 4}
	bad := errors.New("bad")
	err := e.parallel("x", 100, 1, func(i int, p *tensor.Pool, tick func()) error {
		if i >= 7 {
			return bad
		}
		return nil
	})
	require.ErrorIs(t, err, bad)
	hits := make([]int, 50)
	require.NoError(t, e.parallel("x", 50, 1, func(i int, p *tensor.Pool, tick func()) error { hits[i]++; tick(); return nil }))
	for _, h := range hits {
		require.Equal(t, 1, h)
	}
}

// Threads without a job go to the jobs that are left, and no more than there are.
func TestParallelLendsThreads(t *testing.T) {
	for _, tc := range []struct{ threads, jobs, first int }{{2, 3, 1}, {7, 3, 2}, {4, 9, 1}, {3, 3, 1}, {5, 1, 5}} {
		e := &Env{Ctx: context.Background(), Threads: tc.threads}
		var mu sync.Mutex
		has, most := map[int]int{}, 0 // threads that jobs at work have, and had together
		require.NoError(t, e.parallel("x", tc.jobs, 1, func(i int, p *tensor.Pool, tick func()) error {
			note := func(threads int) {
				mu.Lock()
				defer mu.Unlock()
				has[i] = threads
				sum := 0
				for _, n := range has {
					sum += n
				}
				most = max(most, sum)
			}
			require.GreaterOrEqual(t, p.Threads(), tc.first)
			note(p.Threads())
			defer note(0)
			for i == tc.jobs-1 && p.Threads() < tc.threads { // the last waits for all others' threads
				tick()
				note(p.Threads())
				runtime.Gosched()
			}
			return nil
		}))
		require.LessOrEqual(t, most, tc.threads)
	}
}

func TestCheckNamesWhatDoesNotFit(t *testing.T) {
	e := study(t, "gaussian:1x30", 1, t.TempDir())
	require.ErrorContains(t, e.Check(), "needs images of at least 3x3")
	e = study(t, "leaves", 1, t.TempDir())
	e.Preset.Images = 6000
	require.ErrorContains(t, e.Check(), "10000 training images; preset tiny needs 12000")
	_, err := Find("fig9")
	require.ErrorContains(t, err, `"fig9", expected one of fig1, fig2`)
	_, err = PresetNamed("huge")
	require.ErrorContains(t, err, "quick, standard, paper")
}

// Proposition 1 of the paper: Gaussian data, isotropic Gaussian weights and
// random labels leave the second moment of the weights aligned with the data's
// covariance, whatever the training did. Weights of many short trainings are
// pooled; their misalignment must be that of a sample of aligned weights, and
// their growth along the axes must be real.
func TestProposition1(t *testing.T) {
	if testing.Short() {
		t.Skip("trains 60 networks")
	}
	g := GaussianSetting{Spec: "gaussian:0.2,0.5,1,2,3", Hidden: [2]int{32, 16}, Examples: 60, Epochs: 60, Batch: 20, LR: 0.05}
	src, err := parseGaussian(g.Spec)
	require.NoError(t, err)
	const runs = 60
	d := len(src.std)
	filters := make([][]float32, runs)
	e := &Env{Ctx: context.Background(), Seed: 1}
	require.NoError(t, e.parallel("", runs, 1, func(i int, p *tensor.Pool, tick func()) error {
		m, _, err := g.network(e, src.std, i, p, tick)
		if err != nil {
			return err
		}
		filters[i] = append([]float32(nil), m.Params[0].Value...)
		return nil
	}))
	var all []float32
	for _, f := range filters {
		all = append(all, f...)
	}
	cov := linalg.NewMat(d, d)
	for i, s := range src.std {
		cov.Set(i, i, s*s)
	}
	r, err := linalg.Align(cov, all, len(all)/d, linalg.AlignOptions{FloorDraws: 200})
	require.NoError(t, err)
	require.Greater(t, r.Control.Mean, 3*r.Floor.Mean, "the weights are far from isotropic")
	// Filters of one training share their data, so the sample is not quite
	// independent: half way to the control would still be far from here.
	require.Less(t, r.Position, 0.2)
	require.False(t, math.IsNaN(r.Misalignment))
}
