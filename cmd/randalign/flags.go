package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"randalign/experiments"
)

// flagSet holds the flags that a command takes, in the order in which help
// shows them. Flags are written --name value or --name=value, a switch --name
// or --name=false, the one-letter -v with one dash; they may stand before,
// between and after other arguments, and -- ends them. Of a flag given twice
// the last one counts, unless it is a list.
type flagSet struct {
	command string
	defs    []*flagDef
}

// flagDef is one flag.
type flagDef struct {
	name  string
	value string // what help calls its value, as N or FILE; "" makes it a switch
	usage string
	def   string             // the default as help shows it, "" for none
	set   func(string) error // its error says "found ..., expected ..."
	given bool
}

// errHelp is what parse returns for --help.
var errHelp = errors.New("help was asked for")

func (f *flagSet) add(name, value, def, usage string, set func(string) error) {
	f.defs = append(f.defs, &flagDef{name: name, value: value, usage: usage, def: def, set: set})
}

// Every method below declares a flag whose default is what the variable holds.

// text takes any value but an empty one.
func (f *flagSet) text(p *string, name, value, usage string) {
	f.add(name, value, *p, usage, func(s string) error {
		if s == "" {
			return fmt.Errorf("found nothing, expected %s", value)
		}
		*p = s
		return nil
	})
}

// list takes a value each time that the flag is given.
func (f *flagSet) list(p *[]string, name, value, usage string) {
	f.add(name, value, strings.Join(*p, " "), usage, func(s string) error {
		if s == "" {
			return fmt.Errorf("found nothing, expected %s", value)
		}
		*p = append(*p, s)
		return nil
	})
}

// choice takes one of the words.
func (f *flagSet) choice(p *string, name string, words []string, usage string) {
	f.add(name, strings.Join(words, "|"), *p, usage, func(s string) error {
		if !slices.Contains(words, s) {
			return fmt.Errorf("found %q, expected %s%s", s, strings.Join(words, ", "), didYouMean("", experiments.Nearest(s, words)))
		}
		*p = s
		return nil
	})
}

// integer takes a whole number from low to high; math.MaxInt stands for no limit.
func (f *flagSet) integer(p *int, name string, low, high int, usage string) {
	f.add(name, "N", strconv.Itoa(*p), usage, func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < low || n > high {
			upTo := fmt.Sprintf("from %d to %d", low, high)
			if high == math.MaxInt {
				upTo = fmt.Sprintf("of at least %d", low)
			}
			return fmt.Errorf("found %q, expected a whole number %s", s, upTo)
		}
		*p = n
		return nil
	})
}

// number takes a finite number from low to high; infinities stand for no limit.
func (f *flagSet) number(p *float64, name string, low, high float64, usage string) {
	f.add(name, "X", strconv.FormatFloat(*p, 'g', -1, 64), usage, func(s string) error {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(x, 0) || !(x >= low && x <= high) {
			expected := "a number"
			switch {
			case !math.IsInf(low, 0) && !math.IsInf(high, 0):
				expected = fmt.Sprintf("a number from %v to %v", low, high)
			case !math.IsInf(low, 0):
				expected = fmt.Sprintf("a number of at least %v", low)
			case !math.IsInf(high, 0):
				expected = fmt.Sprintf("a number of at most %v", high)
			}
			return fmt.Errorf("found %q, expected %s", s, expected)
		}
		*p = x
		return nil
	})
}

// duration takes a positive time such as 300ms or 1m30s.
func (f *flagSet) duration(p *time.Duration, name, usage string) {
	f.add(name, "TIME", p.String(), usage, func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil || d <= 0 {
			return fmt.Errorf("found %q, expected a time such as 300ms or 1m30s", s)
		}
		*p = d
		return nil
	})
}

// boolean is a switch, off by default.
func (f *flagSet) boolean(p *bool, name, usage string) {
	f.add(name, "", "", usage, func(s string) error {
		switch s {
		case "", "true", "1":
			*p = true
		case "false", "0":
			*p = false
		default:
			return fmt.Errorf("found %q, expected true or false", s)
		}
		return nil
	})
}

// lookup returns the flag called name, without dashes; nil if there is none.
func (f *flagSet) lookup(name string) *flagDef {
	for _, d := range f.defs {
		if d.name == name {
			return d
		}
	}
	return nil
}

// dashed is the flag as users write it.
func (d *flagDef) dashed() string {
	if len(d.name) == 1 {
		return "-" + d.name
	}
	return "--" + d.name
}

// parse sets the flags in args and returns the other arguments. Its errors are
// bad input; errHelp means that -h or --help was among them.
func (f *flagSet) parse(args []string) (rest []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return append(rest, args...), nil
		}
		if arg == "-h" || arg == "--help" {
			return nil, errHelp
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		word, value, hasValue := strings.Cut(arg, "=")
		d := f.lookup(strings.TrimLeft(word, "-"))
		if d == nil || word != d.dashed() {
			return nil, f.unknown(word)
		}
		if !hasValue && d.value != "" {
			if len(args) == 0 {
				return nil, badInputf("%s: found nothing, expected a value %s", d.dashed(), d.value)
			}
			value, args = args[0], args[1:]
			if next, _, _ := strings.Cut(value, "="); f.lookup(strings.TrimLeft(next, "-")) != nil && strings.HasPrefix(next, "--") {
				return nil, badInputf("%s: found the flag %s, expected a value %s", d.dashed(), next, d.value)
			}
		}
		if err := d.set(value); err != nil {
			return nil, badInputf("%s: %w", d.dashed(), err)
		}
		d.given = true
	}
	return rest, nil
}

func (f *flagSet) unknown(word string) error {
	names := make([]string, len(f.defs))
	for i, d := range f.defs {
		names[i] = d.name
	}
	suggestion := ""
	if name := experiments.Nearest(strings.TrimLeft(word, "-"), names); name != "" {
		suggestion = f.lookup(name).dashed()
	}
	return badInputf("%s takes no flag %s%s", f.command, word, didYouMean("; `randalign help "+f.command+"` lists those there are", suggestion))
}

// didYouMean is the end of a message: the suggestion, or otherwise if there is none.
func didYouMean(otherwise, suggestion string) string {
	if suggestion == "" {
		return otherwise
	}
	return fmt.Sprintf("; did you mean %s?", suggestion)
}
