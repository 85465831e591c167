package nn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// element is one parsed element of a SPEC.
type element struct {
	text string
	kind string
	name string // after @: the module's name in tensor names; "" counts
	out  int    // filters or outputs; -1 for "classes"
	size int    // filter or window height and width
	step int    // stride
	pad  int    // padding
	bare bool   // without a bias
	x    float64
	// The two ways through a residual block; an empty shortcut is the identity.
	body, shortcut []element
}

// elementForms says how each element is written, in the order of the help.
var elementForms = []struct{ kind, form, about string }{
	{"conv", "conv:FILTERSxSIZE[:stride=N][:pad=N|same][:nobias]", "square filters; valid unless padded"},
	{"dense", "dense:OUTPUTS[:nobias]", "fully connected; dense:classes for the head"},
	{"relu", "relu", "max(x, 0)"},
	{"leakyrelu", "leakyrelu[:SLOPE]", "x, or SLOPE*x below 0 (default 0.01)"},
	{"sigmoid", "sigmoid", "1/(1 + exp(-x))"},
	{"tanh", "tanh", "hyperbolic tangent"},
	{"gelu", "gelu", "x times the normal distribution function of x"},
	{"maxpool", "maxpool:SIZE[:stride=N][:pad=N]", "largest of a square window; stride SIZE unless given"},
	{"avgpool", "avgpool:SIZE[:stride=N][:pad=N]", "mean of a square window, padding counted"},
	{"gap", "gap", "mean of each channel: a CxHxW image becomes Cx1x1"},
	{"batchnorm", "batchnorm", "by channel, with scale, shift and running statistics"},
	{"flatten", "flatten", "a vector of an image"},
	{"dropout", "dropout:P", "sets values to 0 with probability P while training"},
	{"res", "res(BODY[|SHORTCUT])", "BODY + SHORTCUT of its input, each a SPEC; no SHORTCUT: the input itself"},
}

// ElementForms returns how the elements of a SPEC are written, with a line about each.
func ElementForms() (forms, about []string) {
	for _, e := range elementForms {
		forms, about = append(forms, e.form), append(about, e.about)
	}
	return forms, about
}

// maxWidth bounds what a SPEC can ask for, so that a slip of the finger is an
// error and not an exhausted machine.
const (
	maxWidth  = 1 << 20
	maxWeight = 1 << 40 // elements of one tensor
	maxTable  = 1 << 24 // positions of a conv, and values of a patch
	maxNested = 16      // residual blocks within each other
)

// parseSpec splits a SPEC into its elements.
func parseSpec(spec string) ([]element, error) {
	list, err := parseList(spec, 0)
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", short(spec), err)
	}
	return list, nil
}

// short keeps the SPEC of a deep network from filling an error's line.
func short(spec string) string {
	const most = 200
	if len(spec) <= most {
		return spec
	}
	return spec[:most/2] + " ... " + spec[len(spec)-most/4:]
}

// splitTop splits text at the separators that stand outside all parentheses.
func splitTop(text string, separator byte) ([]string, error) {
	depth, from := 0, 0
	var list []string
	for i := range len(text) {
		switch c := text[i]; {
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return nil, fmt.Errorf("found ) without (")
			}
		case c == separator && depth == 0:
			list = append(list, text[from:i])
			from = i + 1
		}
	}
	if depth > 0 {
		return nil, fmt.Errorf("found ( without )")
	}
	return append(list, text[from:]), nil
}

func parseList(spec string, depth int) ([]element, error) {
	if depth > maxNested {
		return nil, fmt.Errorf("residual blocks within each other: expected at most %d", maxNested)
	}
	texts, err := splitTop(spec, ',')
	if err != nil {
		return nil, err
	}
	var list []element
	for i, text := range texts {
		text = strings.TrimSpace(text)
		e, err := parseElement(text, depth)
		if err != nil {
			return nil, fmt.Errorf("element %d %q: %w", i, short(text), err)
		}
		list = append(list, e)
	}
	return list, nil
}

func parseElement(text string, depth int) (element, error) {
	e := element{text: text, step: 1}
	if at := strings.LastIndexByte(text, '@'); at > strings.LastIndexByte(text, ')') {
		e.name, text = text[at+1:], text[:at]
		if err := checkModuleName(e.name); err != nil {
			return e, err
		}
	}
	if inner, ok := strings.CutPrefix(text, "res("); ok {
		e.kind = "res"
		return e, e.parseRes(inner, depth)
	}
	fields := strings.Split(text, ":")
	e.kind = fields[0]
	args := fields[1:]
	form := slices.IndexFunc(elementForms, func(f struct{ kind, form, about string }) bool { return f.kind == e.kind })
	if form < 0 {
		return e, fmt.Errorf("unknown; an element is one of %s, a network one of %s or elements separated by commas", elementKinds(), archNames())
	}
	expected := fmt.Errorf("expected %s", elementForms[form].form)
	switch e.kind {
	case "relu", "flatten", "sigmoid", "tanh", "gelu", "gap", "batchnorm":
		if len(args) > 0 {
			return e, fmt.Errorf("takes no arguments")
		}
		return e, nil
	case "res":
		return e, expected
	case "leakyrelu":
		e.x = 0.01
		if len(args) == 0 {
			return e, nil
		}
		return e, e.parseNumber(args, expected, "slope", 0, 1)
	case "dropout":
		return e, e.parseNumber(args, expected, "probability", 0, 0.999)
	case "dense":
		return e, e.parseDense(args)
	case "conv":
		return e, e.parseConv(args)
	}
	return e, e.parsePool(args, expected)
}

