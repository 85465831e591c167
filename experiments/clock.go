package experiments

import "time"

// stopwatch returns a function that tells the seconds since; they are reported
// and never enter a number of the study.
func stopwatch() func() float64 {
	start := time.Now()
	return func() float64 { return time.Since(start).Seconds() }
}
