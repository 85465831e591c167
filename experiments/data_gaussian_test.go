package experiments

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGaussianSpecs(t *testing.T) {
	for _, row := range []struct {
		name  string
		std   []float64
		train int
	}{
		{"gaussian:1x3", []float64{1, 1, 1}, 10000},
		{"gaussian:0.5", []float64{0.5}, 10000},
		{"gaussian:1,2,3", []float64{1, 2, 3}, 10000},
		{"gaussian:1.0..1.9x10", []float64{1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9}, 10000},
		{"gaussian:3..1x3:n=20000", []float64{3, 2, 1}, 20000},
		{"gaussian:1e-3x2,4..5x2,7", []float64{1e-3, 1e-3, 4, 5, 7}, 10000},
	} {
		g, err := parseGaussian(row.name)
		require.NoError(t, err, row.name)
		require.InDeltaSlice(t, row.std, g.std, 1e-15*8, row.name)
		require.Equal(t, row.train, g.Len(Train), row.name)
		require.Equal(t, 2000, g.Len(Test), row.name)
		require.Equal(t, [3]int{len(row.std), 1, 1}, g.Shape())
		require.Equal(t, row.name, g.Name())
	}
}

func TestBadGaussianSpecs(t *testing.T) {
	for name, found := range map[string]string{
		"gaussian":                          "found no standard deviations",
		"gaussian:":                         "found no standard deviations",
		"gaussian:x3":                       `found standard deviation ""`,
		"gaussian:1x":                       `found count ""`,
		"gaussian:1x0":                      `found count "0"`,
		"gaussian:1x-2":                     `found count "-2"`,
		"gaussian:1x99999999":               `found count "99999999"`,
		"gaussian:1x65536,1":                "found more than 65536 dimensions",
		"gaussian:0x3":                      `found standard deviation "0"`,
		"gaussian:-1":                       `found standard deviation "-1"`,
		"gaussian:NaN":                      `found standard deviation "NaN"`,
		"gaussian:inf":                      `found standard deviation "inf"`,
		"gaussian:1e99":                     `found standard deviation "1e99"`,
		"gaussian:1,,2":                     `found standard deviation ""`,
		"gaussian:0.1..3.0":                 `found range "0.1..3.0" without a count`,
		"gaussian:0.1..3.0x1":               `found range "0.1..3.0x1" without a count`,
		"gaussian:1..x3":                    `found standard deviation ""`,
		"gaussian:1:n=0":                    `found option "n=0"`,
		"gaussian:1:m=5":                    `found option "m=5"`,
		"gaussian:1:":                       `found option ""`,
		"gaussian:1:n=5:n=6":                `found option "n=5:n=6"`,
		"gaussian:1:n=99999999999999999999": `found option "n=9999`,
	} {
		_, err := OpenSource(name, "")
		require.ErrorIs(t, err, ErrSpec, name)
		require.ErrorContains(t, err, found)
		require.ErrorContains(t, err, "expected gaussian:SPEC")
		require.Contains(t, err.Error(), name)
		require.NotContains(t, err.Error(), "\n")
	}
}

// Means, variances, correlations and labels within five standard errors.
func TestGaussianMoments(t *testing.T) {
	const n = 10000
	src, err := OpenSource("gaussian:0.1..3.0x30", "")
	require.NoError(t, err)
	raw := mustRead(t, src, Train, upTo(n))
	require.Nil(t, raw.U8)
	for j := range 30 {
		var m, q, next float64
		for i := range n {
			x := float64(raw.F32[i*30+j])
			m, q, next = m+x, q+x*x, next+x*float64(raw.F32[i*30+(j+1)%30])
		}
		std, other := 0.1*float64(j+1), 0.1*float64((j+1)%30+1)
		require.InDelta(t, 0, m/n, 5*std/math.Sqrt(n), "mean %d", j)
		require.InDelta(t, std*std, q/n, 5*std*std*math.Sqrt(2.0/n), "variance %d", j)
		require.InDelta(t, 0, next/n, 5*std*other/math.Sqrt(n), "covariance %d", j)
	}
	var count [10]int
	var dot float64
	for i, y := range raw.Labels {
		count[y]++
		dot += (float64(y) - 4.5) * float64(raw.F32[i*30+29])
	}
	for y, c := range count {
		require.InDelta(t, n/10, c, 5*math.Sqrt(n*0.1*0.9), "label %d", y)
	}
	require.InDelta(t, 0, dot/n, 5*3*math.Sqrt(8.25/n), "labels know nothing of x")
}

func FuzzGaussianSpec(f *testing.F) {
	for _, s := range []string{"gaussian:0.1..3.0x30", "gaussian:1,2,3:n=5", "gaussian:1e3x2", "gaussian::", "gaussian:1....2x3", "gaussian:0x1p-2x3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		g, err := parseGaussian(name)
		if err != nil {
			require.ErrorIs(t, err, ErrSpec)
			require.False(t, strings.ContainsAny(err.Error(), "\n\r"))
			return
		}
		require.NotEmpty(t, g.std)
		require.LessOrEqual(t, len(g.std), gaussianMaxDim)
		require.Positive(t, g.train)
		for _, v := range g.std {
			require.True(t, v > 0 && v <= 1.000001e30, "%v", v)
		}
	})
}
