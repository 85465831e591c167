package experiments

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"randalign/nn"
	"randalign/tensor"
)

// Start opens the folder: it writes config.json or, with resume, brings the
// training to the folder's newest checkpoint and cuts the log back to it.
// resumed is the step to go on from.
func (t *Training) Start(dir string, resume bool, note func(string)) (resumed int, err error) {
	path := filepath.Join(dir, configName)
	t.dir = dir
	if err = removeTorn(dir); err != nil {
		return 0, err
	}
	old, err := readTrainFile(path)
	if !resume || errors.Is(err, os.ErrNotExist) {
		return 0, writeJSON(path, &t.file)
	}
	if err != nil {
		return 0, err
	}
	if old.Run != t.file.Run {
		what := "the file of --init"
		switch {
		case old.Arithmetic != t.file.Arithmetic:
			what = fmt.Sprintf("the arithmetic (version %d then, %d now)", old.Arithmetic, t.file.Arithmetic)
		case old.DataSHA256 != t.file.DataSHA256:
			what = "the data"
		}
		return 0, fmt.Errorf("%s: cannot resume, since %s changed after this run began; choose another folder", path, what)
	}
	_, warnings, err := t.trainer.Resume(dir, t.file.Run)
	for _, w := range warnings {
		note(w)
	}
	return t.trainer.Steps(), err
}

