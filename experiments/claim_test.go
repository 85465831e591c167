package experiments

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestVerdictsFollowTheInterval(t *testing.T) {
	ci := func(lo, hi float64) Estimate { return Estimate{(lo + hi) / 2, lo, hi, 5} }
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		got  Claim
		want Verdict
	}{
		"above, whole":        {Above("", "", ci(1.1, 1.5), 1), Holds},
		"above, straddles":    {Above("", "", ci(0.9, 1.5), 1), Inconclusive},
		"above, none":         {Above("", "", ci(0.5, 0.9), 1), Fails},
		"above, touches":      {Above("", "", ci(1, 1.5), 1), Inconclusive},
		"above, ends there":   {Above("", "", ci(0.5, 1), 1), Fails},
		"above, one value":    {Above("", "", Single(2), 1), Holds},
		"above, equal":        {Above("", "", Single(1), 1), Fails},
		"above, undefined":    {Above("", "", Single(nan), 1), Inconclusive},
		"above, open":         {Above("", "", Estimate{3, 2, inf, 4}, 1), Holds},
		"above, NaN bound":    {Above("", "", Estimate{3, nan, 5, 4}, 1), Inconclusive},
		"below, whole":        {Below("", "", ci(0.1, 0.2), 1), Holds},
		"below, none":         {Below("", "", ci(1, 2), 1), Fails},
		"below, straddles":    {Below("", "", ci(0, 2), 1), Inconclusive},
		"within, whole":       {Within("", "", ci(8, 13), 8, 13), Holds},
		"within, leaves":      {Within("", "", ci(8, 13.1), 8, 13), Inconclusive},
		"within, apart":       {Within("", "", ci(14, 15), 8, 13), Fails},
		"within, wider":       {Within("", "", ci(7, 15), 8, 13), Inconclusive},
		"within, one value":   {Within("", "", Single(20), 8, 13), Fails},
		"from one seed":       {Above("", "", MeanCI([]float64{2}, 0.95), 1), Holds},
		"from no seed":        {Above("", "", MeanCI(nil, 0.95), 1), Inconclusive},
		"ratio with one zero": {Below("", "", RatioCI([]float64{0, 1}, []float64{1, 1}, 0.95), 1), Inconclusive},
	} {
		require.Equal(t, c.want, c.got.Verdict, name)
	}
}

func TestClaimJSON(t *testing.T) {
	for _, c := range []struct {
		claim Claim
		want  string
	}{
		{Above("a < b", "s", Estimate{2, 1.5, 2.5, 3}, 1), `{"claim":"a < b","statistic":"s","value":2,"ci95":[1.5,2.5],"threshold":"> 1","verdict":"holds"}`},
		{Below("c", "s", Single(nan), 1), `{"claim":"c","statistic":"s","value":null,"ci95":null,"threshold":"< 1","verdict":"inconclusive"}`},
		{Above("c", "s", Estimate{3, 2, math.Inf(1), 4}, 1), `{"claim":"c","statistic":"s","value":3,"ci95":[2,null],"threshold":"> 1","verdict":"holds"}`},
	} {
		b, err := encodeJSON(c.claim)
		require.NoError(t, err)
		require.JSONEq(t, c.want, string(b))
		require.NotContains(t, string(b), `\u003`)
		var back Claim
		require.NoError(t, json.Unmarshal(b, &back))
		again, err := encodeJSON(back)
		require.NoError(t, err)
		require.Equal(t, string(b), string(again))
	}
	var c Claim
	require.ErrorContains(t, json.Unmarshal([]byte(`{"verdict":"maybe"}`), &c), `"maybe"`)
}

func TestFormatNumber(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.18264: "0.1826", 0.1: "0.1", 1: "1", -2.5: "-2.5", 999.96: "1000", 1450: "1,450", -12345.6: "-12,346",
		1234567: "1,234,567", 2.5e8: "2.5e+08", 1.5e-4: "1.5e-04", -1e-9: "-1e-09", math.Inf(-1): "-inf",
	} {
		require.Equal(t, want, FormatNumber(x))
	}
	require.Equal(t, "n/a", FormatNumber(nan))
}

func TestPrintClaims(t *testing.T) {
	long := strings.Repeat("a claim of many words ", 12) + strings.Repeat("x", 150)
	results := []*Result{
		{Experiment: "fig2", Claims: []Claim{Above("short", "mean of σ, 5 seeds", Estimate{1.2, 1.1, 1.3, 5}, 1), Below(long, long, Single(nan), 0)}},
		{Experiment: "fig3"},
	}
	var plain, colored strings.Builder
	require.NoError(t, PrintClaims(&plain, results, false))
	t.Setenv("NO_COLOR", "1")
	require.NoError(t, PrintClaims(&colored, results, true))
	require.Equal(t, plain.String(), colored.String())
	t.Setenv("NO_COLOR", "")
	colored.Reset()
	require.NoError(t, PrintClaims(&colored, results, true))
	require.Contains(t, colored.String(), "\x1b[32mholds\x1b[0m   ")

	lines := strings.Split(strings.TrimRight(plain.String(), "\n"), "\n")
	for _, l := range lines {
		require.LessOrEqual(t, utf8.RuneCountInString(l), 120)
		require.Equal(t, strings.TrimRight(l, " "), l)
	}
	// Aligned: the value stands under its heading.
	require.Equal(t, strings.Index(lines[0], "value"), strings.Index(lines[3], "1.2"))
	// Nothing of a wrapped cell is lost.
	require.Equal(t, 2*12, strings.Count(plain.String(), "many"))
	require.Equal(t, 2*150, strings.Count(plain.String(), "x"))
	require.Equal(t, "2 claims: 1 hold, 0 fail, 1 inconclusive", lines[len(lines)-1])
}
