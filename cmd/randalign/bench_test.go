package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/experiments/bench"
)

func TestBench(t *testing.T) {
	args := []string{"bench", "--filter", "^gemm/f32/64x64x64$|^eigen/27", "--time", "1ms", "--threads", "2", "--quiet"}
	status, out, stderr := runArgs(append(args, "--json")...)
	require.Zero(t, status, stderr)
	require.Empty(t, stderr)
	var r bench.Result
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.NotContains(t, out, `"compare"`)
	require.Equal(t, 2, r.Threads)
	var got []string
	for _, row := range r.Rows {
		got = append(got, row.Name+" "+row.Unit)
	}
	require.Equal(t, []string{"gemm/f32/64x64x64 GFLOP/s", "gemm/f32/64x64x64 GFLOP/s", "eigen/27 ms"}, got)

	old := filepath.Join(t.TempDir(), "old.json")
	require.NoError(t, os.WriteFile(old, []byte(out), 0o666))
	status, text, stderr := runArgs(append(args, "--compare", old)...)
	require.Zero(t, status, stderr)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	require.Len(t, lines, 2+1+3)
	require.Equal(t, "old: "+old, lines[0])
	for _, line := range lines[3:] {
		require.Regexp(t, ` [+-][0-9.]+ %  +[0-9.]+ %  (faster|slower|same)$`, line)
	}
	status, out, stderr = runArgs(append(args, "--compare", old, "--json")...)
	require.Zero(t, status, stderr)
	var both benchResult
	require.NoError(t, json.Unmarshal([]byte(out), &both))
	require.Len(t, both.Compare.Rows, 3)
	require.Equal(t, r.Rows[0].Value, both.Compare.Rows[0].Old)
	require.Equal(t, both.Rows[0].Value, both.Compare.Rows[0].New)
}

func TestBenchText(t *testing.T) {
	status, text, stderr := runArgs("bench", "--filter", "^memory/copy$|^eigen/27", "--time", "1ms", "--threads", "1", "--kernel", "generic")
	require.Zero(t, status, stderr)
	require.Contains(t, text, ", kernel generic\n")
	require.NotContains(t, text, "1 threads")
	if _, _, _, _, ok := asm.IssueLoops(); ok {
		issue := regexp.MustCompile(`\ninstr\./cycle, most +[0-9.]+\ninstr\./cycle, median +[0-9.]+\n`)
		require.Regexp(t, issue, text)
		text = issue.ReplaceAllString(text, "\n")
	}
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	require.Len(t, lines, 1+1+4+1+3)
	require.Regexp(t, `^copy, GB/s +[0-9.]+$`, lines[5])
	require.Regexp(t, ` of peak +spread +in cache$`, lines[7])
	require.Regexp(t, `^memory/copy +1 +[0-9.]+ GB/s +[0-9.]+ % +[0-9.]+ % +[0-9.]+$`, lines[8])
	require.Regexp(t, `^eigen/27 +1 +[0-9.]+ ms +[0-9.]+ % +$`, lines[9])
	require.Equal(t, len(lines[8]), len(lines[9]), "aligned")
}

func TestBenchRefuses(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.json")
	require.NoError(t, os.WriteFile(other, []byte(`{"n":3}`), 0o666))
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"--filter", "("}, []string{`--filter: found "("`, "missing closing )"}},
		{[]string{"--filter", "gem/f32"}, []string{`found no row that matches "gem/f32"`, "names begin with kernel/, gemm/, gemm-nt/, gemm-tn/, syrk/, conv/, layer/, dense/, memory/, step/, cov/, eigen/"}},
		{[]string{"--time", "fast"}, []string{`--time: found "fast", expected a time such as 300ms`}},
		{[]string{"--time", "0s"}, []string{`--time: found "0s"`}},
		{[]string{"--compare", "missing.json"}, []string{"--compare: missing.json: no such file"}},
		{[]string{"--compare", other}, []string{"--compare: " + other, "no result of `randalign bench --json`", "found no field rows"}},
		{[]string{"gemm"}, []string{`bench: found the argument "gemm", expected only flags`}},
		{[]string{"--filtr", "x"}, []string{"bench takes no flag --filtr; did you mean --filter?"}},
	} {
		status, stdout, stderr := runArgs(append([]string{"bench"}, c.args...)...)
		require.Equal(t, exitBadInput, status, stderr)
		require.Empty(t, stdout)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
		for _, s := range c.says {
			require.Contains(t, stderr, s)
		}
	}
}
