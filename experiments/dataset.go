package experiments

import (
	"context"
	"fmt"
	"math"
	"math/bits"

	"randalign/tensor"
)

// Dataset is a set of examples as a network sees them.
type Dataset struct {
	X       []float32 // [N, C, H, W]
	Y       []int32   // [N], each in 0..Classes-1
	Shape   [3]int    // C, H, W
	Classes int
	Index   []int // [N], the place of each example in its source's split; may be nil
}

// Len returns N.
func (d *Dataset) Len() int { return len(d.Y) }

// Size returns C*H*W.
func (d *Dataset) Size() int { return d.Shape[0] * d.Shape[1] * d.Shape[2] }

// Subset returns the examples at the given places (not source indices) as a
// copy. It panics where a slice index would.
func (d *Dataset) Subset(place []int) *Dataset {
	size := d.Size()
	s := &Dataset{
		X: make([]float32, len(place)*size), Y: make([]int32, len(place)),
		Shape: d.Shape, Classes: d.Classes,
	}
	if d.Index != nil {
		s.Index = make([]int, len(place))
	}
	for i, p := range place {
		copy(s.X[i*size:][:size], d.X[p*size:][:size])
		s.Y[i] = d.Y[p]
		if d.Index != nil {
			s.Index[i] = d.Index[p]
		}
	}
	return s
}

// RandomLabels draws n labels, uniform and independent, from 0..classes-1.
func RandomLabels(n, classes int, s *tensor.Stream) []int32 {
	y := make([]int32, n)
	for i := range y {
		y[i] = int32(s.IntN(classes))
	}
	return y
}

// Select returns the first limit indices of a seeded shuffle of 0..n-1 (stream
// "subset"); all of them, shuffled, for limit 0 or limit >= n. So a smaller
// limit is a prefix of a larger one.
func Select(n, limit int, seed uint64) []int {
	p := tensor.NewStream(seed, "subset").Perm(n)
	if limit > 0 && limit < n {
		p = p[:limit]
	}
	return p
}

// Normalisation turns the values v of a source into those that a network sees.
// It is measured on the training set and applied to every split.
type Normalisation struct {
	// Kind is channel: (p - Mean[c]) / Std[c], symmetric: (v/255 - 0.5) / 0.5,
	// unit: v/255, or none: v. p is v/255 for eight-bit pixels, v for floats.
	Kind string    `json:"kind"`
	Mean []float64 `json:"mean,omitempty"` // [C], of p
	Std  []float64 `json:"std,omitempty"`  // [C], of p; 1 for a constant channel
}

// Validate returns an error unless n can normalise examples of so many channels.
func (n Normalisation) Validate(channels int) error {
	switch n.Kind {
	case "symmetric", "unit", "none":
		return nil
	case "channel":
		if len(n.Mean) != channels || len(n.Std) != channels {
			return fmt.Errorf("normalisation: found %d means and %d deviations, expected one a channel: %d", len(n.Mean), len(n.Std), channels)
		}
		for c, v := range n.Std {
			if !(v > 0) {
				return fmt.Errorf("normalisation: found deviation %v in channel %d, expected a positive number", v, c)
			}
		}
		return nil
	}
	return fmt.Errorf("normalisation: found kind %q, expected channel, symmetric, unit or none", n.Kind)
}

// DefaultNormalisation returns that of examples in memory: channel, with their
// statistics, for eight-bit pixels, none for floats. It panics if there are no
// examples.
func DefaultNormalisation(raw *Raw, shape [3]int) Normalisation {
	if raw.U8 == nil {
		return Normalisation{Kind: "none"}
	}
	m := newMoments(shape)
	m.add(raw)
	return m.normalisation()
}

// MeasureNormalisation returns the normalisation of the given kind, with the
// statistics of the given training examples where it needs them. The kind ""
// stands for channel with eight-bit pixels and none with floats. Examples are
// read in blocks, so that memory does not grow with their number.
func MeasureNormalisation(ctx context.Context, src Source, kind string, index []int) (Normalisation, error) {
	switch kind {
	case "none", "unit", "symmetric":
		return Normalisation{Kind: kind}, nil
	case "", "channel":
	default:
		return Normalisation{}, fmt.Errorf("normalize: found %q, expected channel, symmetric, unit or none", kind)
	}
	if len(index) == 0 {
		return Normalisation{}, fmt.Errorf("data %s: found no training examples to normalise by", src.Name())
	}
	m := newMoments(src.Shape())
	for lo := 0; lo < len(index); lo += loadBlock {
		raw, err := src.Read(ctx, Train, index[lo:min(lo+loadBlock, len(index))])
		if err != nil {
			return Normalisation{}, err
		}
		if kind == "" && raw.U8 == nil {
			return Normalisation{Kind: "none"}, nil
		}
		m.add(raw)
	}
	return m.normalisation(), nil
}

// loadBlock is how many examples are decoded at a time.
const loadBlock = 1024

