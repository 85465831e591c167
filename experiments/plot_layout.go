package experiments

import (
	"math"
	"slices"
	"strings"
)

// chartLayout is where everything goes.
type chartLayout struct {
	width, height float64
	title         []string
	legend        []legendItem
	panels        []panelLayout
}

// seriesStyle is a series' place in the palette: the same name looks the same in every panel.
type seriesStyle struct {
	color  int // 0-based in the palette, or ColorGrey
	marker int // shape
	dash   bool
}

type legendItem struct {
	x, y  float64 // left end, middle line
	name  string
	style seriesStyle
	s     *Series
	bar   bool
}

// panelLayout is one panel: the plot area is [left, right] x [top, bottom].
type panelLayout struct {
	p                        *Panel
	x, y, w                  float64 // of the cell
	left, top, right, bottom float64
	title, xTitle, yTitle    []string
	xs, ys                   axisScale
	xTicks, yTicks           []tick
	styles                   []seriesStyle
	side                     []sideLabel // right of the plot
	above                    []sideLabel // over it, for VLines: at is their left end
	categories               [][]string  // their lines
	slanted                  bool
	labelHeight              float64 // of the tick or category labels
}

// sideLabel is a label outside the plot area, and what it belongs to.
type sideLabel struct {
	lines  []string
	anchor float64 // pixel on the axis
	at     float64 // pixel of the label's middle (side) or left end (above)
	level  int     // above: 0 is nearest to the plot
	style  *seriesStyle
}

const (
	cellGap    = 22.0
	sideWidth  = 150.0 // widest label right of a plot
	tickLength = 5.0
)

func (c *Chart) layout() *chartLayout {
	columns := c.Columns
	if columns <= 0 {
		columns = min(3, len(c.Panels))
	}
	columns = max(1, min(columns, len(c.Panels)))
	sizes := [][2]float64{{760, 420}, {470, 340}, {370, 300}}
	pw, ph := sizes[min(columns, 3)-1][0], sizes[min(columns, 3)-1][1]
	if c.PanelWidth > 0 {
		pw = float64(c.PanelWidth)
	}
	if c.PanelHeight > 0 {
		ph = float64(c.PanelHeight)
	}
	l := &chartLayout{width: 2*chartPad + float64(float64(columns)*pw) + float64(float64(columns-1)*cellGap)}
	l.title = wrapPixels(c.Title, titleSize*boldFactor, l.width-2*chartPad)
	y := chartPad + float64(float64(len(l.title))*titleSize*lineFactor)
	if len(l.title) > 0 {
		y += 4
	}
	styles := c.styles()
	if !c.Direct {
		y = l.placeLegend(c, styles, y)
	}
	for i := range c.Panels {
		row, col := i/columns, i%columns
		p := panelLayout{p: &c.Panels[i], styles: styles[i], w: pw,
			x: chartPad + float64(float64(col)*(pw+cellGap)), y: y + float64(float64(row)*(ph+cellGap))}
		l.panels = append(l.panels, p)
	}
	// The axes of a row line up, and so do those of a column.
	rows := max(1, (len(c.Panels)+columns-1)/columns)
	byRow, byColumn := make([]margins, rows), make([]margins, columns)
	for i := range l.panels {
		m := l.panels[i].measure(ph, c.Direct)
		byRow[i/columns], byColumn[i%columns] = byRow[i/columns].union(m), byColumn[i%columns].union(m)
	}
	for i := range l.panels {
		row, column := byRow[i/columns], byColumn[i%columns]
		l.panels[i].place(margins{column.left, row.top, column.right, row.bottom}, ph)
	}
	l.height = y + float64(float64(rows)*ph) + float64(float64(rows-1)*cellGap) + chartPad/2
	return l
}

// styles gives every series its look, by the order in which names first appear.
func (c *Chart) styles() [][]seriesStyle {
	var names []string
	all := make([][]seriesStyle, len(c.Panels))
	for i, p := range c.Panels {
		for _, s := range p.Series {
			n := slices.Index(names, s.Name)
			if n < 0 || s.Name == "" {
				n = len(names)
				names = append(names, s.Name)
			}
			st := seriesStyle{n % len(palette), n, s.Dash}
			switch {
			case s.Color > 0:
				st.color = (s.Color - 1) % len(palette)
			case s.Color < 0:
				st.color = ColorGrey
			default: // the second time round the palette
				st.dash = st.dash || n >= len(palette)
			}
			all[i] = append(all[i], st)
		}
	}
	return all
}

