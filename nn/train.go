package nn

import (
	"context"
	"fmt"
	"math"

	"randalign/tensor"
)

// Data is a set of examples as the network sees them. It is read only.
type Data struct {
	X       []float32 // [N, In...]
	Labels  []int32   // [N]
	Size    int       // elements of an example
	Classes int
}

// N is the number of examples.
func (d *Data) N() int { return len(d.Labels) }

// Config says how a Trainer trains.
type Config struct {
	Epochs int
	Batch  int
	SGD    SGD
	// Seed gives the stream "shuffle/epoch/E" of each epoch.
	Seed uint64
	// Sequential keeps the order of the data; otherwise each epoch has its own.
	Sequential bool
	// TargetAccuracy ends the run after an epoch whose running training accuracy
	// (over the epoch's batches, each before its update) reaches it; 0 never.
	TargetAccuracy float64
	// TargetLoss ends the run after an epoch whose mean loss, measured likewise,
	// is no larger; 0 never.
	TargetLoss float64
	// Objective is what the training makes small; the zero value is cross-entropy.
	Objective Objective
}

// StepInfo is what a step shows.
type StepInfo struct {
	Step     int // from 1
	Epoch    int // from 1
	Loss     float64
	Rate     float64
	Examples int // in the batch
	Correct  int // right answers among them, before the update
	// EpochEnd says that this step was the last of its epoch; EpochAccuracy and
	// EpochLoss are then the share of right answers and the mean loss over the
	// epoch's batches.
	EpochEnd      bool
	EpochAccuracy float64
	EpochLoss     float64
}

// Trainer trains a float32 model, one step at a time. Everything that the next
// step depends on is the model, its momentum and the number of steps done, so a
// Trainer goes on from any step as if it had never stopped.
type Trainer struct {
	Model  *Model[float32]
	Config Config
	Train  *Data
	Pool   *tensor.Pool

	step    int
	order   []int
	ordered int // the epoch, from 1, that order belongs to
	gather  gatherJob
	right   int     // right answers in this epoch so far
	seen    int     // examples
	losses  float64 // their sum
	reached bool
}

// NewTrainer checks the configuration against the data and the model.
func NewTrainer(m *Model[float32], c Config, train *Data, p *tensor.Pool) (*Trainer, error) {
	switch {
	case train.N() == 0:
		return nil, fmt.Errorf("training set: no examples")
	case train.Size != m.In.Size():
		return nil, fmt.Errorf("training set: examples of %d values, the network expects %v", train.Size, m.In)
	case c.Epochs < 0:
		return nil, fmt.Errorf("epochs: found %d, expected 0 or more", c.Epochs)
	case c.Batch < 1:
		return nil, fmt.Errorf("batch: found %d, expected 1 or more", c.Batch)
	}
	if err := c.SGD.check(); err != nil {
		return nil, err
	}
	if err := c.Objective.check(); err != nil {
		return nil, err
	}
	if !(c.TargetLoss >= 0) {
		return nil, fmt.Errorf("target loss: found %v, expected 0 or more", c.TargetLoss)
	}
	for i, l := range train.Labels {
		if l < 0 || int(l) >= m.Classes {
			return nil, fmt.Errorf("training set: example %d has label %d, expected 0 to %d", i, l, m.Classes-1)
		}
	}
	b := min(c.Batch, train.N())
	m.Objective = c.Objective
	t := &Trainer{Model: m, Config: c, Train: train, Pool: p}
	t.gather = gatherJob{data: train, x: tensor.Make[float32](b * train.Size), labels: make([]int32, b)}
	return t, nil
}

// StepsPerEpoch counts the last, shorter batch of an epoch too.
func (t *Trainer) StepsPerEpoch() int { return (t.Train.N() + t.Config.Batch - 1) / t.Config.Batch }

// Total is the number of steps of the whole run.
func (t *Trainer) Total() int { return t.StepsPerEpoch() * t.Config.Epochs }

// Steps is the number of steps done.
func (t *Trainer) Steps() int { return t.step }

// Done reports whether the run is over.
func (t *Trainer) Done() bool { return t.step >= t.Total() || t.reached }

// shuffle sets the order of an epoch: a permutation drawn from that epoch's own stream.
func (t *Trainer) shuffle(epoch int) {
	if t.order == nil {
		t.order = make([]int, t.Train.N())
	}
	for i := range t.order {
		t.order[i] = i
	}
	if !t.Config.Sequential {
		tensor.NewStream(t.Config.Seed, fmt.Sprintf("shuffle/epoch/%d", epoch)).Shuffle(t.order)
	}
	t.ordered = epoch
}

