package experiments

import (
	"fmt"
	"math"
	"strings"
)

// Category labels that do not fit are slanted by this angle.
const (
	slantDegrees = -38.0
	slantSin     = 0.616
	slantCos     = 0.788
)

func (st seriesStyle) stroke() string {
	if st.color == ColorGrey {
		return axisColor
	}
	return palette[st.color]
}

// classes returns the stroke's and the fill's class.
func (st seriesStyle) classes() (string, string) {
	if st.color == ColorGrey {
		return "ra-l0", "ra-f0"
	}
	return fmt.Sprintf("ra-l%d", st.color+1), fmt.Sprintf("ra-f%d", st.color+1)
}

func (st seriesStyle) dashes() string {
	if st.dash {
		return ` stroke-dasharray="6 4"`
	}
	return ""
}

func (it legendItem) draw(s *svgText) {
	stroke, fill := it.style.classes()
	color := it.style.stroke()
	switch {
	case it.bar:
		s.f(`<rect class="%s" x="%s" y="%s" width="14" height="14" rx="2" fill="%s"/>`+"\n", fill, px(it.x+6), px(it.y-7), color)
	default:
		if it.s.Lo != nil && !it.s.ErrorBars {
			s.f(`<rect class="%s" x="%s" y="%s" width="26" height="12" fill="%s" fill-opacity="0.18"/>`+"\n", fill, px(it.x), px(it.y-6), color)
		}
		if !it.s.NoLine {
			s.line(it.x, it.y, it.x+26, it.y, stroke, color, ` stroke-width="2"`+it.style.dashes())
		}
		if it.s.marked() {
			it.style.mark(s, it.x+13, it.y)
		}
	}
	s.text(it.x+33, it.y+4.5, it.name, textStyle{size: textSize})
}

func (s *Series) marked() bool {
	return s.NoLine || s.Marker == MarkerAll || s.Marker == MarkerAuto && len(s.Y) <= 30
}

// mark draws the series' shape, which tells series apart without colour.
func (st seriesStyle) mark(s *svgText, x, y float64) {
	_, fill := st.classes()
	tail := fmt.Sprintf(` class="%s" fill="%s"/>`+"\n", fill, st.stroke())
	polygon := func(points ...float64) {
		s.WriteString(`<path d="M`)
		for i := 0; i < len(points); i += 2 {
			s.f("%s %s ", px(x+points[i]), px(y+points[i+1]))
		}
		s.WriteString(`Z"` + tail)
	}
	switch st.marker % 6 {
	case 0:
		s.f(`<circle cx="%s" cy="%s" r="3.5"%s`, px(x), px(y), tail)
	case 1:
		polygon(-3.2, -3.2, 3.2, -3.2, 3.2, 3.2, -3.2, 3.2)
	case 2:
		polygon(0, -4.4, 4.2, 3.2, -4.2, 3.2)
	case 3:
		polygon(0, -4.6, 4.6, 0, 0, 4.6, -4.6, 0)
	case 4:
		polygon(0, 4.4, 4.2, -3.2, -4.2, -3.2)
	case 5:
		const a, b = 1.3, 4.2
		polygon(-a, -b, a, -b, a, -a, b, -a, b, a, a, a, a, b, -a, b, -a, a, -b, a, -b, -a, -a, -a)
	}
}

func (l *panelLayout) draw(s *svgText) {
	for i, line := range l.title {
		s.text(l.left, l.y+panelSize+float64(float64(i)*panelSize*lineFactor), line, textStyle{size: panelSize, bold: true})
	}
	l.drawAxes(s)
	if !l.hasData() {
		s.text((l.left+l.right)/2, (l.top+l.bottom)/2, "no data", textStyle{size: textSize, dim: true, anchor: "middle"})
	}
	// A nested element clips without an identifier, which could clash with another picture's.
	s.f(`<svg x="%[1]s" y="%[2]s" width="%[3]s" height="%[4]s" viewBox="%[1]s %[2]s %[3]s %[4]s" overflow="hidden">`+"\n",
		px(l.left), px(l.top), px(l.right-l.left), px(l.bottom-l.top))
	if l.p.Categories != nil {
		l.drawBars(s)
	} else {
		for i := range l.p.Series {
			l.drawBand(s, &l.p.Series[i], l.styles[i])
		}
	}
	l.drawReferences(s)
	for i := range l.p.Series {
		if l.p.Categories == nil && !l.p.Series[i].NoLine {
			l.drawLine(s, &l.p.Series[i], l.styles[i])
		}
	}
	s.WriteString("</svg>\n")
	for i := range l.p.Series {
		if l.p.Categories == nil {
			l.drawPoints(s, &l.p.Series[i], l.styles[i])
		}
	}
	l.drawSide(s)
}

