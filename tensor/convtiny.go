package tensor

// tinyConv convolves images so small that every output sees the whole image: most
// of its filter lies on the padding. Those taps are left out. Output p then takes
// input q by exactly one tap, and with one product of matrices for each pair,
//
//	y_p [K, N] = sum over q of w_tap(p,q) [K, C] x_q [C, N]
//
// Each element is one chain from +0, over q and for each over c, both increasing; of
// the inputs' gradient over p and k; of the filters' over the pairs (p, q) that a
// tap serves, p first, and for each over the images.
type tinyConv[T Float] struct {
	ConvShape
	from, to int   // inputs of a channel, outputs of a filter
	tap      []int // of output p and input q, at p*from+q
	pool     *Pool
	job      transposeJob[T]
}

// tiny reports whether tinyConv serves the shape, and saves work.
func (s ConvShape) tiny() bool {
	ho, wo := s.Out()
	sees := func(out, in, filter int) bool { return (out-1)*s.Stride <= s.Pad && filter-s.Pad >= in }
	return s.H*s.W < s.R*s.S && sees(ho, s.H, s.R) && sees(wo, s.W, s.S)
}

func newTinyConv[T Float](s ConvShape) *tinyConv[T] {
	ho, wo := s.Out()
	t := &tinyConv[T]{ConvShape: s, from: s.H * s.W, to: ho * wo}
	for p := range t.to {
		for q := range t.from {
			t.tap = append(t.tap, (q/s.W-p/wo*s.Stride+s.Pad)*s.S+q%s.W-p%wo*s.Stride+s.Pad)
		}
	}
	return t
}

// columns transposes src [rows, cols] into a shared buffer [cols, rows].
func (t *tinyConv[T]) columns(slot int, src []T, rows, cols int) []T {
	dst := shared[T](t.pool, slot, rows*cols)
	t.job.run(t.pool, dst, src, rows, cols)
	return dst
}

// forward is Conv.Forward.
func (t *tinyConv[T]) forward(p *Pool, n int, x, w, bias, y []T, relu bool) {
	t.pool = p
	taps := t.R * t.S
	wt := t.columns(slotFilters, w, t.K, t.C*taps)
	xt := t.columns(slotTiles, x, n, t.C*t.from)
	yt := shared[T](p, slotProducts, t.K*t.to*n)
	for i := range t.to {
		store := Set
		for q := range t.from {
			a := Matrix[T]{Data: wt[t.tap[i*t.from+q]*t.K:], Stride: taps * t.K, Trans: true}
			Gemm(p, t.K, n, t.C, a, Matrix[T]{Data: xt[q*n:], Stride: t.from * n}, yt[i*n:], t.to*n, store)
			store = Accumulate
		}
	}
	if bias != nil || relu {
		for k := range t.K {
			finish(yt[k*t.to*n:][:t.to*n], bias, k, relu)
		}
	}
	t.job.run(p, y, yt, t.K*t.to, n)
}

// inputGrad is Conv.InputGrad.
func (t *tinyConv[T]) inputGrad(p *Pool, n int, w, dy, dx []T) {
	t.pool = p
	taps := t.R * t.S
	wt := t.columns(slotFilters, w, t.K, t.C*taps)
	yt := t.columns(slotProducts, dy, n, t.K*t.to)
	xt := shared[T](p, slotTiles, t.C*t.from*n)
	for q := range t.from {
		store := Set
		for i := range t.to {
			a := Matrix[T]{Data: wt[t.tap[i*t.from+q]*t.K:], Stride: taps * t.K}
			Gemm(p, t.C, n, t.K, a, Matrix[T]{Data: yt[i*n:], Stride: t.to * n}, xt[q*n:], t.from*n, store)
			store = Accumulate
		}
	}
	t.job.run(p, dx, xt, t.C*t.from, n)
}

// weightGrad is Conv.WeightGrad without the bias and a ReLU.
func (t *tinyConv[T]) weightGrad(p *Pool, n int, x, dy, dw []T) {
	t.pool = p
	taps := t.R * t.S
	wt := shared[T](p, slotFilters, len(dw))
	xt := t.columns(slotTiles, x, n, t.C*t.from)
	yt := t.columns(slotProducts, dy, n, t.K*t.to)
	seen := t.pool.taps(0, taps)
	clear(seen)
	for i := range t.to {
		for q := range t.from {
			tap := t.tap[i*t.from+q]
			store := Set
			if seen[tap] > 0 {
				store = Accumulate
			}
			seen[tap]++
			Gemm(p, t.C, t.K, n, Matrix[T]{Data: xt[q*n:], Stride: t.from * n}, Matrix[T]{Data: yt[i*n:], Stride: t.to * n, Trans: true}, wt[tap*t.K:], taps*t.K, store)
		}
	}
	for tap, pairs := range seen {
		if pairs > 0 {
			continue
		}
		for c := range t.C { // a tap on the padding alone has no gradient
			clear(wt[(c*taps+tap)*t.K:][:t.K])
		}
	}
	t.job.run(p, dw, wt, t.C*taps, t.K)
}

// transposeJob transposes src [rows, cols] to dst [cols, rows]. A task is a range of
// columns.
type transposeJob[T Float] struct {
	dst, src   []T
	rows, cols int
	width      int // columns of a task
}

func (j *transposeJob[T]) run(p *Pool, dst, src []T, rows, cols int) {
	j.dst, j.src, j.rows, j.cols = dst, src, rows, cols
	j.width = roundUp(max(1, ceilDiv(1<<14, max(1, rows))), lanes)
	p.Run(ceilDiv(cols, j.width), j)
	j.dst, j.src = nil, nil
}

// Do implements Job.
func (j *transposeJob[T]) Do(_, task int) {
	c := task * j.width
	transposeTo(j.dst[c*j.rows:], j.rows, j.src[c:], j.cols, j.rows, min(j.width, j.cols-c), wordSize[T]()*j.rows*j.cols > pastBytes, false)
}
