package tensor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// refDense is the definition of a DenseForward of many inputs: 32 chunks of whole
// cache lines, neighbours added first.
func refDense[T Float](n, in, out int, x, w []T, product func(m, n, k int, a, b Matrix[T], c []T, ldc int)) []T {
	line := 64 / wordSize[T]()
	chunk := (in + 32*line - 1) / (32 * line) * line
	var sums [][]T
	for k := 0; k < in; k += chunk {
		y := make([]T, n*out)
		a, b := RowMajor(x, in), RowMajor(w, in)
		a.Data, b.Data = a.Data[k:], b.Data[k:]
		product(n, out, min(chunk, in-k), a, b.T(), y, out)
		sums = append(sums, y)
	}
	for len(sums) > 1 {
		var next [][]T
		for i := 0; i < len(sums); i += 2 {
			if i+1 < len(sums) {
				for e, v := range sums[i+1] {
					sums[i][e] += v
				}
			}
			next = append(next, sums[i])
		}
		sums = next
	}
	return sums[0]
}

func checkDenseForward[T Float](t *testing.T, p *Pool, d *DenseForward[T], n, in, out int, product func(m, n, k int, a, b Matrix[T], c []T, ldc int)) {
	s := NewStream(uint64(n*1000003+in*1009+out), "dense")
	x, w, y := randomSlice[T](s, n*in), randomSlice[T](s, out*in), randomSlice[T](s, n*out)
	d.Run(p, n, in, out, x, w, y)
	asmtest.SameBits(t, refDense(n, in, out, x, w, product), y, "%d examples, %d to %d", n, in, out)
}

func TestDenseForwardIsATreeOfChunks(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		var d32 DenseForward[float32]
		var d64 DenseForward[float64]
		for _, threads := range []int{1, 3, 40} {
			p := NewPool(threads)
			defer p.Close()
			ref32 := func(m, n, k int, a, b Matrix[float32], c []float32, ldc int) { refGemm(m, n, k, a, b, c, ldc, Set) }
			ref64 := func(m, n, k int, a, b Matrix[float64], c []float64, ldc int) { refGemm(m, n, k, a, b, c, ldc, Set) }
			checkDenseForward(t, p, &d32, 2, 32768, 3, ref32)
			checkDenseForward(t, p, &d32, 3, 32769, 2, ref32)
			checkDenseForward(t, p, &d64, 2, 33333, 3, ref64)
			if asm.Active().Name == "generic" {
				continue
			}
			fast32 := func(m, n, k int, a, b Matrix[float32], c []float32, ldc int) { Gemm(p, m, n, k, a, b, c, ldc, Set) }
			fast64 := func(m, n, k int, a, b Matrix[float64], c []float64, ldc int) { Gemm(p, m, n, k, a, b, c, ldc, Set) }
			checkDenseForward(t, p, &d32, 29, 32768, 64, fast32)
			checkDenseForward(t, p, &d32, 130, 40007, 33, fast32)
			checkDenseForward(t, p, &d32, 15, 65536+16, 256, fast32)
			checkDenseForward(t, p, &d64, 61, 50000, 40, fast64)
		}
	})
}

func TestDenseForwardOfFewInputsIsAGemm(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	var d DenseForward[float32]
	s := NewStream(1, "dense")
	for _, size := range []struct{ n, in, out int }{{5, 300, 7}, {3, 32767, 4}, {2, 32768, 257}} {
		x, w := randomSlice[float32](s, size.n*size.in), randomSlice[float32](s, size.out*size.in)
		y, want := make([]float32, size.n*size.out), make([]float32, size.n*size.out)
		Gemm(p, size.n, size.out, size.in, RowMajor(x, size.in), Transposed(w, size.in), want, size.out, Set)
		d.Run(p, size.n, size.in, size.out, x, w, y)
		asmtest.SameBits(t, want, y, "%v", size)
	}
	d.Run(p, 0, 1<<16, 3, nil, make([]float32, 3<<16), nil)
	require.PanicsWithValue(t, "tensor: dense: 1 examples, 65536 inputs, 2 outputs: x 3, w 4, y 5", func() {
		d.Run(p, 1, 1<<16, 2, make([]float32, 3), make([]float32, 4), make([]float32, 5))
	})
}

func TestDenseForwardAllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	const n, in, out = 15, 40000, 20
	x, w, y := make([]float32, n*in), make([]float32, out*in), make([]float32, n*out)
	var d DenseForward[float32]
	run := func() { d.Run(p, n, in, out, x, w, y) }
	run()
	require.Zero(t, testing.AllocsPerRun(20, run))
}
