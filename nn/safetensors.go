package nn

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// A .safetensors file is
//
//	8 bytes    N, unsigned, little endian
//	N bytes    a JSON object, padded with spaces:
//	           {"__metadata__": {"key": "text", ...},
//	            "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
//	the rest   the tensors' bytes; offsets count from here

// maxHeader is the header cap of the reference implementation.
const maxHeader = 100_000_000

const metadataKey = "__metadata__"

// WriteSafetensors writes the tensors, and meta as __metadata__ (none if it is
// empty), to path by way of WriteFileAtomic.
func WriteSafetensors(path string, tensors []Named, meta map[string]string) error {
	return WriteFileAtomic(path, func(w io.Writer) error { return EncodeSafetensors(w, tensors, meta) })
}

// EncodeSafetensors writes the tensors to w, sorted by the bytes of their names
// and without holes; the same tensors and meta give the same bytes. Equal names,
// names that are not UTF-8 and data that do not fill their shape are errors.
func EncodeSafetensors(w io.Writer, tensors []Named, meta map[string]string) error {
	if err := checkTensors(tensors); err != nil {
		return err
	}
	sorted := slices.Clone(tensors)
	slices.SortFunc(sorted, func(a, b Named) int { return cmp.Compare(a.Name, b.Name) })
	var h bytes.Buffer
	h.WriteByte('{')
	if len(meta) > 0 {
		writeString(&h, metadataKey)
		h.WriteString(":{")
		for i, k := range slices.Sorted(maps.Keys(meta)) {
			if i > 0 {
				h.WriteByte(',')
			}
			if !utf8.ValidString(k) || !utf8.ValidString(meta[k]) {
				return fmt.Errorf("%s: %w: field %q is not UTF-8", metadataKey, ErrName, k)
			}
			writeString(&h, k)
			h.WriteByte(':')
			writeString(&h, meta[k])
		}
		h.WriteByte('}')
	}
	end := 0
	for _, t := range sorted {
		if t.Name == metadataKey || !utf8.ValidString(t.Name) {
			return fmt.Errorf("tensor %q: %w: expected UTF-8 other than %s", t.Name, ErrName, metadataKey)
		}
		if h.Len() > 1 {
			h.WriteByte(',')
		}
		writeString(&h, t.Name)
		h.WriteString(`:{"dtype":"F32","shape":[`)
		for i, d := range t.Shape {
			if i > 0 {
				h.WriteByte(',')
			}
			h.WriteString(strconv.Itoa(d))
		}
		start := end
		end += 4 * len(t.Data)
		fmt.Fprintf(&h, `],"data_offsets":[%d,%d]}`, start, end)
	}
	h.WriteByte('}')
	for h.Len()%8 != 0 {
		h.WriteByte(' ')
	}
	if h.Len() > maxHeader {
		return fmt.Errorf("%w: %d bytes, expected at most %d", ErrHeaderSize, h.Len(), maxHeader)
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint64(nil, uint64(h.Len()))); err != nil {
		return err
	}
	if _, err := w.Write(h.Bytes()); err != nil {
		return err
	}
	for _, t := range sorted {
		if err := writeElements(w, t.Data, 4, putF32); err != nil {
			return err
		}
	}
	return nil
}

// writeString appends s as a JSON string.
func writeString(h *bytes.Buffer, s string) {
	e := json.NewEncoder(h)
	e.SetEscapeHTML(false)
	e.Encode(s)             // a string cannot fail
	h.Truncate(h.Len() - 1) // the line feed
}

// ReadSafetensors reads every tensor of the file, in the order of their bytes
// in it, and the metadata (nil if there are none); see DecodeSafetensors.
func ReadSafetensors(path string) ([]Named, map[string]string, error) {
	f, size, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	tensors, meta, err := DecodeSafetensors(f, size)
	return tensors, meta, pathError(path, err)
}

