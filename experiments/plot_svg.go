package experiments

import (
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Chart is one picture: panels in a grid under a common title and legend. The
// SVG it writes depends on nothing but its fields, refers to nothing outside and
// stands on a white card; elements have classes (ra-ink, ra-grid, ra-l1, ...) by
// which a page can give it the colours of its dark mode.
type Chart struct {
	Title       string
	Description string // what can be seen: the text for those who cannot
	Panels      []Panel
	Columns     int // panels in a row; 0 is up to three
	// PanelWidth and PanelHeight are pixels, axes included; 0 is a size that suits Columns.
	PanelWidth, PanelHeight int
	// Direct writes the series' names at the ends of their lines instead of in a legend.
	Direct bool
}

// Panel is one pair of axes with lines or, if Categories is set, bars.
type Panel struct {
	Title  string
	X, Y   Axis
	Series []Series
	// Categories makes a bar chart: bar i of each series stands at category i, and X gives only the title.
	Categories []string
	// HLines and VLines are dashed lines of reference; their labels stand outside the plot area.
	HLines, VLines []RefLine
}

// Axis describes one axis.
type Axis struct {
	Title string     // with the unit in brackets
	Log   bool       // values that are not positive are left out
	Range [2]float64 // both 0: from the data
	Ticks []float64  // nil: chosen
}

// Series is a line, a set of points or a set of bars. A NaN interrupts the line.
type Series struct {
	Name   string
	X, Y   []float64
	Lo, Hi []float64 // the spread, as over seeds; nil for none
	// ErrorBars draws Lo and Hi as error bars rather than as a band.
	ErrorBars bool
	Marker    Marker
	NoLine    bool // points only
	Dash      bool
	// Color is 1 to 7 of the palette, ColorGrey, or 0: the same for the same name in all panels.
	Color int
}

// RefLine is a line of reference at one value of an axis.
type RefLine struct {
	Value float64
	Label string
}

// Marker says whether points are marked.
type Marker int

// MarkerAuto marks the points of short series (up to 30 points).
const (
	MarkerAuto Marker = iota
	MarkerNone
	MarkerAll
)

// ColorGrey is for series in the background, such as single seeds.
const ColorGrey = -1

// palette is Okabe and Ito's for colour-blind readers, without the yellow, which
// is too pale for lines on white.
var palette = [...]string{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444"}

const (
	svgFont   = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
	inkColor  = "#1f2328"
	dimColor  = "#59636e"
	gridColor = "#e4e7eb"
	axisColor = "#8c959f"

	chartPad   = 16.0
	titleSize  = 17.0
	panelSize  = 14.0
	textSize   = 13.0
	tickSize   = 12.0
	lineFactor = 1.3  // line height over font size
	boldFactor = 1.13 // width of bold text over that of plain text
)

// WriteSVG writes the chart as one SVG element with an XML namespace and a
// viewBox. It panics if a series' lengths do not agree.
func (c *Chart) WriteSVG(w io.Writer) error {
	for _, p := range c.Panels {
		p.check()
	}
	l := c.layout()
	s := &svgText{}
	s.f(`<svg xmlns="http://www.w3.org/2000/svg" class="ra-chart" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s" font-family="%s">`+"\n",
		px(l.width), px(l.height), px(l.width), px(l.height), escapeXML(c.label()), svgFont)
	s.f(`<rect class="ra-bg" width="%s" height="%s" rx="6" fill="#ffffff"/>`+"\n", px(l.width), px(l.height))
	y := chartPad
	for _, line := range l.title {
		s.text(chartPad, y+titleSize, line, textStyle{size: titleSize, bold: true})
		y += titleSize * lineFactor
	}
	for _, item := range l.legend {
		item.draw(s)
	}
	for i := range c.Panels {
		l.panels[i].draw(s)
	}
	s.WriteString("</svg>\n")
	_, err := io.WriteString(w, s.String())
	return err
}

func (c *Chart) label() string {
	if c.Description == "" {
		return c.Title
	}
	return c.Title + ": " + c.Description
}

func (p *Panel) check() {
	for _, s := range p.Series {
		n := len(s.Y)
		if p.Categories != nil {
			if n != len(p.Categories) {
				panic(fmt.Sprintf("experiments: bars %q: %d values for %d categories", s.Name, n, len(p.Categories)))
			}
		} else if len(s.X) != n {
			panic(fmt.Sprintf("experiments: series %q: %d x for %d y", s.Name, len(s.X), n))
		}
		if (s.Lo != nil || s.Hi != nil) && (len(s.Lo) != n || len(s.Hi) != n) {
			panic(fmt.Sprintf("experiments: series %q: %d lo and %d hi for %d y", s.Name, len(s.Lo), len(s.Hi), n))
		}
	}
}

// svgText collects the elements of a picture.
type svgText struct{ strings.Builder }

func (s *svgText) f(format string, args ...any) { fmt.Fprintf(s, format, args...) }

type textStyle struct {
	size   float64
	bold   bool
	dim    bool
	anchor string  // "start" if empty
	rotate float64 // degrees about the point
}

// text writes one line; what follows the superscript mark is raised.
func (s *svgText) text(x, y float64, line string, st textStyle) {
	class, fill := "ra-ink", inkColor
	if st.dim {
		class, fill = "ra-dim", dimColor
	}
	s.f(`<text class="%s" x="%s" y="%s" font-size="%s" fill="%s"`, class, px(x), px(y), px(st.size), fill)
	if st.bold {
		s.WriteString(` font-weight="600"`)
	}
	if st.anchor != "" {
		s.f(` text-anchor="%s"`, st.anchor)
	}
	if st.rotate != 0 {
		s.f(` transform="rotate(%s %s %s)"`, px(st.rotate), px(x), px(y))
	}
	base, exponent, raised := strings.Cut(line, superscript)
	s.f(">%s", escapeXML(base))
	if raised {
		s.f(`<tspan dy="%s" font-size="%s">%s</tspan>`, px(-0.38*st.size), px(0.75*st.size), escapeXML(exponent))
	}
	s.WriteString("</text>\n")
}

// superscript separates a tick's exponent: a control character, which no title has a use for.
const superscript = "\x01"

// escapeXML escapes a text and drops what XML cannot hold: control characters
// and bytes that are not UTF-8.
func escapeXML(text string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
}

func (s *svgText) line(x1, y1, x2, y2 float64, class, stroke, more string) {
	s.f(`<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s"%s/>`+"\n", class, px(x1), px(y1), px(x2), px(y2), stroke, more)
}

// px writes a coordinate: hundredths of a pixel are enough, and hide last bits.
func px(x float64) string {
	s := trimZeros(strconv.FormatFloat(x, 'f', 2, 64))
	if s == "-0" {
		return "0"
	}
	return s
}

// textWidth estimates the width of a line in pixels. The widths are DejaVu
// Sans's, the widest of the fonts that a reader is likely to have.
func textWidth(line string, size float64) float64 {
	var em float64
	for _, r := range line {
		switch {
		case string(r) == superscript:
		case strings.ContainsRune("ijl|'!.,:; It()[]-f", r):
			em += 0.38
		case strings.ContainsRune("mwMW%@", r):
			em += 0.95
		case r >= 'A' && r <= 'Z', r > 0x2000:
			em += 0.72
		default:
			em += 0.62
		}
	}
	return float64(em * size)
}

// wrapPixels breaks a text into lines of at most width pixels.
func wrapPixels(text string, size, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		joined := strings.TrimLeft(line+" "+word, " ")
		if line != "" && textWidth(joined, size) > width {
			lines = append(lines, line)
			joined = word
		}
		line = joined
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func widest(lines []string, size float64) float64 {
	var w float64
	for _, l := range lines {
		w = math.Max(w, textWidth(l, size))
	}
	return w
}
