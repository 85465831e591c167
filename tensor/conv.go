package tensor

import (
	"fmt"

	"randalign/asm"
)

// ConvShape describes a two-dimensional convolution: images [N, C, H, W],
// filters [K, C, R, S], outputs [N, K, Ho, Wo] with Ho = (H+2*Pad-R)/Stride+1.
type ConvShape struct {
	C, H, W     int
	K, R, S     int
	Stride, Pad int
}

// Out returns the height and width of the output; both are below 1 where the
// filter does not fit the image.
func (s ConvShape) Out() (ho, wo int) {
	if s.Stride < 1 || s.H+2*s.Pad < s.R || s.W+2*s.Pad < s.S {
		return 0, 0
	}
	return (s.H+2*s.Pad-s.R)/s.Stride + 1, (s.W+2*s.Pad-s.S)/s.Stride + 1
}

// Patch returns C*R*S, the number of inputs of a filter.
func (s ConvShape) Patch() int { return s.C * s.R * s.S }

// Conv runs a convolution of one shape, forward and backward. Patches are
// packed straight into GEMM panels; the im2col matrix of a batch never exists.
// A Conv owns the tables and job state of one layer and is not safe for
// concurrent use. T is float32 for training and float64 for checks.
type Conv[T Float] struct {
	ConvShape
	ho, wo int
	tap    []int // offset in a padded image of each element of a patch
	pixel  []int // offset in a padded image of each output position
	kern   *asm.Gemm[T]
	pool   *Pool

	forward  convForward[T]
	weights  convWeights[T]
	inputs   convInputs[T]
	partials []T // of the weight gradient, a chunk of images each
	sums     []T // of dy over the positions, [N, K]
}

// NewConv returns a Conv for the shape. It panics if the filter does not fit.
func NewConv[T Float](s ConvShape) *Conv[T] {
	c := &Conv[T]{ConvShape: s}
	c.ho, c.wo = s.Out()
	if c.ho < 1 || c.wo < 1 || s.C < 1 || s.K < 1 {
		panic(fmt.Sprintf("tensor: conv: %d filters of %d x %d, stride %d, pad %d do not fit images of %d x %d x %d", s.K, s.R, s.S, s.Stride, s.Pad, s.C, s.H, s.W))
	}
	h, w := s.H+2*s.Pad, s.W+2*s.Pad
	for ch := range s.C {
		for r := range s.R {
			for x := range s.S {
				c.tap = append(c.tap, (ch*h+r)*w+x)
			}
		}
	}
	for y := range c.ho {
		for x := range c.wo {
			c.pixel = append(c.pixel, (y*w+x)*s.Stride)
		}
	}
	c.forward.Conv, c.weights.Conv, c.inputs.Conv = c, c, c
	return c
}

// Positions returns Ho*Wo.
func (c *Conv[T]) Positions() int { return len(c.pixel) }

func (c *Conv[T]) imageSize() int { return c.C * c.H * c.W }

// padded returns the image with its border of zeros; the image itself when
// there is none.
func (c *Conv[T]) padded(worker int, image []T) []T {
	if c.Pad == 0 {
		return image
	}
	h, w := c.H+2*c.Pad, c.W+2*c.Pad
	b := buffer[T](c.pool, worker, slotImage, c.C*h*w)
	clear(b)
	for ch := range c.C {
		for y := range c.H {
			copy(b[(ch*h+y+c.Pad)*w+c.Pad:][:c.W], image[(ch*c.H+y)*c.W:])
		}
	}
	return b
}

// convBlock output positions are worked on at a time. It is a constant since
// the input gradient adds up block by block, and it keeps a block's panels of
// patches (blockK x convBlock) in the second-level cache.
const convBlock = 256

// convForward is the job of Forward; a task is one image.
type convForward[T Float] struct {
	*Conv[T]
	x, w, bias, y []T
	relu          bool
	packed        []T // filters as panels of A, block of K by block
}

