package experiments

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"randalign/tensor"

	"github.com/stretchr/testify/require"
)

func upTo(n int) []int {
	index := make([]int, n)
	for i := range index {
		index[i] = i
	}
	return index
}

func mustRead(t testing.TB, src Source, split Split, index []int) *Raw {
	t.Helper()
	raw, err := src.Read(context.Background(), split, index)
	require.NoError(t, err)
	return raw
}

// digest is over pixels or the bits of floats, then the labels.
func digest(raw *Raw) string {
	h := sha256.New()
	h.Write(raw.U8)
	for _, v := range raw.F32 {
		h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
	for _, y := range raw.Labels {
		h.Write(binary.LittleEndian.AppendUint32(nil, uint32(y)))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// The built-in data are part of the format: results depend on their bits, which
// must be the same on every machine.
func TestBuiltInDataGolden(t *testing.T) {
	for _, row := range []struct {
		name  string
		split Split
		want  string
	}{
		{"leaves", Train, "040f00c5f66048db"},
		{"leaves", Test, "2f93101779513d46"},
		{"gaussian:0.1..3.0x30", Train, "501480d1bb474bf0"},
		{"gaussian:0.1..3.0x30", Test, "3cdb7d774cf48f30"},
	} {
		src, err := OpenSource(row.name, "")
		require.NoError(t, err)
		require.Equal(t, row.want, digest(mustRead(t, src, row.split, upTo(200))), "%s %s", row.name, row.split)
	}
}

// An example depends on its index alone: not on its company, place or worker.
func TestBuiltInExamplesStandAlone(t *testing.T) {
	for _, name := range []string{"leaves", "gaussian:1,2,3"} {
		src, err := OpenSource(name, "")
		require.NoError(t, err)
		all := mustRead(t, src, Train, upTo(300))
		size := len(all.U8)/300 + len(all.F32)/300
		for _, i := range []int{0, 1, 64, 299} {
			one := mustRead(t, src, Train, []int{i, i})
			require.Equal(t, all.Labels[i], one.Labels[1], name)
			if one.U8 != nil {
				require.Equal(t, all.U8[i*size:][:size], one.U8[size:], name)
			} else {
				require.Equal(t, all.F32[i*size:][:size], one.F32[size:], name)
			}
		}
		require.NotEqual(t, digest(mustRead(t, src, Train, upTo(2))), digest(mustRead(t, src, Test, upTo(2))), name)

		empty := mustRead(t, src, Test, nil)
		require.Empty(t, empty.Labels)
		_, err = src.Read(context.Background(), Test, []int{0, src.Len(Test)})
		require.ErrorContains(t, err, "found test index 2000, expected 0..1999")
		_, err = src.Read(context.Background(), Train, []int{-1})
		require.ErrorContains(t, err, "found train index -1")
		_, err = src.Read(context.Background(), "valid", nil)
		require.ErrorContains(t, err, `found split "valid"`)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err = src.Read(ctx, Train, upTo(1000))
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestLeavesClassesAreUniform(t *testing.T) {
	src := leavesSource{}
	require.Equal(t, 10, src.Classes())
	var count [10]int
	for _, y := range mustRead(t, src, Test, upTo(src.Len(Test))).Labels {
		count[y]++
	}
	for y, n := range count {
		// Five standard deviations of a binomial count.
		require.InDelta(t, leavesTest/10, n, 5*math.Sqrt(leavesTest*0.1*0.9), "class %d", y)
	}
}

// The radii against the integral of their density, by Simpson's rule.
func TestLeafRadiusDistribution(t *testing.T) {
	density := func(r float64) float64 { return (leavesSize + 2*r) * (leavesSize + 2*r) / (r * r * r) }
	mass := func(a, b float64) float64 {
		const n = 1000
		sum, h := density(a)+density(b), (b-a)/n
		for i := 1; i < n; i++ {
			sum += float64(2+2*(i%2)) * density(a+h*float64(i))
		}
		return sum * h / 3
	}
	const n = 100_000
	s := tensor.NewStream(1, "radius")
	radii := make([]float64, n)
	for i := range radii {
		radii[i] = leafRadius(s)
		require.True(t, radii[i] >= leafRadiusMin && radii[i] <= leafRadiusMax, "%v", radii[i])
	}
	for _, r := range []float64{1.3, 1.6, 2, 3, 5, 10, 15} {
		below := 0
		for _, v := range radii {
			if v < r {
				below++
			}
		}
		p := mass(leafRadiusMin, r) / mass(leafRadiusMin, leafRadiusMax)
		require.InDelta(t, p, float64(below)/n, 5*math.Sqrt(p*(1-p)/n), "radius %v", r)
	}
}

// The outlines against the areas that geometry gives them, by counting points.
func TestObjectOutlines(t *testing.T) {
	sector := func(r, h float64) float64 { // area of a disc's segment beyond the chord at distance h
		return r*r*math.Acos(h/r) - h*math.Sqrt(r*r-h*h)
	}
	// The lens common to discs of radius .95 and .8 at distance .5.
	x := (0.95*0.95 - 0.8*0.8 + 0.25) / (2 * 0.5)
	lens := sector(0.95, x) + sector(0.8, 0.5-x)
	// A pentagram of inner radius c has 10 triangles: tip at c/cos 72, notch at c/cos 36.
	deg := math.Pi / 180
	tip, notch := 0.34/math.Cos(72*deg), 0.34/math.Cos(36*deg)
	for kind, want := range []float64{
		disc:     math.Pi * 0.85 * 0.85,
		ring:     math.Pi * (0.95*0.95 - 0.49*0.49),
		square:   1.52 * 1.52,
		triangle: 3 * math.Sqrt(3) * 0.53 * 0.53,
		cross:    2*1.9*0.54 - 0.54*0.54,
		star:     10 * 0.5 * tip * notch * math.Sin(36*deg),
		bar:      2.1 * 0.66,
		crescent: math.Pi*0.95*0.95 - lens,
		stripes:  math.Pi * 0.9 * 0.9,
		checks:   1.6 * 1.6,
	} {
		const n = 600
		inside := 0
		for i := range n * n {
			u, v := (float64(i%n)+0.5)*3/n-1.5, (float64(i/n)+0.5)*3/n-1.5
			if d, _ := objectKind(kind).object(u, v, 0.1); d < 0 {
				inside++
			}
		}
		require.InDelta(t, want, float64(inside)*9/(n*n), 0.01, "object %d", kind)
	}
}

// Light is neither lost nor made: where every shape has the same colour, the
// picture has it too, whatever the order and the edges.
func TestCanvasConservesLight(t *testing.T) {
	s := tensor.NewStream(5, "canvas")
	c := new(canvas)
	c.clear()
	for range 60 {
		p := &shape{
			kind: []objectKind{ellipse, box, star, checks}[s.IntN(4)], x: 40*s.Float64() - 4, y: 40*s.Float64() - 4,
			a: 1 + 6*s.Float64(), b: 1, ux: 0.6, uy: 0.8, squash: 0.9, soft: 2, colour: [3]float64{1, 2, 3}, second: [3]float64{1, 2, 3},
		}
		c.draw(p)
	}
	c.backdrop([3]float64{1, 2, 3})
	for _, l := range c.light {
		require.InDelta(t, 1, l[0], 1e-12)
		require.InDelta(t, 3, l[2], 1e-12)
	}
}

// A shape painted by way of its extent is the shape painted over all pixels.
func TestExtentHoldsTheWholeShape(t *testing.T) {
	s := tensor.NewStream(6, "extent")
	c := new(canvas)
	for range 2000 {
		kind := objectKind(s.IntN(int(numObjects) + 2))
		if kind >= numObjects {
			kind++ // skip the count
		}
		sc := &scene{s: s}
		a := 1 + 12*s.Float64()
		if kind < numObjects {
			a = objectRadiusMin + 4*s.Float64()
		}
		p := &shape{kind: kind, a: a, b: a * (0.5 + 0.5*s.Float64()), x: 50*s.Float64() - 10, y: 50*s.Float64() - 10, squash: 0.9, soft: 1 + 2*s.Float64(), colour: [3]float64{1, 1, 1}, second: [3]float64{1, 1, 1}}
		p.ux, p.uy = sc.direction()
		c.clear()
		c.draw(p)
		for i, l := range c.light {
			dx, dy := float64(i%leavesSize)-p.x, (float64(i/leavesSize)-p.y)/p.squash
			cover, _ := p.cover(dx*p.ux+dy*p.uy, dy*p.ux-dx*p.uy)
			want := clamp01(cover)
			if 1-want < closed {
				want = 1
			}
			require.InDelta(t, want, l[0], 1e-9, "%+v at pixel %d", p, i)
		}
	}
}
