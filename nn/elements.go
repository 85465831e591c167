package nn

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
)

// ioChunk is how many bytes pass through memory at a time on their way into or
// out of a slice; a multiple of every element's size.
const ioChunk = 1 << 16

// elementCount multiplies the dimensions. It fails where the elements of size
// bytes each, or the numbers that they become, could not be addressed.
func elementCount(shape []int, size int) (int, error) {
	n := uint64(1)
	for _, d := range shape {
		hi, lo := bits.Mul64(n, uint64(d))
		if d < 0 || hi != 0 || lo > math.MaxInt/8 {
			return 0, fmt.Errorf("%w: %v of %d bytes each is more than memory can hold", ErrShape, shape, size)
		}
		n = lo
	}
	return int(n), nil
}

// readElements reads n elements of size bytes. get decodes one of them; false
// means that the number does not fit. The caller has checked n against the
// length of the file, so that the allocation is in proportion to it.
func readElements[T any](r io.Reader, n, size int, get func([]byte) (T, bool)) ([]T, error) {
	out := make([]T, n)
	buf := make([]byte, min(ioChunk, n*size))
	for done := 0; done < n; {
		b := buf[:min(len(buf), (n-done)*size)]
		if err := readFull(r, b); err != nil {
			return nil, err
		}
		for ; len(b) > 0; b = b[size:] {
			v, ok := get(b[:size:size])
			if !ok {
				return nil, fmt.Errorf("%w: element %d does not fit into a %T", ErrRange, done, v)
			}
			out[done] = v
			done++
		}
	}
	return out, nil
}

// readFull is io.ReadFull with this package's error for a short file.
func readFull(r io.Reader, b []byte) error {
	n, err := io.ReadFull(r, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: found %d bytes, expected %d more", ErrTruncated, n, len(b)-n)
	}
	return err
}

// writeElements writes v, each element as size bytes that put encodes.
func writeElements[T any](w io.Writer, v []T, size int, put func([]byte, T)) error {
	buf := make([]byte, min(ioChunk, len(v)*size))
	for len(v) > 0 {
		n := min(len(v), len(buf)/size)
		for i, x := range v[:n] {
			put(buf[i*size:], x)
		}
		if _, err := w.Write(buf[:n*size]); err != nil {
			return err
		}
		v = v[n:]
	}
	return nil
}

func putF32(b []byte, x float32) { binary.LittleEndian.PutUint32(b, math.Float32bits(x)) }
func putF64(b []byte, x float64) { binary.LittleEndian.PutUint64(b, math.Float64bits(x)) }
func putI64(b []byte, x int64)   { binary.LittleEndian.PutUint64(b, uint64(x)) }

func getF16(o binary.ByteOrder) func([]byte) (float32, bool) {
	return func(b []byte) (float32, bool) { return fromF16(o.Uint16(b)), true }
}

func getBF16(o binary.ByteOrder) func([]byte) (float32, bool) {
	return func(b []byte) (float32, bool) { return math.Float32frombits(uint32(o.Uint16(b)) << 16), true }
}

func getF32(o binary.ByteOrder) func([]byte) (float32, bool) {
	return func(b []byte) (float32, bool) { return math.Float32frombits(o.Uint32(b)), true }
}

func getF64(o binary.ByteOrder) func([]byte) (float64, bool) {
	return func(b []byte) (float64, bool) { return math.Float64frombits(o.Uint64(b)), true }
}

func getF64AsF32(o binary.ByteOrder) func([]byte) (float32, bool) {
	return func(b []byte) (float32, bool) { return narrow(math.Float64frombits(o.Uint64(b))) }
}

// narrow rounds x to float32; false if x is finite and the result is not.
func narrow(x float64) (float32, bool) {
	y := float32(x)
	return y, !math.IsInf(float64(y), 0) || math.IsInf(x, 0)
}

// fromF16 widens an IEEE half: 1 sign, 5 exponent (bias 15), 10 fraction bits.
func fromF16(h uint16) float32 {
	sign, e, f := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&0x3ff)
	switch e {
	case 0: // zero or denormal: f * 2^-24, exact in float32
		x := float32(f) * 0x1p-24
		return math.Float32frombits(sign | math.Float32bits(x))
	case 31: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | f<<13)
	}
	return math.Float32frombits(sign | (e+127-15)<<23 | f<<13)
}
