package asm

import (
	"slices"
	"unsafe"
)

// Pooling by windows of 3 x 3, 1 or 2 apart, with a padding of 0 or 1: straight from the
// planes of an image to those of the results. A strip of outputs as wide as a vector is
// worked on from the top of a plane to its end, and each row of inputs is read once for all
// the outputs, or rows of outputs, that it reaches:
//
//	 row   x0 x1 x2   of each output of the strip: its columns 0, 1 and 2 of the row
//	  |    two loads, or three, and what is outside of the image is masked
//	  v
//	registers         what the rows read so far make of the outputs that they reach
//
// On the way back a vector holds places p of rows of inputs, or of every second place,
// counted from the padding on: p is in columns 0, 1 and 2 of the outputs p, p-1 and p-2 (or
// every second place k in columns 0 and 2 of k and k-1, those between in column 1 of k).
// Outputs are moved up by one and two places to where they are added, so that the first
// places of a strip are the strip's before.

// Pools3 are the kernels of one path. Slices are whole planes, one after the other; dx or,
// where there is none, x says how many.
type Pools3 struct {
	// MaxPool3F32 is y = the maximum over windows, the first of equals, and reports whether it
	// is: not if an element of x is NaN.
	MaxPool3F32 func(y, x []float32, w *Windows3) bool
	// MaxPool3GradF32 is dx = +0 + dy + ... of the outputs, in order, of whose windows it is
	// the first of the largest elements; it reports what MaxPool3F32 does. Work is done in
	// room, of Room() elements.
	MaxPool3GradF32 func(dx, x, dy, room []float32, w *Windows3) bool
	// MaxPool3GradPastF32 is MaxPool3GradF32 with a dx that passes the caches by, if made says
	// so: else nothing is done, the rows of dx not being made of whole vectors, or short, or
	// windows not 1 apart.
	MaxPool3GradPastF32 func(dx, x, dy, room []float32, w *Windows3) (ordered, made bool)
	// AvgPool3F32 is y = (((-0 + x) + x) + ...) / 9 over the elements of a window that are in
	// the image, in order.
	AvgPool3F32 func(y, x []float32, w *Windows3)
	// AvgPool3GradF32 is dx = +0 + dy/9 + ... of the outputs, in order, in whose windows it is.
	AvgPool3GradF32 func(dx, dy, room []float32, w *Windows3)
	// AvgPool3GradPastF32 is AvgPool3GradF32 with a dx that passes the caches by, if it reports
	// so: else nothing is done, the rows of dx not being made of whole vectors, or short.
	AvgPool3GradPastF32 func(dx, dy, room []float32, w *Windows3) bool
	// Direct3 reports whether they are quicker than lists of taps.
	Direct3 bool
}

// Windows3 is how windows lie on a plane.
type Windows3 struct {
	h, w, ho, wo, stride, pad int
	wide, narrow, pairs       [2]grid3 // on vectors of 16 and of 8, and of two planes on 16: to the outputs and back
	paired                    bool     // two planes fit
}

// grid3 is what a kernel reads: distances in bytes.
type grid3 struct {
	xPlane, xRow, yPlane, yRow int
	top, bottom                int // 1 if the first row of outputs has no row 0 of its windows, the last no row 2
	outputs, rows              int // rows of outputs, and of those that have row 2
	skip                       int // rows of outputs that are left when one has no row 0, or 0
	made                       int // rows of outputs that are left when the first row of inputs is whole
	last                       int // rows of outputs that are left when the next has no row 2, one more than there are
	ahead                      int // how far away from what it reads what it asks for is, or 0
	far                        int // the same where it comes from memory
	strips                     []strip3
	end                        uintptr  // of the strips
	bands                      []*band3 // of large planes
}

// band3 is a grid of some rows of a plane's outputs, the first of them at out.
type band3 struct {
	grid3
	in, out int
}

// strip3 is where a strip is in a row and what of it counts.
type strip3 struct {
	x, x2, last int    // of x0 of the first output; of the second vector and the element behind it from there
	y, y2       int    // of the first output; of the second half from there
	a, b        uint16 // places of the vectors that are in the image
	c0, c1, c2  uint16 // outputs that have columns 0, 1 and 2
	toA, toB    uint16 // places of the vectors that the way back makes
	partA       int    // of a vector of 8: 0 whole, 1 but for the first place, 2 else (carried: 0 or 1)
	partB       int    // but for the last place
	carry       int    // in a row of room, of what was made of the 8 outputs before
}

// NewWindows3 is for planes of h x w, which have a window.
func NewWindows3(h, w, stride, pad int) *Windows3 {
	s := &Windows3{h: h, w: w, ho: (h+2*pad-3)/stride + 1, wo: (w+2*pad-3)/stride + 1, stride: stride, pad: pad}
	s.paired = stride == 2 && s.wo < 8 && w+pad <= 16
	for back := range 2 {
		s.wide[back] = s.grid(16, back == 1)
		s.narrow[back] = s.grid(8, back == 1)
		if s.paired {
			s.pairs[back] = s.pair(s.wide[back])
		}
	}
	return s
}

// Near says whether what the way forward will read is in the caches; kernels then ask for
// nothing ahead, but for those on 8 lanes of windows 1 apart, which take 1.02 to 1.18 times as
// long without even then, and twice as long if it is not true. It must not be called while a
// kernel runs.
func (s *Windows3) Near(near bool) {
	for _, g := range [...]*grid3{&s.wide[0], &s.narrow[0], &s.pairs[0]} {
		if s.stride == 1 && g == &s.narrow[0] {
			continue
		}
		g.near(near)
		for _, b := range g.bands {
			b.near(near)
		}
	}
}

