package bench

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
	"randalign/tensor"
)

// length keeps the memory-bound rows small here.
const length = 2 * piece

func runSmall(t *testing.T, filter string, threads int) *Result {
	t.Helper()
	re := regexp.MustCompile(filter)
	rows := 0
	cfg := Config{Filter: re, Time: time.Millisecond, Threads: threads, Progress: func() { rows++ }}
	cases := choose(re, length)
	r, err := run(context.Background(), cfg, cases, newMemory(length))
	require.NoError(t, err)
	require.Equal(t, len(cases), rows)
	return r
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	pattern := regexp.MustCompile(`^[a-z0-9-]+(/[a-z0-9-]+)+$`)
	names := Select(nil)
	for _, n := range names {
		require.False(t, seen[n], n)
		require.Regexp(t, pattern, n)
		seen[n] = true
	}
	for _, n := range []string{
		"gemm/f32/1024x1024x1024", "gemm/f64/64x64x64", "gemm/f32/256x75x100352", "gemm-nt/f32/256x64x200704", "kernel/f32", "kernel/f64",
		"conv/vgg16/64x64/32x32/forward", "conv/simple-cnn-5/3x256/32x32/weights", "conv/resnet18/64x128-1x1-s2/32x32/inputs", "memory/relu", "cov/5x5x3", "cov/5x5x3/uint8", "eigen/75",
	} {
		require.True(t, seen[n], n)
	}
	require.False(t, seen["conv/vgg16/3x64/32x32/inputs"], "nobody needs the gradient of an image")
	undo, err := asm.Select("generic")
	require.NoError(t, err)
	defer undo()
	require.Equal(t, names, Select(nil), "the same names on every path")
	require.Equal(t, []string{"gemm/f32/1024x1024x1024"}, Select(regexp.MustCompile("gemm/f32/1024")))
	require.Empty(t, Select(regexp.MustCompile("zebra")))
}

// The operations of a call by arithmetic done elsewhere.
func TestWork(t *testing.T) {
	want := map[string]float64{
		"gemm/f32/256x25088x75":                     2 * 256 * 25088 * 75,
		"conv/vgg16/64x64/32x32/forward":            128 * 75497472, // 32*32*64 outputs of 576 taps, twice
		"conv/vgg16/64x64/32x32/inputs":             128 * 75497472,
		"conv/simple-cnn-5/3x256/32x32/weights":     256 * 30105600, // 28*28*256 outputs of 75 taps, twice
		"conv/resnet18/64x128-1x1-s2/32x32/forward": 128 * 4194304,  // 16*16*128 outputs of 64 taps, twice
		"memory/add":             12 * length,
		"memory/sgd":             20 * length,
		"memory/winograd-output": 4 * 10 * 2176 * (2 * 5), // five strips of 6 to 4 rows of 2176 in a piece
		"memory/lookup":          5 * length,
		"syrk/f64/75x1024":       75 * 76 * 1024,
		"cov/5x5x3":              64 * 784 * 75 * 76,
		"cov/5x5x3/uint8":        256 * 2150400, // 150 pairs of rows, of 16 windows each, 28 wide
	}
	for _, c := range choose(nil, length) {
		if w, ok := want[c.name]; ok {
			require.Equal(t, w, c.load, c.name)
			delete(want, c.name)
		}
	}
	require.Empty(t, want)
}