// placeLegend puts the names in rows over the panels and returns where they end.
func (l *chartLayout) placeLegend(c *Chart, styles [][]seriesStyle, y float64) float64 {
	var names []string
	x := chartPad
	for i, p := range c.Panels {
		for j := range p.Series {
			s := &p.Series[j]
			if s.Name == "" || slices.Contains(names, s.Name) {
				continue
			}
			names = append(names, s.Name)
			w := 34 + textWidth(s.Name, textSize)
			if x > chartPad && x+w > l.width-chartPad {
				x = chartPad
				y += 22
			}
			l.legend = append(l.legend, legendItem{x, y + 10, s.Name, styles[i][j], s, p.Categories != nil})
			x += w + 22
		}
	}
	if len(names) == 0 {
		return y
	}
	return y + 30
}

// margins are the widths round a plot area within its cell.
type margins struct{ left, top, right, bottom float64 }

func (m margins) union(o margins) margins {
	return margins{math.Max(m.left, o.left), math.Max(m.top, o.top), math.Max(m.right, o.right), math.Max(m.bottom, o.bottom)}
}

// measure finds the scales and the room that labels need, on the assumption of
// usual margins (they matter for the number of ticks only).
func (l *panelLayout) measure(ph float64, direct bool) margins {
	p := l.p
	var xv, yv []float64
	for _, s := range p.Series {
		xv = append(xv, s.X...)
		yv = append(append(append(yv, s.Y...), s.Lo...), s.Hi...)
	}
	for _, r := range p.VLines {
		xv = append(xv, r.Value)
	}
	for _, r := range p.HLines {
		yv = append(yv, r.Value)
	}
	l.xs, l.ys = newScale(p.X, xv, false, 0.02), newScale(p.Y, yv, p.Categories != nil, 0.06)

	m := margins{top: 8, right: 16}
	l.yTicks = l.ys.ticks(p.Y, (ph-80)/42)
	var labels []string
	for _, t := range l.yTicks {
		labels = append(labels, t.label)
	}
	l.yTitle = wrapPixels(p.Y.Title, textSize, ph-90)
	m.left = widest(labels, tickSize) + tickLength + 6 + float64(float64(len(l.yTitle))*textSize*lineFactor)

	l.title = wrapPixels(p.Title, panelSize*boldFactor, l.w-m.left)
	if n := len(l.title); n > 0 {
		m.top = float64(float64(n)*panelSize*lineFactor) + 9
	}

	for _, r := range p.HLines {
		l.side = append(l.side, sideLabel{lines: wrapPixels(r.Label, tickSize, sideWidth), anchor: r.Value})
	}
	if direct && p.Categories == nil {
		for i := range p.Series {
			s := &p.Series[i]
			if v, ok := s.rightmost(); ok && s.Name != "" {
				l.side = append(l.side, sideLabel{wrapPixels(s.Name, tickSize, sideWidth), v, 0, 0, &l.styles[i]})
			}
		}
	}
	for _, s := range l.side {
		m.right = math.Max(m.right, widest(s.lines, tickSize)+16)
	}
	var height float64
	for range 3 { // what hangs over makes the plot narrower, and so hang over more
		l.xs.from, l.xs.to = 0, l.w-m.left-m.right
		h, overhang := l.stackAbove(l.xs.to)
		height = h
		m.right = math.Max(m.right, overhang)
	}
	m.top += height
	plotWidth := l.w - m.left - m.right

	l.xTitle = wrapPixels(p.X.Title, textSize, plotWidth)
	l.labelHeight = tickSize * lineFactor
	if p.Categories != nil {
		l.fitCategories(plotWidth)
		if l.slanted { // the first label hangs to the left of its slot
			slot := plotWidth / float64(len(p.Categories))
			m.left = math.Max(m.left, float64(textWidth(p.Categories[0], tickSize)*slantCos)-slot/2)
		}
	}
	m.bottom = tickLength + 4 + l.labelHeight + float64(float64(len(l.xTitle))*textSize*lineFactor) + 6
	return m
}

// rightmost is the y of the point with the largest x, where the series' name goes.
func (s *Series) rightmost() (float64, bool) {
	best := -1
	for i, y := range s.Y {
		if !math.IsNaN(y+s.X[i]) && !math.IsInf(y, 0) && (best < 0 || s.X[i] >= s.X[best]) {
			best = i
		}
	}
	if best < 0 {
		return 0, false
	}
	return s.Y[best], true
}

// flagGap is the distance of a vertical line's label from its line.
const flagGap = 4.0

