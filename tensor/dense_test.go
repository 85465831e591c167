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
	if n == 0 {
		return nil
	}
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

// checkDenseForward holds a layer against its definition; of few inputs it has one chunk.
func checkDenseForward[T Float](t *testing.T, p *Pool, d *DenseForward[T], n, in, out int, bias, relu bool, product func(m, n, k int, a, b Matrix[T], c []T, ldc int)) {
	s := NewStream(uint64(n*1000003+in*1009+out), "dense")
	every := []int{0, 4, 600}[(n+in+out)%3]
	x, w, y := mixed[T](s, n*in, every), mixed[T](s, out*in, every), randomSlice[T](s, n*out)
	var want, b []T
	if in >= 32768 && out <= 256 {
		want = refDense(n, in, out, x, w, product)
	} else {
		want = make([]T, n*out)
		product(n, out, in, RowMajor(x, in), Transposed(w, in), want, out)
	}
	if bias {
		b = mixed[T](s, out, every)
		for i := range n {
			Add(want[i*out:][:out], b)
		}
	}
	if relu {
		ReLU(want, want)
	}
	d.Run(p, n, in, out, x, w, b, y, relu)
	asmtest.SameBits(t, want, y, "%d examples, %d to %d, bias %v, relu %v", n, in, out, bias, relu)
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
			checkDenseForward(t, p, &d32, 2, 32768, 3, true, true, ref32)
			checkDenseForward(t, p, &d32, 3, 32769, 2, false, true, ref32)
			checkDenseForward(t, p, &d64, 2, 33333, 3, true, false, ref64)
			if asm.Active().Name == "generic" {
				continue
			}
			fast32 := func(m, n, k int, a, b Matrix[float32], c []float32, ldc int) { Gemm(p, m, n, k, a, b, c, ldc, Set) }
			fast64 := func(m, n, k int, a, b Matrix[float64], c []float64, ldc int) { Gemm(p, m, n, k, a, b, c, ldc, Set) }
			checkDenseForward(t, p, &d32, 29, 32768, 64, true, true, fast32)
			checkDenseForward(t, p, &d32, 130, 40007, 33, true, false, fast32)
			checkDenseForward(t, p, &d32, 15, 65536+16, 256, false, false, fast32)
			checkDenseForward(t, p, &d32, 2, 32768, 257, true, false, fast32)
			checkDenseForward(t, p, &d64, 61, 50000, 40, false, true, fast64)
		}
	})
}

func TestDenseForwardOfFewInputsIsOneChain(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		var d32 DenseForward[float32]
		var d64 DenseForward[float64]
		for _, threads := range []int{1, 3, 40} {
			p := NewPool(threads)
			defer p.Close()
			ref32 := func(m, n, k int, a, b Matrix[float32], c []float32, ldc int) { refGemm(m, n, k, a, b, c, ldc, Set) }
			ref64 := func(m, n, k int, a, b Matrix[float64], c []float64, ldc int) { refGemm(m, n, k, a, b, c, ldc, Set) }
			nr := asm.Active().GemmF32.NR
			for i, n := range []int{0, 1, 13, 15, 29, 31, 43} {
				for _, in := range []int{0, 1, 5, 16, 31, 37} {
					out := 1 + (n*7+in)%17 + i%2*nr
					checkDenseForward(t, p, &d32, n, in, out, i%2 == 0, in%2 > 0, ref32)
					checkDenseForward(t, p, &d64, n, in, out, i%2 == 1, in%3 > 0, ref64)
				}
			}
			if asm.Active().Name == "generic" {
				continue
			}
			fast32 := func(m, n, k int, a, b Matrix[float32], c []float32, ldc int) { Gemm(p, m, n, k, a, b, c, ldc, Set) }
			checkDenseForward(t, p, &d32, 130, 1033, 70, true, true, fast32)
			checkDenseForward(t, p, &d32, 70, 517, 700, true, true, fast32)
			checkDenseForward(t, p, &d32, 40, 1024, 1030, false, false, fast32)
		}
	})
	require.PanicsWithValue(t, "tensor: dense: 1 examples, 6 inputs, 2 outputs: x 3, w 4, bias 1, y 5", func() {
		p := NewPool(1)
		defer p.Close()
		new(DenseForward[float32]).Run(p, 1, 6, 2, make([]float32, 3), make([]float32, 4), make([]float32, 1), make([]float32, 5), false)
	})
}

