package nn

import (
	"fmt"
	"slices"
	"strings"
)

// SplitTensor takes FILE:TENSOR apart; tensor is "" where only a file is given.
// Only a colon right after a known ending counts, so that folders may hold some.
func SplitTensor(text string) (file, tensor string) {
	lower := strings.ToLower(text)
	end := -1
	for _, ext := range []string{".safetensors", ".npz", ".npy"} {
		if i := strings.LastIndex(lower, ext+":"); i >= 0 {
			end = max(end, i+len(ext))
		}
	}
	if end < 0 {
		return text, ""
	}
	return text[:end], text[end+1:]
}

// PickWeight returns the tensor of that name, which must be a conv weight
// (out, in, kh, kw) or a dense one (out, in). The name "" stands for the first
// conv weight in natural order of names, or, where there is none, the first
// dense one. Its numbers must be finite. Errors name path.
func PickWeight(tensors []Named, name, path string) (Named, error) {
	at := -1
	if name != "" {
		if at = slices.IndexFunc(tensors, func(t Named) bool { return t.Name == name }); at < 0 {
			return Named{}, fmt.Errorf("%s: tensor %q is missing; the file holds %s", path, name, tensorNames(tensors))
		}
		if n := len(tensors[at].Shape); n != 2 && n != 4 {
			return Named{}, fmt.Errorf("%s: %sfound the shape %v, expected (out, in) or (out, in, kh, kw)", path, label(name), tensors[at].Shape)
		}
	} else {
		for _, rank := range []int{4, 2} {
			if at < 0 {
				at = slices.IndexFunc(tensors, func(t Named) bool { return len(t.Shape) == rank })
			}
		}
		if at < 0 {
			return Named{}, fmt.Errorf("%s: found no tensor of shape (out, in) or (out, in, kh, kw) among %s", path, tensorNames(tensors))
		}
	}
	t := tensors[at]
	if len(t.Data) == 0 {
		return Named{}, fmt.Errorf("%s: %sfound the shape %v, which holds nothing", path, label(t.Name), t.Shape)
	}
	return t, CheckFinite(tensors[at:at+1], path)
}

// tensorNames lists what a file holds, not all of it where that is much.
func tensorNames(tensors []Named) string {
	if len(tensors) == 0 {
		return "nothing"
	}
	var list []string
	for i, t := range tensors {
		if i == 8 {
			list = append(list, fmt.Sprintf("%d more", len(tensors)-i))
			break
		}
		list = append(list, fmt.Sprintf("%q %v", t.Name, t.Shape))
	}
	return strings.Join(list, ", ")
}
