package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"time"
)

// How often progress is shown: on a terminal, and elsewhere.
const (
	liveEvery  = 100 * time.Millisecond
	plainEvery = 10 * time.Second
)

// screen is standard error with, on a terminal, a live line below everything
// written to it. It is safe for concurrent use.
type screen struct {
	mu      sync.Mutex
	w       io.Writer
	columns func() int // width of the terminal; nil if w is none
	color   bool
	live    string
}

func newScreen(w io.Writer) *screen {
	s := &screen{w: w, color: os.Getenv("NO_COLOR") == ""}
	if f, ok := w.(*os.File); ok && os.Getenv("TERM") != "dumb" && terminalColumns(f) > 0 {
		s.columns = func() int { return terminalColumns(f) }
	}
	return s
}

const clearLine = "\r\x1b[K"

// Write writes whole lines above the live one.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == "" {
		return s.w.Write(b)
	}
	io.WriteString(s.w, clearLine)
	n, err := s.w.Write(b)
	io.WriteString(s.w, s.live)
	return n, err
}

// setLive replaces the live line; "" takes it away.
func (s *screen) setLive(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.columns == nil || line == s.live {
		return
	}
	s.live = line
	io.WriteString(s.w, clearLine+line)
}

// progress shows how far a piece of work is. It is safe for concurrent use, and
// nothing that it measures reaches a result.
type progress struct {
	mu    sync.Mutex
	scr   *screen // nil if nothing is to be shown
	title string
	unit  string // of what is counted, in the plural
	total int    // 0 if unknown
	first int    // done before this process began
	done  int
	loss  float64 // NaN if there is none
	now   func() time.Time
	start time.Time
	next  time.Time // when to show it again
	every time.Duration
}

// progress starts to show work of total units (0 if unknown), such as
// "examples", of which done are done already. Close it when the work ends.
func (e *env) progress(title, unit string, done, total int) *progress {
	p := &progress{scr: e.scr, title: title, unit: unit, total: total, first: done, done: done, loss: math.NaN(), now: time.Now, every: plainEvery}
	if e.Quiet {
		p.scr = nil
	} else if e.scr.columns != nil {
		p.every = liveEvery
	}
	p.start = p.now()
	p.next = p.start.Add(p.every)
	return p
}

// add counts n more units.
func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	p.show()
}

// set says how many units are done and the present loss, NaN if there is none.
func (p *progress) set(done int, loss float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.loss = done, loss
	p.show()
}

// close takes the live line away.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.scr != nil {
		p.scr.setLive("")
		p.scr = nil
	}
}

func (p *progress) show() {
	if p.scr == nil {
		return
	}
	now := p.now()
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(p.every)
	if p.scr.columns == nil {
		fmt.Fprintf(p.scr, "%s: %s\n", p.title, p.text(now))
		return
	}
	p.scr.setLive(p.liveLine(now, p.scr.columns()))
}

// text is what is known in words: 2560/10000 examples (25%), 512 examples/s, ...
func (p *progress) text(now time.Time) string {
	parts := []string{fmt.Sprintf("%d %s", p.done, p.unit)}
	if p.total > 0 {
		parts[0] = fmt.Sprintf("%d/%d %s (%d%%)", p.done, p.total, p.unit, int(100*p.fraction()))
	}
	if rate := p.rate(now); rate > 0 {
		parts = append(parts, fmt.Sprintf("%.*f %s/s", decimals(rate), rate, p.unit))
		if left := float64(p.total - p.done); left > 0 {
			parts = append(parts, "ETA "+eta(left/rate))
		}
	}
	if !math.IsNaN(p.loss) {
		parts = append(parts, fmt.Sprintf("loss %.4g", p.loss))
	}
	return strings.Join(parts, ", ")
}

// liveLine is the title, a bar where there is room for it, and the text, in
// fewer than columns characters.
func (p *progress) liveLine(now time.Time, columns int) string {
	const width = 20
	text := p.text(now)
	if room := columns - 1 - len(p.title) - 1; len(text) > room {
		text = text[:max(0, room)]
	}
	if p.total == 0 || len(p.title)+1+width+3+len(text) >= columns {
		return p.title + " " + text
	}
	full := int(width * p.fraction())
	bar := strings.Repeat("=", full)
	if p.scr.color && full > 0 {
		bar = "\x1b[32m" + bar + "\x1b[0m"
	}
	return fmt.Sprintf("%s [%s%s] %s", p.title, bar, strings.Repeat(" ", width-full), text)
}

func (p *progress) fraction() float64 {
	return min(1, max(0, float64(p.done)/float64(p.total)))
}

// rate is how many units a second this process has done.
func (p *progress) rate(now time.Time) float64 {
	t := now.Sub(p.start).Seconds()
	if t <= 0 {
		return 0
	}
	return float64(p.done-p.first) / t
}

func decimals(rate float64) int {
	if rate < 10 {
		return 2
	}
	return 0
}

// eta writes seconds as 42s, 3m05s or 2h07m.
func eta(seconds float64) string {
	s := int(math.Ceil(min(seconds, 1e9)))
	switch {
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	}
	return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
}
