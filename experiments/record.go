package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"randalign/nn"
)

// Record is an experiment's folder while the experiment runs: a Result that
// grows, and the files beside it. result.json is written last, by Finish, so a
// folder that has it is complete. A Record is not safe for concurrent use.
type Record struct {
	Result
	dir string
}

// StartRecord opens results/<experiment> and writes config.json, unless a result
// of the same configuration (and arithmetic) is complete there already, which is
// then returned as done, with a nil Record. config is anything that JSON can
// write in a fixed order. A folder of another configuration is moved, whole, to
// results/.previous; an unfinished one of this configuration is kept as it is, so
// that checkpoints within it can be resumed.
func StartRecord(results, experiment string, config any, p Provenance) (rec *Record, done *Result, err error) {
	if err := checkBareName(experiment); err != nil {
		return nil, nil, err
	}
	// Through RawMessage, so that result.json repeats the configuration to the letter.
	raw, err := encodeJSON(config)
	if err != nil {
		return nil, nil, fmt.Errorf("configuration of %s: %w", experiment, err)
	}
	whole, err := encodeJSON(struct {
		Experiment string          `json:"experiment"`
		Arithmetic int             `json:"arithmetic"`
		Config     json.RawMessage `json:"config"`
	}{experiment, p.Arithmetic, raw})
	if err != nil {
		return nil, nil, err
	}
	dir := filepath.Join(results, experiment)
	path := filepath.Join(dir, "config.json")
	old, err := readCapped(path)
	if err == nil && sha256.Sum256(old) == sha256.Sum256(whole) {
		if done, err := loadResult(results, experiment); err == nil {
			return nil, done, nil
		}
	} else {
		if err := retire(results, experiment, old); err != nil {
			return nil, nil, err
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, nil, err
		}
		if err := writeBytes(path, whole); err != nil {
			return nil, nil, err
		}
	}
	rec = &Record{dir: dir}
	rec.Experiment, rec.Config, rec.Provenance = experiment, raw, p
	// Never null in JSON.
	rec.Setting, rec.Claims, rec.Figures, rec.Tables = []Setting{}, []Claim{}, []Figure{}, []Table{}
	rec.Notes, rec.Seeds, rec.Digests = []string{}, []uint64{}, []Digest{}
	return rec, nil, nil
}

// retire moves a folder that holds another configuration out of the way.
func retire(results, experiment string, config []byte) error {
	dir := filepath.Join(results, experiment)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	attic := filepath.Join(results, ".previous")
	if err := os.MkdirAll(attic, 0o777); err != nil {
		return err
	}
	sum := sha256.Sum256(config)
	base := filepath.Join(attic, experiment+"-"+hex.EncodeToString(sum[:4]))
	to := base
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			return os.Rename(dir, to)
		}
		to = fmt.Sprintf("%s-%d", base, n)
	}
}

func writeBytes(path string, b []byte) error {
	return nn.WriteFileAtomic(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// Path returns where a file of this experiment belongs, such as a checkpoint.
func (r *Record) Path(name string) string { return filepath.Join(r.dir, name) }

// Set adds a line to the setting.
func (r *Record) Set(name string, value any) {
	r.Setting = append(r.Setting, Setting{name, fmt.Sprint(value)})
}

// Claim adds claims.
func (r *Record) Claim(claims ...Claim) { r.Claims = append(r.Claims, claims...) }

// Note adds a sentence on what falls short.
func (r *Record) Note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// Digest adds the SHA-256, in hexadecimal digits, of what name says.
func (r *Record) Digest(name, sha256 string) { r.Digests = append(r.Digests, Digest{name, sha256}) }

// Chart writes c as name.svg and adds the figure; the chart's own title and
// description become the figure's title and alternative text.
func (r *Record) Chart(name, caption string, c *Chart) error {
	f := Figure{File: name + ".svg", Kind: "svg", Title: c.Title, Caption: caption, Alt: c.Description}
	return r.add(f, c.WriteSVG)
}

// Image writes img as f.File (name.png) and adds the figure.
func (r *Record) Image(f Figure, img image.Image) error {
	f.Kind = "png"
	return r.add(f, func(w io.Writer) error { return WritePNG(w, img) })
}

func (r *Record) add(f Figure, write func(io.Writer) error) error {
	if err := checkBareName(f.File); err != nil {
		return err
	}
	if !strings.HasSuffix(f.File, "."+f.Kind) {
		return fmt.Errorf("figure %s: expected a name that ends in .%s", f.File, f.Kind)
	}
	if err := nn.WriteFileAtomic(r.Path(f.File), write); err != nil {
		return err
	}
	r.Figures = append(r.Figures, f)
	return nil
}

// Table writes t as a CSV file and adds it. It panics if a row's length is not
// that of Columns.
func (r *Record) Table(t Table) error {
	if err := checkBareName(t.Name); err != nil {
		return err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(t.Columns)
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			panic(fmt.Sprintf("experiments: table %s: row %d has %d cells, there are %d columns", t.Name, i, len(row), len(t.Columns)))
		}
		w.Write(row)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	if t.Rows == nil {
		t.Rows = [][]string{}
	}
	if err := writeBytes(r.Path(t.Name+".csv"), b.Bytes()); err != nil {
		return err
	}
	r.Tables = append(r.Tables, t)
	return nil
}

// Finish writes result.json; seconds is the time that the experiment took.
func (r *Record) Finish(seconds float64) (*Result, error) {
	r.Seconds = seconds
	b, err := encodeJSON(&r.Result)
	if err != nil {
		return nil, err
	}
	if err := writeBytes(r.Path("result.json"), b); err != nil {
		return nil, err
	}
	return &r.Result, nil
}