// DecodeSafetensors reads a file of size bytes. Elements of type F64, F16 and
// BF16 are converted to float32; a tensor of another type is an error, or left
// out if it is a counter of PyTorch's batch norm. Data need not be aligned.
//
// The header is checked whole before a tensor is read: its length, JSON without
// duplicate keys, shapes that do not overflow, bytes as many as the shape needs,
// no overlaps, no gaps, and an end exactly at size. Memory is taken in
// proportion to size only. Each kind of lie has its own error: ErrTruncated,
// ErrHeaderSize, ErrHeader, ErrDuplicate, ErrName, ErrDtype, ErrShape, ErrOffsets,
// ErrOverlap, ErrGap, ErrTrailing, ErrRange.
func DecodeSafetensors(r io.ReaderAt, size int64) ([]Named, map[string]string, error) {
	var n [8]byte
	if err := readFull(io.NewSectionReader(r, 0, size), n[:]); err != nil {
		return nil, nil, err
	}
	length := binary.LittleEndian.Uint64(n[:])
	if length > maxHeader || length > uint64(size)-8 || length < 2 {
		return nil, nil, fmt.Errorf("%w: found %d, expected 2 to %d", ErrHeaderSize, length, max(2, min(maxHeader, size-8)))
	}
	header := make([]byte, length)
	if err := readFull(io.NewSectionReader(r, 8, size-8), header); err != nil {
		return nil, nil, err
	}
	entries, meta, err := parseSafetensorsHeader(header)
	if err != nil {
		return nil, nil, err
	}
	data := io.NewSectionReader(r, 8+int64(length), size-8-int64(length))
	if err = checkLayout(entries, data.Size()); err != nil {
		return nil, nil, err
	}
	tensors := make([]Named, 0, len(entries))
	for _, e := range entries {
		if isCounter(e.name) {
			continue
		}
		t, err := e.read(io.NewSectionReader(data, e.start, e.end-e.start))
		if err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", e.name, err)
		}
		tensors = append(tensors, t)
	}
	return tensors, meta, nil
}

// tensorEntry is what a header says about a tensor.
type tensorEntry struct {
	name, dtype string
	shape       []int
	start, end  int64
}

// width is the size in bytes of an element, 0 if the type is not read here.
func (e *tensorEntry) width() int {
	switch {
	case e.dtype == "F64" || e.dtype == "I64" && isCounter(e.name):
		return 8
	case e.dtype == "F32":
		return 4
	case e.dtype == "F16" || e.dtype == "BF16":
		return 2
	}
	return 0
}

// checkLayout sorts the entries by their place and holds them against each
// other and the number of bytes there are.
func checkLayout(entries []tensorEntry, size int64) error {
	slices.SortFunc(entries, func(a, b tensorEntry) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.name, b.name))
	})
	end := int64(0)
	for _, e := range entries {
		width := e.width()
		if width == 0 {
			return fmt.Errorf("tensor %q: %w: found %s, expected F32, F64, F16 or BF16", e.name, ErrDtype, brief(e.dtype))
		}
		n, err := elementCount(e.shape, width)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", e.name, err)
		}
		switch need := int64(n) * int64(width); {
		case e.end < e.start || e.end-e.start != need:
			return fmt.Errorf("tensor %q: %w: found bytes %d to %d, expected %d bytes for %s %v", e.name, ErrOffsets, e.start, e.end, need, e.dtype, e.shape)
		case e.start < end:
			return fmt.Errorf("tensor %q: %w: found its start at %d, expected %d or more", e.name, ErrOverlap, e.start, end)
		case e.start > end:
			return fmt.Errorf("tensor %q: %w: found its start at %d, expected %d", e.name, ErrGap, e.start, end)
		case e.end > size:
			return fmt.Errorf("tensor %q: %w: found %d bytes of data, expected %d", e.name, ErrTruncated, size, e.end)
		}
		end = e.end
	}
	if end != size {
		return fmt.Errorf("%w: found %d bytes of data, expected %d", ErrTrailing, size, end)
	}
	return nil
}

// read decodes the tensor from its bytes.
func (e *tensorEntry) read(r io.Reader) (Named, error) {
	width := e.width()
	n, err := elementCount(e.shape, width)
	if err != nil {
		return Named{}, err
	}
	o := binary.LittleEndian
	get := getF32(o)
	switch e.dtype {
	case "F64":
		get = getF64AsF32(o)
	case "F16":
		get = getF16(o)
	case "BF16":
		get = getBF16(o)
	}
	data, err := readElements(r, n, width, get)
	return Named{e.name, e.shape, data}, err
}