// Forward computes y[n,k] = bias[k] + sum over the patch of w[k]*patch for n
// images: one chain from +0 over c, r, s in increasing order, then the bias is
// added, and with relu y becomes ReLU(y) while it is in the cache. bias may be nil.
func (c *Conv[T]) Forward(p *Pool, n int, x, w, bias, y []T, relu bool) {
	c.check(n, x, w, y)
	c.pool, c.kern = p, kernel[T]()
	f := &c.forward
	f.x, f.w, f.bias, f.y, f.relu = x, w, bias, y, relu
	f.packed = packA(p, c.kern, RowMajor(w, c.Patch()), c.K, c.Patch())
	p.Run(n, f)
	f.x, f.w, f.bias, f.y = nil, nil, nil, nil
}

func (c *Conv[T]) check(n int, x, w, y []T) {
	if len(x) < n*c.imageSize() || len(w) != c.K*c.Patch() || len(y) < n*c.K*len(c.pixel) {
		panic(fmt.Sprintf("tensor: conv: %d images of %d x %d x %d and %d filters: %d inputs, %d weights, %d outputs", n, c.C, c.H, c.W, c.K, len(x), len(w), len(y)))
	}
}

// packA packs the rows x k matrix m as panels of A in the shared memory, one
// block of K after the other.
func packA[T Float](p *Pool, kern *asm.Gemm[T], m Matrix[T], rows, k int) []T {
	mr := kern.MR
	tall := roundUp(rows, mr)
	dst := shared[T](p, 0, tall*k)
	for k0 := 0; k0 < k; k0 += blockK {
		kc := min(blockK, k-k0)
		for i := 0; i < rows; i += mr {
			packRows(dst[tall*k0+i*kc:], m, i, min(mr, rows-i), mr, k0, kc)
		}
	}
	return dst
}

// Do implements Job.
func (f *convForward[T]) Do(worker, n int) {
	patch, positions := f.Patch(), len(f.pixel)
	image := f.padded(worker, f.x[n*f.imageSize():][:f.imageSize()])
	y := f.y[n*f.K*positions:][:f.K*positions]
	tall := roundUp(f.K, f.kern.MR)
	panel := buffer[T](f.pool, worker, slotPanelB, min(patch, blockK)*roundUp(min(convBlock, positions), f.kern.NR))
	for p0 := 0; p0 < positions; p0 += convBlock {
		np := min(convBlock, positions-p0)
		for k0 := 0; k0 < patch; k0 += blockK {
			kc := min(blockK, patch-k0)
			f.packPatches(panel, image, p0, np, k0, kc)
			macro(f.kern, f.pool, worker, f.K, np, kc, f.packed[tall*k0:], panel, f.kern.NR, kc, y[p0:], positions, k0 > 0)
		}
	}
	if f.bias != nil {
		for k, b := range f.bias {
			AddScalar(y[k*positions:][:positions], b)
		}
	}
	if f.relu {
		ReLU(y, y)
	}
}

// packPatches packs elements k0..k0+kc of the patches at np positions from p0
// as panels of B: a step of a panel is one element of NR neighbouring patches.
func (c *Conv[T]) packPatches(dst, image []T, p0, np, k0, kc int) {
	nr := c.kern.NR
	taps := c.tap[k0:][:kc]
	for ; np > 0; np, p0, dst = np-nr, p0+nr, dst[nr*kc:] {
		cols := min(nr, np)
		pixel := c.pixel[p0:][:cols]
		if cols == nr && pixel[nr-1]-pixel[0] == nr-1 {
			// Stride 1 and one row of the image: the elements are neighbours.
			src := image[pixel[0]:]
			if d, ok := asF32(dst); ok {
				s, _ := asF32(src)
				asm.Active().CopyRunsF32(d, s, taps, nr)
				continue
			}
			for k, t := range taps {
				copy(dst[k*nr:][:nr], src[t:])
			}
			continue
		}
		if cols < nr {
			clear(dst[:nr*kc])
		}
		for k, t := range taps {
			src, row := image[t:], dst[k*nr:][:cols]
			for j, o := range pixel {
				row[j] = src[o]
			}
		}
		if cols < nr {
			return
		}
	}
}
