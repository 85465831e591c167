package experiments

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"randalign/nn"
)

// The files of a training's folder; checkpoints stand beside them until it ends.
const (
	configName  = "config.json"
	logName     = "log.jsonl"
	WeightsName = "weights.safetensors"
	resultName  = "result.json"
)

// TrainResult is result.json.
type TrainResult struct {
	// WeightsSHA256 is empty, and there is no file of weights, if these are not finite.
	WeightsSHA256 string   `json:"weights_sha256"`
	TrainAccuracy float64  `json:"train_accuracy"`
	TestAccuracy  *float64 `json:"test_accuracy"` // null if no test set has these classes
	Loss          *float64 `json:"loss"`          // mean over the training set; null if not finite
	Steps         int      `json:"steps"`
	Epochs        int      `json:"epochs"` // begun
	Examples      int      `json:"examples"`
	TestExamples  int      `json:"test_examples"`
	ReachedTarget bool     `json:"reached_target"`
	Diverged      *string  `json:"diverged"` // what happened, null if it did not
	Dead          *string  `json:"dead"`
	Units         []Units  `json:"units"` // of each ReLU layer, over the training set
	// Seconds is the time since step ResumedAt, evaluations and checkpoints included.
	Seconds   float64 `json:"seconds"`
	ResumedAt int     `json:"resumed_at"`
	Run       string  `json:"run"` // as in config.json
	Provenance
}

// Units is nn.Units as JSON.
type Units struct {
	Layer  int     `json:"layer"`
	Units  int     `json:"units"`
	Dead   int     `json:"dead"`
	Active float64 `json:"active"` // share of the outputs above 0
	Mean   float64 `json:"mean"`   // output
}

// Failure returns what made the training fail, nil if it did not.
func (r *TrainResult) Failure() error {
	for _, text := range []*string{r.Diverged, r.Dead} {
		if text != nil {
			return errors.New(*text)
		}
	}
	return nil
}

// CheckFolder says whether the training can go to dir. A folder that holds a run
// is refused, unless resume is set and the settings are the same; where that
// run is finished its result is returned.
func (t *Training) CheckFolder(dir string, resume bool) (*TrainResult, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s: found a file, expected a folder to write a run in", dir)
	}
	found := ""
	for _, name := range []string{resultName, configName, WeightsName, logName, "checkpoint-*.safetensors"} {
		if list, _ := filepath.Glob(filepath.Join(globQuote(dir), name)); len(list) > 0 && found == "" {
			found = filepath.Base(list[0])
		}
	}
	switch {
	case found == "":
		return nil, nil
	case !resume && found == resultName:
		return nil, fmt.Errorf("%s: holds a finished run (%s); choose another folder, or add --resume to see its result again", dir, found)
	case !resume:
		return nil, fmt.Errorf("%s: holds a run (%s); choose another folder, or add --resume to go on with it", dir, found)
	}
	path := filepath.Join(dir, configName)
	f, err := readTrainFile(path)
	if err != nil {
		return nil, fmt.Errorf("nothing to resume: %w", err)
	}
	if name, mine, others := t.config.differs(&f.TrainSettings); name != "" {
		return nil, fmt.Errorf("%s: field %q: found %s, expected %s as on this command line; another run needs another folder", path, name, others, mine)
	}
	if found != resultName {
		return nil, nil
	}
	var r TrainResult
	return &r, readJSON(filepath.Join(dir, resultName), &r)
}

// globQuote keeps the folder's own characters from being a pattern.
func globQuote(dir string) string {
	var b bytes.Buffer
	for _, r := range dir {
		if r == '*' || r == '?' || r == '[' {
			b.WriteString("[" + string(r) + "]")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func readTrainFile(path string) (*trainFile, error) {
	f := new(trainFile)
	return f, readJSON(path, f)
}

func readJSON(path string, v any) error {
	b, err := readCapped(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: not the JSON expected there: %w", path, err)
	}
	return nil
}

// writeJSON writes v, indented, by way of nn.WriteFileAtomic.
func writeJSON(path string, v any) error {
	b, err := encodeJSON(v)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writeBytes(path, b)
}

// cutLog takes away what the log holds beyond a step, and from the first line
// on that is torn. It returns the step of the last evaluation left, -1 for none.
func cutLog(path string, step int) (evaluated int, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, writeBytes(path, nil)
	}
	if err != nil {
		return -1, err
	}
	defer f.Close()
	evaluated = -1
	err = nn.WriteFileAtomic(path, func(w io.Writer) error {
		r := bufio.NewReader(f)
		for {
			line, err := r.ReadBytes('\n')
			if err == io.EOF {
				return nil // a line without its end is torn, too
			}
			if err != nil {
				return err
			}
			var at struct {
				Kind string `json:"kind"`
				Step int    `json:"step"`
			}
			if json.Unmarshal(line, &at) != nil || at.Step > step {
				return nil
			}
			if at.Kind == "eval" {
				evaluated = at.Step
			}
			if _, err := w.Write(line); err != nil {
				return err
			}
		}
	})
	return evaluated, err
}
