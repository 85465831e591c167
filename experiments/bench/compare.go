package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// Comparison holds a run against an earlier one.
type Comparison struct {
	Warnings []string `json:"warnings"`
	Rows     []Change `json:"rows"`
	// OnlyOld and OnlyNew count the rows that have no partner.
	OnlyOld int `json:"only_old"`
	OnlyNew int `json:"only_new"`
}

// Change is a row of both runs.
type Change struct {
	Name    string  `json:"name"`
	Threads int     `json:"threads"`
	Unit    string  `json:"unit"`
	Old     float64 `json:"old"`
	New     float64 `json:"new"`
	// Percent is how much greater the new value is than the old one.
	Percent float64 `json:"percent"`
	// Share is how much greater the new share of the yardstick is than the old one, which
	// a machine that is slower as a whole does not change; nil where a row has none.
	Share *float64 `json:"share"`
	// Noise is the sum of both spreads in per cent, and without a share also what the
	// machine's yardsticks moved; a change within it says nothing.
	Noise float64 `json:"noise"`
	// Verdict is "faster", "slower" or, within the noise, "same": by the share if there is one.
	Verdict string `json:"verdict"`
}

// movedPeak is the change of a yardstick, as a share, that is worth a warning.
const movedPeak = 0.05

// Compare holds now against old, row by row in the order of now.
func Compare(old, now *Result) *Comparison {
	c := &Comparison{Warnings: warnings(old, now), Rows: []Change{}}
	type key struct {
		name    string
		threads int
	}
	earlier := map[key]Row{}
	for _, r := range old.Rows {
		earlier[key{r.Name, r.Threads}] = r
	}
	for _, r := range now.Rows {
		k := key{r.Name, r.Threads}
		o, ok := earlier[k]
		if !ok || o.Unit != r.Unit {
			c.OnlyNew++
			continue
		}
		delete(earlier, k)
		c.Rows = append(c.Rows, change(o, r, moved(old, now, r.Threads)))
	}
	c.OnlyOld = len(earlier)
	return c
}

// change holds a row against an earlier one. The yardsticks of their runs have moved by so
// many per cent.
func change(old, now Row, moved float64) Change {
	d := Change{Name: now.Name, Threads: now.Threads, Unit: now.Unit, Old: old.Value, New: now.Value}
	d.Percent = 100 * (now.Value/old.Value - 1)
	d.Noise = 100 * (old.Spread + now.Spread)
	judged := d.Percent
	if now.Unit == milliseconds {
		judged = 100 * (old.Value/now.Value - 1)
	}
	if old.Percent != nil && now.Percent != nil && *old.Percent > 0 {
		judged = 100 * (*now.Percent / *old.Percent - 1)
		d.Share = &judged
	} else {
		d.Noise += moved
	}
	switch {
	case math.Abs(judged) <= d.Noise:
		d.Verdict = "same"
	case judged > 0:
		d.Verdict = "faster"
	default:
		d.Verdict = "slower"
	}
	return d
}

// moved is the greatest change of a yardstick on one thread, or on all, in per cent.
func moved(old, now *Result, threads int) float64 {
	most := 0.0
	see := func(a, b Pair) {
		x, y := a.All, b.All
		if threads == 1 {
			x, y = a.One, b.One
		}
		if x > 0 {
			most = max(most, 100*math.Abs(y/x-1))
		}
	}
	for _, t := range []string{"f32", "f64"} {
		see(old.Peak[t], now.Peak[t])
	}
	see(old.Copy, now.Copy)
	return most
}

// warnings tells in what else the runs differ.
func warnings(old, now *Result) []string {
	w := []string{}
	say := func(format string, args ...any) { w = append(w, fmt.Sprintf(format, args...)) }
	if old.CPU != now.CPU {
		say("the earlier run was on another CPU: %s, this one is %s", old.CPU, now.CPU)
	}
	if old.Kernel != now.Kernel {
		say("the earlier run used the kernel path %s, this one %s", old.Kernel, now.Kernel)
	}
	if old.Threads != now.Threads {
		say("the earlier run had %d threads, this one %d", old.Threads, now.Threads)
	}
	yard := func(name string, a, b float64) {
		if a > 0 && math.Abs(b/a-1) > movedPeak {
			say("the machine's own %s is %+.0f %% of the earlier run's: rows are judged by their shares of it", name, 100*(b/a-1))
		}
	}
	if len(w) == 0 {
		for _, t := range []string{"f32", "f64"} {
			yard(t+" peak on one thread", old.Peak[t].One, now.Peak[t].One)
			yard(t+" peak on all threads", old.Peak[t].All, now.Peak[t].All)
		}
		yard("copy bandwidth on one thread", old.Copy.One, now.Copy.One)
		yard("copy bandwidth on all threads", old.Copy.All, now.Copy.All)
	}
	return w
}

// largestFile is more than any run writes.
const largestFile = 16 << 20

// Read reads the JSON of a run. Its error names the file and what is wrong.
func Read(path string) (*Result, error) {
	f, err := os.Open(path)
	if err != nil {
		if e := (*fs.PathError)(nil); errors.As(err, &e) {
			err = e.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: found a folder, expected a result of `randalign bench --json`", path)
	}
	b, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	refuse := func(format string, args ...any) (*Result, error) {
		return nil, fmt.Errorf("%s is no result of `randalign bench --json`: %s", path, fmt.Sprintf(format, args...))
	}
	if len(b) > largestFile {
		return refuse("found more than %d MiB", largestFile>>20)
	}
	var r Result
	if err := json.Unmarshal(b, &r); err != nil {
		return refuse("%v", err)
	}
	switch {
	case r.Rows == nil:
		return refuse("found no field rows")
	case r.Kernel == "" || r.Peak == nil:
		return refuse("found no kernel and peak")
	}
	for i, row := range r.Rows {
		if row.Name == "" || !(row.Value > 0) || row.Spread < 0 || row.Unit == "" || row.Threads < 1 {
			return refuse("row %d is %+v, expected a name, threads, a positive value, a unit and a spread", i, row)
		}
	}
	return &r, nil
}
