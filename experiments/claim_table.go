package experiments

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// tableWidth is the widest line of PrintClaims, in characters.
const tableWidth = 120

// PrintClaims writes the claims of the results as a table for the terminal, at
// most 120 characters wide, and a line that counts the verdicts. Verdicts are
// coloured if color is true (stdout is a terminal) and NO_COLOR is unset.
func PrintClaims(w io.Writer, results []*Result, color bool) error {
	color = color && os.Getenv("NO_COLOR") == ""
	head := []string{"verdict", "claim", "value", "95% interval", "threshold", "statistic"}
	var rows [][]string
	var all []Claim
	for _, r := range results {
		rows = append(rows, []string{r.Experiment})
		for _, c := range r.Claims {
			rows = append(rows, []string{string(c.Verdict), c.Claim, FormatNumber(c.Value), c.Interval(), c.Threshold, c.Statistic})
			all = append(all, c)
		}
	}
	width := columnWidths(head, rows)

	var b strings.Builder
	writeRow(&b, head, width, nil)
	for i, n := range width {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(strings.Repeat("-", n))
	}
	b.WriteByte('\n')
	for _, row := range rows {
		if len(row) == 1 {
			fmt.Fprintf(&b, "%s\n", row[0])
			continue
		}
		var paint func(string) string
		if color {
			paint = func(s string) string { return verdictColor[Verdict(row[0])] + s + "\x1b[0m" }
		}
		writeRow(&b, row, width, paint)
	}
	holds, fails, unsure := CountVerdicts(all)
	fmt.Fprintf(&b, "\n%d claims: %d hold, %d fail, %d inconclusive\n", len(all), holds, fails, unsure)
	_, err := io.WriteString(w, b.String())
	return err
}

var verdictColor = map[Verdict]string{Holds: "\x1b[32m", Fails: "\x1b[31m", Inconclusive: "\x1b[33m"}

// columnWidths gives numbers the room they need, up to a limit, and shares the rest between
// the sentences (columns 1 and 5) 3 to 2.
func columnWidths(head []string, rows [][]string) []int {
	width := make([]int, len(head))
	for i, h := range head {
		width[i] = len(h)
		for _, row := range rows {
			if len(row) > 1 {
				width[i] = max(width[i], utf8.RuneCountInString(row[i]))
			}
		}
	}
	rest := tableWidth - 2*(len(head)-1)
	for i := range width {
		if i != 1 && i != 5 {
			width[i] = min(width[i], 22)
			rest -= width[i]
		}
	}
	if width[1]+width[5] > rest {
		width[1] = min(width[1], max(rest*3/5, rest-width[5]))
		width[5] = rest - width[1]
	}
	return width
}

// writeRow writes one row, wrapping its cells at word ends; paint colours the first cell.
func writeRow(b *strings.Builder, row []string, width []int, paint func(string) string) {
	cells := make([][]string, len(row))
	lines := 0
	for i, s := range row {
		cells[i] = wrapText(s, width[i])
		lines = max(lines, len(cells[i]))
	}
	for l := range lines {
		var line strings.Builder
		for i, c := range cells {
			s := ""
			if l < len(c) {
				s = c[l]
			}
			pad := strings.Repeat(" ", max(0, width[i]-utf8.RuneCountInString(s)))
			if paint != nil && i == 0 && s != "" {
				s = paint(s)
			}
			if i > 0 {
				line.WriteString("  ")
			}
			line.WriteString(s + pad)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// wrapText breaks s into lines of at most width characters, within a word only
// where the word alone is longer.
func wrapText(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		for {
			joined := strings.TrimLeft(line+" "+word, " ")
			if utf8.RuneCountInString(joined) <= width {
				line = joined
				break
			}
			if line != "" {
				lines = append(lines, line)
				line = ""
				continue
			}
			r := []rune(word)
			lines = append(lines, string(r[:width]))
			word = string(r[width:])
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}
