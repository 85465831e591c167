package experiments

import (
	"context"
	"math"
	"strconv"

	"randalign/tensor"
)

// Dead leaves are the simplest pictures with the statistics of photographs:
// opaque shapes that hide each other, with radii of density r^-3, which makes
// the picture look the same at every scale (A. Lee, D. Mumford and J. Huang,
// Occlusion Models for Natural Images, IJCV 41, 2001). The numbers below were
// tuned until the spectrum and the eigenvalues of 3x3 patches came near those
// of CIFAR-10; data_leaves_stats_test.go holds them there.

const (
	leavesSize  = 32
	leavesTrain = 10000
	leavesTest  = 2000
	// leavesSeed is fixed: leaves are a data set, not a sample of a run.
	leavesSeed = 1
)

const (
	leafRadiusMin = 1.2 // pixels; the cut-offs of the r^-3 law
	leafRadiusMax = 20.0
	leafMax       = 500 // then the backdrop shows through what is left open
	// leafSquash flattens the leaves a little: as in photographs, where the
	// horizon lies across, brightness varies more from row to row.
	leafSquash = 0.93

	softMin   = 1.2 // width of an edge, pixels: of an image at least
	softRange = 1.4 // and at most so much more

	// Standard deviations along colourAxes.
	lumShared    = 0.55 // of an image's brightness
	lumLeaf      = 0.92 // of a leaf's brightness about its image's
	chromaShared = 0.85 // of an image's tint
	chromaLeaf   = 0.92 // of a leaf's colour about the tint

	shadeLeaf = 0.5 // change of brightness from a leaf's middle to its rim, at most
	skylight  = 0.5 // typical change of brightness from the middle row to the top
)

// Colours live in units of deviations about the mean of each channel. The three
// axes are the eigenvectors of CIFAR-10's channel correlations (R,G 0.91; G,B
// 0.91; R,B 0.79): brightness, red against blue, green against magenta.
var (
	leavesMean = [3]float64{0.49, 0.48, 0.45}
	leavesStd  = [3]float64{0.247, 0.244, 0.262}
	colourAxes = [3][3]float64{{0.956, 0.956, 0.956}, {0.326, 0, -0.326}, {-0.083, 0.166, -0.083}}
)

// leavesSource is the built-in source "leaves": 32x32 RGB pictures in ten
// classes, the class being the kind of the object in the foreground. Picture i
// depends on the split and on i alone.
type leavesSource struct{}

func (leavesSource) Name() string  { return "leaves" }
func (leavesSource) Shape() [3]int { return [3]int{3, leavesSize, leavesSize} }
func (leavesSource) Classes() int  { return int(numObjects) }

func (leavesSource) Len(split Split) int {
	if split == Test {
		return leavesTest
	}
	return leavesTrain
}