// parseRes reads BODY), or BODY|SHORTCUT).
func (e *element) parseRes(inner string, depth int) error {
	inner, ok := strings.CutSuffix(inner, ")")
	if !ok {
		return fmt.Errorf("expected res(BODY) or res(BODY|SHORTCUT)")
	}
	ways, err := splitTop(inner, '|')
	if err != nil {
		return err
	}
	if len(ways) > 2 {
		return fmt.Errorf("found %d ways, expected res(BODY) or res(BODY|SHORTCUT)", len(ways))
	}
	if e.body, err = parseList(ways[0], depth+1); err != nil {
		return err
	}
	if len(ways) == 2 {
		if e.shortcut, err = parseList(ways[1], depth+1); err != nil {
			return fmt.Errorf("shortcut: %w", err)
		}
	}
	return nil
}

func (e *element) parseNumber(args []string, expected error, what string, low, high float64) error {
	if len(args) != 1 {
		return expected
	}
	x, err := strconv.ParseFloat(args[0], 64)
	if err != nil || !(x >= low && x <= high) {
		return fmt.Errorf("%s: expected a number from %v to %v, found %q", what, low, high, args[0])
	}
	e.x = x
	return nil
}

func (e *element) parseDense(args []string) (err error) {
	if len(args) == 0 || len(args) > 2 {
		return fmt.Errorf("expected dense:OUTPUTS[:nobias], as dense:64 or dense:classes")
	}
	if len(args) == 2 {
		if e.bare = args[1] == "nobias"; !e.bare {
			return fmt.Errorf("unknown option %q; dense has nobias", args[1])
		}
	}
	if args[0] == "classes" {
		e.out = -1
		return nil
	}
	e.out, err = positive(args[0], "outputs")
	return err
}

func (e *element) parseConv(args []string) (err error) {
	if len(args) == 0 {
		return fmt.Errorf("expected conv:FILTERSxSIZE[:stride=N][:pad=N|same][:nobias], as conv:256x3")
	}
	k, r, ok := strings.Cut(args[0], "x")
	if !ok {
		return fmt.Errorf("expected FILTERSxSIZE, as 256x3, found %q", args[0])
	}
	if e.out, err = positive(k, "filters"); err != nil {
		return err
	}
	if e.size, err = positive(r, "size"); err != nil {
		return err
	}
	for _, a := range args[1:] {
		key, v, _ := strings.Cut(a, "=")
		switch {
		case a == "nobias":
			e.bare = true
		case key == "stride":
			e.step, err = positive(v, "stride")
		case key == "pad" && v == "same":
			if e.size%2 == 0 {
				return fmt.Errorf("pad=same needs an odd filter size, found %d", e.size)
			}
			e.pad = e.size / 2
		case key == "pad":
			e.pad, err = notNegative(v, "pad")
		default:
			return fmt.Errorf("unknown option %q; conv has stride=N, pad=N|same and nobias", a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *element) parsePool(args []string, expected error) (err error) {
	if len(args) == 0 {
		return expected
	}
	if e.size, err = positive(args[0], "size"); err != nil {
		return err
	}
	e.step = e.size
	for _, a := range args[1:] {
		key, v, _ := strings.Cut(a, "=")
		switch key {
		case "stride":
			e.step, err = positive(v, "stride")
		case "pad":
			e.pad, err = notNegative(v, "pad")
		default:
			return fmt.Errorf("unknown option %q; %s has stride=N and pad=N", a, e.kind)
		}
		if err != nil {
			return err
		}
	}
	// A window that lies wholly on the padding would have no largest value.
	if e.pad > e.size/2 {
		return fmt.Errorf("pad: found %d, expected at most half the window of %d", e.pad, e.size)
	}
	return nil
}

// checkModuleName takes what stands after @: the name of a PyTorch module.
func checkModuleName(name string) error {
	for _, part := range strings.Split(name, ".") {
		plain := part != "" && strings.IndexFunc(part, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_')
		}) < 0
		if !plain {
			return fmt.Errorf("name: found %q, expected letters, digits and _, parts joined by dots", name)
		}
	}
	return nil
}

func elementKinds() string {
	var kinds []string
	for _, e := range elementForms {
		kinds = append(kinds, e.kind)
	}
	return strings.Join(kinds, ", ")
}

func positive(s, what string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxWidth {
		return 0, fmt.Errorf("%s: expected a number from 1 to %d, found %q", what, maxWidth, s)
	}
	return n, nil
}

func notNegative(s, what string) (int, error) {
	if s == "0" {
		return 0, nil
	}
	return positive(s, what)
}