func (g *grid3) near(near bool) {
	g.ahead = g.far
	if near {
		g.ahead = 0
	}
}

// grid is for one plane on vectors of so many lanes, to the outputs or back.
func (s *Windows3) grid(lanes int, back bool) grid3 {
	g := grid3{xPlane: 4 * s.h * s.w, xRow: 4 * s.w, yPlane: 4 * s.ho * s.wo, yRow: 4 * s.wo, top: s.pad}
	if (s.ho-1)*s.stride+3 > s.h+s.pad {
		g.bottom = 1
	}
	g.outputs, g.rows, g.skip = s.ho, s.ho-g.bottom, s.ho*s.pad
	g.made, g.last = s.ho-s.pad, 1+g.bottom
	g.far = max(aheadLeast, (g.xPlane+63)&^63)
	g.ahead = g.far
	step, reach := lanes, s.wo
	shared := 0                                    // outputs at the beginning whose places are not made
	carried := lanes == 8 && back && s.stride == 1 // strips go up and leave what they share to the next
	if back {
		shared = 3 - s.stride
		reach = (s.w + s.pad + s.stride - 1) / s.stride
		if !carried {
			step = lanes - shared
		}
	}
	for o := 0; ; o += step {
		if carried && o == lanes {
			o = (reach-1)%lanes + 1 // the first strip is what overlaps
		} else if lanes == 8 && reach >= lanes {
			o = min(o, reach-lanes) // strips end where rows do
		}
		t := strip3{x: 4 * (s.stride*o - s.pad), x2: 4 * lanes, y: 4 * o, y2: 2 * lanes}
		for i := range 2 * lanes {
			if s.inside(s.stride*o + i) {
				bit(&t.a, &t.b, i, lanes)
				if o == 0 || i >= 2 {
					bit(&t.toA, &t.toB, i, lanes)
				}
			}
		}
		for i := range min(lanes, s.wo-o) {
			for c, m := range []*uint16{&t.c0, &t.c1, &t.c2} {
				if s.inside(s.stride*(o+i) + c) {
					*m |= 1 << i
				}
			}
		}
		t.last = -t.x // an element of the row that does not count
		if s.inside(s.stride*o + 2*lanes) {
			t.last = 8 * lanes
		}
		t.partA, t.partB = part(t.a, 0xfe), part(t.b, 0x7f)
		if carried {
			t.toA, t.partA = 1<<min(lanes, s.w)-1, 0
			if o == 0 {
				t.partA = s.pad
			} else {
				t.carry = 4 * min(o, lanes)
			}
		}
		g.strips = append(g.strips, t)
		if o+lanes >= reach {
			if lanes == 8 && back && !carried {
				slices.Reverse(g.strips)
			}
			g.end = endOf(g.strips)
			if !back {
				g.bands = s.bands(g)
			}
			return g
		}
	}
}

// endOf returns where strips end.
func endOf(s []strip3) uintptr {
	return uintptr(unsafe.Pointer(&s[0])) + uintptr(len(s))*unsafe.Sizeof(s[0])
}

const (
	// aheadLeast bytes are enough to come into the second-level cache while as much is
	// worked on.
	aheadLeast = 16 << 10
	// again3 bytes nearer it is asked for once more.
	//
	//lint:ignore U1000 read by assembly
	again3 = 2 << 10
	// bandLeast inputs, of a plane of more, are worked on at a time.
	bandLeast = 2048
)

// bands cuts a large plane, for the way forward, into bands that stay in the first-level cache.
func (s *Windows3) bands(g grid3) (bands []*band3) {
	n := min(s.ho, s.h*s.w/bandLeast)
	if n < 2 {
		return nil
	}
	for i := range n {
		lo, hi := s.ho*i/n, s.ho*(i+1)/n
		b := &band3{grid3: g, in: max(0, lo*s.stride-s.pad) * s.w, out: lo * s.wo}
		b.outputs, b.rows = hi-lo, hi-lo
		b.yPlane = 4 * s.wo * (hi - lo)
		if hi == s.ho {
			b.rows -= b.bottom
		} else {
			b.bottom = 0
		}
		if lo > 0 {
			b.top, b.skip = 0, 0
		}
		bands = append(bands, b)
	}
	return bands
}

// inside reports whether a place, counted from the padding on, is in the image.
func (s *Windows3) inside(p int) bool { return p >= s.pad && p < s.w+s.pad }

// bit sets that of place i of two vectors.
func bit(a, b *uint16, i, lanes int) {
	if i < lanes {
		*a |= 1 << i
	} else {
		*b |= 1 << (i - lanes)
	}
}

// part is how much of a vector of 8 is in the image: all, all but one, less.
func part(places, butOne uint16) int {
	switch places {
	case 0xff:
		return 0
	case butOne:
		return 1
	}
	return 2
}

// pair makes of the grid of planes of one strip that of two planes at a time.
func (s *Windows3) pair(g grid3) grid3 {
	t := g.strips[0]
	t.x2, t.y2 = g.xPlane, g.yPlane
	t.b, t.toB = t.a, t.toA
	t.c0, t.c1, t.c2 = t.c0*0x101, t.c1*0x101, t.c2*0x101
	g.xPlane, g.yPlane = 2*g.xPlane, 2*g.yPlane
	g.strips = []strip3{t}
	g.end = endOf(g.strips)
	return g
}

// Room returns how many elements the ways back work in.
func (s *Windows3) Room() int { return max(16*s.ho, 9*s.w+32, 2*(s.w+s.wo)+96) }

// planes returns how many planes there are in n inputs.
func (s *Windows3) planes(n int) int { return n / (s.h * s.w) }
