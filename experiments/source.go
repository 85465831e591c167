package experiments

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Split names the two parts of a data source.
type Split string

// The parts that every source has.
const (
	Train Split = "train"
	Test  Split = "test"
)

// Raw is a set of N examples as their source holds them: eight-bit pixels or
// floating-point numbers, one of the two being nil.
type Raw struct {
	U8     []uint8   // [N, C, H, W], or nil
	F32    []float32 // [N, C, H, W], or nil
	Labels []int32   // [N], each in 0..Classes-1
}

// Source is a data set that is read by index, so that only the examples in use
// are ever made, decoded or held. All methods are safe for concurrent use.
type Source interface {
	// Name is what --data calls it, as "leaves" or "cifar10".
	Name() string
	// Shape is [C, H, W]; vectors of length D are [D, 1, 1].
	Shape() [3]int
	// Classes is the number of labels.
	Classes() int
	// Len is the number of examples of a split.
	Len(Split) int
	// Read returns the examples with the given indices (0 <= index < Len, in any
	// order, repeats allowed), in their order, in newly allocated memory. It
	// stops early, with the context's error, when ctx ends. The same index gives
	// the same example always, on every machine.
	Read(ctx context.Context, split Split, index []int) (*Raw, error)
}

// checkIndex returns an error unless src has the split and all the indices.
func checkIndex(src Source, split Split, index []int) error {
	if split != Train && split != Test {
		return fmt.Errorf("data %s: found split %q, expected %q or %q", src.Name(), split, Train, Test)
	}
	for _, i := range index {
		if n := src.Len(split); i < 0 || i >= n {
			return fmt.Errorf("data %s: found %s index %d, expected 0..%d", src.Name(), split, i, n-1)
		}
	}
	return nil
}

// eachExample calls do(0), ..., do(n-1) on as many goroutines as there are
// processors; worker makes the do of one goroutine, with its scratch memory.
// Calls must write to disjoint memory. It returns the context's error, or that
// of the lowest i that failed.
func eachExample(ctx context.Context, n int, worker func() (do func(i int) error)) error {
	const block = 64 // examples between looks at the context
	var (
		wg      sync.WaitGroup
		next    atomic.Int64
		mu      sync.Mutex
		failed  error
		failedI = n
	)
	for range min(runtime.GOMAXPROCS(0), (n+block-1)/block) {
		wg.Go(func() {
			do := worker()
			for {
				lo := int(next.Add(block)) - block
				if lo >= n || ctx.Err() != nil {
					return
				}
				for i := lo; i < min(lo+block, n); i++ {
					if err := do(i); err != nil {
						mu.Lock()
						if i < failedI {
							failed, failedI = err, i
						}
						mu.Unlock()
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	return failed
}
