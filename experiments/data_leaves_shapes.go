package experiments

import "math"

// objectKind is the kind of the object in the foreground, and so the class.
type objectKind uint8

const (
	disc objectKind = iota
	ring
	square
	triangle
	cross
	star
	bar
	crescent
	stripes
	checks
	numObjects
	// The kinds below are leaves only.
	ellipse
	box
)

const (
	occluders = 2 // at most so many small leaves before the object

	objectRadiusMin = 7.0 // pixels
	objectRadiusMax = 11.0
	objectJitter    = 2.5  // of the centre, pixels either way
	objectTilt      = 0.35 // tangent of the largest rotation
	objectContrast  = 0.7  // difference of brightness from the image's mean, deviations: at least
	objectRange     = 1.1  // and at most so much more
)

// shape is one opaque thing in a picture. Lengths are in pixels.
type shape struct {
	kind           objectKind
	x, y           float64 // centre; pixel (i, j) has its centre at x = j, y = i
	ux, uy         float64 // unit vector along the first axis
	a, b           float64 // half axes, a >= b
	squash         float64 // factor of the height, after rotation
	soft           float64 // width of the edge
	colour, second [3]float64
	shadeX, shadeY float64 // brightness a pixel

	// Derived by prepare: reciprocals, the half extent in the picture, and the
	// squared radii, in units of the ellipse, where its rim begins and ends.
	sharp, invA, invB float64
	reachX, reachY    float64
	inner, outer      float64
}

// object draws the object that gives the picture its class.
func (sc *scene) object(kind objectKind) *shape {
	s := sc.s
	r := objectRadiusMin + float64((objectRadiusMax-objectRadiusMin)*s.Float64())
	const middle = (leavesSize - 1) / 2.0
	p := &shape{
		kind: kind, a: r, b: r, soft: sc.soft, squash: 1,
		x: middle + float64(objectJitter*(2*s.Float64()-1)),
		y: middle + float64(objectJitter*(2*s.Float64()-1)),
	}
	p.ux, p.uy = tilt(s, objectTilt)
	lum := objectContrast + float64(objectRange*s.Float64())
	if s.IntN(2) == 0 {
		lum = -lum
	}
	p.colour = sc.colour(lum)
	p.second = sc.colour(float64(-0.5 * lum))
	sc.shade(p)
	return p
}

// occluder draws a small leaf that may hide part of the object.
func (sc *scene) occluder() *shape {
	s := sc.s
	p := &sc.scratch
	*p = shape{
		kind: ellipse, a: 1.5 + float64(1.5*s.Float64()), squash: leafSquash, soft: sc.soft,
		x: leavesSize*s.Float64() - 0.5, y: leavesSize*s.Float64() - 0.5,
	}
	sc.finish(p)
	return p
}

// prepare works out what cover needs. All else of p must be set.
func (p *shape) prepare() {
	p.sharp, p.invA, p.invB = 1/p.soft, 1/p.a, 1/p.b
	rim := float64(0.5 * p.soft * p.invB)
	inner := max(0, 1-rim)
	p.inner, p.outer = inner*inner, (1+rim)*(1+rim)
	switch p.kind {
	case ellipse:
		p.reachX = float64((1 + rim) * hypot(p.a*p.ux, p.b*p.uy))
		p.reachY = float64((1 + rim) * hypot(p.a*p.uy, p.b*p.ux))
	case box:
		a, b := p.a+float64(0.5*p.soft), p.b+float64(0.5*p.soft)
		p.reachX = math.Abs(float64(a*p.ux)) + math.Abs(float64(b*p.uy))
		p.reachY = math.Abs(float64(a*p.uy)) + math.Abs(float64(b*p.ux))
	default:
		p.reachX = float64(1.45*p.a) + p.soft // the corners of the longest bar
		p.reachY = p.reachX
	}
	p.reachY = float64(p.reachY * p.squash)
}

// cover returns how much of the pixel at (u, v), given along the shape's axes,
// p covers, and how much of the second colour shows there.
func (p *shape) cover(u, v float64) (cover, second float64) {
	var d float64
	switch p.kind {
	case ellipse:
		u, v = u*p.invA, v*p.invB
		q := float64(u*u) + float64(v*v)
		if q >= p.outer {
			return 0, 0
		}
		if q <= p.inner {
			return 1, 0
		}
		d = (math.Sqrt(q) - 1) * p.b
	case box:
		d = math.Abs(u) - p.a
		if e := math.Abs(v) - p.b; e > d {
			d = e
		}
	default:
		d, second = p.kind.object(float64(u*p.invA), float64(v*p.invA), p.soft*p.invA)
		d *= p.a
	}
	return 0.5 - float64(d*p.sharp), second
}

// object returns about how far the point (u, v) lies outside the outline of an
// object, negative within, and the share of the second colour. Lengths are in
// units of a; soft is the width of an edge.
func (k objectKind) object(u, v, soft float64) (d, second float64) {
	x, y := math.Abs(u), math.Abs(v)
	switch k {
	case disc:
		return hypot(u, v) - 0.85, 0
	case ring:
		return math.Abs(hypot(u, v)-0.72) - 0.23, 0
	case square:
		return max(x, y) - 0.76, 0
	case triangle:
		return halfPlanes3(u, v-0.18) - 0.53, 0
	case cross:
		return max(min(x, y)-0.27, max(x, y)-0.95), 0
	case star:
		return pentagram(u, v) - 0.34, 0
	case bar:
		return max(x-1.05, y-0.33), 0
	case crescent:
		return max(hypot(u, v)-0.95, 0.8-hypot(u-0.5, v)), 0
	case stripes:
		return hypot(u, v) - 0.9, wave(v/0.34, 0.34/soft)
	case checks:
		s, t := wave(u/0.54, 0.54/soft), wave(v/0.54, 0.54/soft)
		return max(x, y) - 0.8, s + t - float64(2*s*t)
	}
	panic("experiments: not an object")
}

func hypot(u, v float64) float64 { return math.Sqrt(float64(u*u) + float64(v*v)) }

// halfPlanes3 is the largest of three distances at 120 degrees: a triangle.
func halfPlanes3(u, v float64) float64 {
	return max(v, float64(0.8660254037844386*math.Abs(u))-float64(0.5*v))
}

// pentagram is the second largest of five distances at 72 degrees: what lies
// within at least four of the five half-planes of a pentagon is a star.
func pentagram(u, v float64) float64 {
	// The normals are (0, 1), (+-sin 72, cos 72) and (+-sin 144, cos 144).
	const s1, c1, s2, c2 = 0.9510565162951535, 0.30901699437494745, 0.5877852522924731, -0.8090169943749475
	first, second := math.Inf(-1), math.Inf(-1)
	for _, d := range [5]float64{
		v, float64(s1*u) + float64(c1*v), float64(c1*v) - float64(s1*u), float64(s2*u) + float64(c2*v), float64(c2*v) - float64(s2*u),
	} {
		if d > first {
			first, second = d, first
		} else if d > second {
			second = d
		}
	}
	return second
}

// wave is a square wave of period 2 in t with edges of slope g: 0, 1, 0, 1, ...
func wave(t, g float64) float64 {
	t = math.Abs(t-2*math.Floor(t/2+0.5)) - 0.5 // the triangle wave, -0.5 .. 0.5
	return clamp01(0.5 + float64(g*t))
}

func clamp01(x float64) float64 { return min(max(x, 0), 1) }
