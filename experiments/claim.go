package experiments

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Verdict says whether a claim stands.
type Verdict string

// The three verdicts, as result.json spells them.
const (
	Holds        Verdict = "holds"
	Fails        Verdict = "fails"
	Inconclusive Verdict = "inconclusive"
)

// Claim is a sentence that could have turned out false, the statistic that
// decides it and the decision.
type Claim struct {
	Claim     string     // the sentence
	Statistic string     // what was computed, and over what
	Value     float64    // NaN if undefined (null in JSON)
	CI95      [2]float64 // NaN where there is no bound (null in JSON)
	Threshold string     // as "> 1.2"
	Verdict   Verdict
}

// Above claims that the statistic is above the threshold: it holds if the whole
// interval is, fails if none of it is, and is inconclusive between. A value
// without an interval decides alone; an undefined one decides nothing.
func Above(claim, statistic string, e Estimate, threshold float64) Claim {
	lo, hi := e.bounds()
	return newClaim(claim, statistic, e, "> "+FormatNumber(threshold), lo > threshold, hi <= threshold)
}

// Below claims that the statistic is below the threshold; see Above.
func Below(claim, statistic string, e Estimate, threshold float64) Claim {
	lo, hi := e.bounds()
	return newClaim(claim, statistic, e, "< "+FormatNumber(threshold), hi < threshold, lo >= threshold)
}

// Within claims that the statistic lies in [low, high]: it holds if the whole
// interval does, and fails if the two have no point in common.
func Within(claim, statistic string, e Estimate, low, high float64) Claim {
	lo, hi := e.bounds()
	return newClaim(claim, statistic, e, "in ["+FormatNumber(low)+", "+FormatNumber(high)+"]",
		low <= lo && hi <= high, hi < low || lo > high)
}

// bounds is the interval, or the value alone where there is none.
func (e Estimate) bounds() (lo, hi float64) {
	if math.IsNaN(e.Lo) && math.IsNaN(e.Hi) {
		return e.Value, e.Value
	}
	return e.Lo, e.Hi
}

func newClaim(claim, statistic string, e Estimate, threshold string, holds, fails bool) Claim {
	v := Inconclusive
	switch {
	case math.IsNaN(e.Value):
	case holds:
		v = Holds
	case fails:
		v = Fails
	}
	return Claim{claim, statistic, e.Value, [2]float64{e.Lo, e.Hi}, threshold, v}
}

// CountVerdicts counts the claims of each verdict.
func CountVerdicts(claims []Claim) (holds, fails, inconclusive int) {
	for _, c := range claims {
		switch c.Verdict {
		case Holds:
			holds++
		case Fails:
			fails++
		default:
			inconclusive++
		}
	}
	return holds, fails, inconclusive
}

// Interval is the 95 % interval for people, "n/a" where there is none.
func (c Claim) Interval() string {
	if math.IsNaN(c.CI95[0]) && math.IsNaN(c.CI95[1]) {
		return "n/a"
	}
	return "[" + FormatNumber(c.CI95[0]) + ", " + FormatNumber(c.CI95[1]) + "]"
}

// Number is the value for people.
func (c Claim) Number() string { return FormatNumber(c.Value) }

// FormatNumber writes x for people with four significant digits: "0.1826",
// "1.5e-04", "12,500", "n/a" for NaN.
func FormatNumber(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "n/a"
	case math.IsInf(x, 0):
		return strings.ToLower(strconv.FormatFloat(x, 'g', -1, 64))
	case a != 0 && a < 1e-3 || a >= 1e7:
		m, e, _ := strings.Cut(strconv.FormatFloat(x, 'e', 3, 64), "e")
		return trimZeros(m) + "e" + e
	case a >= 1000:
		s := strconv.FormatFloat(a, 'f', 0, 64)
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
		if x < 0 {
			s = "-" + s
		}
		return s
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

type claimJSON struct {
	Claim     string       `json:"claim"`
	Statistic string       `json:"statistic"`
	Value     *float64     `json:"value"`
	CI95      *[2]*float64 `json:"ci95"`
	Threshold string       `json:"threshold"`
	Verdict   Verdict      `json:"verdict"`
}

// finiteOrNil is nil for the numbers that JSON cannot write.
func finiteOrNil(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func fromPointer(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

// MarshalJSON writes NaN and infinities as null: a missing interval as null, a
// missing bound as null within it.
func (c Claim) MarshalJSON() ([]byte, error) {
	j := claimJSON{c.Claim, c.Statistic, finiteOrNil(c.Value), nil, c.Threshold, c.Verdict}
	if lo, hi := finiteOrNil(c.CI95[0]), finiteOrNil(c.CI95[1]); lo != nil || hi != nil {
		j.CI95 = &[2]*float64{lo, hi}
	}
	return encodeJSON(j) // json.Marshal would write the "<" of a threshold as an escape
}

// UnmarshalJSON reads what MarshalJSON writes; null is NaN.
func (c *Claim) UnmarshalJSON(b []byte) error {
	var j claimJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	switch j.Verdict {
	case Holds, Fails, Inconclusive:
	default:
		return fmt.Errorf("verdict %q; expected holds, fails or inconclusive", j.Verdict)
	}
	*c = Claim{j.Claim, j.Statistic, fromPointer(j.Value), [2]float64{math.NaN(), math.NaN()}, j.Threshold, j.Verdict}
	if j.CI95 != nil {
		c.CI95 = [2]float64{fromPointer(j.CI95[0]), fromPointer(j.CI95[1])}
	}
	return nil
}
