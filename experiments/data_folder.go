package experiments

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// What can be wrong with --data; every error of a source is one line of text
// and, under errors.Is, one of these.
var (
	ErrName   = errors.New("unknown data source")
	ErrSpec   = errors.New("bad data specification")
	ErrNoData = errors.New("no data found")
	ErrFile   = errors.New("bad data file")
)

// dataError is an error about a data set; kind is one of the sentinels.
type dataError struct {
	kind error
	text string
}

func (e *dataError) Error() string { return e.text }
func (e *dataError) Unwrap() error { return e.kind }

func dataErrorf(kind error, format string, args ...any) error {
	return &dataError{kind, fmt.Sprintf(format, args...)}
}

// DataDir returns the folder of the data sets: RANDALIGN_DATA if set, else
// "randalign" in the user's cache folder, else (no home) in the temporary one.
func DataDir() string {
	if dir := os.Getenv("RANDALIGN_DATA"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "randalign")
}

// OpenSource returns the data source that --data calls name: leaves,
// gaussian:SPEC, cifar10 (in dataDir, by default DataDir()), or the path of a
// folder of CIFAR binary batches. The names come first: ./cifar10 is a folder
// of that name. Nothing but the sizes of files is looked at yet. The errors
// are ErrName, ErrSpec, ErrNoData and ErrFile.
func OpenSource(name, dataDir string) (Source, error) {
	if dataDir == "" {
		dataDir = DataDir()
	}
	switch {
	case name == "leaves":
		return leavesSource{}, nil
	case name == "gaussian" || strings.HasPrefix(name, "gaussian:"):
		g, err := parseGaussian(name)
		if err != nil {
			return nil, err
		}
		return g, nil
	case name == "cifar10":
		return asSource(openCIFAR(name, filepath.Join(dataDir, cifarFolder), true))
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		dir := name
		if sub := filepath.Join(name, cifarFolder); isDir(sub) {
			dir = sub
		}
		return asSource(openCIFAR(name, dir, false))
	case err == nil:
		return nil, dataErrorf(ErrNoData, "data %s: found a file, expected a folder of CIFAR batches (data_batch_1.bin, ..., test_batch.bin)", name)
	case strings.ContainsAny(name, `/\`):
		return nil, dataErrorf(ErrNoData, "data %s: no such folder", name)
	}
	hint := ""
	if near := nearestName(name); near != "" {
		hint = "; did you mean \"" + near + "\"?"
	}
	return nil, dataErrorf(ErrName, "data %q: unknown, expected leaves, gaussian:SPEC, cifar10 or the path of a folder%s", name, hint)
}

// asSource keeps a nil pointer from becoming a Source that is not nil.
func asSource(s *cifarSource, err error) (Source, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// SourceInfo says of a data set by name whether it can be used here.
type SourceInfo struct {
	Name    string `json:"name"`
	Present bool   `json:"present"`
	// Where is "built in", the folder where the data are, or what is amiss.
	Where string `json:"where"`
}

// SourceNames lists the data sets that OpenSource knows by name, in a fixed
// order, and whether each is present in dataDir (by default DataDir()).
func SourceNames(dataDir string) []SourceInfo {
	if dataDir == "" {
		dataDir = DataDir()
	}
	cifar := SourceInfo{Name: "cifar10", Present: true, Where: filepath.Join(dataDir, cifarFolder)}
	if _, err := OpenSource("cifar10", dataDir); err != nil {
		cifar.Present, cifar.Where = false, err.Error()
	}
	return []SourceInfo{{"leaves", true, "built in"}, {"gaussian:SPEC", true, "built in"}, cifar}
}

// nearestName returns the known name that name was most likely meant to be, or "".
func nearestName(name string) string {
	word, _, _ := strings.Cut(name, ":")
	best := Nearest(word, []string{"leaves", "gaussian", "cifar10"})
	if best == "gaussian" {
		return "gaussian:SPEC"
	}
	return best
}
