package tensor

import "testing"

// Samples drawn in bulk, and one by one.
func BenchmarkNormal(b *testing.B) {
	x := make([]float32, 64<<10)
	for _, c := range []struct {
		name string
		draw func(s *Stream)
	}{
		{"Fill", func(s *Stream) { FillNormal(s, x, 0.7) }},
		{"Each", func(s *Stream) {
			for i := range x {
				x[i] = float32(s.Normal() * 0.7)
			}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := NewStream(1, "bench")
			for b.Loop() {
				c.draw(s)
			}
			b.ReportMetric(float64(len(x))*float64(b.N)/b.Elapsed().Seconds()/1e6, "M/s")
		})
	}
}
