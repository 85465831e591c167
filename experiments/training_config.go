package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"randalign/nn"
)

// TrainSettings is what the weights of one training follow from.
type TrainSettings struct {
	Data string `json:"data"`
	// Split is a range [start, end) of the source's training set in its own
	// order; the end 0 stands for the last.
	Split     [2]int `json:"split"`
	Limit     int    `json:"limit"` // of the split, after a seeded shuffle; 0: all, in the source's order
	Normalize string `json:"normalize"`
	Labels    string `json:"labels"` // real, random or random:CLASSES
	Arch      string `json:"arch"`
	Loss      string `json:"loss"` // cross-entropy or mse
	// Init is as startForms says.
	Init           string  `json:"init"`
	InitScale      float64 `json:"init_scale"`
	InitLayers     int     `json:"init_layers"` // 0: all
	Rescale        bool    `json:"rescale"`
	Epochs         int     `json:"epochs"`
	Batch          int     `json:"batch"`
	Order          string  `json:"order"` // shuffle or sequential
	LR             float64 `json:"lr"`
	Momentum       float64 `json:"momentum"`
	LRSteps        int     `json:"lr_steps"`
	LRGamma        float64 `json:"lr_gamma"`
	LRSchedule     string  `json:"lr_schedule"` // step or cosine
	WeightDecay    float64 `json:"weight_decay"`
	Decay          string  `json:"decay"`           // all or weights: what weight decay applies to
	TargetAccuracy float64 `json:"target_accuracy"` // 0: none
	TargetLoss     float64 `json:"target_loss"`     // 0: none
	Seed           uint64  `json:"seed"`
}

// TrainConfig is a training with how it is watched, which reaches no weight.
type TrainConfig struct {
	TrainSettings
	TestLimit       int `json:"test_limit"`       // 0: the whole test split
	EvalEvery       int `json:"eval_every"`       // epochs; 0: at the end only
	LogEvery        int `json:"log_every"`        // steps
	CheckpointEvery int `json:"checkpoint_every"` // steps; 0: only when interrupted
}

// DefaultTraining returns the defaults of `train`.
func DefaultTraining() TrainConfig {
	return TrainConfig{
		TrainSettings: TrainSettings{
			Data: "leaves", Labels: "real", Arch: "simple-cnn", Loss: string(nn.ObjectiveCrossEntropy), Init: "he", InitScale: 1,
			Epochs: 40, Batch: 256, Order: "shuffle", LR: 0.01, Momentum: 0.9, LRGamma: 0.3333, LRSchedule: "step", Decay: "all", Seed: 1,
		},
		TestLimit: 2000, EvalEvery: 1, LogEvery: 1,
	}
}

// The longest training, so that steps can be counted on any machine.
const (
	maxEpochs = 1 << 24
	maxLabels = 1 << 16
)

// check looks at what can be judged without data.
func (c *TrainConfig) check() error {
	for _, f := range []struct {
		name      string
		v         int
		low, high int
	}{
		{"epochs", c.Epochs, 0, maxEpochs}, {"batch", c.Batch, 1, math.MaxInt32}, {"lr-steps", c.LRSteps, 0, maxEpochs}, {"limit", c.Limit, 0, math.MaxInt},
		{"test-limit", c.TestLimit, 0, math.MaxInt}, {"eval-every", c.EvalEvery, 0, math.MaxInt}, {"log-every", c.LogEvery, 1, math.MaxInt}, {"checkpoint-every", c.CheckpointEvery, 0, math.MaxInt},
	} {
		if f.v < f.low || f.v > f.high {
			return fmt.Errorf("%s: found %d, expected %d to %d", f.name, f.v, f.low, f.high)
		}
	}
	if !(c.TargetAccuracy >= 0 && c.TargetAccuracy <= 1) {
		return fmt.Errorf("target-accuracy: found %v, expected 0 to 1", c.TargetAccuracy)
	}
	if !(c.InitScale > 0 && c.InitScale <= 1e6) {
		return fmt.Errorf("init-scale: found %v, expected a positive number up to 1e6", c.InitScale)
	}
	if !(c.TargetLoss >= 0 && c.TargetLoss <= math.MaxFloat64) {
		return fmt.Errorf("target-loss: found %v, expected 0 or more", c.TargetLoss)
	}
	for _, f := range []struct{ name, v, one, other string }{
		{"order", c.Order, "shuffle", "sequential"}, {"lr-schedule", c.LRSchedule, "step", "cosine"}, {"decay", c.Decay, "all", "weights"},
		{"loss", c.Loss, string(nn.ObjectiveCrossEntropy), string(nn.ObjectiveSquaredError)},
	} {
		if f.v != f.one && f.v != f.other {
			return fmt.Errorf("%s: found %q, expected %s or %s", f.name, f.v, f.one, f.other)
		}
	}
	if c.LRSchedule == "cosine" && c.LRSteps > 0 {
		return fmt.Errorf("lr-steps: found %d with --lr-schedule cosine, expected 0", c.LRSteps)
	}
	start, err := parseStart(c.Init)
	if err != nil {
		return err
	}
	switch {
	case c.Rescale && start.kind != "file" && start.kind != "covariance":
		return fmt.Errorf("rescale: found it with --init %s, expected covariance:FILE or a file, whose tensors it brings to the norms of a fresh start", c.Init)
	case c.InitLayers < 0:
		return fmt.Errorf("init-layers: found %d, expected 0 (all) or more", c.InitLayers)
	case c.InitLayers > 1 && start.kind == "covariance":
		return fmt.Errorf("init-layers: found %d, but covariance:FILE starts the first layer only", c.InitLayers)
	case c.InitLayers > 0 && c.Init == "he":
		return fmt.Errorf("init-layers: found it with --init he, which the other layers start from, too; expected another start")
	}
	_, err = c.randomLabels(2)
	return err
}

