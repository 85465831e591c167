package tensor

// inputPhase computes the gradient of those inputs whose row and column leave
// certain remainders by the stride. They are reached by the elements (u+st*i,
// v+st*j) of a filter only, so that their gradient is a correlation of dy with
// these, in reverse.
type inputPhase[T Float] struct {
	corr correlation[T]
	u, v int // the first element of the filter that reaches them

	// The filters turned round: back[c][k][i][j], rows ld apart, is w[k][c] at the
	// last but i-th and j-th of the elements that are met.
	conv    *ConvShape
	w, back []T
	ld      int
}

// newInputPhases returns the stride^2 phases of the inputs; one whose corr has no
// outputs is empty, and one with no filter elements is zero.
func newInputPhases[T Float](s ConvShape) []*inputPhase[T] {
	var list []*inputPhase[T]
	ho, wo := s.Out()
	for a := range s.Stride {
		for b := range s.Stride {
			u, v := (a+s.Pad)%s.Stride, (b+s.Pad)%s.Stride
			rows, cols := ceilDiv(s.H-a, s.Stride), ceilDiv(s.W-b, s.Stride)
			if s.H <= a || s.W <= b {
				continue
			}
			r, q := 0, 0
			if u < s.R {
				r = ceilDiv(s.R-u, s.Stride)
			}
			if v < s.S {
				q = ceilDiv(s.S-v, s.Stride)
			}
			f := &inputPhase[T]{u: u, v: v, conv: &s}
			top, left := r-1-(a+s.Pad-u)/s.Stride, q-1-(b+s.Pad-v)/s.Stride
			f.corr = correlation[T]{
				window: newWindow(s.K, ho, wo, top, left, 1, r, q, rows, cols),
				k:      s.C, step: s.Stride, offY: a, offX: b, outW: s.W, plane: s.H * s.W,
			}
			list = append(list, f)
		}
	}
	return list
}

// InputGrad computes dx for n images from dy and the filters w. An element of
// dx is, directly, one chain from +0 over k in increasing order, and for each k over the
// elements (r, s) of the filter whose row and column leave the right remainders
// by the stride, both decreasing; where no output lies, dy counts as +0.
func (c *Conv[T]) InputGrad(p *Pool, n int, w, dy, dx []T) {
	c.check(n, dx, w, dy)
	if c.inputs == nil {
		c.inputs = newInputPhases[T](c.ConvShape)
	}
	if c.Stride > min(c.R, c.S) { // some inputs are reached by nothing
		c.zeros = zeros[T]{dx, c.C * c.H * c.W}
		p.Run(n, &c.zeros)
		c.zeros.dx = nil
	}
	for _, f := range c.inputs {
		r, s := f.corr.r, f.corr.s
		if r == 0 || s == 0 {
			continue
		}
		f.ld = apart[T](c.K * r * s)
		f.w, f.back = w, shared[T](p, slotTurned, c.C*f.ld)
		p.Run(ceilDiv(c.C, turnTask), f)
		if c.winograd != nil {
			c.winograd.inputs.run(p, n, dy, f.back, f.ld, nil, dx, false)
		} else {
			f.corr.run(p, n, dy, f.back, f.ld, nil, dx, false)
		}
		f.w, f.back = nil, nil
	}
}

// turnTask channels are turned by a task, as many filters at a time: 16 channels of
// 3 x 3 are nine cache lines of a filter.
const turnTask = 16

// Do implements Job: it turns the filters of some channels.
func (f *inputPhase[T]) Do(_, task int) {
	c, r, s := f.conv, f.corr.r, f.corr.s
	c0, c1 := task*turnTask, min((task+1)*turnTask, c.C)
	for k0 := 0; k0 < c.K; k0 += turnTask {
		for ch := c0; ch < c1; ch++ {
			for k := k0; k < min(k0+turnTask, c.K); k++ {
				filter := f.w[(k*c.C+ch)*c.R*c.S:][:c.R*c.S]
				dst := f.back[ch*f.ld+k*r*s:][:r*s]
				if c.Stride == 1 {
					for i, x := range filter {
						dst[len(dst)-1-i] = x
					}
					continue
				}
				for i := range r {
					row := filter[(f.u+c.Stride*(r-1-i))*c.S:][:c.S]
					for j := range s {
						dst[i*s+j] = row[f.v+c.Stride*(s-1-j)]
					}
				}
			}
		}
	}
}

// zeros is the job that clears the images dx of so many elements.
type zeros[T Float] struct {
	dx   []T
	size int
}

// Do implements Job.
func (z *zeros[T]) Do(_, n int) { clear(z.dx[n*z.size:][:z.size]) }
