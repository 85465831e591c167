package tensor

import (
	"fmt"
	"math"
	"unsafe"

	"randalign/asm"
)

// BatchNorm normalises each channel of a batch by its own mean and variance:
//
//	y = (x - mean) / sqrt(var + eps) * gamma + beta
//
// Examples are [C, plane]: plane is H*W for images and 1 for vectors. The
// statistics of a channel are sums in float64, of x - x0 and its square, x0
// being the channel's first element; element p of every plane goes to lane p mod
// asm.Lanes, example after example, and lanes are added by asm.Tree. (So a
// large mean costs nothing: float32s are exact in float64, and what the formula
// cancels is the spread about x0.) mean, variance and everything made of them
// are float64. y is fma(x - m, a, b) in T, m being the rounded mean, whose error
// b makes good: a channel that is all one value gives beta exactly.
//
// A BatchNorm is one layer's job and not safe for concurrent use. Nothing is
// allocated after NewBatchNorm.
type BatchNorm[T Float] struct {
	channels, plane int
	eps, momentum   float64
	relu            bool

	n            int
	share        int                     // channels of a task
	width        int                     // sums of a channel: plane for columns, else 1
	values       int                     // of a channel of each kind below: width, or 1 that all columns share
	inv          []float64               // [C], 1/sqrt(var + eps) of the last Forward
	mean         []float64               // [C*values], of the last Forward
	m, a, b      []T                     // [C*values], y = a*(x-m) + b
	lines        Lines[T]                // the same, [C]
	c, d         []T                     // [C*values], dx = a*dy + c*(x-m) + d
	s, q         []float64               // [C*width], sums, then of a channel at c*width
	lanes        [][2][asm.Lanes]float64 // [C], sums under way
	pass         normPass
	far          bool // the batch may come from memory
	past         bool // what is made passes the caches by
	x, y, dy, dx []T  // [n, C, plane]
	gamma, beta  []T  // [C]
	first        []T  // [C], running mean, or dgamma
	second       []T  // [C], running variance, or dbeta
}

// Lines are what a BatchNorm does to each channel: y = fma(x - M, A, B), and a
// ReLU if there is one. A Conv can read its inputs through them.
type Lines[T Float] struct {
	M, A, B []T // [C]
	ReLU    bool
}

type normPass int

const (
	normTrain normPass = iota
	normAgain          // what the last normTrain made
	normInfer
	normGrad
)

// Where a plane has no more than asm.Lanes elements, each of them has its own lane,
// and a lane is the sum of a column of the [n, C*plane] matrix: rows are then read
// as they stand in memory. Larger planes are read by whole runs.
const (
	// A task reads so many elements of each example, of channels side by side: with half as many,
	// a page of memory, planes take a third longer, and with an eighth twice as long. Columns have
	// sums of four times their size, which stay near; of rows that are a power of two apart, which
	// share sets of the second-level cache, nothing else does: the gradient of 128 rows of 8192
	// columns takes 1.13 times as long as with 16 columns more, on AVX2 1.23 times.
	normElements = 2048
	normColumns  = 1024
	leastColumns = 256 // where more would leave workers idle
	// A kernel is given callRuns runs of a channel where they have no more than callElements: fewer are
	// not worth a call, and of more it asks for what is read later too far ahead. Sums and gradient of
	// 5 x 5 planes take 1.5 times as long eleven at a time as four, of 16 x 16 in the caches 1.2 times
	// as long one at a time; from 20 x 20 on one is the fastest.
	callRuns     = 4
	callElements = 256
	// A batch of so much is in a second-level cache with what is made of it. Sums of more ask for what
	// they read: where it is near that costs nothing, up to 3 % on AVX2, and where it is not, of half a
	// MiB to two, it takes 1.0 to 1.3 times as long without.
	nearBytes = 256 << 10
)

// NewBatchNorm returns the job of one layer. momentum is the share of the new
// statistics in the running ones. With relu, y becomes ReLU(y), and Backward
// takes dy as the gradient behind the ReLU. It panics without channels or elements.
func NewBatchNorm[T Float](channels, plane int, eps, momentum float64, relu bool) *BatchNorm[T] {
	if channels < 1 || plane < 1 {
		panic(fmt.Sprintf("tensor: batch norm: %d channels of %d elements", channels, plane))
	}
	l := &BatchNorm[T]{
		channels: channels, plane: plane, eps: eps, momentum: momentum, relu: relu, width: 1, values: 1,
		inv: make([]float64, channels), lanes: make([][2][asm.Lanes]float64, channels),
	}
	if l.columns() {
		l.width = plane
		if plane != asm.Lanes || wordSize[T]() != 4 { // the kernels' columns share values by asm.Lanes
			l.values = plane
		}
	}
	l.mean, l.s, l.q = make([]float64, channels*l.values), make([]float64, channels*l.width), make([]float64, channels*l.width)
	l.lines = Lines[T]{make([]T, channels), make([]T, channels), make([]T, channels), relu}
	for _, v := range []*[]T{&l.m, &l.a, &l.b, &l.c, &l.d} {
		*v = make([]T, channels*l.values)
	}
	return l
}