// removeTorn deletes what a killed process left half-written beside the files of
// a run, of whom some may be large.
func removeTorn(dir string) error {
	for _, name := range []string{configName, logName, WeightsName, resultName, "checkpoint-*"} {
		list, _ := filepath.Glob(filepath.Join(globQuote(dir), "."+name+".????????.tmp"))
		for _, f := range list {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// trainRun is the state of Run.
type trainRun struct {
	*Training
	ctx   context.Context
	log   *bufio.Writer
	json  *json.Encoder
	last  evaluation // the newest one of this process
	at    int        // the step of the newest one in the log, -1 for none
	units []nn.Units // over the training set, at the newest one
	epoch int
}

// evaluation is what a look at the network shows. Losses are nil if not finite.
type evaluation struct {
	Kind          string   `json:"kind"`
	Step          int      `json:"step"`
	Epoch         int      `json:"epoch"`
	TrainLoss     *float64 `json:"train_loss"`
	TrainAccuracy float64  `json:"train_accuracy"`
	TestLoss      *float64 `json:"test_loss"`
	TestAccuracy  *float64 `json:"test_accuracy"`
	// WeightsSHA256 is the digest of the network's tensors, "" if they are not finite.
	WeightsSHA256 string `json:"weights_sha256"`
}

// stepLine is the log's line of a step.
type stepLine struct {
	Kind     string  `json:"kind"`
	Step     int     `json:"step"`
	Epoch    int     `json:"epoch"`
	Loss     float64 `json:"loss"`
	LR       float64 `json:"lr"`
	Examples float64 `json:"examples_per_s"`
}

// Run trains to the end and writes weights and result. seen is called after
// each step: examples done, of how many, and the loss. When ctx ends Run writes
// a checkpoint and returns the context's error. A network that diverged or died
// is no error: its result says so.
func (t *Training) Run(ctx context.Context, p *tensor.Pool, seen func(done, total int, loss float64)) (*TrainResult, error) {
	since, tr := stopwatch(), t.trainer
	t.pool, tr.Pool = p, p
	resumed := tr.Steps()
	path := filepath.Join(t.dir, logName)
	evaluated, err := cutLog(path, resumed)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &trainRun{Training: t, ctx: ctx, log: bufio.NewWriterSize(f, 1<<16), at: evaluated, epoch: resumed / tr.StepsPerEpoch()}
	r.json = json.NewEncoder(r.log)
	failure, err := r.steps(seen)
	if err == nil && (r.last.Kind == "" || r.last.Step != tr.Steps()) {
		err = r.evaluate()
	}
	if flushed := r.log.Flush(); err == nil {
		err = flushed
	}
	if synced := f.Sync(); err == nil {
		err = synced
	}
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			if saved := r.save(); saved != nil {
				return nil, fmt.Errorf("interrupted, and no checkpoint could be written: %w", saved)
			}
		}
		return nil, err
	}
	return r.finish(failure, resumed, since)
}

// failed is what ended a training that is over, though not at its goal.
type failed struct{ diverged, dead string }

// save writes a checkpoint. Weights that are not finite are not worth one: the
// next step will say that the network diverged, again after a resume.
func (r *trainRun) save() error {
	if r.trainer.CheckWeights() != nil {
		return nil
	}
	_, err := r.trainer.SaveCheckpoint(r.dir, r.file.Run)
	return err
}

// steps trains until the training is over.
func (r *trainRun) steps(show func(done, total int, loss float64)) (failed, error) {
	tr, c, n, per := r.trainer, &r.config, r.train.N(), r.trainer.StepsPerEpoch()
	if r.dueAt(tr.Steps()) && r.at != tr.Steps() {
		if err := r.evaluate(); err != nil {
			return failed{}, err
		}
	}
	if tr.Steps()%per == 0 {
		if dead := r.dead(); dead != "" {
			return failed{dead: dead}, nil
		}
	}
	since, seen := stopwatch(), 0
	for !tr.Done() {
		if err := r.ctx.Err(); err != nil {
			return failed{}, err
		}
		info, err := tr.Step()
		if err != nil {
			return failed{diverged: err.Error()}, nil
		}
		r.epoch = info.Epoch
		seen += info.Examples
		if info.Step%c.LogEvery == 0 || tr.Done() {
			rate := float64(seen) / max(since(), 1e-9)
			if err := r.json.Encode(stepLine{"step", info.Step, info.Epoch, info.Loss, info.Rate, rate}); err != nil {
				return failed{}, err
			}
			since, seen = stopwatch(), 0
		}
		show(info.Step/per*n+info.Step%per*c.Batch, n*c.Epochs, info.Loss)
		if r.dueAt(info.Step) {
			if err := r.evaluate(); err != nil {
				return failed{}, err
			}
			since, seen = stopwatch(), 0
		}
		if info.EpochEnd {
			if dead := r.dead(); dead != "" {
				return failed{dead: dead}, nil
			}
		}
		if c.CheckpointEvery > 0 && info.Step%c.CheckpointEvery == 0 && !tr.Done() {
			// The log first: it must never end before the checkpoint does.
			if err := r.log.Flush(); err != nil {
				return failed{}, err
			}
			if err := r.save(); err != nil {
				return failed{}, err
			}
		}
	}
	if err := tr.CheckWeights(); err != nil {
		return failed{diverged: err.Error()}, nil
	}
	return failed{}, nil
}

// dueAt says whether there is an evaluation after a step: at the start, at the
// end of every EvalEvery-th epoch and at the end of the training.
func (r *trainRun) dueAt(step int) bool {
	per := r.trainer.StepsPerEpoch()
	return step == r.trainer.Steps() && r.trainer.Done() || r.config.EvalEvery > 0 && step%(per*r.config.EvalEvery) == 0
}

// evaluate looks at the network and logs what it sees.
func (r *trainRun) evaluate() (err error) {
	e := evaluation{Kind: "eval", Step: r.trainer.Steps(), Epoch: r.epoch}
	var loss float64
	if r.units, loss, e.TrainAccuracy, err = r.answers(r.train); err != nil {
		return err
	}
	e.TrainLoss = finiteOrNil(loss)
	if r.test != nil {
		_, loss, accuracy, err := r.answers(r.test)
		if err != nil {
			return err
		}
		e.TestLoss, e.TestAccuracy = finiteOrNil(loss), &accuracy
	}
	if r.last = e; r.at == e.Step {
		return nil
	}
	r.at = e.Step
	if r.trainer.CheckWeights() == nil {
		e.WeightsSHA256 = r.model.Digest()
	}
	if err = r.json.Encode(e); err != nil {
		return err
	}
	return r.log.Flush()
}

// dead says why the network can learn no more, "" if it can. It is asked after
// every epoch, evaluated or not, so that watching reaches no weight. A few
// examples tell the living; the whole set is asked only about the others.
func (r *trainRun) dead() string {
	d := r.train
	if r.deadLayer(min(evalBatch, d.N())) < 0 {
		return ""
	}
	l := r.deadLayer(d.N())
	if l < 0 {
		return ""
	}
	return fmt.Sprintf("step %d: the network is dead: every unit of its ReLU layer (element %s of %s) is 0 for all %d training examples, so nothing before it can learn; lower the learning rate or choose another start",
		r.trainer.Steps(), r.model.LayerName(l), r.model.Arch, d.N())
}

// deadLayer returns the first ReLU layer that all must pass without a unit that
// is alive over the first n examples, -1 if there is none.
func (r *trainRun) deadLayer(n int) int {
	for _, u := range r.model.CountUnits(r.pool, n, r.train.X, evalBatch) {
		if u.Dead == u.Units && !r.model.Bypassed(u.Layer) {
			return u.Layer
		}
	}
	return -1
}

// answers is nn.Model.Inspect in blocks, so that it can be stopped.
func (r *trainRun) answers(d *nn.Data) (units []nn.Units, loss, accuracy float64, err error) {
	s := nn.NewInspection(r.model)
	for i := 0; i < d.N(); i += evalBatch {
		if err := r.ctx.Err(); err != nil {
			return nil, 0, 0, err
		}
		s.Add(r.pool, min(evalBatch, d.N()-i), d.X[i*d.Size:], d.Labels[i:])
	}
	units, loss, accuracy = s.Results()
	return units, loss, accuracy, nil
}

// finish writes the weights, then the result, then removes the checkpoints: a
// folder with a result is complete.
func (r *trainRun) finish(f failed, resumed int, since func() float64) (*TrainResult, error) {
	tr, m := r.trainer, r.model
	res := &TrainResult{
		TrainAccuracy: r.last.TrainAccuracy, TestAccuracy: r.last.TestAccuracy, Loss: r.last.TrainLoss,
		Steps: tr.Steps(), Epochs: r.epoch, Examples: r.train.N(), TestExamples: r.file.TestExamples,
		Units: []Units{}, ReachedTarget: tr.Done() && tr.Steps() < tr.Total(), ResumedAt: resumed, Run: r.file.Run, Provenance: r.from,
	}
	if f.diverged != "" {
		res.Diverged = &f.diverged
	}
	if f.dead != "" {
		res.Dead = &f.dead
	}
	for _, u := range r.units {
		if finiteOrNil(u.Mean) == nil {
			u.Mean = 0 // of a network that diverged
		}
		res.Units = append(res.Units, Units(u))
	}
	weights := m.Weights()
	if nn.CheckFinite(weights, WeightsName) == nil {
		res.WeightsSHA256 = nn.WeightsDigest(weights)
		err := nn.WriteSafetensors(filepath.Join(r.dir, WeightsName), weights, r.metadata())
		if err != nil {
			return nil, err
		}
	}
	res.Seconds = since()
	if err := writeJSON(filepath.Join(r.dir, resultName), res); err != nil {
		return nil, err
	}
	return res, nn.RemoveCheckpoints(r.dir)
}

// metadata says where weights come from.
func (t *Training) metadata() map[string]string {
	return map[string]string{
		"arch": t.model.Spec, "seed": strconv.FormatUint(t.config.Seed, 10), "data": t.source.Name(), "config": t.file.Run,
		"version": t.from.Version, "arithmetic": strconv.Itoa(t.from.Arithmetic),
	}
}
