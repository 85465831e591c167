package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"randalign/asm"
)

// runArgs carries out a command line.
func runArgs(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = run(args, &out, &err)
	return status, out.String(), err.String()
}

// withCommand puts a command named "train" before the others for one test.
func withCommand(t *testing.T, resumes bool, f func(ctx context.Context, e *env) error) {
	old := commands
	t.Cleanup(func() { commands = old })
	commands = func() []*command {
		resume := false
		c := &command{
			name: "train", summary: "a command of the test", example: "randalign train x", resumes: resumes, run: f,
			flags: func(f *flagSet, c *common) {
				c.seed(f)
				c.out(f, "FOLDER", "where to write")
				f.boolean(&resume, "resume", "go on")
			},
		}
		return append([]*command{c}, old()...)
	}
}

func TestExitStatuses(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{nil, exitOK, ""},
		{errors.New("disk full"), exitFailed, "randalign: disk full\n"},
		{badInputf("a.npy: bad"), exitBadInput, "randalign: a.npy: bad\n"},
		{fmt.Errorf("fig1: %w", badInputf("bad")), exitBadInput, "randalign: fig1: bad\n"},
		{&claimsError{"1 of 3 claims fails"}, exitClaims, "randalign: 1 of 3 claims fails\n"},
		{&interrupted{"x --resume"}, exitInterrupted, "randalign: interrupted; to go on where it stopped: x --resume\n"},
		{errors.New("two\nlines\n"), exitFailed, "randalign: two; lines\n"},
	} {
		withCommand(t, true, func(context.Context, *env) error { return c.err })
		status, out, stderr := runArgs("train")
		require.Equal(t, c.status, status)
		require.Equal(t, c.says, stderr)
		require.Empty(t, out)
	}
	require.NoError(t, badInput(nil))
}

func TestPanicsStayInside(t *testing.T) {
	withCommand(t, false, func(context.Context, *env) error { panic("index out of range") })
	status, _, stderr := runArgs("train")
	require.Equal(t, exitFailed, status)
	require.Equal(t, "randalign: internal error, please report it: index out of range\n", stderr)
	_, _, stderr = runArgs("train", "-v")
	require.Contains(t, stderr, "goroutine")

	_, err := inBackground(context.Background(), func() (int, error) { panic("bug") })
	require.ErrorContains(t, err, "internal error")
}

func TestUnknownCommandsAndFlags(t *testing.T) {
	withCommand(t, false, func(context.Context, *env) error { return nil })
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"trian"}, `unknown command "trian"; did you mean train?`},
		{[]string{"zebra"}, "unknown command \"zebra\"; `randalign help` lists the commands"},
		{[]string{""}, "unknown command \"\"; `randalign help` lists the commands"},
		{[]string{"--seed", "1", "train"}, "found the flag --seed first, expected a command: randalign COMMAND [flags]"},
		{[]string{"train", "--sed", "1"}, "train takes no flag --sed; did you mean --seed?"},
		{[]string{"help", "tran"}, `unknown command "tran"; did you mean train?`},
		{[]string{"help", "eig", "train"}, `help: found the arguments ["eig" "train"], expected only a command or topic`},
	} {
		status, out, stderr := runArgs(c.args...)
		require.Equal(t, exitBadInput, status, c.args)
		require.Equal(t, "randalign: "+c.want+"\n", stderr)
		require.Empty(t, out)
	}
}

func TestHelp(t *testing.T) {
	withCommand(t, false, func(context.Context, *env) error { return nil })
	_, list, _ := runArgs("help")
	for _, want := range []string{"eig ", "train ", "help ", "environment ", "a command of the test"} {
		require.Contains(t, list, want)
	}
	for _, args := range [][]string{{"--help"}, {"-h"}, {"help", "--help"}} {
		status, out, stderr := runArgs(args...)
		require.Zero(t, status)
		require.NotEmpty(t, out)
		require.Empty(t, stderr)
	}
	_, first, _ := runArgs("help", "train")
	for _, want := range []string{"usage: randalign train [flags]", "--seed N", "(default 1)", "--resume ", "  -v  ", "--out FOLDER", "randalign train x\n"} {
		require.Contains(t, first, want)
	}
	_, second, _ := runArgs("train", "x", "--help")
	require.Equal(t, first, second)
	_, topic, _ := runArgs("help", "environment")
	require.Contains(t, topic, "RANDALIGN_KERNEL")

	status, out, stderr := runArgs()
	require.Equal(t, exitBadInput, status)
	require.Empty(t, out)
	require.Contains(t, stderr, list)
	for line := range strings.Lines(list + first + topic) {
		require.LessOrEqual(t, len(line), 121, line)
	}
}

