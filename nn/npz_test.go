package nn

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// zipOf makes an archive of name, content, name, content, ...
func zipOf(t *testing.T, method uint16, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: entries[i], Method: method})
		require.NoError(t, err)
		_, err = w.Write([]byte(entries[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// lyingZip has stored entries x.npy, y.npy, ... whose headers claim size bytes each.
func lyingZip(t *testing.T, content string, size uint64, names string, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		h := &zip.FileHeader{
			Name: string(name) + ".npy", CRC32: crc32.ChecksumIEEE([]byte(content)),
			CompressedSize64: uint64(len(content)), UncompressedSize64: size,
		}
		change(h)
		w, err := z.CreateRaw(h)
		require.NoError(t, err)
		_, err = w.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestNPZRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npz")
	want := map[string]*Array{
		"x":        {Shape: []int{2, 2}, Dtype: "|u1", U8: []uint8{1, 2, 3, 4}},
		"0.weight": {Shape: []int{1, 2}, Dtype: "<f4", F32: []float32{1, 2}},
		"a/b":      {Shape: []int{0}, Dtype: "<f8", F64: []float64{}},
	}
	require.NoError(t, WriteNPZ(path, want))
	got, err := ReadNPZ(path)
	require.NoError(t, err)
	require.Equal(t, want, got)
	got, err = ReadNPZ(path, "x")
	require.NoError(t, err)
	require.Equal(t, map[string]*Array{"x": want["x"]}, got)
	_, err = ReadNPZ(path, "x", "y")
	require.ErrorIs(t, err, ErrMissing)
	require.ErrorContains(t, err, `array "y"`)
	oneLine(t, err, path)

	first, err := os.ReadFile(path)
	require.NoError(t, err)
	var again bytes.Buffer
	require.NoError(t, EncodeNPZ(&again, want))
	require.Equal(t, first, again.Bytes(), "same arrays, same bytes")
	require.Zero(t, first[6]&8, "the local header holds the sizes")
}

func TestNPZHostile(t *testing.T) {
	array := string(buildNPY(npyText("|u1", "False", "(2,)"), 1, 2))
	zip10M := zipOf(t, zip.Deflate, "x.npy", string(buildNPY(npyText("|u1", "False", "(10000000,)"), zeros(1e7)...)))
	claim := bytes.LastIndex(zip10M, []byte("PK\x01\x02")) + 24 // where the directory holds the unpacked size
	copy(zip10M[claim:], "\x63\x00\x00\x00")
	good := zipOf(t, zip.Store, "x.npy", array)
	broken := bytes.Clone(good)
	broken[bytes.Index(broken, []byte(array))+len(array)-1]++
	same := func(*zip.FileHeader) {}
	for _, c := range []struct {
		what string
		file []byte
		want error
		says string
	}{
		{"empty file", nil, ErrMagic, "zip"},
		{"an NPY", []byte(array), ErrMagic, ""},
		{"cut short", good[:len(good)-10], ErrMagic, ""},
		{"another kind of entry", zipOf(t, zip.Store, "x.txt", array), ErrName, `"x.txt"`},
		{"the same name twice", zipOf(t, zip.Store, "x.npy", array, "x.npy", array), ErrDuplicate, `"x"`},
		{"an entry that is no array", zipOf(t, zip.Deflate, "x.npy", "hello, hello"), ErrMagic, `array "x"`},
		{"a wrong checksum", broken, ErrDamaged, "checksum"},
		{"a bomb", lyingZip(t, array, 1<<28+1, "x", same), ErrTooLarge, "more than 268435456 bytes"},
		{"many small bombs", lyingZip(t, array, 1<<27, "xyz", same), ErrTooLarge, `"z"`},
		{"a claim of 2^63 bytes", lyingZip(t, array, 1<<63, "x", same), ErrTooLarge, ""},
		{"a bomb that claims 99 bytes", zip10M, ErrTruncated, ""},
		{"shorter than it claims", lyingZip(t, array, uint64(len(array))+5, "x", same), ErrTrailing, ""},
		{"longer than it claims", lyingZip(t, array, uint64(len(array))-1, "x", same), ErrTruncated, ""},
		{"encrypted", lyingZip(t, array, uint64(len(array)), "x", func(h *zip.FileHeader) { h.Flags |= 1 }), ErrDamaged, "encrypted"},
		{"unknown compression", lyingZip(t, array, uint64(len(array)), "x", func(h *zip.FileHeader) { h.Method = 99 }), ErrDamaged, "unsupported"},
		{"deflate of nonsense", lyingZip(t, "\xff\xff\xff\xff", 90, "x", func(h *zip.FileHeader) { h.Method = zip.Deflate }), ErrDamaged, "flate"},
	} {
		t.Run(c.what, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.npz")
			require.NoError(t, os.WriteFile(path, c.file, 0o666))
			_, err := ReadNPZ(path)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
			oneLine(t, err, path)
		})
	}
}
