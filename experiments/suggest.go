package experiments

import "strings"

// Nearest returns the name that word was most likely meant to be, or "" if none
// is near: about a third of the letters may be wrong, and not all of them. A
// name that word begins counts as one letter away.
func Nearest(word string, names []string) string {
	best, bestDistance := "", max(1, (len(word)+1)/3)+1
	for _, name := range names {
		d := editDistance(strings.ToLower(word), strings.ToLower(name))
		if len(word) >= 2 && strings.HasPrefix(name, word) {
			d = min(d, 1)
		}
		if d < bestDistance && d < max(len(word), len(name)) {
			best, bestDistance = name, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete, replace or swap with the
// next one to turn a into b (optimal string alignment).
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	// Rows i-2, i-1 and i of the table; column j is about y[:j].
	older, old, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		older, old, row = old, row, older
		row[0] = i
		for j := 1; j <= len(y); j++ {
			wrong := 1
			if x[i-1] == y[j-1] {
				wrong = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+wrong)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(y)]
}
