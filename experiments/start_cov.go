package experiments

import (
	"fmt"
	"path/filepath"
	"strings"

	"randalign/linalg"
	"randalign/nn"
	"randalign/tensor"
)

// readCovariance reads a matrix [dim, dim] from a .npy file, or takes the second
// moment of the first conv or dense weight, or the one named, of a weight file.
func readCovariance(path string, dim int) (*linalg.Mat, error) {
	file, name := nn.SplitTensor(path)
	if strings.EqualFold(filepath.Ext(file), ".npy") {
		m, err := ReadMatrix(file)
		if err != nil {
			return nil, err
		}
		if m.Rows != dim {
			return nil, fmt.Errorf("%s: found %d x %d, expected %d x %d for the inputs of the first layer", file, m.Rows, m.Cols, dim, dim)
		}
		if err = linalg.CheckSymmetric(m); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		return m, nil
	}
	list, err := nn.ReadWeights(file)
	if err != nil {
		return nil, err
	}
	w, err := nn.PickWeight(list, name, file)
	if err != nil {
		return nil, err
	}
	if d := len(w.Data) / w.Shape[0]; d != dim || d > maxAlignDim {
		return nil, fmt.Errorf("%s: tensor %q: found %d inputs an output, expected the %d of the first layer (at most %d)", file, w.Name, d, dim, maxAlignDim)
	}
	return linalg.SecondMoment(w.Data, w.Shape[0], len(w.Data)/w.Shape[0]), nil
}

// initCovariance draws the first weight of a fresh model from the covariance,
// which path names.
func initCovariance(m *nn.Model[float32], path string, sigma *linalg.Mat, seed uint64, rescale bool) error {
	c, err := nn.NewCovariance(sigma)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	first, norm := m.First(), 0.0
	if rescale {
		norm = tensor.Norm(first.Value)
	}
	return m.InitParam(first.Name, seed, c, norm)
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
