package nn

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Named is a tensor with the name under which PyTorch would store it.
type Named struct {
	Name  string
	Shape []int     // empty for a single number
	Data  []float32 // row-major, as many as the product of Shape
}

// ReadWeights reads every tensor of a .safetensors, .npz or .npy file (the
// ending in any case), sorted by name with runs of digits compared as numbers:
// "2.weight" comes before "10.weight". The one array of a .npy has the name "".
//
// Floating-point elements of any width are rounded to float32; other types are
// refused, except that the counters which PyTorch's batch norm keeps beside its
// weights ("...num_batches_tracked") are left out. Numbers may be NaN or
// infinite: see CheckFinite. The error is one line that starts with path.
func ReadWeights(path string) ([]Named, error) {
	var out []Named
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".safetensors":
		out, _, err = ReadSafetensors(path)
	case ".npz":
		out, err = weightsNPZ(path)
	case ".npy":
		var a *Array
		if a, err = ReadNPY(path); err == nil {
			var t Named
			if t, err = a.named(""); err != nil {
				err = pathError(path, err)
			}
			out = []Named{t}
		}
	default:
		hint := ""
		if slices.Contains([]string{".pt", ".pth", ".bin", ".ckpt"}, ext) {
			hint = "; convert a PyTorch pickle with safetensors.torch.save_file"
		}
		err = fmt.Errorf("%s: %w: found the ending %q, expected .safetensors, .npz or .npy%s", path, ErrExtension, ext, hint)
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Named) int { return naturalOrder(a.Name, b.Name) })
	return out, nil
}

func weightsNPZ(path string) ([]Named, error) {
	arrays, err := ReadNPZ(path)
	if err != nil {
		return nil, err
	}
	var out []Named
	for name, a := range arrays {
		if isCounter(name) {
			continue
		}
		t, err := a.named(name)
		if err != nil {
			return nil, pathError(path, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// named converts a floating-point array to float32.
func (a *Array) named(name string) (Named, error) {
	t := Named{name, a.Shape, a.F32}
	switch {
	case a.F64 != nil:
		t.Data = make([]float32, len(a.F64))
		for i, x := range a.F64 {
			var ok bool
			if t.Data[i], ok = narrow(x); !ok {
				return t, fmt.Errorf("%s%w: found %v at %v, expected a float32", label(name), ErrRange, x, indexOf(i, a.Shape))
			}
		}
	case a.F32 == nil:
		return t, fmt.Errorf("%s%w: found %s, expected f2, f4 or f8", label(name), ErrDtype, a.Dtype)
	}
	return t, nil
}

// label says in a message which tensor is meant; the one of a .npy has no name.
func label(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("tensor %q: ", name)
}

// isCounter tells the step counters of PyTorch's batch norm, which are integers
// and no weights.
func isCounter(name string) bool {
	return name == "num_batches_tracked" || strings.HasSuffix(name, ".num_batches_tracked")
}

// CheckFinite returns an error that names path, the tensor and the index of the
// first NaN or infinity; nil if there is none.
func CheckFinite(tensors []Named, path string) error {
	for _, t := range tensors {
		for i, x := range t.Data {
			if x-x != 0 {
				return fmt.Errorf("%s: %s%w: found %v at %v", path, label(t.Name), ErrNotFinite, x, indexOf(i, t.Shape))
			}
		}
	}
	return nil
}

// indexOf splits a row-major position into one index a dimension.
func indexOf(i int, shape []int) []int {
	index := make([]int, len(shape))
	for d := len(shape) - 1; d >= 0; d-- {
		index[d] = i % shape[d]
		i /= shape[d]
	}
	return index
}

// WeightsDigest returns the SHA-256, in lower-case hexadecimal, of the tensors
// in the order of their names' bytes. Each one adds, every integer being an
// unsigned 64-bit number in little endian:
//
//	length of the name in bytes, the name,
//	rank, the dimensions,
//	the elements as 32-bit floats in little endian, row-major
//
// Names must be distinct. The argument's order does not matter and is kept.
func WeightsDigest(tensors []Named) string {
	sorted := slices.Clone(tensors)
	slices.SortFunc(sorted, func(a, b Named) int { return cmp.Compare(a.Name, b.Name) })
	h := sha256.New()
	for _, t := range sorted {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(t.Name)))
		b = append(b, t.Name...)
		b = binary.LittleEndian.AppendUint64(b, uint64(len(t.Shape)))
		for _, d := range t.Shape {
			b = binary.LittleEndian.AppendUint64(b, uint64(d))
		}
		h.Write(b)
		writeElements(h, t.Data, 4, putF32) // a hash never fails to take bytes
	}
	return hex.EncodeToString(h.Sum(nil))
}

// naturalOrder compares names byte by byte, but runs of digits as numbers.
func naturalOrder(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		dx, dy := digits(x), digits(y)
		if dx > 0 && dy > 0 {
			nx, ny := strings.TrimLeft(x[:dx], "0"), strings.TrimLeft(y[:dy], "0")
			if c := cmp.Or(cmp.Compare(len(nx), len(ny)), cmp.Compare(nx, ny)); c != 0 {
				return c
			}
			x, y = x[dx:], y[dy:]
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

// digits is the length of the run of digits that s starts with.
func digits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

// checkTensors says what is wrong with tensors that are to be written.
func checkTensors(tensors []Named) error {
	seen := map[string]bool{}
	for _, t := range tensors {
		if seen[t.Name] {
			return fmt.Errorf("tensor %q: %w", t.Name, ErrDuplicate)
		}
		seen[t.Name] = true
		n, err := elementCount(t.Shape, 4)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", t.Name, err)
		}
		if n != len(t.Data) {
			return fmt.Errorf("tensor %q: %w: found %d numbers for shape %v, expected %d", t.Name, ErrShape, len(t.Data), t.Shape, n)
		}
	}
	return nil
}
