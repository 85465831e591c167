package nn

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const momentumSuffix = ".momentum"

// checkpointKeep is how many checkpoints stay: the newest, and the one before
// it in case the newest is damaged.
const checkpointKeep = 2

// SaveCheckpoint writes everything that the next step depends on to
// dir/checkpoint-STEP.safetensors: weights, running statistics, momentum and
// the position in the run (the random streams follow from seed, epoch and step). run identifies the
// configuration. Older checkpoints than the last two are removed.
func (t *Trainer) SaveCheckpoint(dir, run string) (path string, err error) {
	tensors := t.Model.Weights()
	for _, p := range t.Model.Params {
		tensors = append(tensors, Named{p.Name + momentumSuffix, p.Shape, p.Velocity})
	}
	path = filepath.Join(dir, fmt.Sprintf("checkpoint-%09d.safetensors", t.step))
	err = WriteSafetensors(path, tensors, map[string]string{
		"run":    run,
		"step":   strconv.Itoa(t.step),
		"right":  strconv.Itoa(t.right),
		"seen":   strconv.Itoa(t.seen),
		"losses": strconv.FormatFloat(t.losses, 'x', -1, 64),
		"sha256": WeightsDigest(tensors),
	})
	if err != nil {
		return "", err
	}
	old := checkpoints(dir)
	for _, f := range old[:max(0, len(old)-checkpointKeep)] {
		if err := os.Remove(f); err != nil {
			return "", fmt.Errorf("checkpoint: %w", err)
		}
	}
	return path, nil
}

// checkpoints lists the checkpoint files of dir, oldest first.
func checkpoints(dir string) []string {
	list, _ := filepath.Glob(filepath.Join(dir, "checkpoint-*.safetensors"))
	slices.Sort(list)
	return list
}

// RemoveCheckpoints deletes the checkpoints of dir, which a finished run no
// longer needs.
func RemoveCheckpoints(dir string) error {
	for _, f := range checkpoints(dir) {
		if err := os.Remove(f); err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
	}
	return nil
}

// Resume brings the trainer to the newest checkpoint of dir that is whole. A
// damaged one is passed over and named in warnings. ok is false where there is
// none. A checkpoint of another run is an error.
func (t *Trainer) Resume(dir, run string) (ok bool, warnings []string, err error) {
	list := checkpoints(dir)
	slices.Reverse(list)
	for _, path := range list {
		tensors, meta, err := ReadSafetensors(path)
		if err == nil && meta["sha256"] != WeightsDigest(tensors) {
			err = fmt.Errorf("%s: its contents do not have the digest that it states", path)
		}
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("damaged checkpoint passed over: %v", err))
			continue
		}
		if meta["run"] != run {
			return false, warnings, fmt.Errorf("%s: written by a run with other settings or data; choose another --out or give the settings of its config.json", path)
		}
		return true, warnings, t.restore(path, tensors, meta)
	}
	return false, warnings, nil
}

func (t *Trainer) restore(path string, tensors []Named, meta map[string]string) error {
	var counts [3]int
	for i, key := range []string{"step", "right", "seen"} {
		n, err := strconv.Atoi(meta[key])
		if err != nil || n < 0 {
			return fmt.Errorf("%s: field %q: found %q, expected a number", path, key, meta[key])
		}
		counts[i] = n
	}
	losses, err := strconv.ParseFloat(meta["losses"], 64)
	if err != nil {
		return fmt.Errorf("%s: field %q: found %q, expected a number", path, "losses", meta["losses"])
	}
	var weights []Named
	momentum := map[string]Named{}
	for _, n := range tensors {
		if base, ok := strings.CutSuffix(n.Name, momentumSuffix); ok {
			momentum[base] = n
		} else {
			weights = append(weights, n)
		}
	}
	for _, p := range t.Model.Params {
		if v := momentum[p.Name]; len(v.Data) != p.Size() {
			return fmt.Errorf("%s: tensor %q: found %d values, expected %d", path, p.Name+momentumSuffix, len(v.Data), p.Size())
		}
	}
	if err := t.Model.SetWeights(weights, path); err != nil {
		return err
	}
	for _, p := range t.Model.Params {
		copy(p.Velocity, momentum[p.Name].Data)
	}
	t.step, t.right, t.seen, t.ordered = counts[0], counts[1], counts[2], 0
	t.losses = losses
	t.reached = t.step > 0 && t.step%t.StepsPerEpoch() == 0 && t.reachedTarget()
	return nil
}
