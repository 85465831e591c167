package experiments

import (
	"context"
	"math"
	"math/big"
	"testing"

	"randalign/tensor"

	"github.com/stretchr/testify/require"
)

// Two examples of [2, 1, 3].
func tinyRaw() *Raw {
	return &Raw{U8: []uint8{0, 1, 2, 255, 255, 255, 3, 4, 5, 0, 0, 0}, Labels: []int32{1, 0}}
}

func TestPixelStatisticsAreExact(t *testing.T) {
	m := newMoments([3]int{2, 1, 3})
	m.add(tinyRaw())
	mean, std := m.statistics()
	require.InDeltaSlice(t, []float64{2.5 / 255, 0.5}, mean, 1e-16)
	require.InDeltaSlice(t, []float64{math.Sqrt(35.0/12) / 255, 0.5}, std, 1e-16)

	// Past 64 bits: n values, all 200 or 201, by rational arithmetic.
	m = &moments{shape: [3]int{1, 1, 1}, u8: true, n: 6e10, s: []uint64{200*4e10 + 201*2e10}, q: []uint64{200*200*4e10 + 201*201*2e10}}
	_, std = m.statistics()
	want, _ := new(big.Rat).SetFrac64(2, 9*255*255).Float64() // variance p(1-p), p = 1/3
	require.InEpsilon(t, math.Sqrt(want), std[0], 1e-15)

	// A constant channel stays as it is but for its mean.
	m = newMoments([3]int{1, 1, 2})
	m.add(&Raw{U8: []uint8{7, 7, 7, 7}, Labels: []int32{0, 0}})
	mean, std = m.statistics()
	require.Equal(t, []float64{7.0 / 255}, mean)
	require.Equal(t, []float64{1}, std)
}

func TestFloatStatistics(t *testing.T) {
	m := newMoments([3]int{1, 1, 2})
	// The mean is large, the deviation small: sums of plain squares would fail.
	m.add(&Raw{F32: []float32{1e6 + 1, 1e6 + 2}, Labels: []int32{0}})
	m.add(&Raw{F32: []float32{1e6 + 3, 1e6 + 4}, Labels: []int32{0}})
	mean, std := m.statistics()
	require.Equal(t, []float64{1e6 + 2.5}, mean)
	require.InEpsilon(t, math.Sqrt(1.25), std[0], 1e-14)
}

func TestNormalisationKinds(t *testing.T) {
	shape := [3]int{2, 1, 3}
	channel := Normalisation{Kind: "channel", Mean: []float64{0.2, 0.4}, Std: []float64{0.5, 0.25}}
	for _, row := range []struct {
		norm Normalisation
		want func(v float64, c int) float64
	}{
		{Normalisation{Kind: "none"}, func(v float64, _ int) float64 { return v }},
		{Normalisation{Kind: "unit"}, func(v float64, _ int) float64 { return v / 255 }},
		{Normalisation{Kind: "symmetric"}, func(v float64, _ int) float64 { return v/127.5 - 1 }},
		{channel, func(v float64, c int) float64 { return (v/255 - channel.Mean[c]) / channel.Std[c] }},
	} {
		raw := tinyRaw()
		d := Materialise(raw, shape, row.norm, 2)
		require.Equal(t, []int32{1, 0}, d.Y)
		for i, v := range raw.U8 {
			require.InDelta(t, row.want(float64(v), i/3%2), d.X[i], 1e-6, "%s %d", row.norm.Kind, i)
		}
		// The same values as floats; channel statistics are then of v itself.
		f := &Raw{Labels: raw.Labels}
		for _, v := range raw.U8 {
			f.F32 = append(f.F32, float32(v))
		}
		e := Materialise(f, shape, row.norm, 2)
		for i, v := range f.F32 {
			want := row.want(float64(v), i/3%2)
			if row.norm.Kind == "channel" {
				want = row.want(float64(v)*255, i/3%2)
			}
			require.InDelta(t, want, e.X[i], 1e-4, "%s %d", row.norm.Kind, i)
		}
	}
	for _, row := range []struct {
		norm Normalisation
		text string
	}{
		{Normalisation{Kind: "chanel"}, `found kind "chanel", expected channel, symmetric, unit or none`},
		{Normalisation{Kind: "channel", Mean: []float64{1}, Std: []float64{1}}, "found 1 means and 1 deviations, expected one a channel: 2"},
		{Normalisation{Kind: "channel", Mean: []float64{1, 1}, Std: []float64{1, 0}}, "found deviation 0 in channel 1"},
	} {
		require.ErrorContains(t, row.norm.Validate(2), row.text)
		require.Panics(t, func() { Materialise(tinyRaw(), shape, row.norm, 2) })
		_, err := Load(context.Background(), leavesSource{}, Test, []int{0}, row.norm)
		require.ErrorContains(t, err, "normalisation: found")
	}
	require.Panics(t, func() { Materialise(tinyRaw(), [3]int{3, 1, 3}, Normalisation{Kind: "none"}, 2) })
}

