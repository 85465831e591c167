package nn

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// What an archive may unpack to: npzFree bytes whatever its size, npzRatio
// times its size beyond that. Deflate can reach a thousand; arrays of
// measurements seldom reach ten.
const (
	npzFree  = 256 << 20
	npzRatio = 100
)

// ReadNPZ reads the arrays called names (all of them, if there are no names)
// from a .npz file: a zip archive of NAME.npy entries, stored or deflated. See
// DecodeNPZ. The error is one line that starts with path.
func ReadNPZ(path string, names ...string) (map[string]*Array, error) {
	f, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	arrays, err := DecodeNPZ(f, size, names...)
	return arrays, pathError(path, err)
}

// DecodeNPZ reads an archive of size bytes. Every entry's name is checked, and
// the sizes that all entries together claim, before one is unpacked; an entry
// that turns out longer or shorter than it claims, or whose checksum is wrong,
// is an error. Errors: those of DecodeNPY, with the entry's name, and ErrMagic,
// ErrName, ErrDuplicate, ErrTooLarge, ErrDamaged, ErrMissing.
func DecodeNPZ(r io.ReaderAt, size int64, names ...string) (map[string]*Array, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: found no readable zip archive (%v)", ErrMagic, err)
	}
	entries := map[string]*zip.File{}
	total, limit := uint64(0), uint64(max(npzFree, npzRatio*size))
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok || !utf8.ValidString(name) || len(name) > maxName {
			return nil, fmt.Errorf("entry %s: %w: expected NAME.npy", brief(f.Name), ErrName)
		}
		if entries[name] != nil {
			return nil, fmt.Errorf("array %q: %w", name, ErrDuplicate)
		}
		entries[name] = f
		if f.UncompressedSize64 > limit-total {
			return nil, fmt.Errorf("array %q: %w: found more than %d bytes in an archive of %d", name, ErrTooLarge, limit, size)
		}
		total += f.UncompressedSize64
	}
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(entries))
	}
	arrays := make(map[string]*Array, len(names))
	for _, name := range names {
		f := entries[name]
		if f == nil {
			return nil, fmt.Errorf("array %q: %w: found %q", name, ErrMissing, slices.Sorted(maps.Keys(entries)))
		}
		if arrays[name], err = decodeEntry(f); err != nil {
			return nil, fmt.Errorf("array %q: %w", name, err)
		}
	}
	return arrays, nil
}

func decodeEntry(f *zip.File) (*Array, error) {
	if f.Flags&1 != 0 {
		return nil, fmt.Errorf("%w: the entry is encrypted", ErrDamaged)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	defer r.Close()
	a, err := DecodeNPY(r, int64(f.UncompressedSize64))
	var corrupt flate.CorruptInputError
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.As(err, &corrupt) {
		return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	return a, err
}

// WriteNPZ writes the arrays to path by way of WriteFileAtomic; see EncodeNPZ.
func WriteNPZ(path string, arrays map[string]*Array) error {
	return WriteFileAtomic(path, func(w io.Writer) error { return EncodeNPZ(w, arrays) })
}

// EncodeNPZ writes an archive with an entry NAME.npy for each array, in the
// order of their names, stored and without a date: the same arrays give the
// same bytes. For each error of EncodeNPY it returns one with the name.
func EncodeNPZ(w io.Writer, arrays map[string]*Array) error {
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		if !utf8.ValidString(name) || len(name) > maxName {
			return fmt.Errorf("array %s: %w: expected UTF-8 of at most %d bytes", brief(name), ErrName, maxName)
		}
		// Readers that stream need size and checksum before the data, so the
		// array is encoded twice.
		var sum crcCounter
		if err := EncodeNPY(&sum, arrays[name]); err != nil {
			return fmt.Errorf("array %q: %w", name, err)
		}
		e, err := z.CreateRaw(&zip.FileHeader{
			Name: name + ".npy", Method: zip.Store, CRC32: sum.crc, CompressedSize64: sum.n, UncompressedSize64: sum.n,
		})
		if err != nil {
			return err
		}
		if err = EncodeNPY(e, arrays[name]); err != nil {
			return err
		}
	}
	return z.Close()
}

// crcCounter measures what is written to it.
type crcCounter struct {
	n   uint64
	crc uint32
}

func (c *crcCounter) Write(b []byte) (int, error) {
	c.n += uint64(len(b))
	c.crc = crc32.Update(c.crc, crc32.IEEETable, b)
	return len(b), nil
}
