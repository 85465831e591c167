package bench

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompare(t *testing.T) {
	row := func(name string, threads int, value, spread float64, unit string) Row {
		return Row{Name: name, Threads: threads, Value: value, Spread: spread, Unit: unit}
	}
	result := func(rows ...Row) *Result {
		peak := map[string]Pair{"f32": {100, 200}, "f64": {50, 100}}
		return &Result{CPU: "a", Kernel: "avx2", Threads: 2, Peak: peak, Copy: Pair{10, 20}, Rows: rows}
	}
	old := result(
		row("gemm", 1, 100, 0.01, "GFLOP/s"), row("gemm", 2, 200, 0.1, "GFLOP/s"), row("slow", 1, 10, 0, "GB/s"),
		row("eigen", 1, 4, 0.01, milliseconds), row("gone", 1, 1, 0, "GB/s"), row("other unit", 1, 1, 0, "GB/s"))
	now := result(
		row("gemm", 1, 110, 0.02, "GFLOP/s"), row("gemm", 2, 190, 0.1, "GFLOP/s"), row("slow", 1, 9, 0.01, "GB/s"),
		row("eigen", 1, 3, 0.01, milliseconds), row("new", 1, 1, 0, "GB/s"), row("other unit", 1, 1, 0, "GFLOP/s"))
	c := Compare(old, now)
	require.Empty(t, c.Warnings)
	require.Equal(t, 2, c.OnlyOld)
	require.Equal(t, 2, c.OnlyNew)
	var verdicts []string
	for _, d := range c.Rows {
		verdicts = append(verdicts, d.Name+" "+d.Verdict)
	}
	require.Equal(t, []string{"gemm faster", "gemm same", "slow slower", "eigen faster"}, verdicts)
	require.InDelta(t, 10, c.Rows[0].Percent, 1e-9)
	require.InDelta(t, 3, c.Rows[0].Noise, 1e-9)
	require.InDelta(t, -5, c.Rows[1].Percent, 1e-9)
	require.InDelta(t, -25, c.Rows[3].Percent, 1e-9)

	require.Nil(t, c.Rows[0].Share)

	for what, change := range map[string]func(r *Result){
		"on another CPU: a, this one is b":                         func(r *Result) { r.CPU = "b" },
		"kernel path avx2, this one neon":                          func(r *Result) { r.Kernel = "neon" },
		"had 2 threads, this one 3":                                func(r *Result) { r.Threads = 3 },
		"own f64 peak on one thread is -20 % of the earlier run's": func(r *Result) { r.Peak["f64"] = Pair{40, 100} },
		"own copy bandwidth on all threads is +50 % of":            func(r *Result) { r.Copy.All = 30 },
	} {
		now := result()
		change(now)
		w := Compare(old, now).Warnings
		require.Len(t, w, 1, what)
		require.Contains(t, w[0], what)
	}
}

// Two runs of which the second is on a machine slower as a whole, or has a slower row, or both.
func TestCompareByShares(t *testing.T) {
	// drift is the machine's speed, gemm and eigen those of the rows beside it.
	run := func(drift, gemm, eigen float64) *Result {
		share := func(x float64) *float64 { return &x }
		return &Result{
			CPU: "a", Kernel: "avx2", Threads: 2, Copy: Pair{10 * drift, 20 * drift},
			Peak: map[string]Pair{"f32": {100 * drift, 200 * drift}, "f64": {50 * drift, 100 * drift}},
			Rows: []Row{
				{Name: "gemm", Threads: 1, Value: 90 * drift * gemm, Unit: "GFLOP/s", Percent: share(90 * gemm), Spread: 0.01},
				{Name: "relu", Threads: 2, Value: 20 * drift, Unit: "GB/s", Percent: share(100), Spread: 0.02},
				{Name: "eigen", Threads: 1, Value: 4 / (drift * eigen), Unit: milliseconds, Spread: 0.01},
			},
		}
	}
	for _, c := range []struct {
		name               string
		drift, gemm, eigen float64
		verdicts           [3]string
		warnings           int
	}{
		{"the same machine", 1, 1, 1, [3]string{"same", "same", "same"}, 0},
		{"a slower machine", 0.8, 1, 1, [3]string{"same", "same", "same"}, 6},
		{"a faster machine", 1.2, 1, 1, [3]string{"same", "same", "same"}, 6},
		{"a slower row", 1, 0.95, 1, [3]string{"slower", "same", "same"}, 0},
		{"a slower row on a faster machine", 1.2, 0.9, 1, [3]string{"slower", "same", "same"}, 6},
		{"a faster row on a slower machine", 0.8, 1.1, 1, [3]string{"faster", "same", "same"}, 6},
		{"a slower row without a share", 1, 1, 0.9, [3]string{"same", "same", "slower"}, 0},
		{"a slower row beyond the drift", 0.96, 1, 0.8, [3]string{"same", "same", "slower"}, 0},
		{"and hidden by it", 0.8, 1, 1.3, [3]string{"same", "same", "same"}, 6},
	} {
		got := Compare(run(1, 1, 1), run(c.drift, c.gemm, c.eigen))
		for i, row := range got.Rows {
			require.Equal(t, c.verdicts[i], row.Verdict, "%s: %+v", c.name, row)
		}
		require.InDelta(t, 100*(c.drift*c.gemm-1), got.Rows[0].Percent, 1e-9)
		require.InDelta(t, 100*(c.gemm-1), *got.Rows[0].Share, 1e-9)
		require.InDelta(t, 2+100*math.Abs(c.drift-1), got.Rows[2].Noise, 1e-9)
		require.Nil(t, got.Rows[2].Share)
		require.Len(t, got.Warnings, c.warnings, c.name)
	}
}

const goodRun = `{"cpu":"a","kernel":"avx2","threads":2,"peak":{"f32":{"1":1,"all":2},"f64":{"1":1,"all":2}},"copy_gb_s":{"1":1,"all":2},
	"rows":[{"name":"eigen/27","threads":1,"value":1.5,"unit":"ms","percent":null,"spread":0.1},{"name":"x","threads":2,"value":1,"unit":"GB/s","percent":12,"spread":0}]}`

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.json")
	require.NoError(t, os.WriteFile(path, []byte(goodRun), 0o666))
	r, err := Read(path)
	require.NoError(t, err)
	require.Len(t, r.Rows, 2)
	require.Nil(t, r.Rows[0].Percent)
	require.Equal(t, 12.0, *r.Rows[1].Percent)
	require.Equal(t, Pair{1, 2}, r.Copy)

	for says, text := range map[string]string{
		"unexpected end":          "",
		"invalid character":       "peak f32, GFLOP/s   111.9",
		"found no field rows":     `{"n":3,"values":[1,2,3]}`,
		"cannot unmarshal":        `[1,2]`,
		"found no kernel":         `{"rows":[]}`,
		"row 1 is":                strings.Replace(goodRun, `"value":1,`, `"value":-1,`, 1),
		"row 0 is":                strings.Replace(goodRun, `"name":"eigen/27"`, `"title":"eigen"`, 1),
		"expected a name":         strings.Replace(goodRun, `"threads":1`, `"threads":0`, 1),
		"found more than 16 MiB":  strings.Repeat(" ", largestFile) + goodRun,
		"no result of `randalign": "{",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		_, err := Read(path)
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, err, path)
	}
	_, err = Read(filepath.Join(dir, "missing.json"))
	require.ErrorContains(t, err, "missing.json: no such file")
	_, err = Read(dir)
	require.ErrorContains(t, err, "found a folder")
}
