package nn

import (
	"fmt"

	"randalign/linalg"
	"randalign/tensor"
)

// Covariance draws every row of a weight from N(0, Sigma): the "covariance"
// start of the study's third figure, Sigma being the second moment of trained
// filters.
type Covariance struct {
	gaussian *linalg.Gaussian
	dim      int
}

// NewCovariance prepares an initializer for rows of sigma's dimension. A sigma
// that is not symmetric or has an eigenvalue clearly below 0 is an error.
func NewCovariance(sigma *linalg.Mat) (Covariance, error) {
	g, err := linalg.NewGaussian(sigma)
	if err != nil {
		return Covariance{}, err
	}
	return Covariance{g, sigma.Rows}, nil
}

// Init implements Initializer.
func (c Covariance) Init(s *tensor.Stream, shape []int, dst []float64) {
	in, _ := Fans(shape)
	if in != c.dim {
		panic(fmt.Sprintf("nn: covariance of dimension %d for a weight of shape %v", c.dim, shape))
	}
	for i := 0; i < len(dst); i += in {
		c.gaussian.Sample(s, dst[i:i+in])
	}
}

// InitParam draws one weight anew with in, from the stream "init/NAME" of the
// seed. If norm is above 0 the tensor is then rescaled to that l2 norm.
func (m *Model[T]) InitParam(name string, seed uint64, in Initializer, norm float64) error {
	p := m.Param(name)
	if p == nil {
		return fmt.Errorf("the network %s has no tensor %q", short(m.Arch), name)
	}
	p.init(seed, in)
	if norm > 0 {
		if err := Rescale(p.Value, norm); err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
	}
	return nil
}

// InitLayers draws the weights of the first so many weighted layers (0: of all)
// anew with in, each from its stream "init/NAME" of the seed.
func (m *Model[T]) InitLayers(seed uint64, in Initializer, layers int) {
	list := m.Weighted()
	if layers > 0 {
		list = list[:min(layers, len(list))]
	}
	for _, l := range list {
		m.Layers[l].Params()[0].init(seed, in)
	}
}

// First is the weight of the first conv or dense layer, nil where there is none.
func (m *Model[T]) First() *Param[T] {
	if list := m.Weighted(); len(list) > 0 {
		return m.Layers[list[0]].Params()[0]
	}
	return nil
}
