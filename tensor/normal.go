package tensor

import "math"

// The ziggurat of the standard normal density: zigLayers layers of equal area,
// layer i being the rectangle of half-width zigX[i], layer 0 the base with the tail.
const (
	zigLayers = 128
	zigR      = 3.442619855899      // start of the tail
	zigV      = 9.91256303526217e-3 // area of a layer
)

var zigX, zigRatio = zigTables()

// zigTables builds the layers with this package's own Exp and Log, so that the
// tables have the same bits everywhere.
func zigTables() (x [zigLayers + 1]float64, ratio [zigLayers]float64) {
	f := Exp(-0.5 * float64(zigR*zigR))
	x[0], x[1] = zigV/f, zigR
	for i := 2; i < zigLayers; i++ {
		x[i] = math.Sqrt(-2 * Log(zigV/x[i-1]+f))
		f = Exp(-0.5 * float64(x[i]*x[i]))
	}
	for i := range ratio {
		ratio[i] = x[i+1] / x[i]
	}
	return x, ratio
}

// Normal returns a standard normal deviate (Doornik's ziggurat, ZIGNOR).
func (s *Stream) Normal() float64 { return s.normal(s.pcg.Uint64()) }

// normal is Normal of a stream whose next number was b.
func (s *Stream) normal(b uint64) float64 {
	for ; ; b = s.pcg.Uint64() {
		i := b & (zigLayers - 1)
		u := float64(int64(b)>>10) * 0x1p-53 // uniform in [-1, 1); shares no bit with i
		if math.Abs(u) < zigRatio[i] {
			return u * zigX[i]
		}
		if i == 0 {
			return s.tail(u < 0)
		}
		x := u * zigX[i]
		xx := float64(x * x)
		f0 := Exp(-0.5 * (float64(zigX[i]*zigX[i]) - xx))
		f1 := Exp(-0.5 * (float64(zigX[i+1]*zigX[i+1]) - xx))
		if f1+float64(s.Float64()*(f0-f1)) < 1 {
			return x
		}
	}
}

// tail draws from the normal density beyond zigR (Marsaglia 1964).
func (s *Stream) tail(negative bool) float64 {
	for {
		x := Log(1-s.Float64()) / zigR
		y := Log(1 - s.Float64())
		if -2*y >= float64(x*x) {
			if negative {
				return x - zigR
			}
			return zigR - x
		}
	}
}

// zigFast is what FillNormal needs of a layer: the deviate of k*2^-53 is k*scale, bit for bit,
// inside the layer where |k| < limit.
var zigFast = func() (t [zigLayers]struct {
	scale float64
	limit int64
}) {
	for i := range t {
		t[i].scale, t[i].limit = zigX[i]*0x1p-53, int64(math.Ceil(zigRatio[i]*0x1p53))
	}
	return t
}()

// FillNormal sets every element of dst to a normal deviate of mean 0 and
// standard deviation std, drawn in float64 and rounded once.
//
// The state stays in registers, and 97.4 % of the numbers are inside a layer; the others go
// their way through Normal.
func FillNormal[T Float](s *Stream, dst []T, std float64) {
	p := s.pcg
	for i := range dst {
		p = p.next()
		b := p.mix()
		layer := &zigFast[b&(zigLayers-1)]
		k := int64(b) >> 10
		x := float64(k) * layer.scale
		if sign := k >> 63; (k^sign)-sign >= layer.limit {
			s.pcg = p
			x = s.normal(b)
			p = s.pcg
		}
		dst[i] = T(x * std)
	}
	s.pcg = p
}