func TestDenseForwardAllocatesNothing(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	const n, in, out = 15, 40000, 20
	x, w, y := make([]float32, n*in), make([]float32, out*in), make([]float32, n*out)
	var d DenseForward[float32]
	run := func() { d.Run(p, n, in, out, x, w, nil, y, true) }
	run()
	require.Zero(t, testing.AllocsPerRun(20, run))
	var q DensePanels[float32]
	repack := func() {
		q.Pack(p, 2*out, n, w)
		q.Run(p, n, x, nil, y, true)
	}
	w = w[:2*out*n]
	repack()
	require.Zero(t, testing.AllocsPerRun(20, repack))
}

// checkDensePanels holds a layer of packed weights against DenseForward.
func checkDensePanels[T Float](t *testing.T, p *Pool, d *DensePanels[T], n, in, out int, bias, relu bool) {
	s := NewStream(uint64(n*1000003+in*1009+out), "dense")
	every := []int{0, 4, 600}[(n+in+out)%3]
	x, w, y := mixed[T](s, n*in, every), mixed[T](s, out*in, every), randomSlice[T](s, n*out)
	want := make([]T, n*out)
	var b []T
	if bias {
		b = mixed[T](s, out, every)
	}
	new(DenseForward[T]).Run(p, n, in, out, x, w, b, want, relu)
	require.True(t, d.Pack(p, in, out, w))
	require.True(t, d.Packed())
	clear(w)
	for range 2 {
		d.Run(p, n, x, b, y, relu)
		asmtest.SameBits(t, want, y, "%d examples, %d to %d, bias %v, relu %v", n, in, out, bias, relu)
		for i := range y {
			y[i] = -1
		}
	}
}

func TestDensePanelsIsDenseForward(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		var d32 DensePanels[float32]
		var d64 DensePanels[float64]
		for _, threads := range []int{1, 2, 40} {
			p := NewPool(threads)
			defer p.Close()
			nr := asm.Active().GemmF32.NR
			for i, n := range []int{0, 1, 13, 15, 29, 43} {
				for _, in := range []int{1, 2, 5, 31, 64, 256} {
					out := 1 + (n*7+in)%17 + i%4*nr
					checkDensePanels(t, p, &d32, n, in, out, i%2 == 0, in%3 > 0)
					checkDensePanels(t, p, &d64, n, in, out, i%2 == 1, in%2 > 0)
				}
			}
			checkDensePanels(t, p, &d32, 30, 700, 2*nr, true, true)
			if asm.Active().Name == "generic" {
				continue
			}
			checkDensePanels(t, p, &d32, 130, 1033, 170, true, true)
			checkDensePanels(t, p, &d32, 70, 1536, 700, true, false)
			checkDensePanels(t, p, &d32, 131, 2048, 257, false, true)
			checkDensePanels(t, p, &d64, 70, 1100, 61, true, true)
		}
	})
	p := NewPool(1)
	defer p.Close()
	require.False(t, new(DensePanels[float32]).Pack(p, 32768, 2, make([]float32, 2*32768)), "a sum of chunks")
}

// FuzzDense draws shapes and threads for both ways forward.
func FuzzDense(f *testing.F) {
	f.Add(uint16(20), uint16(40), uint16(70), uint8(2))
	f.Add(uint16(1), uint16(3), uint16(1), uint8(7))
	f.Add(uint16(30), uint16(2000), uint16(17), uint8(13))
	f.Add(uint16(11), uint16(44), uint16(1999), uint8(6))
	f.Add(uint16(2), uint16(77), uint16(3), uint8(0xf3))
	f.Fuzz(func(t *testing.T, n, in, out uint16, how uint8) {
		p := NewPool([]int{1, 2, 3, 7}[how%4])
		defer p.Close()
		bias, relu := how&4 > 0, how&8 > 0
		d := drawn(n, in, out)
		rows, inputs, outputs := d[0], 1+d[1], 1+d[2]
		chunks := how>>4 == 0xf // a sum of chunks
		if chunks {
			rows, inputs, outputs = int(n%5), 32768+int(in%3000), 1+int(out%5)
		}
		asmtest.ForEachPath(t, func(t *testing.T) {
			ref32 := func(m, n, k int, a, b Matrix[float32], c []float32, ldc int) { refGemm(m, n, k, a, b, c, ldc, Set) }
			checkDenseForward(t, p, new(DenseForward[float32]), rows, inputs, outputs, bias, relu, ref32)
			if !chunks {
				checkDensePanels(t, p, new(DensePanels[float32]), rows, inputs, outputs, bias, relu)
				checkDensePanels(t, p, new(DensePanels[float64]), rows, outputs, inputs, bias, relu)
			}
		})
	})
}
