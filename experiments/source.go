package experiments

import "context"

// Split names the two parts of a data source.
type Split string

// The parts that every source has.
const (
	Train Split = "train"
	Test  Split = "test"
)

// Raw is a set of examples as their source holds them: eight-bit pixels or
// floating-point numbers, one of the two being nil.
type Raw struct {
	U8     []uint8   // [N, C, H, W], or nil
	F32    []float32 // [N, C, H, W], or nil
	Labels []int32   // [N], each in 0..Classes-1
}

// Source is a data set that is read by index, so that only the examples in use
// are ever made, decoded or held.
type Source interface {
	// Name is what --data calls it, as "leaves" or "cifar10".
	Name() string
	// Shape is [C, H, W]; vectors of length D are [D, 1, 1].
	Shape() [3]int
	// Classes is the number of labels.
	Classes() int
	// Len is the number of examples of a split.
	Len(Split) int
	// Read returns the examples with the given indices, in their order. It is
	// safe for concurrent use and stops early, with the context's error, when
	// ctx ends.
	Read(ctx context.Context, split Split, index []int) (*Raw, error)
}