// randomLabels returns the number of random classes, 0 for real labels; real is
// the number of the source's.
func (c *TrainConfig) randomLabels(real int) (int, error) {
	if c.Labels == "real" {
		return 0, nil
	}
	word, number, given := strings.Cut(c.Labels, ":")
	if word == "random" && !given {
		return real, nil
	}
	n, err := strconv.Atoi(number)
	if word != "random" || err != nil || n < 2 || n > maxLabels {
		return 0, fmt.Errorf("labels: found %q, expected real, random or random:CLASSES with 2 to %d classes", c.Labels, maxLabels)
	}
	return n, nil
}

// start is a parsed Init.
type start struct {
	kind string // fresh, lsuv, whiten, kmeans, covariance, eigenmap or file
	file string // of covariance and file
	rule nn.Mapping
	eps  float64 // of whiten
}

// fromData tells whether the start looks at the training examples.
func (s start) fromData() bool {
	return s.kind == "lsuv" || s.kind == "whiten" || s.kind == "kmeans" || s.kind == "eigenmap"
}

// DefaultMap is the eigenvalue mapping of an eigenmap start that names none.
const DefaultMap = "unimodal"

// whitenEps is the default of whiten, as in the work that it is from.
const whitenEps = 5e-4

// StartForms says what Init may be.
func StartForms() string {
	return strings.Join(nn.InitializerNames(), ", ") + ", lsuv, whiten[:EPS], kmeans, covariance:FILE, eigenmap[:FAMILY] or a .safetensors or .npz file"
}

func parseStart(text string) (start, error) {
	word, rest, given := strings.Cut(text, ":")
	if !given && nn.NamedInitializer(word, 1) != nil {
		return start{kind: "fresh"}, nil
	}
	switch word {
	case "lsuv", "kmeans":
		if !given {
			return start{kind: word}, nil
		}
	case "whiten":
		s := start{kind: word, eps: whitenEps}
		if given {
			var err error
			if s.eps, err = strconv.ParseFloat(strings.TrimPrefix(rest, "eps="), 64); err != nil || !(s.eps > 0 && s.eps <= 1e6) {
				return start{}, fmt.Errorf("init: found %q, expected whiten or whiten:EPS with a positive number", text)
			}
		}
		return s, nil
	case "covariance":
		if rest != "" {
			return start{kind: word, file: rest}, nil
		}
		return start{}, fmt.Errorf("init: found %q without a file, expected covariance:FILE", text)
	case "eigenmap":
		if !given {
			rest = DefaultMap
		}
		rule, err := nn.ParseMapping(rest)
		if err != nil {
			return start{}, fmt.Errorf("init: %w", err)
		}
		return start{kind: word, rule: rule}, nil
	}
	if slices.Contains([]string{".safetensors", ".npz"}, strings.ToLower(filepath.Ext(text))) {
		return start{kind: "file", file: text}, nil
	}
	return start{}, fmt.Errorf("init: found %q, expected %s", text, StartForms())
}

// trainFile is config.json: the flags and what they came to with these data.
type trainFile struct {
	TrainConfig
	Spec          string        `json:"spec"`
	Shape         [3]int        `json:"shape"`
	Classes       int           `json:"classes"`
	Examples      int           `json:"examples"`
	TestExamples  int           `json:"test_examples"`
	Normalisation Normalisation `json:"normalisation"`
	// DataSHA256 is the digest of the normalised examples and their labels,
	// StartSHA256 that of the weights before the first step.
	DataSHA256  string `json:"data_sha256"`
	StartSHA256 string `json:"start_sha256"`
	Arithmetic  int    `json:"arithmetic"`
	// Run is the digest of all that the weights follow from.
	Run     string `json:"run"`
	Version string `json:"version"`
}

// digest sets Run.
func (f *trainFile) digest() error {
	b, err := encodeJSON(struct {
		TrainSettings
		Data, Start string
		Arithmetic  int
	}{f.TrainSettings, f.DataSHA256, f.StartSHA256, f.Arithmetic})
	sum := sha256.Sum256(b)
	f.Run = hex.EncodeToString(sum[:])
	return err
}

// differs names a setting in which two trainings differ, with both values; ""
// if there is none.
func (c *TrainSettings) differs(other *TrainSettings) (field, mine, others string) {
	a, b := c.fields(), other.fields()
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !bytes.Equal(a[name], b[name]) {
			return name, string(a[name]), string(b[name])
		}
	}
	return "", "", ""
}

func (c *TrainSettings) fields() map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	b, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		panic(err) // a struct of plain values
	}
	return m
}
