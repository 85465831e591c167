package linalg_test

import (
	"fmt"

	"randalign/linalg"
)

// Weights that share the eigenvectors of the data are aligned, whatever their
// own spectrum; turned by an angle, they are not.
func ExampleMisalignment() {
	data := &linalg.Mat{Rows: 2, Cols: 2, Data: []float64{1, 0, 0, 4}}
	e, err := linalg.Eigen(data)
	if err != nil {
		panic(err)
	}
	spaces := linalg.Group(e.Values, linalg.DefaultRelTol)
	for _, b := range [][]float64{{9, 0, 0, 1}, {2, 1, 1, 3}} {
		m, err := linalg.Misalignment(e.Vectors, spaces, &linalg.Mat{Rows: 2, Cols: 2, Data: b})
		fmt.Printf("%.4f %v\n", m, err)
	}
	// Output:
	// 0.0000 <nil>
	// 0.1909 <nil>
}