func TestRowsOnEveryPath(t *testing.T) {
	var layers []string // passes of whole layers, on arrays of their own
	for _, c := range poolCases(length) {
		layers = append(layers, c.name)
	}
	filter := `^kernel|^gemm.*/(64x64x64|128x2048x30)$|^memory|^eigen/27`
	if testing.Short() {
		filter = `^kernel|^gemm/f32/64x64x64|^memory/(copy|sgd)|^eigen/27`
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		r := runSmall(t, filter, 2)
		require.Equal(t, asm.Active().Name, r.Kernel)
		for _, p := range []Pair{r.Peak["f32"], r.Peak["f64"], r.Copy} {
			require.Positive(t, p.One)
			require.Positive(t, p.All)
		}
		if _, _, _, _, ok := asm.IssueLoops(); ok {
			require.Positive(t, min(r.Issue.Median.One, r.Issue.Median.All))
			require.GreaterOrEqual(t, r.Issue.Most.One, r.Issue.Median.One)
			require.GreaterOrEqual(t, r.Issue.Most.All, r.Issue.Median.All)
		} else {
			require.Nil(t, r.Issue)
		}
		require.Empty(t, r.LeftOut)
		threads := map[string]int{}
		for _, row := range r.Rows {
			threads[row.Name] += row.Threads
			require.Positive(t, row.Value, row)
			require.GreaterOrEqual(t, row.Spread, 0.0, row)
			if row.Unit == milliseconds {
				require.Nil(t, row.Percent, row)
				continue
			}
			require.Positive(t, *row.Percent, row)
			want := "GFLOP/s"
			if strings.HasPrefix(row.Name, "memory/") {
				want = "GB/s"
			}
			require.Equal(t, want, row.Unit, row)
			if strings.HasPrefix(row.Name, "memory/") && !slices.Contains(layers, row.Name) {
				require.Positive(t, *row.Near, row)
			} else {
				require.Nil(t, row.Near, row)
			}
		}
		for name, n := range threads {
			want := 1 + 2
			if strings.HasPrefix(name, "kernel/") || strings.HasPrefix(name, "eigen/") {
				want = 1
			}
			require.Equal(t, want, n, name)
		}
		// What Go writes, Go and others read.
		b, err := json.Marshal(r)
		require.NoError(t, err)
		var again Result
		require.NoError(t, json.Unmarshal(b, &again))
		require.Equal(t, r, &again)
		for _, field := range []string{`"cpu":`, `"kernel":`, `"threads":2`, `"peak":{"f32":{"1":`, `"all":`, `"copy_gb_s":{"1":`, `"percent":null`} {
			require.Contains(t, string(b), field)
		}
	})
}

func TestOneThreadHasOneRow(t *testing.T) {
	r := runSmall(t, "^memory/relu$", 1)
	require.Len(t, r.Rows, 1)
	require.Equal(t, r.Copy.One, r.Copy.All)
}

func TestRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cfg := Config{Time: time.Millisecond, Threads: 1, Progress: cancel}
	r, err := run(ctx, cfg, choose(regexp.MustCompile("^memory"), length), newMemory(length))
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, r)
	_, err = Run(ctx, Config{Time: time.Millisecond, Threads: 1})
	require.ErrorIs(t, err, context.Canceled)
}

// A case whose call would take hours at the measured rate.
func TestTooLongIsLeftOut(t *testing.T) {
	prepared := false
	long := flops("gemm/f32/huge", peakF32, 1e18, func() func(*tensor.Pool) { prepared = true; return nil })
	r, err := run(context.Background(), Config{Time: time.Millisecond, Threads: 2}, []kase{long}, newMemory(length))
	require.NoError(t, err)
	require.False(t, prepared)
	require.Empty(t, r.Rows)
	require.Equal(t, []string{"gemm/f32/huge on 1", "gemm/f32/huge on 2"}, r.LeftOut)
}

// The flop count of a try is that of the loops that really ran.
func TestPeakCountsItsTurns(t *testing.T) {
	for _, threads := range []int{1, 3} {
		p := tensor.NewPool(threads)
		defer p.Close()
		var mu sync.Mutex
		ran := 0
		j := newPeakJob(p, asm.Peak[float64]{Chains: 8, Run: func(turns int, acc *float64, _, _ float64) {
			mu.Lock()
			defer mu.Unlock()
			require.Zero(t, *acc)
			*acc = 1
			ran += turns
			time.Sleep(time.Microsecond)
		}})
		ran = 0
		start := time.Now()
		rate := j.gflops(p)
		least := 16 * float64(ran) / 1e9 / time.Since(start).Seconds()
		require.Positive(t, ran)
		require.Zero(t, ran%j.turns)
		require.GreaterOrEqual(t, rate, least)
		require.Less(t, rate, 1.5*least, "one turn is 2*8 operations")
	}
}

// Something else that takes the processor for a moment does not make a try short.
func TestPeakFindsItsTurnsThoughDisturbed(t *testing.T) {
	p := tensor.NewPool(1)
	defer p.Close()
	disturbed := false
	j := newPeakJob(p, asm.Peak[float64]{Chains: 8, Run: func(int, *float64, float64, float64) {
		if !disturbed {
			time.Sleep(2 * taskTime)
			disturbed = true
		}
	}})
	require.True(t, disturbed)
	require.Greater(t, j.turns, 16)
}

