package experiments

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// Images a second on one processor.
func BenchmarkLeaves(b *testing.B) {
	c, pixels := new(canvas), make([]uint8, 3*leavesSize*leavesSize)
	n := 0
	for b.Loop() {
		drawLeaves(c, Train, n%leavesTrain, pixels)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "images/s")
}

// Values a second on one processor.
func BenchmarkGaussian(b *testing.B) {
	src, err := OpenSource("gaussian:0.1..3.0x30", "")
	require.NoError(b, err)
	index := make([]int, 1000)
	n := 0
	for b.Loop() {
		_, err := src.Read(context.Background(), Train, index)
		require.NoError(b, err)
		n += 30 * len(index)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "values/s")
}
