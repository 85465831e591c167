package experiments

import (
	"fmt"
	"strings"
)

// Experiment is one question of the study.
type Experiment struct {
	Name     string
	Title    string
	Question string
	run      func(e *Env, r *Record) error
}

// registry holds the experiments in the order of the study.
var registry = []Experiment{
	{"fig1", "Eigenvectors of data and weights", "Are the eigenvectors of the first layer's weights, after training on random labels, those of the data's patches?", runFig1},
	{"fig2", "Eigenvalue mappings", "How does the deviation of the weights along an eigenvector depend on that of the data?", runFig2},
	{"fig3", "Starting again from the covariance", "Is a first layer drawn from the covariance of pre-trained filters as good a start as the filters themselves, and better than a fresh one?", runFig3},
	{"fig4", "Mappings chosen by hand", "Which eigenvalue mappings make a good start without any pre-training?", runFig4},
	{"fig5", "Layer by layer", "Does starting more layers by the eigenvalue mapping make training faster?", runFig5},
	{"misalignment", "Misalignment during training", "Do the weights stay aligned with the data while they move away from their start?", runMisalignment},
	{"units", "Inactive units", "How many ReLU units are dead after pre-training on random labels, on the first task's inputs and on the second's?", runUnits},
}

// Names lists the experiments in the order of the study.
func Names() []string {
	var names []string
	for _, x := range registry {
		names = append(names, x.Name)
	}
	return names
}

// Find returns the experiment of that name.
func Find(name string) (Experiment, error) {
	for _, x := range registry {
		if x.Name == name {
			return x, nil
		}
	}
	return Experiment{}, fmt.Errorf("experiment: found %q, expected one of %s", name, strings.Join(Names(), ", "))
}

// config is what identifies a result.
type config struct {
	Data   string `json:"data"`
	Seed   uint64 `json:"seed"`
	Preset Preset `json:"preset"`
}

// Run runs the experiment, or returns its result where the results folder has
// it already.
func (x Experiment) Run(e *Env) (*Result, error) {
	rec, done, err := StartRecord(e.Out, x.Name, config{e.Source.Name(), e.Seed, e.Preset}, e.From)
	if err != nil || done != nil {
		return done, err
	}
	rec.Title, rec.Question, rec.Seeds = x.Title, x.Question, e.seeds()
	since := stopwatch()
	rec.Set("data", e.Source.Name())
	rec.Set("preset", e.Preset.Name)
	if err := x.run(e, rec); err != nil {
		return nil, fmt.Errorf("%s: %w", x.Name, err)
	}
	return rec.Finish(since())
}