// elsewhere are the rows of kernels that no memory-bound row calls by itself.
var elsewhere = map[string]string{
	"RowsConv3F32": "kernel/rows-conv3", "RowsConv5F32": "kernel/rows-conv5", "GemmReluGradF32": "dense/mlp-512-512/512x512/gradients",
	"NotedPool2F32": "memory/maxpool-noted", "NotedPool2GradF32": "memory/maxpool-notedgrad",
	"MaxPool3F32": "memory/maxpool3s1", "MaxPool3GradF32": "memory/maxpool3s1grad", "MaxPool3GradPastF32": "memory/maxpool3s1grad",
	"AvgPool3F32": "memory/avgpool3s1", "AvgPool3GradF32": "memory/avgpool3s1grad", "AvgPool3GradPastF32": "memory/avgpool3s1grad",
}

// Each function of the table is called by a row.
func TestEveryKernelHasARow(t *testing.T) {
	k := *asm.Active()
	left := asmtest.Watch(&k)
	for kernel := range elsewhere {
		require.Contains(t, left, kernel)
	}
	m := newMemory(piece)
	m.fill()
	m.kernels = &k
	p := tensor.NewPool(1)
	defer p.Close()
	for _, mk := range allMemoryKernels() {
		m.run(p, mk)
	}
	rows := Select(nil)
	for kernel, row := range elsewhere {
		require.Contains(t, rows, row)
		delete(left, kernel)
	}
	for name := range left { // products and peaks have cases of their own
		require.Contains(t, name, ".")
	}
}

// Every element of the arrays is worked on once, on any number of threads.
func TestMemoryCoversItsArrays(t *testing.T) {
	const length = 2*piece + 77
	m := newMemory(length)
	m.fill()
	inc := memoryKernel{"inc", 1, func(_ *asm.Kernels, a arrays) {
		require.Len(t, a.x, len(a.y))
		require.Len(t, a.z, len(a.y))
		for i := range a.x {
			a.x[i], a.y[i], a.z[i] = a.x[i]+1, a.y[i]+2, a.z[i]+3
		}
	}}
	for _, threads := range []int{1, 3} {
		p := tensor.NewPool(threads)
		defer p.Close()
		clear(m.x)
		clear(m.y)
		clear(m.z)
		m.run(p, inc)
		for i := range m.x {
			require.Equal(t, [3]float32{1, 2, 3}, [3]float32{m.x[i], m.y[i], m.z[i]})
		}
	}
	require.Equal(t, 4*float64(length)/1e9, m.gigabytes(inc))
}

// Near, each worker has a piece of its own; with fewer pieces there is no rate.
func TestNearRate(t *testing.T) {
	m := newMemory(2*piece + 77)
	m.fill()
	var mu sync.Mutex
	seen := map[*float32]int{}
	watch := memoryKernel{"watch", 3, func(_ *asm.Kernels, a arrays) {
		require.Len(t, a.x, piece)
		mu.Lock()
		seen[&a.x[0]]++
		mu.Unlock()
	}}
	two, three := tensor.NewPool(2), tensor.NewPool(3)
	defer two.Close()
	defer three.Close()
	start := time.Now()
	rate := *m.nearRate(two, watch)
	require.GreaterOrEqual(t, rate, 12*float64(2*nearTasks*piece)/1e9/time.Since(start).Seconds())
	calls := 0
	for at, n := range seen {
		require.Contains(t, []*float32{&m.x[0], &m.x[piece]}, at)
		calls += n
	}
	require.Equal(t, 2*nearTasks*(1+nearTries), calls)
	require.Nil(t, m.nearRate(three, watch))
}

func TestQuantile(t *testing.T) {
	require.Equal(t, 7.0, quantile([]float64{7}, 0.75))
	require.Equal(t, 1.5, quantile([]float64{2, 1}, 0.5))
	x := []float64{5, 1, 4, 2, 3}
	require.Equal(t, []float64{1, 2, 3, 4, 5}, []float64{quantile(x, 0), quantile(x, 0.25), quantile(x, 0.5), quantile(x, 0.75), quantile(x, 1)})
	require.Equal(t, []float64{5, 1, 4, 2, 3}, x)
}
