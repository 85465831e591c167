package nn

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// build makes a file of a header and data; the length field is the header's.
func build(header string, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

func decodeST(b []byte) ([]Named, map[string]string, error) {
	return DecodeSafetensors(bytes.NewReader(b), int64(len(b)))
}

func zeros(n int) []byte { return make([]byte, n) }

// f32 is a header's entry of n numbers at byte start.
func f32(name string, n, start int) string {
	return fmt.Sprintf(`%q:{"dtype":"F32","shape":[%d],"data_offsets":[%d,%d]}`, name, n, start, start+4*n)
}

func TestSafetensorsBytes(t *testing.T) {
	var b bytes.Buffer
	err := EncodeSafetensors(&b, []Named{
		{"b", []int{}, []float32{1}},
		{"a<", []int{2, 1}, []float32{-2, 0.5}},
		{"c", []int{0, 3}, nil},
	}, map[string]string{"seed": "1", "by": "é\"\n"})
	require.NoError(t, err)
	header := `{"__metadata__":{"by":"é\"\n","seed":"1"},` +
		`"a<":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},` +
		`"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},` +
		`"c":{"dtype":"F32","shape":[0,3],"data_offsets":[12,12]}}`
	for len(header)%8 != 0 {
		header += " "
	}
	require.Equal(t, build(header, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f, 0, 0, 0x80, 0x3f), b.Bytes())

	b.Reset()
	require.NoError(t, EncodeSafetensors(&b, nil, nil))
	require.Equal(t, build("{}      "), b.Bytes())
}

func TestSafetensorsRoundTrip(t *testing.T) {
	s := tensor.NewStream(1, "safetensors test")
	var want []Named
	for i, shape := range [][]int{{}, {3}, {0}, {5, 7}, {2, 3, 4, 5}, {70000}} {
		n, err := elementCount(shape, 4)
		require.NoError(t, err)
		data := make([]float32, n)
		tensor.FillNormal(s, data, 1)
		want = append(want, Named{fmt.Sprint(i), shape, data})
	}
	want[3].Data[0] = float32(math.Copysign(0, -1))
	meta := map[string]string{"version": "1"}
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, WriteSafetensors(path, want, meta))
	got, gotMeta, err := ReadSafetensors(path)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Equal(t, meta, gotMeta)
	require.True(t, math.Signbit(float64(got[3].Data[0])))

	again, err := ReadWeights(path)
	require.NoError(t, err)
	require.Equal(t, want, again)
}

func TestSafetensorsTypes(t *testing.T) {
	data := []byte{
		0x00, 0x3c, 0x00, 0xc0, // F16 1, -2
		0x80, 0x3f, 0x49, 0x40, // BF16 1, 3.140625
		0, 0, 0, 0, 0, 0, 0xe0, 0xbf, // F64 -0.5
		7, 0, 0, 0, 0, 0, 0, 0, // I64
	}
	// A header of odd length leaves the data unaligned; fields in any order,
	// unknown ones and space are passed over.
	header := ` {"h": {"shape":[2],"dtype":"F16","data_offsets":[0,4], "more":{"x":[1,{}]}},` +
		"\n\t" + `"bf":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},` +
		`"n.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[16,24]},` +
		`"d":{"dtype":"F64","shape":[1,1],"data_offsets":[8,16]}}`
	for _, pad := range []string{"", " ", "  \n"} {
		got, meta, err := decodeST(build(strings.TrimSpace(header)+pad, data...))
		require.NoError(t, err)
		require.Nil(t, meta)
		require.Equal(t, []Named{{"h", []int{2}, []float32{1, -2}}, {"bf", []int{2}, []float32{1, 3.140625}}, {"d", []int{1, 1}, []float32{-0.5}}}, got)
	}
}

