package nn

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// buildNPY makes a file of version 1.0 whose header is the text as it stands.
func buildNPY(text string, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(text)))
	return append(append(b, text...), data...)
}

func npyText(descr, fortran, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n", descr, fortran, shape)
}

func decodeNPY(b []byte) (*Array, error) { return DecodeNPY(bytes.NewReader(b), int64(len(b))) }

func TestNPYBytes(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, EncodeNPY(&b, &Array{Shape: []int{3}, F32: []float32{1, -2, 0.5}}))
	text := "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"
	text += strings.Repeat(" ", 128-10-1-len(text)) + "\n"
	require.Equal(t, buildNPY(text, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f), b.Bytes())
}

func TestNPYRoundTrip(t *testing.T) {
	for _, a := range []*Array{
		{Shape: []int{2, 2}, Dtype: "<f8", F64: []float64{1, math.Pi, -1e300, 5e-324}},
		{Shape: []int{0, 4}, Dtype: "<f4", F32: []float32{}},
		{Shape: []int{}, Dtype: "<i8", I64: []int64{math.MinInt64}},
		{Shape: []int{1, 3, 1}, Dtype: "|u1", U8: []uint8{0, 128, 255}},
		{Shape: []int{100000}, Dtype: "<i8", I64: make([]int64, 100000)},
	} {
		path := filepath.Join(t.TempDir(), "a.npy")
		require.NoError(t, WriteNPY(path, a))
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Zero(t, (info.Size()-int64(a.Len()*map[string]int{"<f8": 8, "<f4": 4, "<i8": 8, "|u1": 1}[a.Dtype]))%64, "aligned data")
		got, err := ReadNPY(path)
		require.NoError(t, err)
		require.Equal(t, a, got)
	}
}

