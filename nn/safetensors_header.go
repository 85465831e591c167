package nn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

const (
	maxRank = 64   // dimensions; NumPy's limit
	maxName = 4096 // bytes of a name or field
)

// headerParser reads the header's JSON token by token: encoding/json keeps the
// last of two equal keys without a word, and here that is a lie to be told.
type headerParser struct {
	dec *json.Decoder
}

// parseSafetensorsHeader returns what the header says, unchecked but for its form.
func parseSafetensorsHeader(header []byte) (entries []tensorEntry, meta map[string]string, err error) {
	if header[0] != '{' {
		return nil, nil, fmt.Errorf("%w: found %q at its start, expected {", ErrHeader, header[0])
	}
	if !utf8.Valid(header) {
		return nil, nil, fmt.Errorf("%w: not UTF-8", ErrHeader)
	}
	p := &headerParser{json.NewDecoder(bytes.NewReader(header))}
	p.dec.UseNumber()
	err = p.object("header", func(name string) error {
		if name == metadataKey {
			meta = map[string]string{}
			return p.object(metadataKey, func(key string) (err error) {
				meta[key], err = p.text(metadataKey + " " + strconv.Quote(key))
				return err
			})
		}
		e, err := p.entry(name)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if rest := bytes.TrimRight(header[p.dec.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return nil, nil, fmt.Errorf("%w: found %s after its end, expected spaces", ErrHeader, brief(string(rest)))
	}
	return entries, meta, nil
}

// entry reads {"dtype": ..., "shape": [...], "data_offsets": [...]}. Like the
// reference implementation it passes over fields that it does not know.
func (p *headerParser) entry(name string) (tensorEntry, error) {
	e := tensorEntry{name: name}
	var fields int
	what := "tensor " + strconv.Quote(name)
	err := p.object(what, func(field string) (err error) {
		at := what + ": " + strconv.Quote(field)
		switch field {
		case "dtype":
			fields++
			e.dtype, err = p.text(at)
		case "shape":
			fields++
			var dims []int64
			if dims, err = p.numbers(at, maxRank); err != nil {
				return err
			}
			e.shape = make([]int, len(dims))
			for i, d := range dims {
				if e.shape[i] = int(d); int64(e.shape[i]) != d {
					return fmt.Errorf("%s: %w: found %d, expected an int", at, ErrShape, d)
				}
			}
		case "data_offsets":
			fields++
			var o []int64
			if o, err = p.numbers(at, 2); err != nil {
				return err
			}
			if len(o) != 2 {
				return fmt.Errorf("%s: %w: found %d numbers, expected 2", at, ErrHeader, len(o))
			}
			e.start, e.end = o[0], o[1]
		default:
			var skipped json.RawMessage
			err = p.malformed(at, p.dec.Decode(&skipped))
		}
		return err
	})
	if err == nil && fields != 3 {
		err = fmt.Errorf("%s: %w: expected dtype, shape and data_offsets", what, ErrHeader)
	}
	return e, err
}

// object calls member for each key of an object, standing before its value.
func (p *headerParser) object(what string, member func(key string) error) error {
	if err := p.delim(what, '{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for p.dec.More() {
		key, err := p.text(what)
		if err != nil {
			return err
		}
		if len(key) > maxName {
			return fmt.Errorf("%s: %w: found %s, expected at most %d bytes", what, ErrName, brief(key), maxName)
		}
		if seen[key] {
			return fmt.Errorf("%s: %w: found %q twice", what, ErrDuplicate, key)
		}
		seen[key] = true
		if err = member(key); err != nil {
			return err
		}
	}
	return p.delim(what, '}')
}

// numbers reads an array of at most limit integers, none negative.
func (p *headerParser) numbers(what string, limit int) ([]int64, error) {
	if err := p.delim(what, '['); err != nil {
		return nil, err
	}
	var out []int64
	for p.dec.More() {
		t, err := p.dec.Token()
		if err != nil {
			return nil, p.malformed(what, err)
		}
		text, _ := t.(json.Number)
		n, err := strconv.ParseUint(string(text), 10, 63)
		if err != nil {
			return nil, fmt.Errorf("%s: %w: found %s, expected an integer from 0 to 2^63-1", what, ErrHeader, brief(t))
		}
		if len(out) == limit {
			return nil, fmt.Errorf("%s: %w: found more than %d numbers", what, ErrHeader, limit)
		}
		out = append(out, int64(n))
	}
	return out, p.delim(what, ']')
}

func (p *headerParser) text(what string) (string, error) {
	t, err := p.dec.Token()
	if err != nil {
		return "", p.malformed(what, err)
	}
	s, ok := t.(string)
	if !ok {
		return "", fmt.Errorf("%s: %w: found %s, expected a string", what, ErrHeader, brief(t))
	}
	return s, nil
}

func (p *headerParser) delim(what string, want json.Delim) error {
	t, err := p.dec.Token()
	if err != nil {
		return p.malformed(what, err)
	}
	if t != want {
		return fmt.Errorf("%s: %w: found %s, expected %v", what, ErrHeader, brief(t), want)
	}
	return nil
}

func (p *headerParser) malformed(what string, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w: %v", what, ErrHeader, err)
}
