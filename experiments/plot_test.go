package experiments

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func labelsOf(ticks []tick) string {
	var s []string
	for _, t := range ticks {
		if t.label != "" {
			s = append(s, strings.ReplaceAll(t.label, superscript, "^"))
		}
	}
	return strings.Join(s, " ")
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi, count float64
		want          string
	}{
		{0, 1, 5, "0 0.2 0.4 0.6 0.8 1.0"},
		{0.1, 3, 6, "0.5 1.0 1.5 2.0 2.5 3.0"},
		{-1, 1, 4, "\u22121.0 \u22120.5 0 0.5 1.0"},
		{0, 40000, 4, "0 10,000 20,000 30,000 40,000"},
		{0, 3000, 3, "0 1000 2000 3000"},
		{0, 2.3e-5, 3, "0 1×10^\u22125 2×10^\u22125"},
		{0, 3e7, 3, "0 1×10^7 2×10^7 3×10^7"},
		{14.2, 14.31, 5, "14.20 14.25 14.30"},
	} {
		require.Equal(t, c.want, labelsOf(axisScale{lo: c.lo, hi: c.hi}.linearTicks(c.count)), "%v to %v", c.lo, c.hi)
	}
	for _, c := range []struct {
		lo, hi, count float64
		want          string
	}{
		{1e-4, 20, 6, "10^\u22124 0.001 0.01 0.1 1 10"},
		{1e-12, 1, 4, "10^\u221212 10^\u22129 10^\u22126 0.001 1"},
		{1, 100, 8, "1 2 5 10 20 50 100"},
		{1.1, 1.9, 4, "1.2 1.4 1.6 1.8"}, // too narrow for powers of ten
	} {
		a := Axis{Log: true}
		s := axisScale{log: true, lo: math.Log10(c.lo), hi: math.Log10(c.hi)}
		require.Equal(t, c.want, labelsOf(s.ticks(a, c.count)), "%v to %v", c.lo, c.hi)
	}
}

func TestScaleMapsTheEndsAndTheMiddle(t *testing.T) {
	s := newScale(Axis{Log: true, Range: [2]float64{0.01, 100}}, nil, false, 0)
	s.from, s.to = 10, 50
	for v, want := range map[float64]float64{0.01: 10, 1: 30, 100: 50} {
		x, ok := s.at(v)
		require.True(t, ok)
		require.InDelta(t, want, x, 1e-9)
	}
	_, ok := s.at(0)
	require.False(t, ok)
	x, ok := s.clamped(-1) // a band whose lower end has no logarithm reaches the axis
	require.True(t, ok)
	require.Equal(t, 10.0, x)

	// All the same value, nothing, and only NaN still make axes.
	for _, values := range [][]float64{{3, 3}, {0}, nil, {nan, math.Inf(1)}} {
		s := newScale(Axis{}, values, false, 0.05)
		require.Less(t, s.lo, s.hi)
		require.NotEmpty(t, s.ticks(Axis{}, 5))
	}
}

