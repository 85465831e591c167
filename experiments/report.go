package experiments

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Meta heads a report. Empty fields are left out.
type Meta struct {
	Title   string
	Command string // what repeats the run
	Data    string // name and number of examples
	Preset  string
	Seeds   string
	Machine string // processor and threads
	Kernel  string
	Version string
}

//go:embed report.tmpl
var reportText string

// reportTemplate is parsed once; a mistake in it shows in every test.
var reportTemplate = template.Must(template.New("report").Parse(reportText))

// WriteReport writes dir/report.html from the results, whose pictures it reads
// from dir/<experiment>: one file that needs no network, with the claims first
// and a section for each experiment, in the given order. A missing picture is
// an error that names it.
func WriteReport(dir string, results []*Result, meta Meta) error {
	if meta.Title == "" {
		meta.Title = "What networks learn from random labels"
	}
	page := reportPage{Title: meta.Title}
	for _, row := range []Setting{{"Data", meta.Data}, {"Preset", meta.Preset}, {"Seeds", meta.Seeds}, {"Machine", meta.Machine},
		{"Kernel", meta.Kernel}, {"Version", meta.Version}, {"Repeat with", meta.Command}} {
		if row.Value != "" {
			page.Facts = append(page.Facts, row)
		}
	}
	var all []Claim
	for _, r := range results {
		s, err := newSection(dir, r)
		if err != nil {
			return err
		}
		page.Sections = append(page.Sections, s)
		all = append(all, r.Claims...)
	}
	page.Holds, page.Fails, page.Inconclusive = CountVerdicts(all)
	page.Claims = len(all)
	var b bytes.Buffer
	if err := reportTemplate.Execute(&b, page); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return writeBytes(filepath.Join(dir, "report.html"), b.Bytes())
}

type reportPage struct {
	Title                              string
	Facts                              []Setting
	Sections                           []reportSection
	Claims, Holds, Fails, Inconclusive int
}

type reportSection struct {
	*Result
	ID        string
	Pictures  []reportPicture
	Grids     []reportTable
	SeedsText string
	ConfigRaw string
	Took      string
}

type reportPicture struct {
	Figure
	SVG  template.HTML // inline, or
	Data template.URL  // as an image
}

type reportTable struct {
	Title   string
	CSV     string
	Columns []reportCell
	Rows    [][]reportCell
	Count   int
}

// reportCell is one cell; numbers stand to the right, with five digits.
type reportCell struct {
	Text    string
	Numeric bool
}

func newSection(dir string, r *Result) (reportSection, error) {
	s := reportSection{Result: r, ID: "x-" + r.Experiment, SeedsText: seedsText(r.Seeds)}
	if r.Seconds > 0 {
		s.Took = FormatNumber(r.Seconds) + " s"
	}
	if len(r.Config) > 0 {
		var b bytes.Buffer
		if json.Indent(&b, r.Config, "", "  ") == nil {
			s.ConfigRaw = b.String()
		}
	}
	for _, f := range r.Figures {
		p, err := loadPicture(filepath.Join(dir, r.Experiment), f)
		if err != nil {
			return s, err
		}
		s.Pictures = append(s.Pictures, p)
	}
	for _, t := range r.Tables {
		s.Grids = append(s.Grids, newReportTable(r.Experiment, t))
	}
	return s, nil
}

func loadPicture(folder string, f Figure) (reportPicture, error) {
	p := reportPicture{Figure: f}
	if err := checkBareName(f.File); err != nil {
		return p, err
	}
	b, err := readCapped(filepath.Join(folder, f.File))
	if err != nil {
		return p, err
	}
	switch {
	case f.Kind == "png" && bytes.HasPrefix(b, []byte("\x89PNG")):
		p.Data = dataURI("image/png", b)
	case f.Kind == "svg" && harmlessSVG(b):
		p.SVG = template.HTML(b)
	case f.Kind == "svg":
		p.Data = dataURI("image/svg+xml", b) // an image runs no script and loads nothing
	default:
		return p, fmt.Errorf("%s: found kind %q and %d bytes of something else, expected an svg or a png", filepath.Join(folder, f.File), f.Kind, len(b))
	}
	return p, nil
}

func dataURI(kind string, b []byte) template.URL {
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(b))
}

// harmlessSVG reports whether a picture is made of the elements and attributes
// that Chart writes, and nothing else: a results folder may come from anywhere,
// and this one goes into the page itself.
func harmlessSVG(b []byte) bool {
	elements := strings.Fields("svg g rect line path circle text tspan")
	attributes := strings.Fields("xmlns class viewBox width height role aria-label font-family x y x1 y1 x2 y2 cx cy r rx d fill " +
		"fill-opacity stroke stroke-width stroke-dasharray stroke-linejoin stroke-linecap font-size font-weight text-anchor transform dy overflow")
	d := xml.NewDecoder(bytes.NewReader(b))
	depth, roots := 0, 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return depth == 0 && roots == 1
		}
		if err != nil {
			return false
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
				if t.Name.Local != "svg" {
					return false
				}
			}
			depth++
			if !slices.Contains(elements, t.Name.Local) {
				return false
			}
			for _, a := range t.Attr {
				if !slices.Contains(attributes, a.Name.Local) || strings.Contains(a.Value, "url(") ||
					a.Name.Local == "overflow" && a.Value != "hidden" {
					return false
				}
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(t)) != "" {
				return false
			}
		default: // comments, directives, instructions
			return false
		}
	}
}

func newReportTable(experiment string, t Table) reportTable {
	r := reportTable{Title: t.Title, CSV: experiment + "/" + t.Name + ".csv", Count: len(t.Rows)}
	if r.Title == "" {
		r.Title = t.Name
	}
	numeric := make([]bool, len(t.Columns))
	for _, row := range t.Rows {
		var cells []reportCell
		for j, s := range row {
			c := reportCell{Text: s}
			if x, err := strconv.ParseFloat(s, 64); err == nil {
				c.Numeric = true
				numeric[j] = true
				if strings.ContainsAny(s, ".e") {
					c.Text = strconv.FormatFloat(x, 'g', 5, 64)
				}
			}
			cells = append(cells, c)
		}
		r.Rows = append(r.Rows, cells)
	}
	for j, name := range t.Columns {
		r.Columns = append(r.Columns, reportCell{name, numeric[j]})
	}
	return r
}

// seedsText writes runs of seeds as "1-5, 9".
func seedsText(seeds []uint64) string {
	var parts []string
	for i := 0; i < len(seeds); {
		j := i
		for j+1 < len(seeds) && seeds[j+1] == seeds[j]+1 {
			j++
		}
		switch {
		case j > i+1:
			parts = append(parts, fmt.Sprintf("%d\u2013%d", seeds[i], seeds[j]))
			i = j + 1
		default:
			parts = append(parts, strconv.FormatUint(seeds[i], 10))
			i++
		}
	}
	return strings.Join(parts, ", ")
}
