package tensor

import "fmt"

// Float is the element type of a tensor: float32 for training, float64 for
// statistics and checks.
type Float interface{ float32 | float64 }

func badType(v any) string {
	return fmt.Sprintf("tensor: element type %T is neither float32 nor float64", v)
}
