package nn

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// Array is the content of a .npy file, row-major. Exactly one of the slices
// holds the elements; ReadNPY makes it non-nil even where there are none.
type Array struct {
	Shape []int  // empty for a single number
	Dtype string // what the file said, as "<f8"; not used when writing
	F64   []float64
	F32   []float32
	U8    []uint8
	I64   []int64 // every integer type but u1
}

// Len returns the number of elements.
func (a *Array) Len() int { return len(a.F64) + len(a.F32) + len(a.U8) + len(a.I64) }

// Float64s returns floating-point elements as float64, which is exact; nil for
// integers. It allocates unless the elements are float64.
func (a *Array) Float64s() []float64 {
	if a.F64 != nil || a.F32 == nil {
		return a.F64
	}
	out := make([]float64, len(a.F32))
	for i, x := range a.F32 {
		out[i] = float64(x)
	}
	return out
}

// Ints returns integer elements as int64; nil for floating-point ones. It
// allocates only for uint8.
func (a *Array) Ints() []int64 {
	if a.I64 != nil || a.U8 == nil {
		return a.I64
	}
	out := make([]int64, len(a.U8))
	for i, x := range a.U8 {
		out[i] = int64(x)
	}
	return out
}

const npyMagic = "\x93NUMPY"

// maxNPYHeader is far above what a shape of maxRank dimensions needs.
const maxNPYHeader = 1 << 16

// ReadNPY reads a .npy file; see DecodeNPY. The error is one line that starts
// with path.
func ReadNPY(path string) (*Array, error) {
	f, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := DecodeNPY(f, size)
	return a, pathError(path, err)
}

// DecodeNPY reads a .npy file of version 1.0, 2.0 or 3.0 and of size bytes:
// f2 and f4 into F32, f8 into F64, u1 into U8, i1, i2, i4, i8, u2, u4 and u8
// into I64, in either byte order, in C or Fortran order. Everything is checked
// against size before memory is taken for the elements, and r must end after
// size bytes. Errors: ErrTruncated, ErrMagic, ErrVersion, ErrHeaderSize,
// ErrHeader, ErrDuplicate, ErrDtype, ErrShape, ErrTrailing, ErrRange (an u8 of
// 2^63 or more).
func DecodeNPY(r io.Reader, size int64) (*Array, error) {
	left := size
	take := func(n int) ([]byte, error) {
		b := make([]byte, n)
		left -= int64(n)
		return b, readFull(r, b)
	}
	start, err := take(8)
	if err != nil {
		return nil, err
	}
	if string(start[:6]) != npyMagic {
		return nil, fmt.Errorf("%w: found %q at the start, expected %q", ErrMagic, start[:6], npyMagic)
	}
	major, minor := start[6], start[7]
	if major < 1 || major > 3 || minor != 0 {
		return nil, fmt.Errorf("%w: found NPY %d.%d, expected 1.0, 2.0 or 3.0", ErrVersion, major, minor)
	}
	width := 4
	if major == 1 {
		width = 2
	}
	b, err := take(width)
	if err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint16(b))
	if width == 4 {
		length = int64(binary.LittleEndian.Uint32(b))
	}
	if length > min(maxNPYHeader, left) {
		return nil, fmt.Errorf("%w: found %d, expected at most %d", ErrHeaderSize, length, max(0, min(maxNPYHeader, left)))
	}
	text, err := take(int(length))
	if err != nil {
		return nil, err
	}
	h, err := parseNPYHeader(string(text))
	if err != nil {
		return nil, err
	}
	return h.decode(r, left)
}

// decode reads the elements, which must take left bytes.
func (h npyHeader) decode(r io.Reader, left int64) (*Array, error) {
	width, order, err := h.element()
	if err != nil {
		return nil, err
	}
	n, err := elementCount(h.shape, width)
	if err != nil {
		return nil, err
	}
	switch need := int64(n) * int64(width); {
	case left < need:
		return nil, fmt.Errorf("%w: found %d bytes of data, expected %d for %s %v", ErrTruncated, left, need, h.descr, h.shape)
	case left > need:
		return nil, fmt.Errorf("%w: found %d bytes of data, expected %d for %s %v", ErrTrailing, left, need, h.descr, h.shape)
	}
	a := &Array{Shape: h.shape, Dtype: h.descr}
	switch h.descr[1:] {
	case "f2":
		a.F32, err = readElements(r, n, width, getF16(order))
	case "f4":
		a.F32, err = readElements(r, n, width, getF32(order))
	case "f8":
		a.F64, err = readElements(r, n, width, getF64(order))
	case "u1":
		a.U8 = make([]uint8, n)
		err = readFull(r, a.U8)
	default:
		a.I64, err = readElements(r, n, width, getInt(order, width, h.descr[1] == 'i'))
	}
	if err != nil {
		return nil, err
	}
	if k, err := io.CopyN(io.Discard, r, 1); k != 0 || err != io.EOF {
		if err == nil {
			err = fmt.Errorf("%w: the file is longer than it says", ErrTrailing)
		}
		return nil, err
	}
	if h.fortran {
		a.F64, a.F32 = rowMajor(a.F64, h.shape), rowMajor(a.F32, h.shape)
		a.U8, a.I64 = rowMajor(a.U8, h.shape), rowMajor(a.I64, h.shape)
	}
	return a, nil
}

