package experiments

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Result is what an experiment found, as in results/<experiment>/result.json.
type Result struct {
	Experiment string    `json:"experiment"` // the folder's name, as "fig2"
	Title      string    `json:"title"`
	Question   string    `json:"question"`
	Setting    []Setting `json:"setting"`
	Claims     []Claim   `json:"claims"`
	Figures    []Figure  `json:"figures"`
	Tables     []Table   `json:"tables"`
	Notes      []string  `json:"notes"` // what falls short, plainly
	Seeds      []uint64  `json:"seeds"`
	// Config is the whole configuration, as in config.json.
	Config json.RawMessage `json:"config"`
	Provenance
	Seconds float64  `json:"seconds"`
	Digests []Digest `json:"digests"`
}

// Provenance says what computed a result. Of it only Arithmetic may change a number.
type Provenance struct {
	Version    string `json:"version"`
	Kernel     string `json:"kernel"`
	Threads    int    `json:"threads"`
	Arithmetic int    `json:"arithmetic"`
}

// Setting is one line of an experiment's setting, for people.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Figure is a picture in the experiment's folder.
type Figure struct {
	File    string `json:"file"` // a bare name; .svg or .png
	Kind    string `json:"kind"` // "svg" or "png"
	Title   string `json:"title"`
	Caption string `json:"caption"`
	Alt     string `json:"alt"` // what can be seen, for those who cannot
	// Rows and Columns label the rows and columns of a grid of tiles that fills the picture.
	Rows    []string `json:"rows,omitempty"`
	Columns []string `json:"columns,omitempty"`
}

// Table is also written as <Name>.csv.
type Table struct {
	Name    string     `json:"name"` // a bare file name without its extension
	Title   string     `json:"title"`
	Columns []string   `json:"columns"` // with units
	Rows    [][]string `json:"rows"`    // as many cells as columns, see Cells
}

// Digest is a SHA-256 in hexadecimal digits.
type Digest struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Cells writes numbers with all their digits (NaN as an empty cell) and other values as fmt.Sprint does.
func Cells(values ...any) []string {
	cells := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case float64:
			cells[i] = exactCell(v, 64)
		case float32:
			cells[i] = exactCell(float64(v), 32)
		default:
			cells[i] = fmt.Sprint(v)
		}
	}
	return cells
}

func exactCell(x float64, bits int) string {
	if x != x {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, bits)
}

// resultOrder is the order of the study; other experiments follow by name.
var resultOrder = []string{"fig1", "fig2", "fig3", "fig4", "fig5", "misalignment", "units", "width", "accuracy",
	"activations", "datasets", "scale", "budget"}

// LoadResults reads the finished experiments of a results folder, in the order
// of the study. Folders without result.json are unfinished and left out.
func LoadResults(dir string) ([]*Result, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var results []*Result
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		r, err := loadResult(dir, e.Name())
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotFolder) {
			continue
		}
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	rank := func(r *Result) int {
		if i := slices.Index(resultOrder, r.Experiment); i >= 0 {
			return i
		}
		return len(resultOrder)
	}
	slices.SortFunc(results, func(a, b *Result) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(a.Experiment, b.Experiment))
	})
	return results, nil
}

var errNotFolder = errors.New("not a folder")

// maxFile is far above any file of a result; what is larger is not one.
const maxFile = 256 << 20

func loadResult(dir, experiment string) (*Result, error) {
	folder := filepath.Join(dir, experiment)
	if info, err := os.Stat(folder); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, errNotFolder
	}
	path := filepath.Join(folder, "result.json")
	b, err := readCapped(path)
	if err != nil {
		return nil, err
	}
	r := &Result{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.Experiment != experiment {
		return nil, fmt.Errorf("%s: field experiment: found %q, expected the folder's name %q", path, r.Experiment, experiment)
	}
	for _, f := range r.Figures {
		if err := checkBareName(f.File); err != nil {
			return nil, fmt.Errorf("%s: field figures: %w", path, err)
		}
	}
	for _, t := range r.Tables {
		for i, row := range t.Rows {
			if len(row) != len(t.Columns) {
				return nil, fmt.Errorf("%s: field tables: %s row %d: found %d cells, expected %d", path, t.Name, i, len(row), len(t.Columns))
			}
		}
	}
	return r, nil
}

// checkBareName refuses names that would leave the experiment's folder.
func checkBareName(name string) error {
	if name == "" || name[0] == '.' || strings.ContainsAny(name, `/\:`) || !filepath.IsLocal(name) {
		return fmt.Errorf("file name: found %q, expected a bare name", name)
	}
	return nil
}

func readCapped(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("%s: larger than %d MB", path, maxFile>>20)
	}
	return b, err
}

// encodeJSON is indented JSON with a final newline, "<" and ">" as themselves.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}
