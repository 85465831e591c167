package experiments

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"randalign/nn"
	"randalign/tensor"
)

// Verification is what repeating a run showed.
type Verification struct {
	Folder string `json:"folder"`
	Steps  int    `json:"steps"` // repeated
	Whole  bool   `json:"whole"` // they are the whole run
	// Losses and Digests count what was compared: the losses of logged steps, to
	// the last bit, and the SHA-256 of data, weights and files.
	Losses  int  `json:"losses"`
	Digests int  `json:"digests"`
	Same    bool `json:"same"`
	// Differences says what differs, in the order in which it was found.
	Differences []Difference `json:"differences"`
	// Recorded is what computed the run, Now what repeated it.
	Recorded Provenance `json:"recorded"`
	Now      Provenance `json:"now"`
}

// Difference is one number or digest that is not what the folder says.
type Difference struct {
	What  string `json:"what"`
	Found string `json:"found"`
	Want  string `json:"recorded"`
}

// maxDifferences end a verification: the rest follows from them.
const maxDifferences = 10

// Verifier repeats a run of `train`. NewVerifier reads the folder, Run repeats.
type Verifier struct {
	*Training
	Verification
	recorded trainFile
	result   *TrainResult // nil of an unfinished run
	losses   map[int]float64
	digests  map[int]string
}

// NewVerifier prepares to repeat the run in dir, or with steps > 0 its first
// steps. A folder without a run, and a whole repetition of an unfinished run,
// are errors.
func NewVerifier(dir string, steps int, from Provenance) (*Verifier, error) {
	v := &Verifier{Verification: Verification{Folder: dir, Now: from, Differences: []Difference{}}, losses: map[int]float64{}, digests: map[int]string{}}
	f, err := readTrainFile(filepath.Join(dir, configName))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: found no %s, expected the folder of a run of `train`", dir, configName)
		}
		return nil, err
	}
	v.recorded = *f
	v.Recorded = Provenance{Version: f.Version, Arithmetic: f.Arithmetic}
	var r TrainResult
	switch err = readJSON(filepath.Join(dir, resultName), &r); {
	case err == nil:
		v.result, v.Recorded = &r, r.Provenance
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case steps == 0:
		return nil, fmt.Errorf("%s: found no %s, expected a finished run; --steps N repeats the first N steps of any", dir, resultName)
	}
	if err = v.readLog(filepath.Join(dir, logName)); err != nil {
		return nil, err
	}
	if v.Training, err = NewTraining(f.TrainConfig, from); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, configName), err)
	}
	v.Steps = steps
	if v.result != nil && (steps == 0 || steps >= v.result.Steps) {
		v.Steps, v.Whole = v.result.Steps, true
	}
	return v, nil
}

// readLog notes the losses and digests that a log holds; a torn last line, and
// steps beyond a result's, do not count.
func (v *Verifier) readLog(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var line struct {
			Kind   string  `json:"kind"`
			Step   int     `json:"step"`
			Loss   float64 `json:"loss"`
			Digest string  `json:"weights_sha256"`
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			break
		}
		switch {
		case line.Kind == "step":
			v.losses[line.Step] = line.Loss
		case line.Digest != "":
			v.digests[line.Step] = line.Digest
		}
	}
	return lines.Err()
}

// differ notes a difference unless found is what was recorded.
func (v *Verifier) differ(what, found, recorded string) {
	if found != recorded {
		v.Differences = append(v.Differences, Difference{what, found, recorded})
	}
}

func (v *Verifier) digest(what, found, recorded string) {
	v.Digests++
	v.differ(what, found, recorded)
}

// Run repeats the steps on the pool and compares. It ends early where so much
// differs that the rest must. seen is told of the steps done.
func (v *Verifier) Run(ctx context.Context, p *tensor.Pool, seen func(done, total int)) (*Verification, error) {
	if err := v.Load(ctx, p); err != nil {
		return nil, err
	}
	v.differ("arithmetic version", fmt.Sprint(v.file.Arithmetic), fmt.Sprint(v.recorded.Arithmetic))
	v.digest("SHA-256 of the data", v.file.DataSHA256, v.recorded.DataSHA256)
	v.digest("SHA-256 of the weights before step 1", v.file.StartSHA256, v.recorded.StartSHA256)
	if v.recorded.Run != "" {
		v.digest("SHA-256 of the settings", v.file.Run, v.recorded.Run)
	}
	failure, err := v.steps(ctx, seen)
	if err != nil {
		return nil, err
	}
	if v.Whole && len(v.Differences) < maxDifferences {
		v.whole(failure)
	}
	v.Same = len(v.Differences) == 0
	return &v.Verification, nil
}

// steps repeats the steps; failure is what a step that cannot be done says.
func (v *Verifier) steps(ctx context.Context, seen func(done, total int)) (failure string, err error) {
	v.weightsAt(0)
	for i := 1; i <= v.Steps && len(v.Differences) < maxDifferences; i++ {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if v.trainer.Done() {
			v.Steps = v.trainer.Steps()
			return "", nil
		}
		info, err := v.trainer.Step()
		if err != nil {
			v.differ(fmt.Sprintf("step %d", i), err.Error(), "a finite loss")
			return err.Error(), nil
		}
		if loss, ok := v.losses[i]; ok {
			v.Losses++
			v.differ(fmt.Sprintf("loss of step %d", i), fmt.Sprint(info.Loss), fmt.Sprint(loss))
		}
		v.weightsAt(i)
		seen(i, v.Steps)
	}
	if v.Whole && v.result.Diverged != nil && v.trainer.CheckWeights() == nil && !v.trainer.Done() {
		if _, err := v.trainer.Step(); err != nil {
			failure = err.Error()
		}
	}
	return failure, nil
}

// weightsAt compares the weights after a step with the evaluation logged there.
func (v *Verifier) weightsAt(step int) {
	if digest, ok := v.digests[step]; ok {
		v.digest(fmt.Sprintf("SHA-256 of the weights after step %d", step), v.model.Digest(), digest)
	}
}

// whole compares the end of the run with its files.
func (v *Verifier) whole(failure string) {
	r := v.result
	if r.Diverged != nil && failure != "" {
		v.differ("how the run diverged", failure, *r.Diverged)
	}
	if r.WeightsSHA256 == "" {
		return
	}
	v.digest("SHA-256 of the final weights", v.model.Digest(), r.WeightsSHA256)
	found := "unreadable"
	if tensors, _, err := nn.ReadSafetensors(filepath.Join(v.Folder, WeightsName)); err == nil {
		found = nn.WeightsDigest(tensors)
	}
	v.digest("SHA-256 of "+WeightsName, found, r.WeightsSHA256)
}
