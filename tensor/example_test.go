package tensor_test

import (
	"fmt"

	"randalign/tensor"
)

func ExampleGemm() {
	p := tensor.NewPool(2)
	defer p.Close()
	a := []float32{1, 2, 3, 4, 5, 6} // 2 x 3
	b := []float32{1, 0, 2, 0, 1, 2} // 2 x 3, used transposed
	c := make([]float32, 4)
	tensor.Gemm(p, 2, 2, 3, tensor.RowMajor(a, 3), tensor.Transposed(b, 3), c, 2, tensor.Set)
	fmt.Println(c)
	// Output: [7 8 16 17]
}