// stackAbove hangs the labels of vertical lines like flags right of their lines,
// a label that reaches past another line above that line's label, so that no
// line crosses a label. It returns the height of the stack and the room that
// labels need right of the plot.
func (l *panelLayout) stackAbove(plotWidth float64) (height, overhang float64) {
	l.above = nil
	levels := 0
	for _, r := range slices.Backward(sortedByValue(l.p.VLines)) {
		x, ok := l.xs.at(r.Value)
		if !ok || r.Label == "" {
			continue
		}
		end := x + flagGap + textWidth(r.Label, tickSize)
		level := 0
		for _, other := range l.above {
			if other.anchor < end+flagGap {
				level = max(level, other.level+1)
			}
		}
		levels = max(levels, level+1)
		overhang = math.Max(overhang, end-plotWidth)
		l.above = append(l.above, sideLabel{lines: []string{r.Label}, anchor: x, at: x + flagGap, level: level})
	}
	if levels > 0 {
		height = float64(float64(levels)*tickSize*lineFactor) + 4
	}
	return height, overhang
}

func sortedByValue(lines []RefLine) []RefLine {
	s := slices.Clone(lines)
	slices.SortStableFunc(s, func(a, b RefLine) int {
		switch {
		case a.Value < b.Value:
			return -1
		case a.Value > b.Value:
			return 1
		}
		return strings.Compare(a.Label, b.Label)
	})
	return s
}

// fitCategories wraps the categories' names into their slots, or slants them.
func (l *panelLayout) fitCategories(plotWidth float64) {
	slot := plotWidth/float64(len(l.p.Categories)) - 8
	l.categories, l.slanted = nil, false
	lines := 1
	for _, c := range l.p.Categories {
		w := wrapPixels(c, tickSize, slot)
		l.slanted = l.slanted || widest(w, tickSize) > slot
		lines = max(lines, len(w))
		l.categories = append(l.categories, w)
	}
	if !l.slanted && lines <= 3 {
		l.labelHeight = float64(float64(lines) * tickSize * lineFactor)
		return
	}
	l.slanted = true
	l.labelHeight = float64(widest(l.p.Categories, tickSize)*slantSin) + tickSize
}

// place fixes the plot area, and with it the scales, the ticks and the side labels.
func (l *panelLayout) place(m margins, ph float64) {
	l.left, l.right = l.x+m.left, l.x+l.w-m.right
	l.top, l.bottom = l.y+m.top, l.y+ph-m.bottom
	l.ys.from, l.ys.to = l.bottom, l.top
	plotWidth := l.right - l.left
	l.xs.from, l.xs.to = 0, plotWidth
	l.stackAbove(plotWidth)
	l.xs.from, l.xs.to = l.left, l.right
	for i := range l.above {
		l.above[i].anchor += l.left
		l.above[i].at += l.left
	}
	if l.p.Categories != nil {
		l.fitCategories(plotWidth)
	} else {
		l.xTicks = thinTicks(l.xs.ticks(l.p.X, plotWidth/52), l.xs)
	}
	l.spreadSide()
}

// thinTicks drops labels, every second, third, ..., until none touches the next.
func thinTicks(ticks []tick, s axisScale) []tick {
	for every := 1; ; every++ {
		out := slices.Clone(ticks)
		end, n, touch := math.Inf(-1), 0, false
		for i := range out {
			if out[i].label == "" {
				continue
			}
			n++
			if (n-1)%every != 0 {
				out[i].label = ""
				continue
			}
			x, _ := s.at(out[i].value)
			w := textWidth(out[i].label, tickSize)
			touch = touch || x-w/2 < end+6
			end = x + w/2
		}
		if !touch || every > len(ticks) {
			return out
		}
	}
}

// spreadSide moves the labels right of the plot apart, in the order of their lines.
func (l *panelLayout) spreadSide() {
	for i := range l.side {
		s := &l.side[i]
		s.anchor, _ = l.ys.clamped(s.anchor)
		s.at = s.anchor
	}
	slices.SortStableFunc(l.side, func(a, b sideLabel) int {
		switch {
		case a.anchor < b.anchor:
			return -1
		case a.anchor > b.anchor:
			return 1
		}
		return 0
	})
	half := func(s sideLabel) float64 { return float64(float64(len(s.lines))*tickSize*lineFactor)/2 + 1 }
	low := math.Inf(-1)
	for i := range l.side {
		s := &l.side[i]
		s.at = math.Max(s.at, low+half(*s))
		low = s.at + half(*s)
	}
	// Back up where the stack has left the panel at the bottom.
	high := l.bottom + tickSize
	for i := len(l.side) - 1; i >= 0; i-- {
		s := &l.side[i]
		s.at = math.Min(s.at, high-half(*s))
		high = s.at - half(*s)
	}
}