// Step does one step. A loss that is NaN or Inf is an error, and the weights
// are then those before the step.
func (t *Trainer) Step() (StepInfo, error) {
	per := t.StepsPerEpoch()
	epoch, at := t.step/per+1, t.step%per*t.Config.Batch
	if t.ordered != epoch {
		t.shuffle(epoch)
	}
	if at == 0 {
		t.right, t.seen, t.losses = 0, 0, 0
	}
	batch := t.order[at:min(at+t.Config.Batch, len(t.order))]
	x, labels := t.examples(at, batch)
	rate := t.Config.SGD.Rate(t.step, t.Total())
	t.Model.At(t.Config.Seed, t.step)
	sum, correct := t.Model.Step(t.Pool, len(batch), x, labels, t.Config.SGD, rate)
	loss := sum / float64(len(batch))
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return StepInfo{}, fmt.Errorf("step %d (epoch %d): the loss is %v; the network diverged: lower the learning rate (now %v) or the init scale", t.step+1, epoch, loss, rate)
	}
	t.step++
	t.right += correct
	t.seen += len(batch)
	t.losses += sum
	info := StepInfo{Step: t.step, Epoch: epoch, Loss: loss, Rate: rate, Examples: len(batch), Correct: correct}
	if t.step%per == 0 {
		info.EpochEnd = true
		info.EpochAccuracy, info.EpochLoss = t.epochAccuracy(), t.losses/float64(t.seen)
		t.reached = t.reachedTarget()
	}
	return info, nil
}

// epochAccuracy is the share of right answers over the epoch's batches so far.
func (t *Trainer) epochAccuracy() float64 { return float64(t.right) / float64(max(t.seen, 1)) }

// reachedTarget says, at the end of an epoch, whether its accuracy or loss ends the run.
func (t *Trainer) reachedTarget() bool {
	return t.Config.TargetAccuracy > 0 && t.epochAccuracy() >= t.Config.TargetAccuracy ||
		t.Config.TargetLoss > 0 && t.losses/float64(max(t.seen, 1)) <= t.Config.TargetLoss
}

// examples returns a batch that begins at a place of the epoch's order. In the
// order of the data it is read where it stands.
func (t *Trainer) examples(at int, batch []int) (x []float32, labels []int32) {
	if t.Config.Sequential {
		return t.Train.X[at*t.Train.Size:][:len(batch)*t.Train.Size], t.Train.Labels[at:][:len(batch)]
	}
	g := &t.gather
	g.batch = batch
	t.Pool.Run((len(batch)+gatherTask-1)/gatherTask, g)
	return g.x, g.labels
}

// gatherTask examples are copied by one task.
const gatherTask = 16

// gatherJob copies the examples of a batch side by side.
type gatherJob struct {
	data   *Data
	batch  []int
	x      []float32
	labels []int32
}

// Do implements tensor.Job.
func (g *gatherJob) Do(_, task int) {
	size := g.data.Size
	for i := task * gatherTask; i < min((task+1)*gatherTask, len(g.batch)); i++ {
		e := g.batch[i]
		copy(g.x[i*size:][:size], g.data.X[e*size:])
		g.labels[i] = g.data.Labels[e]
	}
}

// Run steps until the run is over, ctx ends or seen returns an error; seen is
// called after every step. Weights that are no longer finite are an error.
func (t *Trainer) Run(ctx context.Context, seen func(StepInfo) error) error {
	for !t.Done() {
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := t.Step()
		if err != nil {
			return err
		}
		if seen != nil {
			if err := seen(info); err != nil {
				return err
			}
		}
	}
	return t.CheckWeights()
}

// CheckWeights returns an error that names the first tensor with NaN or Inf, nil
// if there is none.
func (t *Trainer) CheckWeights() error {
	for _, p := range t.Model.tensors {
		if !tensor.Finite(p.Value) {
			return fmt.Errorf("step %d: tensor %q holds NaN or Inf; the network diverged: lower the learning rate or the init scale", t.step, p.Name)
		}
	}
	return nil
}

// Evaluate returns the mean loss and the share of right answers on the data. It packs
// the weights for as long as it runs, unless the caller has done so (Prepack).
func Evaluate(m *Model[float32], p *tensor.Pool, d *Data, batch int) (loss, accuracy float64) {
	if !m.packed {
		m.Prepack(p)
		defer m.Unpack()
	}
	var right int
	for i := 0; i < d.N(); i += batch {
		n := min(batch, d.N()-i)
		logits := m.Forward(p, n, d.X[i*d.Size:])
		s, c := m.cross.run(p, m.Objective, logits, d.Labels[i:], n, m.Classes, nil)
		loss += s
		right += c
	}
	n := float64(max(d.N(), 1))
	return loss / n, float64(right) / n
}