// Load reads the examples with the given indices and normalises them, in
// blocks, so that the source's form and the network's are never both held.
func Load(ctx context.Context, src Source, split Split, index []int, norm Normalisation) (*Dataset, error) {
	shape := src.Shape()
	if err := norm.Validate(shape[0]); err != nil {
		return nil, err
	}
	size := shape[0] * shape[1] * shape[2]
	d := &Dataset{
		X: make([]float32, len(index)*size), Y: make([]int32, len(index)),
		Shape: shape, Classes: src.Classes(), Index: append([]int(nil), index...),
	}
	for lo := 0; lo < len(index); lo += loadBlock {
		hi := min(lo+loadBlock, len(index))
		raw, err := src.Read(ctx, split, index[lo:hi])
		if err != nil {
			return nil, err
		}
		norm.apply(d.X[lo*size:hi*size], raw, shape)
		copy(d.Y[lo:hi], raw.Labels)
	}
	return d, nil
}

// Materialise normalises examples that are in memory already. It panics if raw
// does not have the given shape or norm is not valid for it.
func Materialise(raw *Raw, shape [3]int, norm Normalisation, classes int) *Dataset {
	d := &Dataset{Y: append([]int32(nil), raw.Labels...), Shape: shape, Classes: classes}
	d.X = make([]float32, d.Len()*d.Size())
	norm.apply(d.X, raw, shape)
	return d
}

// apply writes the normalised values of raw, [N, C, H, W], to x.
func (n Normalisation) apply(x []float32, raw *Raw, shape [3]int) {
	if len(raw.U8)+len(raw.F32) != len(x) {
		panic(fmt.Sprintf("experiments: %d values for %d examples of shape %v", len(raw.U8)+len(raw.F32), len(raw.Labels), shape))
	}
	if err := n.Validate(shape[0]); err != nil {
		panic("experiments: " + err.Error())
	}
	// The value is (v/scale - mean) / std.
	scale, mean, std := 1.0, make([]float64, shape[0]), make([]float64, shape[0])
	for c := range std {
		std[c] = 1
	}
	if n.Kind == "symmetric" || n.Kind == "unit" || n.Kind == "channel" && raw.U8 != nil {
		scale = 255
	}
	switch n.Kind {
	case "channel":
		mean, std = n.Mean, n.Std
	case "symmetric":
		for c := range std {
			mean[c], std[c] = 0.5, 0.5
		}
	}
	plane := shape[1] * shape[2]
	if raw.F32 != nil {
		for i, v := range raw.F32 {
			c := i / plane % shape[0]
			x[i] = float32((float64(v)/scale - mean[c]) / std[c])
		}
		return
	}
	tables := make([][256]float32, shape[0])
	for c := range tables {
		for v := range tables[c] {
			tables[c][v] = float32((float64(v)/scale - mean[c]) / std[c])
		}
	}
	tensor.Lookup(x, raw.U8, tables, plane)
}

// moments sums the values of each channel and their squares: exactly, as
// integers, for pixels; in the order of the examples for floats.
type moments struct {
	shape [3]int
	n     uint64 // values a channel
	u8    bool
	s, q  []uint64
	fs    []float64
	fq    []float64
	shift []float64 // the first value of a float channel, against cancellation
}

func newMoments(shape [3]int) *moments {
	c := shape[0]
	return &moments{shape: shape, s: make([]uint64, c), q: make([]uint64, c), fs: make([]float64, c), fq: make([]float64, c)}
}

func (m *moments) add(raw *Raw) {
	plane := m.shape[1] * m.shape[2]
	m.u8 = raw.U8 != nil
	if raw.F32 != nil && m.shift == nil {
		for c := range m.s {
			m.shift = append(m.shift, float64(raw.F32[c*plane]))
		}
	}
	for e := range raw.Labels {
		for c := range m.s {
			lo := (e*len(m.s) + c) * plane
			if m.u8 {
				var s, q uint64
				for _, v := range raw.U8[lo:][:plane] {
					s += uint64(v)
					q += uint64(v) * uint64(v)
				}
				m.s[c] += s
				m.q[c] += q
				continue
			}
			for _, v := range raw.F32[lo:][:plane] {
				d := float64(v) - m.shift[c]
				m.fs[c] += d
				m.fq[c] = math.FMA(d, d, m.fq[c])
			}
		}
	}
	m.n += uint64(len(raw.Labels) * plane)
}

// normalisation returns the kind channel. It panics if nothing was added.
func (m *moments) normalisation() Normalisation {
	if m.n == 0 {
		panic("experiments: no examples to normalise by")
	}
	mean, std := m.statistics()
	return Normalisation{Kind: "channel", Mean: mean, Std: std}
}

// statistics returns the mean and the standard deviation (of the population)
// of each channel: of v/255 for pixels.
func (m *moments) statistics() (mean, std []float64) {
	n := float64(m.n)
	for c := range m.s {
		if m.u8 {
			// n^2 var = n*q - s^2 exceeds 64 bits for large sets.
			h1, l1 := bits.Mul64(m.n, m.q[c])
			h2, l2 := bits.Mul64(m.s[c], m.s[c])
			lo, borrow := bits.Sub64(l1, l2, 0)
			hi, _ := bits.Sub64(h1, h2, borrow)
			mean = append(mean, float64(m.s[c])/(255*n))
			std = append(std, math.Sqrt(math.FMA(float64(hi), 0x1p64, float64(lo)))/(255*n))
		} else {
			d := m.fs[c] / n
			mean = append(mean, m.shift[c]+d)
			std = append(std, math.Sqrt(max(0, m.fq[c]/n-float64(d*d))))
		}
		if std[c] == 0 {
			std[c] = 1
		}
	}
	return mean, std
}