func TestMeasureAndLoad(t *testing.T) {
	ctx := context.Background()
	src := leavesSource{}
	index := Select(src.Len(Train), 1500, 3) // more than one block
	norm, err := MeasureNormalisation(ctx, src, "", index)
	require.NoError(t, err)
	require.Equal(t, "channel", norm.Kind)
	d, err := Load(ctx, src, Train, index, norm)
	require.NoError(t, err)
	require.Equal(t, index, d.Index)
	require.Equal(t, 1500, d.Len())
	for c := range 3 {
		var m, q float64
		for i := range d.Len() {
			for _, v := range d.X[(i*3+c)*1024:][:1024] {
				m, q = m+float64(v), q+float64(v)*float64(v)
			}
		}
		n := float64(1024 * d.Len())
		require.InDelta(t, 0, m/n, 1e-6, "mean of channel %d", c)
		require.InDelta(t, 1, q/n, 1e-6, "variance of channel %d", c)
	}
	raw := mustRead(t, src, Train, index)
	require.Equal(t, norm, DefaultNormalisation(raw, src.Shape()))
	whole := Materialise(raw, src.Shape(), norm, src.Classes())
	require.Equal(t, whole.X, d.X)
	require.Equal(t, whole.Y, d.Y)

	s := d.Subset([]int{7, 1499})
	require.Equal(t, []int{index[7], index[1499]}, s.Index)
	require.Equal(t, d.X[7*3072:8*3072], s.X[:3072])
	require.Equal(t, []int32{d.Y[7], d.Y[1499]}, s.Y)

	g, err := OpenSource("gaussian:1x4", "")
	require.NoError(t, err)
	norm, err = MeasureNormalisation(ctx, g, "", upTo(10))
	require.NoError(t, err)
	require.Equal(t, Normalisation{Kind: "none"}, norm)
	_, err = MeasureNormalisation(ctx, g, "zscore", upTo(10))
	require.ErrorContains(t, err, `normalize: found "zscore", expected channel, symmetric, unit or none`)
	_, err = MeasureNormalisation(ctx, g, "", nil)
	require.ErrorContains(t, err, "found no training examples")
}

func TestSelect(t *testing.T) {
	all := Select(100, 0, 1)
	require.ElementsMatch(t, upTo(100), all)
	require.NotEqual(t, upTo(100), all)
	require.Equal(t, all[:10], Select(100, 10, 1))
	require.Equal(t, all, Select(100, 1000, 1))
	require.NotEqual(t, all, Select(100, 0, 2))
}

func TestRandomLabels(t *testing.T) {
	const n, classes = 50000, 7
	y := RandomLabels(n, classes, tensor.NewStream(1, "labels"))
	require.Equal(t, y, RandomLabels(n, classes, tensor.NewStream(1, "labels")))
	var count [classes]float64
	for _, v := range y {
		count[v]++
	}
	for _, c := range count {
		require.InDelta(t, n/classes, c, 5*math.Sqrt(n/classes))
	}
}
