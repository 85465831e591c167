package experiments

import (
	"fmt"
	"path/filepath"
	"strings"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// covarianceFile is the second moment of filters that a file gives.
type covarianceFile struct {
	nn.Covariance
	dim int
}

// readCovariance reads a matrix [d, d] from a .npy file, or takes the second
// moment of the first conv or dense weight of a weight file.
func readCovariance(path string) (covarianceFile, error) {
	var sigma *linalg.Mat
	if file, name := nn.SplitTensor(path); strings.EqualFold(filepath.Ext(file), ".npy") {
		m, err := ReadMatrix(file)
		if err != nil {
			return covarianceFile{}, err
		}
		if err = linalg.CheckSymmetric(m); err != nil {
			return covarianceFile{}, fmt.Errorf("%s: %w", file, err)
		}
		sigma = m
	} else {
		list, err := nn.ReadWeights(file)
		if err != nil {
			return covarianceFile{}, err
		}
		w, err := nn.PickWeight(list, name, file)
		if err != nil {
			return covarianceFile{}, err
		}
		if d := len(w.Data) / w.Shape[0]; d > maxAlignDim {
			return covarianceFile{}, fmt.Errorf("%s: tensor %q: found %d inputs an output, expected at most %d", file, w.Name, d, maxAlignDim)
		}
		sigma = nn.SecondMoment(w.Data, w.Shape[0])
	}
	c, err := nn.NewCovariance(sigma)
	if err != nil {
		return covarianceFile{}, fmt.Errorf("%s: %w", path, err)
	}
	return covarianceFile{c, sigma.Rows}, nil
}

// initCovariance draws the first weight of a fresh model from the covariance.
func initCovariance(m *nn.Model[float32], path string, c covarianceFile, seed uint64, rescale bool) error {
	first := m.Params[0]
	if c.dim != first.FanIn {
		return fmt.Errorf("%s: found a covariance of dimension %d, expected %d, the inputs of tensor %q %v", path, c.dim, first.FanIn, first.Name, first.Shape)
	}
	norm := 0.0
	if rescale {
		norm = tensor.Norm(first.Value)
	}
	return m.InitParam(first.Name, seed, c.Covariance, norm)
}

// ReadMatrix reads a matrix of float64 or float32 from a .npy file.
func ReadMatrix(path string) (*linalg.Mat, error) {
	a, err := nn.ReadNPY(path)
	if err != nil {
		return nil, err
	}
	data := a.Float64s()
	switch {
	case data == nil:
		return nil, fmt.Errorf("%s: found elements of type %s, expected f4 or f8", path, a.Dtype)
	case len(a.Shape) != 2 || len(data) == 0:
		return nil, fmt.Errorf("%s: found the shape %v, expected a matrix of two dimensions", path, a.Shape)
	}
	return &linalg.Mat{Rows: a.Shape[0], Cols: a.Shape[1], Data: data}, nil
}