// hardChart has what charts tend to break on.
func hardChart() *Chart {
	many := []Series{}
	for i := range 9 {
		many = append(many, Series{Name: "series <" + strconv.Itoa(i) + "> & a rather long name", X: []float64{0, 1, 2, 3}, Y: []float64{float64(i), nan, float64(i) * 1.5, float64(i) * 2}})
	}
	return &Chart{Title: `A "hard" <chart> & a title that goes on for so long that it has to be wrapped into a second line, whatever the font`, Description: "edge cases",
		Columns: 2, Panels: []Panel{
			{Title: "Nine series, gaps", X: Axis{Title: "x"}, Y: Axis{Title: "y (a long title with its unit, which must be wrapped as it is higher than the panel)"}, Series: many},
			{Title: "Negative, tiny", X: Axis{Title: "x"}, Y: Axis{Title: "y"}, HLines: []RefLine{{-2e-5, "control, mean of 100 random bases"}, {-2.01e-5, "floor"}, {-1.99e-5, "another"}},
				VLines: []RefLine{{0.2, "a"}, {0.4, "fairly long label"}, {2.9, "at the right end"}, {3, "last"}},
				Series: []Series{{Name: "points", X: []float64{0, 1, 2, 3}, Y: []float64{-1e-5, -2e-5, 0, -3e-5}, Lo: []float64{-2e-5, -3e-5, nan, -4e-5}, Hi: []float64{0, -1e-5, 1e-5, -2e-5}, ErrorBars: true, NoLine: true}}},
			{Title: "Nothing", X: Axis{Log: true}, Y: Axis{Log: true}, Series: []Series{{Name: "none", X: []float64{nan}, Y: []float64{nan}}}},
			{Title: "Long categories, negative bars", Y: Axis{Title: "change (%)"}, HLines: []RefLine{{5, "five"}},
				Categories: []string{"features.a.very.long.name.conv1_1", "features.conv1_2", "features.conv2_1", "classifier.fc1", "classifier.fc2", "classifier.last"},
				Series:     []Series{{Name: "bars", Y: []float64{-3, 4, nan, 7, -1, 0}, Lo: []float64{-4, 3, nan, 6, -2, -1}, Hi: []float64{-2, 5, nan, 8, 0, 1}}}},
			{Title: "Logarithmic, many decades; a band from below zero", X: Axis{Title: "eigenvalue", Log: true}, Y: Axis{Title: "f", Log: true},
				Series: []Series{{Name: "band", X: []float64{1e-9, 1e-5, 1, 1e4}, Y: []float64{0, 1e-8, 1e-2, 1e3}, Lo: []float64{-1, -1, 1e-3, 1e2}, Hi: []float64{1e-7, 1e-6, 1, 1e4}},
					{Name: "grey", X: []float64{1e-9, 1e4}, Y: []float64{1, 1}, Color: ColorGrey}}},
		}}
}

func svgOf(t *testing.T, c *Chart) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, c.WriteSVG(&b))
	return b.String()
}