func TestNPYTypesAndOrders(t *testing.T) {
	for _, c := range []struct {
		descr string
		data  []byte
		want  any
	}{
		{"<f8", []byte{0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, []float64{1}},
		{">f8", []byte{0x3f, 0xf0, 0, 0, 0, 0, 0, 0}, []float64{1}},
		{"<f4", []byte{0, 0, 0x80, 0x3f}, []float32{1}},
		{">f4", []byte{0x3f, 0x80, 0, 0}, []float32{1}},
		{"<f2", []byte{0, 0x3c}, []float32{1}},
		{">f2", []byte{0x3c, 0}, []float32{1}},
		{"|u1", []byte{200}, []uint8{200}},
		{"|i1", []byte{200}, []int64{-56}},
		{"<i2", []byte{1, 0x80}, []int64{-32767}},
		{">i2", []byte{0x80, 1}, []int64{-32767}},
		{"<u2", []byte{1, 0x80}, []int64{32769}},
		{">u2", []byte{0x80, 1}, []int64{32769}},
		{"<i4", []byte{0xfe, 0xff, 0xff, 0xff}, []int64{-2}},
		{">u4", []byte{0xff, 0xff, 0xff, 0xfe}, []int64{4294967294}},
		{"<i8", []byte{0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, []int64{-3}},
		{">u8", []byte{0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, []int64{math.MaxInt64}},
	} {
		a, err := decodeNPY(buildNPY(npyText(c.descr, "False", "()"), c.data...))
		require.NoError(t, err, c.descr)
		require.Equal(t, c.descr, a.Dtype)
		require.Equal(t, 1, a.Len())
		switch want := c.want.(type) {
		case []float64:
			require.Equal(t, want, a.F64)
			require.Equal(t, want, a.Float64s())
		case []float32:
			require.Equal(t, want, a.F32, c.descr)
			require.Equal(t, []float64{1}, a.Float64s())
		case []uint8:
			require.Equal(t, want, a.U8)
			require.Equal(t, []int64{200}, a.Ints())
		case []int64:
			require.Equal(t, want, a.I64, c.descr)
			require.Equal(t, want, a.Ints())
			require.Nil(t, a.Float64s())
		}
	}
}

func TestNPYVersionsAndSpellings(t *testing.T) {
	for _, text := range []string{
		npyText("|u1", "False", "(2, 1)"),
		`{"shape":(2,1),"fortran_order":False,"descr":"|u1"}`,
		"  { 'fortran_order' : False ,'shape' : ( 2L , 1L , ) , 'descr' : '|u1' } \n",
		npyText("|u1", "True", "(2, 1,)"),
	} {
		a, err := decodeNPY(buildNPY(text, 7, 8))
		require.NoError(t, err, text)
		require.Equal(t, &Array{Shape: []int{2, 1}, Dtype: "|u1", U8: []uint8{7, 8}}, a)
		for _, version := range []byte{2, 3} {
			b := binary.LittleEndian.AppendUint32([]byte{0x93, 'N', 'U', 'M', 'P', 'Y', version, 0}, uint32(len(text)))
			b = append(append(b, text...), 7, 8)
			a, err = decodeNPY(b)
			require.NoError(t, err)
			require.Equal(t, []uint8{7, 8}, a.U8)
		}
	}
}

func TestNPYFortranOrder(t *testing.T) {
	shape := []int{2, 3, 4}
	data := make([]byte, 24)
	want := make([]uint8, 24)
	for i := range 2 {
		for j := range 3 {
			for k := range 4 {
				v := byte(100*i + 10*j + k)
				data[i+2*(j+3*k)] = v
				want[(i*3+j)*4+k] = v
			}
		}
	}
	a, err := decodeNPY(buildNPY(npyText("|u1", "True", "(2, 3, 4)"), data...))
	require.NoError(t, err)
	require.Equal(t, shape, a.Shape)
	require.Equal(t, want, a.U8)
	a, err = decodeNPY(buildNPY(npyText("<f4", "True", "(0, 3)")))
	require.NoError(t, err)
	require.Equal(t, []float32{}, a.F32)
}

func TestNPYHostile(t *testing.T) {
	ok := npyText("|u1", "False", "(2,)")
	for _, c := range []struct {
		what string
		file []byte
		want error
		says string
	}{
		{"empty file", nil, ErrTruncated, "expected 8 more"},
		{"a zip", []byte("PK\x03\x04aaaaaaaa"), ErrMagic, `"PK`},
		{"version 4", []byte("\x93NUMPY\x04\x00\x00\x00\x00\x00"), ErrVersion, "NPY 4.0"},
		{"version 1.1", []byte("\x93NUMPY\x01\x01\x00\x00"), ErrVersion, "NPY 1.1"},
		{"no length", []byte("\x93NUMPY\x01\x00"), ErrTruncated, ""},
		{"header past the end", buildNPY(ok)[:30], ErrHeaderSize, "expected at most 20"},
		{"header of 4 GB", []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), ErrHeaderSize, "4294967295"},
		{"no header", buildNPY(""), ErrHeader, "found its end, expected {"},
		{"not a dictionary", buildNPY("[1]"), ErrHeader, "expected {"},
		{"text after it", buildNPY(strings.TrimSpace(ok)+"x", 1, 2), ErrHeader, `found "x" after`},
		{"a key is missing", buildNPY("{'descr': '|u1', 'shape': (1,)}", 1), ErrHeader, "expected descr, fortran_order and shape"},
		{"a key twice", buildNPY("{'descr': '|u1', 'descr': '|u1', 'shape': (1,)}", 1), ErrDuplicate, `"descr" twice`},
		{"an unknown key", buildNPY("{'evil': 1}", 1), ErrHeader, `"evil"`},
		{"an expression", buildNPY("{'descr': __import__('os')}"), ErrHeader, "a type in quotes"},
		{"an escape", buildNPY(`{'d\x65scr': '|u1'}`), ErrHeader, "a key in quotes"},
		{"a string without end", buildNPY(`{'descr': '|u1`), ErrHeader, ""},
		{"a dictionary without end", buildNPY(`{'descr': '|u1'`), ErrHeader, "found its end"},
		{"order as a number", buildNPY(npyText("|u1", "0", "(2,)"), 1, 2), ErrHeader, "expected False"},
		{"structured type", buildNPY("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"), ErrDtype, "structured"},
		{"objects", buildNPY(npyText("|O", "False", "(1,)"), zeros(8)...), ErrDtype, `"|O"`},
		{"booleans", buildNPY(npyText("|b1", "False", "(1,)"), 1), ErrDtype, `"|b1"`},
		{"complex", buildNPY(npyText("<c8", "False", "(1,)"), zeros(8)...), ErrDtype, "<c8"},
		{"no byte order", buildNPY(npyText("|f8", "False", "(1,)"), zeros(8)...), ErrDtype, "|f8"},
		{"shape as a number", buildNPY(npyText("|u1", "False", "(2)"), 1, 2), ErrHeader, "expected a comma"},
		{"negative dimension", buildNPY(npyText("|u1", "False", "(-2,)"), 1, 2), ErrHeader, "expected a dimension"},
		{"fraction", buildNPY(npyText("|u1", "False", "(2.0,)"), 1, 2), ErrHeader, ""},
		{"octal dimension", buildNPY(npyText("|u1", "False", "(02,)"), 1, 2), ErrShape, ""},
		{"dimension of 2^64", buildNPY(npyText("|u1", "False", "(18446744073709551616,)")), ErrShape, "18446744073709551616"},
		{"product overflows to 0", buildNPY(npyText("|u1", "False", "(4294967296, 4294967296)")), ErrShape, ""},
		{"65 dimensions", buildNPY(npyText("|u1", "False", "("+strings.Repeat("1,", 65)+")")), ErrShape, "64"},
		{"data cut short", buildNPY(ok, 1), ErrTruncated, "found 1 bytes of data, expected 2 for |u1 [2]"},
		{"a terabyte of nothing", buildNPY(npyText("<f8", "False", "(137438953472,)")), ErrTruncated, ""},
		{"bytes after the end", buildNPY(ok, 1, 2, 3), ErrTrailing, "found 3 bytes of data, expected 2"},
		{"u8 past int64", buildNPY(npyText("<u8", "False", "(2,)"), append(zeros(8), 0, 0, 0, 0, 0, 0, 0, 0x80)...), ErrRange, "element 1"},
	} {
		t.Run(c.what, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.npy")
			require.NoError(t, os.WriteFile(path, c.file, 0o666))
			_, err := ReadNPY(path)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
			oneLine(t, err, path)
		})
	}
	_, err := DecodeNPY(bytes.NewReader(buildNPY(ok, 1, 2, 3)), int64(len(buildNPY(ok, 1, 2))))
	require.ErrorIs(t, err, ErrTrailing, "a stream longer than its size")
}

func TestNPYWriterRefuses(t *testing.T) {
	require.ErrorIs(t, EncodeNPY(&bytes.Buffer{}, &Array{Shape: []int{2}, F64: []float64{1}}), ErrShape)
	require.ErrorIs(t, EncodeNPY(&bytes.Buffer{}, &Array{Shape: []int{2}, F64: []float64{1}, U8: []uint8{1}}), ErrDtype)
}

// python runs a script with NumPy, or skips the test where there is none.
func python(t *testing.T, dir, script string) string {
	t.Helper()
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import numpy").Run() != nil {
		t.Skip("no Python with NumPy here")
	}
	c := exec.Command(python, "-c", "import numpy as np\n"+script)
	c.Dir = dir
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

func TestNumPyReadsAndWritesTheSame(t *testing.T) {
	dir := t.TempDir()
	arrays := map[string]*Array{
		"f8": {Shape: []int{2, 3}, F64: []float64{1, 2, 3, 4, 5, math.Pi}},
		"f4": {Shape: []int{1, 2, 2}, F32: []float32{1, -2, 0.1, 4}},
		"u1": {Shape: []int{3}, U8: []uint8{0, 7, 255}},
		"i8": {Shape: []int{}, I64: []int64{-9}},
		"e":  {Shape: []int{0, 5}, F64: []float64{}},
	}
	require.NoError(t, WriteNPZ(filepath.Join(dir, "go.npz"), arrays))
	require.NoError(t, WriteNPY(filepath.Join(dir, "go.npy"), arrays["f8"]))
	out := python(t, dir, `
z = np.load("go.npz")
for n in z.files: print(n, z[n].dtype.str, z[n].shape, z[n].ravel().tolist())
print(np.array_equal(np.load("go.npy"), z["f8"]))
np.savez_compressed("py.npz", **{n: z[n] for n in z.files})
rng = np.random.default_rng(1)
for d in "<f2 >f2 <f4 >f4 <f8 >f8 |u1 |i1 <u2 >i2 <i4 >u4 <i8 >u8".split():
    a = (rng.standard_normal((3, 4, 5))*50).astype(d) if "f" in d or "i" in d else rng.integers(0, 200, (3, 4, 5)).astype(d)
    n = d.translate(str.maketrans("<>|", "lbn"))
    np.save(n + ".npy", a); np.save(n + "_f.npy", np.asfortranarray(a)); np.save(n + "_v.npy", a.astype("f8"))
with open("v3.npy", "wb") as f: np.lib.format.write_array(f, np.arange(6.0).reshape(2, 3), version=(3, 0))
`)
	require.Equal(t, `e <f8 (0, 5) []
f4 <f4 (1, 2, 2) [1.0, -2.0, 0.10000000149011612, 4.0]
f8 <f8 (2, 3) [1.0, 2.0, 3.0, 4.0, 5.0, 3.141592653589793]
i8 <i8 () [-9]
u1 |u1 (3,) [0, 7, 255]
True
`, out)
	back, err := ReadNPZ(filepath.Join(dir, "py.npz"))
	require.NoError(t, err)
	require.Len(t, back, len(arrays))
	for name, a := range arrays {
		back[name].Dtype = ""
		require.Equal(t, a, back[name], name)
	}
	for _, d := range strings.Fields("lf2 bf2 lf4 bf4 lf8 bf8 nu1 ni1 lu2 bi2 li4 bu4 li8 bu8") {
		want, err := ReadNPY(filepath.Join(dir, d+"_v.npy"))
		require.NoError(t, err)
		for _, order := range []string{"", "_f"} {
			a, err := ReadNPY(filepath.Join(dir, d+order+".npy"))
			require.NoError(t, err)
			got := a.Float64s()
			for _, x := range a.Ints() {
				got = append(got, float64(x))
			}
			require.Equal(t, want.Shape, a.Shape)
			require.Equal(t, want.F64, got, d+order)
		}
	}
	a, err := ReadNPY(filepath.Join(dir, "v3.npy"))
	require.NoError(t, err)
	require.Equal(t, []float64{0, 1, 2, 3, 4, 5}, a.F64)
}