func TestKernelAndThreads(t *testing.T) {
	before := asm.Active().Name
	seen, threads := "", 0
	withCommand(t, false, func(_ context.Context, e *env) error {
		seen, threads = asm.Active().Name, e.Threads
		return nil
	})
	for _, p := range asm.Paths() {
		status, _, _ := runArgs("train", "--kernel", p, "--threads", "3")
		require.Zero(t, status)
		require.Equal(t, p, seen)
		require.Equal(t, 3, threads)
		require.Equal(t, before, asm.Active().Name, "brought back")
	}
	t.Setenv("RANDALIGN_KERNEL", "generic")
	status, _, _ := runArgs("train")
	require.Zero(t, status)
	require.Equal(t, "generic", seen)
	require.Equal(t, runtime.GOMAXPROCS(0), threads)
	t.Setenv("RANDALIGN_KERNEL", "mmx")
	status, _, stderr := runArgs("train")
	require.Equal(t, exitBadInput, status)
	require.Contains(t, stderr, `RANDALIGN_KERNEL: found "mmx", expected`)
	status, _, _ = runArgs("train", "--kernel", "auto")
	require.Zero(t, status, "the flag goes before the variable")
}

func TestCtrlC(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot interrupt itself there")
	}
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	wait := func(ctx context.Context, e *env) error {
		if err := self.Signal(os.Interrupt); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("step 12: %w", ctx.Err())
		case <-time.After(20 * time.Second):
			return errors.New("no signal came")
		}
	}
	program := shellQuote(os.Args[:1])
	for _, c := range []struct {
		resumes bool
		args    []string
		want    string
	}{
		{true, []string{"train", "--out", "my run", "--seed=2"}, "interrupted; to go on where it stopped: " + program + " train --out 'my run' --seed=2 --resume"},
		{true, []string{"train", "--resume"}, "interrupted; to go on where it stopped: " + program + " train --resume"},
		{true, []string{"train", "--", "x"}, "interrupted; to go on where it stopped: " + program + " train --resume -- x"},
		{false, []string{"train"}, "interrupted"},
	} {
		withCommand(t, c.resumes, wait)
		status, _, stderr := runArgs(c.args...)
		require.Equal(t, exitInterrupted, status, stderr)
		require.Equal(t, "randalign: stopping; a second Ctrl-C kills at once\nrandalign: "+c.want+"\n", stderr)
	}
	_, err = inBackground(canceled(), func() (int, error) { select {} })
	require.ErrorIs(t, err, context.Canceled)
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestOutFolderIsLeftAsItWas(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	require.NoError(t, checkOutFolder(dir))
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, list)

	killed := filepath.Join(dir, writableName) // what a process that was killed at it leaves
	require.NoError(t, os.WriteFile(killed, nil, 0o600))
	require.NoError(t, checkOutFolder(dir))
	require.NoFileExists(t, killed)

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.ErrorContains(t, checkOutFolder(file), "--out "+file+": cannot write there: not a directory")
}

func TestShellQuote(t *testing.T) {
	require.Equal(t, `a --b=c/d.e '' 'x y' '$HOME' 'it'\''s' 'res(...)' 'ü'`, shellQuote([]string{"a", "--b=c/d.e", "", "x y", "$HOME", "it's", "res(...)", "ü"}))
}

// broken is a pipe that nobody reads.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestStdoutThatFails(t *testing.T) {
	var stderr bytes.Buffer
	require.Equal(t, exitFailed, run([]string{"help"}, broken{}, &stderr))
	require.Equal(t, "randalign: standard output: broken pipe\n", stderr.String())
}
