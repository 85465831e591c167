package experiments

import (
	"math"
	"strconv"
	"strings"

	"randalign/tensor"
)

// axisScale maps values to pixels.
type axisScale struct {
	log      bool
	lo, hi   float64 // after the logarithm
	from, to float64 // pixels
}

func (s axisScale) transform(v float64) float64 {
	if s.log {
		if v <= 0 {
			return math.NaN()
		}
		return log10(v)
	}
	return v
}

// at returns the pixel of v, and whether v is finite and within the axis.
func (s axisScale) at(v float64) (float64, bool) {
	t := (s.transform(v) - s.lo) / (s.hi - s.lo)
	const slack = 1e-9 // ticks at the very ends
	return s.from + float64(t*(s.to-s.from)), t >= -slack && t <= 1+slack
}

// clamped is at for the ends of bands and bars, which may leave the plot.
func (s axisScale) clamped(v float64) (float64, bool) {
	t := (s.transform(v) - s.lo) / (s.hi - s.lo)
	if s.log && v <= 0 {
		t = 0
	}
	return s.from + float64(math.Max(0, math.Min(1, t))*(s.to-s.from)), t == t
}

func log10(x float64) float64 { return tensor.Log(x) / math.Ln10 }

// pow10 is the float64 next to 10^k.
func pow10(k int) float64 {
	v, _ := strconv.ParseFloat("1e"+strconv.Itoa(k), 64)
	return v
}

// newScale fits a scale to the values: ends that are both given, or the data's
// with some air, and from zero where the data begin near it. pad is the air as a
// share of the range.
func newScale(a Axis, values []float64, zero bool, pad float64) axisScale {
	s := axisScale{log: a.Log}
	if a.Range[0] != a.Range[1] {
		s.lo, s.hi = s.transform(a.Range[0]), s.transform(a.Range[1])
		if s.lo == s.lo { // a logarithmic axis cannot begin at 0
			return s
		}
	}
	s.lo, s.hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if t := s.transform(v); !math.IsNaN(t) && !math.IsInf(t, 0) {
			s.lo, s.hi = math.Min(s.lo, t), math.Max(s.hi, t)
		}
	}
	if a.Range[0] != a.Range[1] {
		s.hi = s.transform(a.Range[1])
	}
	if s.lo > s.hi {
		s.lo, s.hi = 0, 1
	}
	if s.lo == s.hi {
		d := 0.5
		if !s.log && s.lo != 0 {
			d = math.Abs(s.lo) / 4
		}
		s.lo, s.hi = s.lo-d, s.hi+d
	}
	d := float64(pad * (s.hi - s.lo))
	lo, hi := s.lo-d, s.hi+d
	if !s.log {
		if s.lo >= 0 && (zero || s.lo < 0.3*s.hi) {
			lo = 0
		}
		if s.hi <= 0 && (zero || s.hi > 0.3*s.lo) {
			hi = 0
		}
		if zero {
			lo, hi = math.Min(lo, 0), math.Max(hi, 0)
		}
	}
	s.lo, s.hi = lo, hi
	return s
}

// tick is a mark of an axis; minor ones have no label.
type tick struct {
	value float64
	label string
}

// ticks returns the marks of the axis, at most about count of them labelled.
func (s axisScale) ticks(a Axis, count float64) []tick {
	if a.Ticks != nil {
		return givenTicks(a.Ticks)
	}
	if s.log {
		if t := s.logTicks(count); t != nil {
			return t
		}
		lin := axisScale{lo: tensor.Exp(s.lo * math.Ln10), hi: tensor.Exp(s.hi * math.Ln10)}
		return lin.linearTicks(count)
	}
	return s.linearTicks(count)
}

func givenTicks(values []float64) []tick {
	t := make([]tick, len(values))
	for i, v := range values {
		t[i] = tick{v, plainLabel(v, -1)}
	}
	return t
}

// linearTicks steps by 1, 2 or 5 times a power of ten.
func (s axisScale) linearTicks(count float64) []tick {
	raw := (s.hi - s.lo) / math.Max(count, 2)
	k := int(math.Floor(log10(raw) + 1e-9))
	step, decimals := pow10(k), -k
	for _, m := range []float64{1, 2, 5, 10} {
		step = float64(m * pow10(k))
		if m == 10 {
			decimals--
		}
		if step >= raw*(1-1e-9) {
			break
		}
	}
	var t []tick
	for i := math.Ceil(s.lo/step - 1e-9); i <= math.Floor(s.hi/step+1e-9) && len(t) < 100; i++ {
		// Through the decimal notation, so that 3 * 0.1 is 0.3.
		v, _ := strconv.ParseFloat(strconv.FormatFloat(i*step, 'f', max(0, decimals), 64), 64)
		t = append(t, tick{v, plainLabel(v, max(0, decimals))})
	}
	return t
}

// logTicks labels powers of ten (every second, third, ... if they are many),
// and 2 and 5 times them if they are few. It returns nil if fewer than two fit.
func (s axisScale) logTicks(count float64) []tick {
	span := s.hi - s.lo
	every := max(1, int(math.Ceil(span/math.Max(count, 1)-1e-9)))
	labelled := func(k int, m float64) bool {
		switch {
		case m == 1:
			return k%every == 0
		case span > count/2.5 || span > 3:
			return false
		case span > count/7:
			return m == 2 || m == 5
		}
		return true
	}
	var t []tick
	n := 0
	for k := int(math.Floor(s.lo)); k <= int(math.Ceil(s.hi)); k++ {
		for m := 1.0; m < 10; m++ {
			// m*pow10(k) through the notation, which is exact to the last bit.
			v, _ := strconv.ParseFloat(strconv.Itoa(int(m))+"e"+strconv.Itoa(k), 64)
			if lv := log10(v); lv < s.lo-1e-9 || lv > s.hi+1e-9 {
				continue
			}
			switch {
			case labelled(k, m):
				t = append(t, tick{v, logLabel(int(m), k)})
				n++
			case every == 1:
				t = append(t, tick{value: v})
			}
		}
	}
	if n < 2 {
		return nil
	}
	return t
}

// plainLabel writes a number with the given decimals (-1: as many as it has).
func plainLabel(v float64, decimals int) string {
	a := math.Abs(v)
	if a == 0 {
		return "0"
	}
	if a < 1e-4 || a >= 1e6 {
		m, e, _ := strings.Cut(strconv.FormatFloat(v, 'e', 3, 64), "e")
		k, _ := strconv.Atoi(e)
		return strings.ReplaceAll(trimZeros(m), "-", "\u2212") + "×10" + superscript + exponentLabel(k)
	}
	s := strconv.FormatFloat(a, 'f', decimals, 64)
	whole, frac, dot := strings.Cut(s, ".")
	if len(whole) > 4 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if dot {
		whole += "." + frac
	}
	if v < 0 {
		whole = "\u2212" + whole
	}
	return whole
}

func logLabel(m, k int) string {
	if k >= -3 && k <= 3 {
		return plainLabel(float64(float64(m)*pow10(k)), max(0, -k))
	}
	if m == 1 {
		return "10" + superscript + exponentLabel(k)
	}
	return strconv.Itoa(m) + "×10" + superscript + exponentLabel(k)
}

func exponentLabel(k int) string {
	return strings.ReplaceAll(strconv.Itoa(k), "-", "\u2212")
}