func (l *panelLayout) hasData() bool {
	for _, s := range l.p.Series {
		for _, v := range s.Y {
			if _, ok := l.ys.clamped(v); ok {
				return true
			}
		}
	}
	return false
}

func (l *panelLayout) drawAxes(s *svgText) {
	for _, t := range l.yTicks {
		y, ok := l.ys.at(t.value)
		if !ok {
			continue
		}
		if t.label == "" {
			s.line(l.left-3, y, l.left, y, "ra-axis", axisColor, "")
			continue
		}
		s.line(l.left, y, l.right, y, "ra-grid", gridColor, "")
		s.text(l.left-tickLength-3, y+float64(0.36*tickSize), t.label, textStyle{size: tickSize, dim: true, anchor: "end"})
	}
	s.line(l.left, l.bottom, l.right, l.bottom, "ra-axis", axisColor, "")
	for _, t := range l.xTicks {
		x, ok := l.xs.at(t.value)
		if !ok {
			continue
		}
		if t.label == "" {
			s.line(x, l.bottom, x, l.bottom+3, "ra-axis", axisColor, "")
			continue
		}
		s.line(x, l.bottom, x, l.bottom+tickLength, "ra-axis", axisColor, "")
		s.text(x, l.bottom+tickLength+tickSize+1, t.label, textStyle{size: tickSize, dim: true, anchor: "middle"})
	}
	for i, lines := range l.categories {
		x := l.slot(i)
		if l.slanted {
			s.text(x+4, l.bottom+tickLength+tickSize, l.p.Categories[i], textStyle{size: tickSize, dim: true, anchor: "end", rotate: slantDegrees})
			continue
		}
		for j, line := range lines {
			y := l.bottom + tickLength + tickSize + 1 + float64(float64(j)*tickSize*lineFactor)
			s.text(x, y, line, textStyle{size: tickSize, dim: true, anchor: "middle"})
		}
	}
	for i, line := range l.xTitle {
		y := l.bottom + tickLength + 4 + l.labelHeight + float64((float64(i)+0.9)*textSize*lineFactor)
		s.text((l.left+l.right)/2, y, line, textStyle{size: textSize, anchor: "middle"})
	}
	for i, line := range l.yTitle {
		x := l.x + textSize + float64(float64(i)*textSize*lineFactor)
		s.text(x, (l.top+l.bottom)/2, line, textStyle{size: textSize, anchor: "middle", rotate: -90})
	}
}

// slot is the middle of category i.
func (l *panelLayout) slot(i int) float64 {
	return l.left + float64((float64(i)+0.5)*(l.right-l.left))/float64(len(l.p.Categories))
}

