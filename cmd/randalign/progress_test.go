package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clockwork is a progress whose time the test turns.
func clockwork(p *progress) func(time.Duration) {
	now := p.start
	p.now = func() time.Time { return now }
	return func(d time.Duration) { now = now.Add(d) }
}

func TestProgressPiped(t *testing.T) {
	var b bytes.Buffer
	e := &env{scr: newScreen(&b)}
	p := e.progress("train", "examples", 200, 1000)
	turn := clockwork(p)
	p.set(250, 3)
	turn(9900 * time.Millisecond)
	p.set(300, 2.5)
	require.Empty(t, b.String(), "nothing in the first ten seconds")
	turn(100 * time.Millisecond)
	p.set(400, 2.25)
	turn(time.Second)
	p.set(450, 2.2)
	turn(9 * time.Second)
	p.set(1000, math.NaN())
	p.close()
	p.set(1000, 1)
	// 200 examples in 10 s, 600 left; then 800 in 20 s.
	require.Equal(t, "train: 400/1000 examples (40%), 20 examples/s, ETA 30s, loss 2.25\n"+
		"train: 1000/1000 examples (100%), 40 examples/s\n", b.String())
}

func TestProgressOfUnknownLength(t *testing.T) {
	var b bytes.Buffer
	p := (&env{scr: newScreen(&b)}).progress("fetch", "bytes", 0, 0)
	turn := clockwork(p)
	turn(10 * time.Second)
	p.add(15)
	require.Equal(t, "fetch: 15 bytes, 1.50 bytes/s\n", b.String())
}

func TestProgressQuiet(t *testing.T) {
	var b bytes.Buffer
	e := &env{common: common{Quiet: true}, scr: newScreen(&b)}
	p := e.progress("train", "examples", 0, 10)
	turn := clockwork(p)
	turn(time.Hour)
	p.add(1)
	p.close()
	require.Empty(t, b.String())
}

// terminal shows what a reader would see: each write over the line before it.
func terminal(b *bytes.Buffer, columns int) *screen {
	s := newScreen(b)
	s.columns, s.color = func() int { return columns }, false
	return s
}

func TestProgressLive(t *testing.T) {
	var b bytes.Buffer
	e := &env{scr: terminal(&b, 80)}
	e.stderr = e.scr
	p := e.progress("train", "examples", 0, 100)
	turn := clockwork(p)
	turn(200 * time.Millisecond)
	p.set(25, 2)
	p.set(26, 2) // within a tenth of a second: not shown
	e.notef("checkpoint %d", 1)
	p.close()
	line := "train [=====               ] 25/100 examples (25%), 125 examples/s, ETA 1s, loss 2"
	require.Greater(t, len(line), 79, "no room for the bar")
	line = "train 25/100 examples (25%), 125 examples/s, ETA 1s, loss 2"
	require.Equal(t, clearLine+line+clearLine+"checkpoint 1\n"+line+clearLine, b.String())

	b.Reset()
	e.scr.columns, e.scr.color = func() int { return 100 }, true
	p = e.progress("train", "examples", 0, 100)
	turn = clockwork(p)
	turn(time.Second)
	p.add(50)
	require.Equal(t, clearLine+"train [\x1b[32m==========\x1b[0m          ] 50/100 examples (50%), 50 examples/s, ETA 1s", b.String())

	for columns := 1; columns < 120; columns++ {
		e.scr.color = false
		line := p.liveLine(p.now(), columns)
		require.LessOrEqual(t, len(line), max(columns, len("train ")), "%q", line)
	}
}

func TestNoColor(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	require.True(t, newScreen(&bytes.Buffer{}).color)
	t.Setenv("NO_COLOR", "1")
	require.False(t, newScreen(&bytes.Buffer{}).color)
}

// Run with -race: many goroutines count and write, and no line is torn.
func TestProgressTogether(t *testing.T) {
	var b bytes.Buffer
	e := &env{scr: newScreen(&b)}
	p := e.progress("x", "steps", 0, 800)
	p.every = 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				p.add(1)
				fmt.Fprintln(e.scr, "note")
			}
		})
	}
	wg.Wait()
	require.Equal(t, 800, p.done)
	for line := range strings.Lines(b.String()) {
		require.True(t, line == "note\n" || strings.HasPrefix(line, "x: "), line)
	}
}

func TestETA(t *testing.T) {
	for s, want := range map[float64]string{0.2: "1s", 59: "59s", 59.5: "1m00s", 185: "3m05s", 3600: "1h00m", 7630: "2h07m", math.Inf(1): "277777h46m"} {
		require.Equal(t, want, eta(s))
	}
}
