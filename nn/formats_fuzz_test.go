package nn

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a reader accepts must survive being written and read again.

func FuzzSafetensors(f *testing.F) {
	f.Add(build("{"+f32("a", 2, 0)+`,"__metadata__":{"k":"v"}}  `, 0, 0, 0x80, 0x3f, 0, 0, 0, 0))
	f.Add(build(`{"a":{"dtype":"BF16","shape":[1,1],"data_offsets":[0,2]},"b":{"dtype":"F64","shape":[],"data_offsets":[2,10]}}`, zeros(10)...))
	f.Add(build("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		tensors, meta, err := decodeST(b)
		if err != nil {
			return
		}
		var again bytes.Buffer
		require.NoError(t, EncodeSafetensors(&again, tensors, meta))
		require.Zero(t, again.Bytes()[0]%8)
		back, _, err := decodeST(again.Bytes())
		require.NoError(t, err)
		require.Equal(t, WeightsDigest(tensors), WeightsDigest(back))
	})
}

func FuzzNpy(f *testing.F) {
	f.Add(buildNPY(npyText("<f8", "True", "(1, 2)"), zeros(16)...))
	f.Add(buildNPY(npyText(">i2", "False", "()"), 1, 2))
	f.Add(buildNPY(npyText("|u1", "False", "(3,)"), 1, 2, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := decodeNPY(b)
		if err != nil {
			return
		}
		rewriteNPY(t, a)
	})
}

func rewriteNPY(t *testing.T, a *Array) {
	t.Helper()
	n, err := elementCount(a.Shape, 1)
	require.NoError(t, err)
	require.Equal(t, n, a.Len())
	var first, second bytes.Buffer
	require.NoError(t, EncodeNPY(&first, a))
	back, err := decodeNPY(first.Bytes())
	require.NoError(t, err)
	require.Equal(t, a.Shape, back.Shape)
	require.NoError(t, EncodeNPY(&second, back))
	require.Equal(t, first.Bytes(), second.Bytes())
}

func FuzzNpz(f *testing.F) {
	array := string(buildNPY(npyText("<f4", "False", "(2,)"), zeros(8)...))
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range []string{"x.npy", "y.npy"} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
			if err != nil {
				f.Fatal(err)
			}
			if _, err = w.Write([]byte(array)); err != nil {
				f.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		arrays, err := DecodeNPZ(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, a := range arrays {
			rewriteNPY(t, a)
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte(npyText("<f8", "True", "(1, 2)")))
	f.Add([]byte("{" + f32("a", 2, 0) + `,"__metadata__":{"k":"v"}}  `))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := parseNPYHeader(string(b)); err == nil {
			for _, d := range h.shape {
				require.GreaterOrEqual(t, d, 0)
			}
		}
		if len(b) == 0 {
			return
		}
		entries, _, err := parseSafetensorsHeader(b)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, e := range entries {
			require.False(t, seen[e.name])
			seen[e.name] = true
			require.GreaterOrEqual(t, e.start, int64(0))
			require.GreaterOrEqual(t, e.end, int64(0))
		}
	})
}
