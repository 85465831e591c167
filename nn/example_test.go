package nn_test

import (
	"context"
	"fmt"

	"randalign/nn"
	"randalign/tensor"
)

// A network learns which half of the unit interval a number lies in.
func Example() {
	s := tensor.NewStream(1, "example")
	data := &nn.Data{Size: 1, Classes: 2}
	for range 200 {
		x := s.Float64()
		data.X = append(data.X, float32(x-0.5))
		data.Labels = append(data.Labels, int32(2*x))
	}
	m, err := nn.NewModel[float32]("dense:8,relu,dense:classes", nn.Shape{1}, 2)
	if err != nil {
		panic(err)
	}
	m.Init(1, nn.HeNormal(1))
	pool := tensor.NewPool(2)
	defer pool.Close()
	t, err := nn.NewTrainer(m, nn.Config{Epochs: 40, Batch: 20, Seed: 1, SGD: nn.SGD{LR: 0.1, Momentum: 0.9}}, data, pool)
	if err != nil {
		panic(err)
	}
	if err := t.Run(context.Background(), nil); err != nil {
		panic(err)
	}
	_, accuracy := nn.Evaluate(m, pool, data, 100)
	fmt.Println(accuracy > 0.95)
	// Output: true
}
