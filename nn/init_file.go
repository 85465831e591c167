package nn

import (
	"fmt"

	"randalign/tensor"
)

// InitTensors replaces the tensors of the first so many weighted layers (0: of
// all), and of the batch norms before the next one, of a freshly initialised
// model by tensors of these names. Tensors of other layers are not looked at.
// With rescale each trained one is brought to the l2 norm of the fresh tensor,
// which for a fresh bias is 0. Errors are those of SetWeights; the model is
// unchanged then.
func (m *Model[T]) InitTensors(tensors []Named, layers int, rescale bool, from string) error {
	replaced := m.tensors
	if list := m.Weighted(); layers > 0 && layers < len(list) {
		replaced = nil
		for _, l := range m.Layers[:list[layers]] {
			replaced = append(replaced, l.Params()...)
		}
		chosen := map[string]bool{}
		for _, p := range replaced {
			chosen[p.Name] = true
		}
		var all []Named
		for _, t := range tensors {
			if chosen[t.Name] {
				all = append(all, t)
			}
		}
		for _, t := range m.Weights() {
			if !chosen[t.Name] {
				all = append(all, t)
			}
		}
		tensors = all
	}
	fresh := map[string]float64{}
	for _, p := range replaced {
		if !p.Buffer {
			fresh[p.Name] = tensor.Norm(p.Value)
		}
	}
	if rescale {
		for _, t := range tensors {
			if norm, ok := fresh[t.Name]; ok && norm > 0 && tensor.Norm(t.Data) == 0 {
				return fmt.Errorf("%s: tensor %q is zero and cannot be rescaled to the norm %.4g of a fresh start", from, t.Name, norm)
			}
		}
	}
	if err := m.SetWeights(tensors, from); err != nil {
		return err
	}
	if !rescale {
		return nil
	}
	for _, p := range replaced {
		if p.Buffer {
			continue
		}
		if fresh[p.Name] == 0 {
			clear(p.Value)
			continue
		}
		if err := Rescale(p.Value, fresh[p.Name]); err != nil {
			return fmt.Errorf("%s: tensor %q: %w", from, p.Name, err)
		}
	}
	return nil
}
