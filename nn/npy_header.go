package nn

import (
	"fmt"
	"strconv"
	"strings"
)

// npyHeader is what the header of a .npy file says.
type npyHeader struct {
	descr   string // order ('<', '>' or '|'), kind and size, as "<f8"
	fortran bool
	shape   []int
}

// parseNPYHeader reads the Python literal
//
//	{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
//
// with the three keys once each, in any order. Escapes in strings, which no
// type has, and the lists of structured types are refused.
func parseNPYHeader(text string) (h npyHeader, err error) {
	p := &literal{rest: text}
	seen := map[string]bool{}
	if err = p.expect("{"); err != nil {
		return h, err
	}
	for !p.accept("}") {
		key, err := p.text("a key")
		if err != nil {
			return h, err
		}
		if seen[key] {
			return h, fmt.Errorf("%w: found %s twice in the header", ErrDuplicate, brief(key))
		}
		seen[key] = true
		if err = p.expect(":"); err != nil {
			return h, err
		}
		switch key {
		case "descr":
			if p.skip(); strings.HasPrefix(p.rest, "[") {
				return h, fmt.Errorf("%w: found a structured type, expected numbers", ErrDtype)
			}
			h.descr, err = p.text("a type")
		case "fortran_order":
			h.fortran, err = p.boolean()
		case "shape":
			h.shape, err = p.tuple()
		default:
			err = fmt.Errorf("%w: found the key %s, expected descr, fortran_order or shape", ErrHeader, brief(key))
		}
		if err != nil {
			return h, err
		}
		if !p.accept(",") {
			if err = p.expect("}"); err != nil {
				return h, err
			}
			break
		}
	}
	if p.skip(); p.rest != "" {
		return h, fmt.Errorf("%w: found %s after its end", ErrHeader, brief(p.rest))
	}
	if len(seen) != 3 {
		return h, fmt.Errorf("%w: expected descr, fortran_order and shape", ErrHeader)
	}
	return h, nil
}

// literal reads the little of Python's syntax that such a header needs. It
// looks at each byte once and does not recurse.
type literal struct {
	rest string
}

func (p *literal) skip() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// accept takes the token, if it comes next.
func (p *literal) accept(token string) (ok bool) {
	p.skip()
	p.rest, ok = strings.CutPrefix(p.rest, token)
	return ok
}

func (p *literal) expect(token string) error {
	if !p.accept(token) {
		return p.found(token)
	}
	return nil
}

func (p *literal) found(expected string) error {
	if p.rest == "" {
		return fmt.Errorf("%w: found its end, expected %s", ErrHeader, expected)
	}
	return fmt.Errorf("%w: found %s, expected %s", ErrHeader, brief(p.rest), expected)
}

func (p *literal) text(expected string) (string, error) {
	p.skip()
	for _, quote := range []string{"'", `"`} {
		body, ok := strings.CutPrefix(p.rest, quote)
		if !ok {
			continue
		}
		s, rest, ok := strings.Cut(body, quote)
		if !ok || strings.ContainsAny(s, "\\\n") {
			break
		}
		p.rest = rest
		return s, nil
	}
	return "", p.found(expected + " in quotes")
}

func (p *literal) boolean() (bool, error) {
	if p.accept("True") {
		return true, nil
	}
	return false, p.expect("False")
}

// tuple reads (), (3,), (3, 4) or (3, 4,); Python 2 wrote (3L, 4L).
func (p *literal) tuple() ([]int, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	shape := []int{}
	for !p.accept(")") {
		n := digits(p.rest)
		d, err := strconv.ParseUint(p.rest[:n], 10, strconv.IntSize-1)
		if err != nil || n > 1 && p.rest[0] == '0' {
			if n == 0 {
				return nil, p.found("a dimension")
			}
			return nil, fmt.Errorf("%w: found the dimension %s, expected an integer below 2^%d", ErrShape, brief(p.rest[:n]), strconv.IntSize-1)
		}
		p.rest = strings.TrimPrefix(p.rest[n:], "L")
		if len(shape) == maxRank {
			return nil, fmt.Errorf("%w: found more than %d dimensions", ErrShape, maxRank)
		}
		shape = append(shape, int(d))
		if p.accept(",") {
			p.skip()
			continue
		}
		if len(shape) == 1 { // (3) is a number, not a tuple
			return nil, p.found("a comma")
		}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
		break
	}
	return shape, nil
}