// columns reports whether every element of a plane has its own lane.
func (l *BatchNorm[T]) columns() bool { return l.plane <= asm.Lanes }

// shared returns how many channels make a task for so many workers, each of which gets
// two tasks at least if that leaves enough for one.
func (l *BatchNorm[T]) shared(workers int) int {
	if l.columns() {
		columns := normColumns
		for columns > leastColumns && l.channels*l.plane < 2*workers*columns {
			columns /= 2
		}
		return columns / l.plane &^ (asm.Lanes - 1) // kernels do asm.Lanes columns at a time
	}
	channels := ceilDiv(normElements, l.plane)
	for channels > 1 && l.channels < 2*workers*channels {
		channels /= 2
	}
	return channels
}

// Forward computes y from x with the statistics of these n examples, and moves
// the running mean and variance [C] towards them by momentum; as in PyTorch the
// running variance takes the unbiased one, that is divided by n*plane-1 (by 1
// for a single element), while y is made with the biased one. Where y is nil, it is
// left to who reads x through Lines.
func (l *BatchNorm[T]) Forward(p *Pool, n int, x, y, gamma, beta, runMean, runVar []T) {
	l.check(n, len(x), outputs(x, y), len(gamma), len(beta), len(runMean), len(runVar))
	l.n, l.x, l.y, l.gamma, l.beta, l.first, l.second = n, x, y, gamma, beta, runMean, runVar
	l.run(p, normTrain)
}

// outputs is the length of y, or of x where there is no y.
func outputs[T Float](x, y []T) int {
	if y == nil {
		return len(x)
	}
	return len(y)
}

// Lines returns what the last Forward or Infer does; it is valid until the next.
func (l *BatchNorm[T]) Lines() *Lines[T] { return &l.lines }

// Again computes once more what the last Forward or Infer made of the same x. y may
// be x.
func (l *BatchNorm[T]) Again(p *Pool, n int, x, y []T) {
	c := l.channels
	l.check(n, len(x), len(y), c, c, c, c)
	if n != l.n {
		panic(fmt.Sprintf("tensor: batch norm: %d examples again after forward of %d", n, l.n))
	}
	l.x, l.y = x, y
	l.run(p, normAgain)
}

// Infer computes y from x with the running statistics. y may be x, or nil as for
// Forward.
func (l *BatchNorm[T]) Infer(p *Pool, n int, x, y, gamma, beta, runMean, runVar []T) {
	l.check(n, len(x), outputs(x, y), len(gamma), len(beta), len(runMean), len(runVar))
	l.n, l.x, l.y, l.gamma, l.beta, l.first, l.second = n, x, y, gamma, beta, runMean, runVar
	l.run(p, normInfer)
}

// Backward computes dgamma, dbeta and, unless it is nil, dx from the gradient dy
// of what the last Forward made of the same x and gamma. dx may be dy or x. Sums are
// those of Forward: dbeta of dy, dgamma of dy*(x-mean), times 1/sqrt(var + eps).
// dx is fma(dy, a, fma(x - m, c, d)) with c and d made in float64.
func (l *BatchNorm[T]) Backward(p *Pool, n int, x, gamma, dy, dx, dgamma, dbeta []T) {
	l.check(n, len(x), len(dy), len(gamma), l.channels, len(dgamma), len(dbeta))
	if n != l.n || dx != nil && len(dx) < n*l.channels*l.plane {
		panic(fmt.Sprintf("tensor: batch norm: backward of %d examples after forward of %d, gradient of %d elements", n, l.n, len(dx)))
	}
	l.x, l.gamma, l.dy, l.dx, l.first, l.second = x, gamma, dy, dx, dgamma, dbeta
	l.run(p, normGrad)
}

