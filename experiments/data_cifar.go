package experiments

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// The CIFAR-10 binary format: a file is records without a header, a record one
// byte of label and the pixels of a 32x32 image, red plane first, row by row
// (https://www.cs.toronto.edu/~kriz/cifar.html).
const (
	cifarFolder  = "cifar-10-batches-bin"
	cifarClasses = 10
	cifarPixels  = 3 * 32 * 32
	cifarRecord  = 1 + cifarPixels
	cifarBatch   = 10000 // records in an official file
	cifarBatches = 5     // official training files
)

const cifarAdvice = "unpack the official cifar-10-binary.tar.gz (https://www.cs.toronto.edu/~kriz/cifar.html) there"

// cifarFile is one batch: its path and its number of records.
type cifarFile struct {
	path    string
	records int
}

// cifarSource is a folder of CIFAR binary batches. Only the records asked for
// are read, and nothing is kept open or held between calls.
type cifarSource struct {
	name        string
	train, test []cifarFile
	nTrain      int
	nTest       int
}

// openCIFAR looks at the batches in dir. official demands the files and sizes
// of CIFAR-10 itself; otherwise any data_batch_1.bin ... data_batch_N.bin
// beside a test_batch.bin will do.
func openCIFAR(name, dir string, official bool) (*cifarSource, error) {
	numbers, err := cifarBatchNumbers(dir)
	if err != nil {
		return nil, err
	}
	count := cifarBatches
	if !official {
		count = 0
		if len(numbers) > 0 {
			count = numbers[len(numbers)-1] // a hole in the numbers is a missing file
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "test_batch.bin")); len(numbers) == 0 && err != nil {
		return nil, dataErrorf(ErrNoData, "data %s: found no CIFAR batches (data_batch_1.bin, ..., test_batch.bin) in %s: %s",
			name, dir, cifarAdvice)
	}
	if count == 0 {
		return nil, dataErrorf(ErrFile, "data %s: found test_batch.bin but no training batches (data_batch_1.bin, ...) in %s", name, dir)
	}
	s := &cifarSource{name: name}
	for i := 1; i <= count; i++ {
		f, err := openCIFARFile(filepath.Join(dir, "data_batch_"+strconv.Itoa(i)+".bin"), official)
		if err != nil {
			return nil, err
		}
		s.train, s.nTrain = append(s.train, f), s.nTrain+f.records
	}
	f, err := openCIFARFile(filepath.Join(dir, "test_batch.bin"), official)
	if err != nil {
		return nil, err
	}
	s.test, s.nTest = []cifarFile{f}, f.records
	return s, nil
}

// cifarBatchNumbers returns the numbers of the data_batch_*.bin in dir, sorted.
// There may be at most 1000, so that a stray number cannot ask for more.
func cifarBatchNumbers(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, dataErrorf(ErrNoData, "data folder: %v", err)
	}
	var numbers []int
	for _, e := range entries {
		text, ok := strings.CutPrefix(e.Name(), "data_batch_")
		text, bin := strings.CutSuffix(text, ".bin")
		if !ok || !bin {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 || strconv.Itoa(n) != text {
			return nil, dataErrorf(ErrFile, "%s: found batch number %q, expected 1 to 1000", filepath.Join(dir, e.Name()), text)
		}
		numbers = append(numbers, n)
	}
	sort.Ints(numbers)
	return numbers, nil
}

func openCIFARFile(path string, official bool) (cifarFile, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return cifarFile{}, dataErrorf(ErrFile, "%s: file missing: %s", path, cifarAdvice)
	case err != nil:
		return cifarFile{}, dataErrorf(ErrFile, "%v", err)
	case !info.Mode().IsRegular():
		return cifarFile{}, dataErrorf(ErrFile, "%s: found something other than a regular file", path)
	}
	records, err := cifarRecords(path, info.Size(), official)
	return cifarFile{path, records}, err
}

// cifarRecords returns how many records a file of size bytes holds.
func cifarRecords(path string, size int64, official bool) (int, error) {
	if official && size != cifarBatch*cifarRecord {
		return 0, dataErrorf(ErrFile, "%s: found %d bytes, expected %d (%d records of %d): truncated or not CIFAR-10",
			path, size, cifarBatch*cifarRecord, cifarBatch, cifarRecord)
	}
	if size == 0 || size%cifarRecord != 0 {
		return 0, dataErrorf(ErrFile, "%s: found %d bytes, expected a positive multiple of %d (%d whole records and %d bytes: truncated?)",
			path, size, cifarRecord, size/cifarRecord, size%cifarRecord)
	}
	return int(size / cifarRecord), nil
}

func (s *cifarSource) Name() string  { return s.name }
func (s *cifarSource) Shape() [3]int { return [3]int{3, 32, 32} }
func (s *cifarSource) Classes() int  { return cifarClasses }

func (s *cifarSource) Len(split Split) int {
	if split == Test {
		return s.nTest
	}
	return s.nTrain
}

// Read reads the records asked for. A label above 9, a file that has gone or
// has become shorter is an error that names the file.
func (s *cifarSource) Read(ctx context.Context, split Split, index []int) (*Raw, error) {
	if err := checkIndex(s, split, index); err != nil {
		return nil, err
	}
	files := s.train
	if split == Test {
		files = s.test
	}
	open := make([]*os.File, len(files))
	defer func() {
		for _, f := range open {
			if f != nil {
				f.Close()
			}
		}
	}()
	raw := &Raw{U8: make([]uint8, len(index)*cifarPixels), Labels: make([]int32, len(index))}
	record := make([]byte, cifarRecord)
	for i, r := range index {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		k := 0
		for ; r >= files[k].records; k++ {
			r -= files[k].records
		}
		if open[k] == nil {
			f, err := os.Open(files[k].path)
			if err != nil {
				return nil, dataErrorf(ErrFile, "%v", err)
			}
			open[k] = f
		}
		label, err := readCIFARRecord(open[k], files[k].path, r, record, raw.U8[i*cifarPixels:][:cifarPixels])
		if err != nil {
			return nil, err
		}
		raw.Labels[i] = label
	}
	return raw, nil
}

// readCIFARRecord reads record r of the batch in f, called path, by way of
// buf (cifarRecord bytes) into pixels, [3, 32, 32].
func readCIFARRecord(f io.ReaderAt, path string, r int, buf, pixels []byte) (int32, error) {
	n, err := f.ReadAt(buf, int64(r)*cifarRecord)
	if n < cifarRecord {
		return 0, dataErrorf(ErrFile, "%s: record %d: found %d bytes, expected %d: %v", path, r, n, cifarRecord, err)
	}
	if buf[0] >= cifarClasses {
		return 0, dataErrorf(ErrFile, "%s: record %d: found label %d, expected 0..%d", path, r, buf[0], cifarClasses-1)
	}
	copy(pixels, buf[1:])
	return int32(buf[0]), nil
}
