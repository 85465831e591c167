package experiments

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// record is a CIFAR record whose pixels tell it from others.
func record(label byte, mark int) []byte {
	r := make([]byte, cifarRecord)
	r[0] = label
	for i := range cifarPixels {
		r[1+i] = byte(i*7 + mark)
	}
	return r
}

// writeBatches makes a folder of two training batches (3 and 2 records) and a
// test batch (2 records).
func writeBatches(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, labels := range map[string][]byte{"data_batch_1.bin": {5, 0, 9}, "data_batch_2.bin": {1, 2}, "test_batch.bin": {7, 8}} {
		var b []byte
		for _, y := range labels {
			b = append(b, record(y, int(y))...)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o644))
	}
	return dir
}

func TestCIFARFolder(t *testing.T) {
	dir := writeBatches(t)
	src, err := OpenSource(dir, "")
	require.NoError(t, err)
	require.Equal(t, dir, src.Name())
	require.Equal(t, [3]int{3, 32, 32}, src.Shape())
	require.Equal(t, 10, src.Classes())
	require.Equal(t, 5, src.Len(Train))
	require.Equal(t, 2, src.Len(Test))

	raw := mustRead(t, src, Train, []int{4, 0, 3, 2, 2})
	require.Equal(t, []int32{2, 5, 1, 9, 9}, raw.Labels)
	for i, y := range raw.Labels {
		require.Equal(t, record(0, int(y))[1:], raw.U8[i*cifarPixels:][:cifarPixels])
	}
	require.Equal(t, []int32{7, 8}, mustRead(t, src, Test, []int{0, 1}).Labels)
	_, err = src.Read(context.Background(), Train, []int{5})
	require.ErrorContains(t, err, "found train index 5, expected 0..4")

	// The folder that the official archive unpacks into is found as well.
	parent := t.TempDir()
	require.NoError(t, os.Rename(dir, filepath.Join(parent, cifarFolder)))
	src, err = OpenSource(parent, "")
	require.NoError(t, err)
	require.Equal(t, 5, src.Len(Train))
}

func TestBadCIFARFiles(t *testing.T) {
	write := func(name string, b []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o644))
		}
	}
	remove := func(names ...string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			for _, n := range names {
				require.NoError(t, os.Remove(filepath.Join(dir, n)))
			}
		}
	}
	for _, row := range []struct {
		what  string
		spoil func(*testing.T, string)
		kind  error
		text  []string
	}{
		{"truncated", write("data_batch_2.bin", make([]byte, 3073+100)), ErrFile, []string{"data_batch_2.bin", "found 3173 bytes", "multiple of 3073", "1 whole records and 100 bytes"}},
		{"empty", write("test_batch.bin", nil), ErrFile, []string{"test_batch.bin", "found 0 bytes"}},
		{"no test batch", remove("test_batch.bin"), ErrFile, []string{"test_batch.bin", "file missing", "unpack"}},
		{"hole in the numbers", write("data_batch_4.bin", record(0, 0)), ErrFile, []string{"data_batch_3.bin", "file missing"}},
		{"stray number", write("data_batch_007.bin", nil), ErrFile, []string{`found batch number "007"`}},
		{"test only", remove("data_batch_1.bin", "data_batch_2.bin"), ErrFile, []string{"found test_batch.bin but no training batches"}},
		{"nothing", remove("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"), ErrNoData, []string{"found no CIFAR batches", "unpack the official cifar-10-binary.tar.gz"}},
	} {
		dir := writeBatches(t)
		row.spoil(t, dir)
		_, err := OpenSource(dir, "")
		require.ErrorIs(t, err, row.kind, row.what)
		for _, want := range row.text {
			require.ErrorContains(t, err, want, row.what)
		}
		require.NotContains(t, err.Error(), "\n")
	}

	// A bad label shows when its record is read, and only then.
	dir := writeBatches(t)
	write("data_batch_2.bin", append(record(1, 0), record(10, 0)...))(t, dir)
	src, err := OpenSource(dir, "")
	require.NoError(t, err)
	_, err = src.Read(context.Background(), Train, []int{0, 3})
	require.NoError(t, err)
	_, err = src.Read(context.Background(), Train, []int{0, 4})
	require.ErrorIs(t, err, ErrFile)
	require.ErrorContains(t, err, "data_batch_2.bin: record 1: found label 10, expected 0..9")

	// A file that shrinks or goes after it was opened.
	write("data_batch_2.bin", record(1, 0)[:50])(t, dir)
	_, err = src.Read(context.Background(), Train, []int{3})
	require.ErrorContains(t, err, "data_batch_2.bin: record 0: found 50 bytes, expected 3073")
	remove("data_batch_2.bin")(t, dir)
	_, err = src.Read(context.Background(), Train, []int{3})
	require.ErrorIs(t, err, ErrFile)

	// By its official name, the files must have their official sizes.
	root := t.TempDir()
	require.NoError(t, os.Rename(dir, filepath.Join(root, cifarFolder)))
	_, err = OpenSource("cifar10", root)
	require.ErrorIs(t, err, ErrFile)
	require.ErrorContains(t, err, "data_batch_1.bin: found 9219 bytes, expected 30730000")
}

func TestRealCIFAR10(t *testing.T) {
	root := os.Getenv("RANDALIGN_DATA")
	if root == "" || !isDir(filepath.Join(root, cifarFolder)) {
		t.Skip("needs CIFAR-10 in RANDALIGN_DATA")
	}
	src, err := OpenSource("cifar10", "")
	require.NoError(t, err)
	// The published facts: A. Krizhevsky, 2009; means and deviations as in
	// every training recipe.
	for _, row := range []struct {
		split Split
		n     int
		first []int32
	}{
		{Train, 50000, []int32{6, 9, 9, 4, 1, 1, 2, 7, 8, 3}},
		{Test, 10000, []int32{3, 8, 8, 0, 6, 6, 1, 6, 3, 1}},
	} {
		require.Equal(t, row.n, src.Len(row.split))
		raw := mustRead(t, src, row.split, upTo(row.n))
		require.Equal(t, row.first, raw.Labels[:10])
		var count [10]int
		for _, y := range raw.Labels {
			count[y]++
		}
		for y, c := range count {
			require.Equal(t, row.n/10, c, "class %d", y)
		}
	}
	norm, err := MeasureNormalisation(context.Background(), src, "", upTo(50000))
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{0.49140, 0.48216, 0.44653}, norm.Mean, 1e-5)
	require.InDeltaSlice(t, []float64{0.24703, 0.24348, 0.26159}, norm.Std, 1e-5)
}

func FuzzCIFARRecord(f *testing.F) {
	f.Add(record(3, 1), 0)
	f.Add(append(record(3, 1), record(11, 2)...), 1)
	f.Add([]byte{1, 2, 3}, 0)
	f.Fuzz(func(t *testing.T, file []byte, r int) {
		records, err := cifarRecords("f.bin", int64(len(file)), false)
		require.Equal(t, len(file) > 0 && len(file)%3073 == 0, err == nil)
		if r < 0 || r > records { // one past the end must fail, not panic
			return
		}
		pixels := make([]byte, cifarPixels)
		label, err := readCIFARRecord(bytes.NewReader(file), "f.bin", r, make([]byte, cifarRecord), pixels)
		if err != nil {
			require.ErrorIs(t, err, ErrFile)
			return
		}
		require.Less(t, label, int32(10))
		require.Equal(t, file[r*3073], byte(label))
		require.Equal(t, file[r*3073+1:][:3072], pixels)
	})
}