// check holds the sizes of two batches and of four vectors against the layer's.
func (l *BatchNorm[T]) check(n, x, y, v0, v1, v2, v3 int) {
	size, c := n*l.channels*l.plane, l.channels
	if n < 1 || x < size || y < size || v0 != c || v1 != c || v2 != c || v3 != c {
		panic(fmt.Sprintf("tensor: batch norm: %d examples of %d x %d: %d and %d elements, vectors of %d, %d, %d and %d", n, c, l.plane, x, y, v0, v1, v2, v3))
	}
}

func (l *BatchNorm[T]) run(p *Pool, pass normPass) {
	l.pass = pass
	l.share = l.shared(p.Threads())
	made := l.y
	if pass == normGrad {
		made = l.dx
	}
	bytes := wordSize[T]() * l.n * l.channels * l.plane
	l.far = bytes > nearBytes
	l.past = bytes > pastBytes && !same(made, l.x) && !same(made, l.dy)
	p.Run(ceilDiv(l.channels, l.share), l)
	l.x, l.y, l.dy, l.dx, l.gamma, l.beta, l.first, l.second = nil, nil, nil, nil, nil, nil, nil, nil
}

// same reports whether a and b begin at the same place.
func same[T Float](a, b []T) bool { return unsafe.SliceData(a) == unsafe.SliceData(b) }

// Do implements Job; a task is a range of channels.
func (l *BatchNorm[T]) Do(_, task int) {
	lo, hi := task*l.share, min((task+1)*l.share, l.channels)
	switch l.pass {
	case normTrain:
		l.train(lo, hi)
	case normAgain:
		l.apply(lo, hi)
	case normInfer:
		for c := lo; c < hi; c++ {
			l.scale(c, float64(l.first[c]), 1/math.Sqrt(float64(l.second[c])+l.eps))
		}
		if l.y != nil {
			l.apply(lo, hi)
		}
	case normGrad:
		l.gradient(lo, hi)
	}
}

// train measures channels lo..hi and applies the result.
func (l *BatchNorm[T]) train(lo, hi int) {
	l.sums(lo, hi)
	m := float64(l.n) * float64(l.plane)
	for c := lo; c < hi; c++ {
		s, q := l.s[c*l.width], l.q[c*l.width]
		d := s / m
		mean := float64(l.x[c*l.plane]) + d
		variance := max(0, (q-float64(s*d))/m)
		l.inv[c] = 1 / math.Sqrt(variance+l.eps)
		l.scale(c, mean, l.inv[c])
		l.first[c] = T(float64((1-l.momentum)*float64(l.first[c])) + float64(l.momentum*mean))
		l.second[c] = T(float64((1-l.momentum)*float64(l.second[c])) + float64(l.momentum*float64(variance*m/max(1, m-1))))
	}
	if l.y != nil {
		l.apply(lo, hi)
	}
}

// scale sets m, a and b so that a*(x-m) + b is (x-mean)*inv*gamma + beta.
func (l *BatchNorm[T]) scale(c int, mean, inv float64) {
	k, m := float64(l.gamma[c])*inv, T(mean)
	b := T(math.FMA(k, float64(m)-mean, float64(l.beta[c])))
	l.lines.M[c], l.lines.A[c], l.lines.B[c] = m, T(k), b
	lo, hi := c*l.values, (c+1)*l.values
	set(l.mean[lo:hi], mean)
	set(l.m[lo:hi], m)
	set(l.a[lo:hi], T(k))
	set(l.b[lo:hi], b)
}

// set is Fill for a few elements.
func set[T Float](x []T, v T) {
	for len(x) >= 4 {
		x[0], x[1], x[2], x[3] = v, v, v, v
		x = x[4:]
	}
	for i := range x {
		x[i] = v
	}
}

// gradient measures channels lo..hi and makes dx.
func (l *BatchNorm[T]) gradient(lo, hi int) {
	l.gradSums(lo, hi)
	m := float64(l.n) * float64(l.plane)
	for i := lo; i < hi; i++ {
		j := i * l.values
		s, q, inv := l.s[i*l.width], l.q[i*l.width], l.inv[i]
		l.first[i], l.second[i] = T(q*inv), T(s)
		// dx = k*(dy - s/m - (x-mean)*inv^2*q/m), k = gamma*inv.
		k := float64(l.gamma[i]) * inv
		c := -k * inv * inv * q / m
		d := T(math.FMA(c, float64(l.m[j])-l.mean[j], -k*s/m))
		set(l.c[j:j+l.values], T(c))
		set(l.d[j:j+l.values], d)
	}
	if l.dx != nil {
		l.gradApply(lo, hi)
	}
}