// element returns the size and byte order of the type.
func (h npyHeader) element() (int, binary.ByteOrder, error) {
	const types = " f2 f4 f8 u1 u2 u4 u8 i1 i2 i4 i8 "
	if len(h.descr) == 3 && strings.Contains(types, " "+h.descr[1:]+" ") {
		width := int(h.descr[2] - '0')
		switch {
		case h.descr[0] == '<' || h.descr[0] == '|' && width == 1:
			return width, binary.LittleEndian, nil
		case h.descr[0] == '>':
			return width, binary.BigEndian, nil
		}
	}
	return 0, nil, fmt.Errorf("%w: found %s, expected < or > and one of%s", ErrDtype, brief(h.descr), strings.TrimRight(types, " "))
}

func getInt(o binary.ByteOrder, width int, signed bool) func([]byte) (int64, bool) {
	return func(b []byte) (int64, bool) {
		var x uint64
		switch width {
		case 1:
			x = uint64(b[0])
		case 2:
			x = uint64(o.Uint16(b))
		case 4:
			x = uint64(o.Uint32(b))
		case 8:
			x = o.Uint64(b)
		}
		if signed {
			shift := 64 - 8*width
			return int64(x<<shift) >> shift, true
		}
		return int64(x), x <= math.MaxInt64
	}
}

// rowMajor returns the elements of v, which lie with the first index running
// fastest, with the last one running fastest; nil stays nil.
func rowMajor[T any](v []T, shape []int) []T {
	if len(shape) < 2 || len(v) == 0 {
		return v
	}
	out := make([]T, len(v))
	index, from := make([]int, len(shape)), 0
	for i := range out {
		out[i] = v[from]
		// Count up from the last index; stride is how far index d steps in v.
		for d, stride := len(shape)-1, len(v); d >= 0; d-- {
			stride /= shape[d]
			from += stride
			if index[d]++; index[d] < shape[d] {
				break
			}
			from -= stride * shape[d]
			index[d] = 0
		}
	}
	return out
}

// WriteNPY writes a to path by way of WriteFileAtomic; see EncodeNPY.
func WriteNPY(path string, a *Array) error {
	return WriteFileAtomic(path, func(w io.Writer) error { return EncodeNPY(w, a) })
}

// EncodeNPY writes a in version 1.0, little endian and in C order, as f8, f4,
// u1 or i8. The same array gives the same bytes. It is an error if the elements
// do not fill the shape, or if they are in two slices.
func EncodeNPY(w io.Writer, a *Array) error {
	descr, err := a.descr()
	if err != nil {
		return err
	}
	dims := make([]string, len(a.Shape))
	for i, d := range a.Shape {
		dims[i] = fmt.Sprint(d)
	}
	shape := strings.Join(dims, ", ")
	if len(dims) == 1 {
		shape += ","
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	// Magic, version, length, text and line feed fill a multiple of 64 bytes.
	text += strings.Repeat(" ", 63-(10+len(text))%64) + "\n"
	head := binary.LittleEndian.AppendUint16([]byte(npyMagic+"\x01\x00"), uint16(len(text)))
	if _, err := w.Write(append(head, text...)); err != nil {
		return err
	}
	switch descr {
	case "<f8":
		return writeElements(w, a.F64, 8, putF64)
	case "<f4":
		return writeElements(w, a.F32, 4, putF32)
	case "<i8":
		return writeElements(w, a.I64, 8, putI64)
	}
	_, err = w.Write(a.U8)
	return err
}

// descr names the type to write and checks that the elements fill the shape.
func (a *Array) descr() (string, error) {
	n, err := elementCount(a.Shape, 8)
	if err != nil {
		return "", err
	}
	if n != a.Len() || len(a.Shape) > maxRank {
		return "", fmt.Errorf("%w: found %d numbers for shape %v", ErrShape, a.Len(), a.Shape)
	}
	descr, set := "<f8", 0
	for d, has := range map[string]bool{"<f8": a.F64 != nil, "<f4": a.F32 != nil, "|u1": a.U8 != nil, "<i8": a.I64 != nil} {
		if has {
			descr = d
			set++
		}
	}
	if set > 1 {
		return "", fmt.Errorf("%w: found elements of %d types in one array", ErrDtype, set)
	}
	return descr, nil
}