func TestChartIsWellFormedAndRepeats(t *testing.T) {
	for _, c := range []*Chart{hardChart(), {}, {Title: "one", Panels: []Panel{{Title: "a\x00b\xff\uffff", Y: Axis{Title: "\x01\x1b["}}}}} {
		svg := svgOf(t, c)
		wellFormed(t, svg)
		require.Equal(t, svg, svgOf(t, c))
		require.True(t, harmlessSVG([]byte(svg)))
		require.False(t, strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf"), "a coordinate is not a number")
	}
	svg := svgOf(t, hardChart())
	require.Contains(t, svg, "series &lt;0&gt; &amp; a rather")
	require.Contains(t, svg, "no data")
}

func TestChartPutsPointsWhereTheyBelong(t *testing.T) {
	c := &Chart{Panels: []Panel{{X: Axis{Range: [2]float64{0, 10}}, Y: Axis{Range: [2]float64{0, 1}},
		Series: []Series{{X: []float64{0, 5, 10}, Y: []float64{0, 0.5, 1}, Lo: []float64{0, 0.25, 1}, Hi: []float64{0, 0.75, 1}}}}}}
	svg := svgOf(t, c)
	box := regexp.MustCompile(`<svg x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"`).FindStringSubmatch(svg)
	var b [4]float64
	for i := range b {
		b[i], _ = strconv.ParseFloat(box[i+1], 64)
	}
	left, mid, right := px(b[0]), px(b[0]+b[2]/2), px(b[0]+b[2])
	at := func(share float64) string { return px(b[1] + b[3]*(1-share)) }
	require.Contains(t, svg, "d=\"M"+left+" "+at(0)+"L"+mid+" "+at(0.5)+"L"+right+" "+at(1)+"\" fill=\"none\"")
	// The band: up along Hi, back along Lo.
	require.Contains(t, svg, "d=\"M"+left+" "+at(0)+"L"+mid+" "+at(0.75)+"L"+right+" "+at(1)+"L"+right+" "+at(1)+"L"+mid+" "+at(0.25)+"L"+left+" "+at(0)+"Z\"")
}

// TestLabelsDoNotTouch checks the boxes of all horizontal labels of the hard
// chart against one another, and the legend against the plots.
func TestLabelsDoNotTouch(t *testing.T) {
	type box struct {
		x1, y1, x2, y2 float64
		text           string
	}
	var boxes []box
	svg := svgOf(t, hardChart())
	text := regexp.MustCompile(`<text class="[^"]*" x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)" fill="[^"]*"( font-weight="600")?(?: text-anchor="(\w+)")?( transform="[^"]*")?>([^<]*)`)
	for _, m := range text.FindAllStringSubmatch(svg, -1) {
		if m[6] != "" {
			continue // rotated
		}
		x, _ := strconv.ParseFloat(m[1], 64)
		y, _ := strconv.ParseFloat(m[2], 64)
		size, _ := strconv.ParseFloat(m[3], 64)
		s := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`).Replace(m[7])
		w := textWidth(s, size)
		if m[4] != "" {
			w *= boldFactor
		}
		switch m[5] {
		case "middle":
			x -= w / 2
		case "end":
			x -= w
		}
		boxes = append(boxes, box{x, y - 0.8*size, x + w, y + 0.2*size, s})
	}
	require.Greater(t, len(boxes), 60)
	view := regexp.MustCompile(`viewBox="0 0 ([\d.]+) ([\d.]+)"`).FindStringSubmatch(svg)
	width, _ := strconv.ParseFloat(view[1], 64)
	height, _ := strconv.ParseFloat(view[2], 64)
	for i, a := range boxes {
		require.True(t, a.x1 >= 0 && a.y1 >= 0 && a.x2 <= width && a.y2 <= height, "%q leaves the picture", a.text)
		for _, b := range boxes[:i] {
			apart := a.x2 <= b.x1 || b.x2 <= a.x1 || a.y2 <= b.y1 || b.y2 <= a.y1
			require.True(t, apart, "%q and %q overlap", a.text, b.text)
		}
	}
}

func TestChartPanicsOnLengths(t *testing.T) {
	for _, p := range []Panel{
		{Series: []Series{{X: []float64{1}, Y: []float64{1, 2}}}},
		{Series: []Series{{X: []float64{1}, Y: []float64{1}, Lo: []float64{1}}}},
		{Categories: []string{"a"}, Series: []Series{{Y: []float64{1, 2}}}},
	} {
		require.Panics(t, func() { (&Chart{Panels: []Panel{p}}).WriteSVG(&bytes.Buffer{}) })
	}
}

func TestVectorGridPixels(t *testing.T) {
	// Two by one pixels, channels apart: red -1, 0.5; green 0, 1; blue 1, -0.5.
	v := []float64{-2, 1, 0, 2, 2, -1}
	img, err := VectorGrid([][][]float64{{v, nil}, {{0, 0, 0, 0, 0, 0}, v}}, [3]int{3, 2, 1}, TileStyle{Size: 8, Gap: 2})
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 12, 20), img.Bounds())
	var b bytes.Buffer
	require.NoError(t, WritePNG(&b, img))
	back, err := png.Decode(&b)
	require.NoError(t, err)
	at := func(x, y int) color.NRGBA { return color.NRGBAModel.Convert(back.At(x, y)).(color.NRGBA) }
	require.Equal(t, color.NRGBA{0, 128, 255, 255}, at(1, 1))
	require.Equal(t, color.NRGBA{0, 128, 255, 255}, at(4, 4), "four by four pixels of one value")
	require.Equal(t, color.NRGBA{191, 255, 64, 255}, at(1, 5))
	require.Equal(t, color.NRGBA{}, at(0, 0), "the gap is transparent")
	require.Equal(t, color.NRGBA{}, at(8, 3), "no tile")
	require.Equal(t, color.NRGBA{128, 128, 128, 255}, at(2, 13), "a vector of zeros is grey")

	_, err = VectorGrid([][][]float64{{v[:5]}}, [3]int{3, 2, 1}, TileStyle{})
	require.ErrorContains(t, err, "found 5 values, expected 6")
	_, err = VectorGrid([][][]float64{{v}}, [3]int{2, 3, 1}, TileStyle{})
	require.Error(t, err)
	_, err = VectorGrid(nil, [3]int{3, 2, 1}, TileStyle{})
	require.Error(t, err)
}

func TestContactSheetPixels(t *testing.T) {
	img, err := ContactSheet([]uint8{10, 20, 30}, [3]int{1, 1, 1}, TileStyle{Size: 4, Gap: 2, Columns: 2})
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 12, 12), img.Bounds())
	require.Equal(t, color.NRGBA{20, 20, 20, 255}, img.At(10, 1))
	require.Equal(t, color.NRGBA{30, 30, 30, 255}, img.At(4, 7))
	require.Equal(t, color.NRGBA{}, img.At(10, 7))
	_, err = ContactSheet(make([]uint8, 5), [3]int{3, 1, 1}, TileStyle{})
	require.Error(t, err)
}
