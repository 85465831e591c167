package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"randalign/nn"
)

// runsFolder, in the results folder, holds finished trainings by the digest of
// their spec, so that a study that was interrupted, or another experiment that
// needs the same training, does not train it again.
const runsFolder = ".runs"

// specKey is the digest of a spec: equal specs give equal runs.
func specKey(spec any) string {
	b, err := json.Marshal(spec)
	if err != nil {
		panic(err) // a struct of plain values
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:12])
}

// loadRun reads what was stored under key; nil if there is nothing. A damaged
// file counts as nothing.
func loadRun[R any](e *Env, key string) (*R, error) {
	b, err := os.ReadFile(filepath.Join(e.Out, runsFolder, key+".gob"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r := new(R)
	if len(b) < sha256.Size || sha256.Sum256(b[sha256.Size:]) != [sha256.Size]byte(b[:sha256.Size]) {
		return nil, nil
	}
	if err := gob.NewDecoder(bytes.NewReader(b[sha256.Size:])).Decode(r); err != nil {
		return nil, nil
	}
	return r, nil
}

// storeRun writes r under key: a SHA-256, then r in gob's encoding, which keeps
// every bit of a float.
func storeRun[R any](e *Env, key string, r *R) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(r); err != nil {
		return err
	}
	dir := filepath.Join(e.Out, runsFolder)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	return nn.WriteFileAtomic(filepath.Join(dir, key+".gob"), func(w io.Writer) error {
		if _, err := w.Write(sum[:]); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	})
}

// cached returns what was stored for spec, or makes and stores it.
func cached[R any](e *Env, spec any, train func() (*R, error)) (*R, error) {
	key := specKey(spec)
	if r, err := loadRun[R](e, key); r != nil || err != nil {
		return r, err
	}
	r, err := train()
	if err != nil {
		return nil, err
	}
	return r, storeRun(e, key, r)
}