func TestSafetensorsHostile(t *testing.T) {
	huge := binary.LittleEndian.AppendUint64(nil, math.MaxUint64)
	deep := strings.Repeat("[", 20000)
	for _, c := range []struct {
		what string
		file []byte
		want error
		says string
	}{
		{"empty file", nil, ErrTruncated, "expected 8 more"},
		{"seven bytes", zeros(7), ErrTruncated, "expected 1 more"},
		{"no header", zeros(8), ErrHeaderSize, "found 0"},
		{"header length of 2^64-1", append(huge, "{}"...), ErrHeaderSize, "expected 2 to 2"},
		{"header longer than the file", build("{}")[:9], ErrHeaderSize, ""},
		{"header past the cap", append(binary.LittleEndian.AppendUint64(nil, maxHeader+1), "{}"...), ErrHeaderSize, ""},
		{"starts with a space", build(" {}"), ErrHeader, "expected {"},
		{"an array", build("[]"), ErrHeader, "expected {"},
		{"not closed", build(`{"a":{"dtype":"F32"`), ErrHeader, "unexpected EOF"},
		{"not JSON", build(`{a:1}`), ErrHeader, "invalid character"},
		{"not UTF-8", build("{\"\xff\":1}"), ErrHeader, "UTF-8"},
		{"padded with NUL", build("{}\x00\x00"), ErrHeader, `"\x00\x00"`},
		{"two objects", build("{}{}"), ErrHeader, "after its end"},
		{"duplicate tensor", build("{" + f32("a", 0, 0) + "," + f32("a", 0, 0) + "}"), ErrDuplicate, `"a" twice`},
		{"duplicate behind an escape", build("{" + f32("a", 0, 0) + `,"\u0061":{}}`), ErrDuplicate, `"a" twice`},
		{"duplicate field", build(`{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}`), ErrDuplicate, `"dtype" twice`},
		{"duplicate metadata", build(`{"__metadata__":{"k":"1","k":"2"}}`), ErrDuplicate, `"k" twice`},
		{"two metadata", build(`{"__metadata__":{},"__metadata__":{}}`), ErrDuplicate, "__metadata__"},
		{"metadata of numbers", build(`{"__metadata__":{"k":1}}`), ErrHeader, "found 1, expected a string"},
		{"very long name", build(`{"` + strings.Repeat("n", 5000) + `":{}}`), ErrName, "(5000 bytes)"},
		{"no dtype", build(`{"a":{"shape":[0],"data_offsets":[0,0]}}`), ErrHeader, "expected dtype, shape and data_offsets"},
		{"unknown dtype", build(`{"a":{"dtype":"I32","shape":[0],"data_offsets":[0,0]}}`), ErrDtype, `found "I32", expected F32, F64, F16 or BF16`},
		{"integer weights", build(`{"a":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}`), ErrDtype, `"I64"`},
		{"dtype of no text", build(`{"a":{"dtype":"","shape":[0],"data_offsets":[0,0]}}`), ErrDtype, `""`},
		{"deep nesting in an unknown field", build(`{"a":{"x":` + deep + `}}`), ErrHeader, "depth"},
		{"negative dimension", build(`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}`), ErrHeader, "found -1"},
		{"fractional dimension", build(`{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,0]}}`), ErrHeader, "found 1.5"},
		{"dimension as text", build(`{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}`, 0, 0, 0, 0), ErrHeader, `found "1"`},
		{"too many dimensions", build(`{"a":{"dtype":"F32","shape":[1`+strings.Repeat(",1", 64)+`],"data_offsets":[0,4]}}`, 0, 0, 0, 0), ErrHeader, "more than 64"},
		{"product overflows to 0", build(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`), ErrShape, "4294967296"},
		{"bytes overflow to 0", build(`{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}`), ErrShape, ""},
		{"one offset", build(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[0]}}`), ErrHeader, "found 1 numbers"},
		{"offset past 2^63", build(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[18446744073709551615,18446744073709551615]}}`), ErrHeader, "2^63"},
		{"offsets backwards", build(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, zeros(4)...), ErrOffsets, "4 to 0"},
		{"fewer bytes than the shape", build(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, zeros(4)...), ErrOffsets, "expected 8 bytes for F32 [2]"},
		{"more bytes than the shape", build(`{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}`, zeros(4)...), ErrOffsets, ""},
		{"overlap", build("{"+f32("a", 2, 0)+","+f32("b", 2, 4)+"}", zeros(12)...), ErrOverlap, `"b"`},
		{"same bytes", build("{"+f32("a", 2, 0)+","+f32("b", 2, 0)+"}", zeros(8)...), ErrOverlap, `"b"`},
		{"hole at the start", build("{"+f32("a", 1, 4)+"}", zeros(8)...), ErrGap, "expected 0"},
		{"hole in the middle", build("{"+f32("a", 1, 0)+","+f32("b", 1, 8)+"}", zeros(12)...), ErrGap, `"b"`},
		{"data cut short", build("{"+f32("a", 2, 0)+"}", zeros(7)...), ErrTruncated, "found 7 bytes of data, expected 8"},
		{"no data", build("{" + f32("a", 1<<40, 0) + "}"), ErrTruncated, "found 0 bytes"},
		{"bytes after the end", build("{"+f32("a", 1, 0)+"}", zeros(5)...), ErrTrailing, "found 5 bytes of data, expected 4"},
		{"bytes and no tensor", build("{}", 0), ErrTrailing, ""},
		{"float64 past float32", build(`{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, 0, 0, 0, 0, 0, 0, 0xf0, 0x7e), ErrRange, "element 0"},
	} {
		t.Run(c.what, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.safetensors")
			require.NoError(t, os.WriteFile(path, c.file, 0o666))
			_, err := ReadWeights(path)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
			oneLine(t, err, path)
		})
	}
}

// oneLine holds an error against the house rule for messages.
func oneLine(t *testing.T, err error, path string) {
	t.Helper()
	text := err.Error()
	require.True(t, strings.HasPrefix(text, path+": "), text)
	require.NotContains(t, text, "\n")
	require.Less(t, len(text), len(path)+300, text)
}

func TestSafetensorsWriterRefuses(t *testing.T) {
	one := []float32{1}
	for _, c := range []struct {
		what string
		in   []Named
		meta map[string]string
		want error
	}{
		{"equal names", []Named{{"a", nil, one}, {"a", nil, one}}, nil, ErrDuplicate},
		{"data for another shape", []Named{{"a", []int{2}, one}}, nil, ErrShape},
		{"negative dimensions", []Named{{"a", []int{-1, -1}, one}}, nil, ErrShape},
		{"the name of the metadata", []Named{{"__metadata__", nil, one}}, nil, ErrName},
		{"a name that is not UTF-8", []Named{{"\xff", nil, one}}, nil, ErrName},
		{"metadata that are not UTF-8", nil, map[string]string{"k": "\xff"}, ErrName},
	} {
		require.ErrorIs(t, EncodeSafetensors(io.Discard, c.in, c.meta), c.want, c.what)
	}
}

func TestHalfFloats(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		sign, e, f := 1-2*float64(h>>15), int(h>>10&31), float64(h&0x3ff)
		got := float64(fromF16(h))
		switch {
		case e == 31 && f != 0:
			require.True(t, math.IsNaN(got), "%04x", h)
		case e == 31:
			require.Equal(t, sign*math.Inf(1), got)
		case e == 0:
			require.Equal(t, math.Float64bits(math.Copysign(math.Ldexp(f, -24), sign)), math.Float64bits(got), "%04x", h)
		default:
			require.Equal(t, sign*math.Ldexp(1024+f, e-25), got, "%04x", h)
		}
	}
}
