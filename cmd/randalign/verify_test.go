package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVerify(t *testing.T) {
	dir := t.TempDir()
	run := filepath.Join(dir, "run")
	arch := "dense:9,batchnorm,relu,dropout:0.2,dense:classes"
	status, _, stderr := runArgs(tiny(run, "--arch", "flatten,"+arch, "--init", "orthogonal")...)
	require.Zero(t, status, stderr)

	status, stdout, stderr := runArgs("verify", run, "--threads", "1", "--kernel", "generic")
	require.Zero(t, status, stderr)
	// Data, start, settings; evaluations after epochs 0 to 3; the end and its file.
	require.Contains(t, stdout, "repeated all 15 steps; compared 9 digests and the losses of 15 steps")
	require.Contains(t, stdout, "the same, bit for bit")

	status, stdout, _ = runArgs("verify", run, "--steps", "7", "--json")
	require.Zero(t, status)
	var r map[string]any
	require.NoError(t, json.Unmarshal([]byte(stdout), &r))
	require.Equal(t, []any{7.0, false, 7.0, 5.0, true}, []any{r["steps"], r["whole"], r["losses"], r["digests"], r["same"]})

	// A loss, a digest and a weight that are not those of the run.
	log := filepath.Join(run, "log.jsonl")
	b, err := os.ReadFile(log)
	require.NoError(t, err)
	at := strings.Index(string(b), `"step":5,`)
	from := at + strings.Index(string(b[at:]), `"loss":`)
	changed := append([]byte(nil), b...)
	changed[from+9] = '0' + (changed[from+9]-'0'+1)%10
	require.NoError(t, os.WriteFile(log, changed, 0o666))
	status, stdout, stderr = runArgs("verify", run)
	require.Equal(t, exitFailed, status)
	require.Contains(t, stdout, "loss of step 5: found ")
	require.Contains(t, stderr, "the repetition differs from the run: loss of step 5")
	status, _, _ = runArgs("verify", run, "--steps", "4")
	require.Zero(t, status)
	require.NoError(t, os.WriteFile(log, b, 0o666))

	weights := filepath.Join(run, "weights.safetensors")
	w, err := os.ReadFile(weights)
	require.NoError(t, err)
	w[len(w)-3] ^= 1
	require.NoError(t, os.WriteFile(weights, w, 0o666))
	status, stdout, _ = runArgs("verify", run)
	require.Equal(t, exitFailed, status)
	require.Contains(t, stdout, "SHA-256 of weights.safetensors: found ")
}

func TestVerifyRefuses(t *testing.T) {
	dir := t.TempDir()
	unfinished := filepath.Join(dir, "unfinished")
	status, _, stderr := runArgs(tiny(unfinished)...)
	require.Zero(t, status, stderr)
	require.NoError(t, os.Remove(filepath.Join(unfinished, "result.json")))
	torn := filepath.Join(dir, "torn")
	require.NoError(t, os.Mkdir(torn, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(torn, "config.json"), []byte(`{"arch":`), 0o666))
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"verify"}, "found no argument, expected the folder of a run"},
		{[]string{"verify", dir}, "found no config.json, expected the folder of a run of `train`"},
		{[]string{"verify", filepath.Join(dir, "none")}, "found no config.json"},
		{[]string{"verify", torn}, "not the JSON expected there"},
		{[]string{"verify", unfinished}, "found no result.json, expected a finished run; --steps N"},
		{[]string{"verify", unfinished, "--steps", "-1"}, "--steps: found"},
	} {
		status, stdout, stderr := runArgs(c.args...)
		require.Equal(t, exitBadInput, status, c.args)
		require.Empty(t, stdout)
		require.Contains(t, stderr, c.want)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
	status, stdout, _ := runArgs("verify", unfinished, "--steps", "3")
	require.Zero(t, status)
	require.Contains(t, stdout, "repeated the first 3 steps")
}