// Read draws the pictures asked for, on all processors.
func (s leavesSource) Read(ctx context.Context, split Split, index []int) (*Raw, error) {
	if err := checkIndex(s, split, index); err != nil {
		return nil, err
	}
	const size = 3 * leavesSize * leavesSize
	raw := &Raw{U8: make([]uint8, len(index)*size), Labels: make([]int32, len(index))}
	err := eachExample(ctx, len(index), func() func(int) error {
		c := new(canvas)
		return func(i int) error {
			raw.Labels[i] = drawLeaves(c, split, index[i], raw.U8[i*size:][:size])
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	return raw, nil
}

// scene is what the leaves of one picture have in common.
type scene struct {
	s          *tensor.Stream
	tint       [3]float64 // along colourAxes
	soft       float64    // width of an edge, pixels
	skyX, skyY float64    // brightness a pixel
	scratch    shape      // the leaf in hand
}

// drawLeaves draws one picture into pixels, [3, 32, 32], and returns its class.
func drawLeaves(c *canvas, split Split, i int, pixels []uint8) int32 {
	s := tensor.NewStream(leavesSeed, "leaves/"+string(split)+"/"+strconv.Itoa(i))
	sc := &scene{s: s}
	sc.tint = [3]float64{normal(s, lumShared), normal(s, chromaShared), normal(s, chromaShared)}
	sc.soft = softMin + float64(softRange*s.Float64())
	sc.skyX = normal(s, 0.3*skylight/(leavesSize/2))
	sc.skyY = normal(s, skylight/(leavesSize/2)) - 0.7*skylight/(leavesSize/2)

	class := objectKind(s.IntN(int(numObjects)))
	c.clear()
	for range s.IntN(occluders + 1) {
		c.draw(sc.occluder())
	}
	c.draw(sc.object(class))
	for n := 0; n < leafMax && c.open > 0; n++ {
		if p := sc.leaf(c); p != nil {
			c.draw(p)
		}
	}
	c.backdrop(sc.colour(uniform(s, lumLeaf)))
	c.develop(sc, pixels)
	return int32(class)
}

// leaf draws one leaf of the background, whose centre may lie outside. It
// returns nil, before more random numbers are spent, if all is covered there.
func (sc *scene) leaf(c *canvas) *shape {
	s := sc.s
	r := leafRadius(s)
	p := &sc.scratch
	*p = shape{
		kind: ellipse, a: r, squash: leafSquash, soft: sc.soft,
		x: float64((leavesSize+2*r)*s.Float64()) - r - 0.5,
		y: float64((leavesSize+2*r)*s.Float64()) - r - 0.5,
	}
	p.reachX, p.reachY = r, r
	if !c.visible(p) {
		return nil
	}
	sc.finish(p)
	return p
}

// finish draws what a leaf of known place and size lacks.
func (sc *scene) finish(p *shape) {
	s := sc.s
	p.b = float64(p.a * (0.55 + float64(0.45*s.Float64())))
	p.ux, p.uy = sc.direction()
	if s.IntN(2) == 0 {
		// Boxes stand upright: photographs have most of their edges along the axes.
		p.kind, p.a, p.b = box, float64(0.85*p.a), float64(0.85*p.b)
		p.ux, p.uy = tilt(s, 0.1)
		if s.IntN(2) == 0 {
			p.ux, p.uy = p.uy, p.ux
		}
	}
	p.colour = sc.colour(uniform(s, lumLeaf))
	sc.shade(p)
}

// leafRadius draws from the density r^-3 (W + 2r)^2 between the cut-offs: a leaf
// touches a picture W wide from an area that grows with the leaf. Multiplied
// out, that is a mixture of the densities r^-3, r^-2 and r^-1.
func leafRadius(s *tensor.Stream) float64 {
	const (
		w  = leavesSize
		lo = 1 / leafRadiusMin
		hi = 1 / leafRadiusMax
		w3 = w * w * (lo*lo - hi*hi) / 2
		w2 = 4 * w * (lo - hi)
	)
	w1 := 4 * leafLogRange
	t, u := (w3+w2+w1)*s.Float64(), s.Float64()
	switch {
	case t < w3:
		return 1 / math.Sqrt(lo*lo-float64((lo*lo-hi*hi)*u))
	case t < w3+w2:
		return 1 / (lo - float64((lo-hi)*u))
	default:
		return float64(leafRadiusMin * tensor.Exp(leafLogRange*u))
	}
}

var leafLogRange = tensor.Log(leafRadiusMax / leafRadiusMin)

// direction returns a point on the unit circle, without sines.
func (sc *scene) direction() (x, y float64) {
	for {
		x, y = 2*sc.s.Float64()-1, 2*sc.s.Float64()-1
		if q := float64(x*x) + float64(y*y); q > 0.01 && q <= 1 {
			q = math.Sqrt(q)
			return x / q, y / q
		}
	}
}

// tilt returns a unit vector near the first axis; t is the tangent of the
// largest angle.
func tilt(s *tensor.Stream, t float64) (x, y float64) {
	t *= 2*s.Float64() - 1
	n := math.Sqrt(math.FMA(t, t, 1))
	return 1 / n, t / n
}

// uniform returns a uniform number of mean 0 and deviation std.
func uniform(s *tensor.Stream, std float64) float64 {
	return float64(2 * math.Sqrt(3) * std * (s.Float64() - 0.5))
}

// normal returns a normal number of deviation std.
func normal(s *tensor.Stream, std float64) float64 { return float64(std * s.Normal()) }

// colour draws a colour of the given brightness.
func (sc *scene) colour(lum float64) [3]float64 {
	return sc.mix([3]float64{lum, normal(sc.s, chromaLeaf), normal(sc.s, chromaLeaf)})
}

// mix returns the channels of a colour given along colourAxes, tint added.
func (sc *scene) mix(axis [3]float64) (rgb [3]float64) {
	for k, v := range axis {
		v += sc.tint[k]
		for c := range rgb {
			rgb[c] = math.FMA(v, colourAxes[k][c], rgb[c])
		}
	}
	return rgb
}

// shade lets the brightness of p change linearly across it.
func (sc *scene) shade(p *shape) {
	x, y := sc.direction()
	g := shadeLeaf * sc.s.Float64() / p.a
	p.shadeX, p.shadeY = float64(g*x), float64(g*y)
}