func (l *panelLayout) drawBars(s *svgText) {
	n := float64(len(l.p.Series))
	slot := (l.right - l.left) / float64(len(l.p.Categories))
	bar := math.Min(0.78*slot/n, 70)
	base, _ := l.ys.clamped(0)
	for j, series := range l.p.Series {
		_, fill := l.styles[j].classes()
		for i, v := range series.Y {
			x := l.slot(i) + float64((float64(j)-n/2)*bar)
			if y, ok := l.ys.clamped(v); ok {
				s.f(`<rect class="%s" x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
					fill, px(x+1), px(math.Min(y, base)), px(math.Max(bar-2, 1)), px(math.Abs(base-y)), l.styles[j].stroke())
			}
			if series.Lo != nil {
				l.errorBar(s, x+bar/2, series.Lo[i], series.Hi[i], "ra-ink-line", inkColor)
			}
		}
	}
	s.line(l.left, base, l.right, base, "ra-axis", axisColor, "")
}

func (l *panelLayout) errorBar(s *svgText, x, lo, hi float64, class, color string) {
	y1, ok1 := l.ys.clamped(lo)
	y2, ok2 := l.ys.clamped(hi)
	if ok1 && ok2 {
		s.f(`<path class="%s" d="M%[2]s %[4]sV%[5]sM%[3]s %[4]sh7M%[3]s %[5]sh7" stroke="%[6]s" stroke-width="1.3" fill="none"/>`+"\n",
			class, px(x), px(x-3.5), px(y1), px(y2), color)
	}
}

func (l *panelLayout) drawReferences(s *svgText) {
	const dashes = ` stroke-width="1.3" stroke-dasharray="5 4"`
	for _, r := range l.p.HLines {
		if y, ok := l.ys.at(r.Value); ok {
			s.line(l.left, y, l.right, y, "ra-ref", dimColor, dashes)
		}
	}
	for _, r := range l.p.VLines {
		if x, ok := l.xs.at(r.Value); ok && l.p.Categories == nil {
			s.line(x, l.top, x, l.bottom, "ra-ref", dimColor, dashes)
		}
	}
}

// drawBand fills between Lo and Hi, in pieces where points are missing.
func (l *panelLayout) drawBand(s *svgText, series *Series, st seriesStyle) {
	if series.Lo == nil || series.ErrorBars {
		return
	}
	_, fill := st.classes()
	var forth, back []string
	flush := func() {
		if len(forth) > 1 {
			for i := len(back) - 1; i >= 0; i-- {
				forth = append(forth, back[i])
			}
			s.f(`<path class="%s" d="M%sZ" fill="%s" fill-opacity="0.18"/>`+"\n", fill, strings.Join(forth, "L"), st.stroke())
		}
		forth, back = nil, nil
	}
	for i, v := range series.X {
		x, _ := l.xs.at(v)
		lo, ok1 := l.ys.clamped(series.Lo[i])
		hi, ok2 := l.ys.clamped(series.Hi[i])
		if !ok1 || !ok2 || x != x {
			flush()
			continue
		}
		forth = append(forth, px(x)+" "+px(hi))
		back = append(back, px(x)+" "+px(lo))
	}
	flush()
}

func (l *panelLayout) drawLine(s *svgText, series *Series, st seriesStyle) {
	stroke, _ := st.classes()
	var d strings.Builder
	pen := "M"
	for i, v := range series.Y {
		x, _ := l.xs.at(series.X[i])
		y, _ := l.ys.at(v)
		if math.IsNaN(x+y) || math.IsInf(x+y, 0) {
			pen = "M"
			continue
		}
		d.WriteString(pen + px(x) + " " + px(y))
		pen = "L"
	}
	if d.Len() > 0 {
		s.f(`<path class="%s" d="%s" fill="none" stroke="%s" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"%s/>`+"\n",
			stroke, d.String(), st.stroke(), st.dashes())
	}
}

// drawPoints draws markers and error bars, unclipped, where they lie within the axes.
func (l *panelLayout) drawPoints(s *svgText, series *Series, st seriesStyle) {
	stroke, _ := st.classes()
	marked := series.marked()
	for i, v := range series.Y {
		x, inX := l.xs.at(series.X[i])
		y, inY := l.ys.at(v)
		if inX && series.ErrorBars && series.Lo != nil {
			l.errorBar(s, x, series.Lo[i], series.Hi[i], stroke, st.stroke())
		}
		if inX && inY && marked {
			st.mark(s, x, y)
		}
	}
}

func (l *panelLayout) drawSide(s *svgText) {
	const height = tickSize * lineFactor
	for _, a := range l.above {
		s.line(a.anchor, l.top, a.anchor, l.top-4-float64((float64(a.level)+0.75)*height), "ra-ref", dimColor, ` stroke-width="1.3"`)
		s.text(a.at, l.top-5-float64(float64(a.level)*height), a.lines[0], textStyle{size: tickSize, dim: true})
	}
	for _, a := range l.side {
		class, color := "ra-ref", dimColor
		if a.style != nil {
			class, _ = a.style.classes()
			color = a.style.stroke()
		}
		s.f(`<path class="%s" d="M%s %sL%s %s" stroke="%s" stroke-width="1.3" fill="none"/>`+"\n",
			class, px(l.right+1), px(a.anchor), px(l.right+9), px(a.at), color)
		y := a.at + float64(0.36*tickSize) - float64(float64(len(a.lines)-1)*height)/2
		for i, line := range a.lines {
			s.text(l.right+12, y+float64(float64(i)*height), line, textStyle{size: tickSize, dim: a.style == nil})
		}
	}
}
