package nn

import "fmt"

// Weights returns a copy of all tensors in float32: trained ones, and the
// running statistics of batch norm. PyTorch's num_batches_tracked is left out:
// nothing follows from it, and load_state_dict(strict=True) does without.
func (m *Model[T]) Weights() []Named {
	var list []Named
	for _, p := range m.tensors {
		data := make([]float32, len(p.Value))
		for i, v := range p.Value {
			data[i] = float32(v)
		}
		list = append(list, Named{p.Name, p.Shape, data})
	}
	return list
}

// Digest is WeightsDigest of the model's tensors.
func (m *Model[T]) Digest() string { return WeightsDigest(m.Weights()) }

// SetWeights copies the tensors into the model's. A missing, surplus, misshapen
// or repeated tensor, or a NaN or Inf, is an error that names it and from, where
// the tensors came from; the model is unchanged then.
func (m *Model[T]) SetWeights(tensors []Named, from string) error {
	seen := map[string]*Named{}
	for i, t := range tensors {
		p := m.Param(t.Name)
		if p == nil {
			return fmt.Errorf("%s: tensor %q: the network %s has no such tensor", from, t.Name, short(m.Arch))
		}
		if seen[t.Name] != nil {
			return fmt.Errorf("%s: tensor %q appears twice", from, t.Name)
		}
		if fmt.Sprint(t.Shape) != fmt.Sprint(p.Shape) {
			return fmt.Errorf("%s: tensor %q: found shape %v, expected %v", from, t.Name, t.Shape, p.Shape)
		}
		seen[t.Name] = &tensors[i]
	}
	for _, p := range m.tensors {
		if seen[p.Name] == nil {
			return fmt.Errorf("%s: tensor %q of shape %v is missing", from, p.Name, p.Shape)
		}
	}
	if err := CheckFinite(tensors, from); err != nil {
		return err
	}
	for _, p := range m.tensors {
		for i, v := range seen[p.Name].Data {
			p.Value[i] = T(v)
		}
	}
	return nil
}
