//go:build unix

package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	hangVariable = "RANDALIGN_TEST_HANG"
	mainVariable = "RANDALIGN_TEST_MAIN"
)

// TestMain lets the test binary be randalign, or one whose only command takes
// no notice of its context.
func TestMain(m *testing.M) {
	if os.Getenv(mainVariable) != "" {
		os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
	}
	if os.Getenv(hangVariable) == "" {
		os.Exit(m.Run())
	}
	commands = func() []*command {
		return []*command{{name: "hang", run: func(_ context.Context, e *env) error {
			e.notef("ready")
			time.Sleep(time.Minute)
			return nil
		}}}
	}
	os.Exit(run([]string{"hang"}, os.Stdout, os.Stderr))
}

func TestSecondCtrlCKills(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), hangVariable+"=1")
		stderr, err := c.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		start, lines := time.Now(), bufio.NewScanner(stderr)
		require.True(t, lines.Scan())
		require.Equal(t, "ready", lines.Text())
		require.NoError(t, c.Process.Signal(sig))
		require.True(t, lines.Scan())
		require.Equal(t, "randalign: stopping; a second Ctrl-C kills at once", lines.Text())
		require.NoError(t, c.Process.Signal(sig))
		require.False(t, lines.Scan())
		require.Error(t, c.Wait())
		status, ok := c.ProcessState.Sys().(syscall.WaitStatus)
		require.True(t, ok)
		require.True(t, status.Signaled())
		require.Equal(t, sig, status.Signal())
		require.Less(t, time.Since(start), 20*time.Second)
	}
}

func TestTerminalColumns(t *testing.T) {
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	require.Zero(t, terminalColumns(null), "a device, but no terminal")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	require.Zero(t, terminalColumns(w))
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here")
	}
	defer terminal.Close()
	require.Positive(t, terminalColumns(terminal))
	t.Setenv("TERM", "xterm")
	require.NotNil(t, newScreen(terminal).columns)
	t.Setenv("TERM", "dumb")
	require.Nil(t, newScreen(terminal).columns)
}
