package bench

import (
	"fmt"

	"randalign/asm"
	"randalign/tensor"
)

// kernelCases are the micro-kernels alone.
func kernelCases() []kase {
	return []kase{
		kernelCase(func(k *asm.Kernels) *asm.Gemm[float32] { return &k.GemmF32 }),
		kernelCase(func(k *asm.Kernels) *asm.Gemm[float64] { return &k.GemmF64 }),
		rowsConvCase("rows-conv3", 4, 9, 2, func(k *asm.Kernels) asm.RowsConv { return k.RowsConv3F32 }),
		rowsConvCase("rows-conv5", 8, 15, 4, func(k *asm.Kernels) asm.RowsConv { return k.RowsConv5F32 }),
	}
}

// kernelCase multiplies two packed panels into one tile, all of which take two
// thirds of the first-level cache.
func kernelCase[T tensor.Float](of func(k *asm.Kernels) *asm.Gemm[T]) kase {
	yard, name := yardOf[T]()
	g := of(asm.Active())
	_, _, caches := asm.CPU()
	if caches.L1D == 0 {
		caches.L1D = 32 << 10
	}
	size := 8
	if yard == peakF32 {
		size = 4
	}
	kc := min(256, (caches.L1D*2/3/size-g.MR*g.NR)/(g.MR+g.NR)/8*8)
	c := flops("kernel/"+name, yard, 2*float64(g.MR*g.NR*kc), func() func(p *tensor.Pool) {
		a, b, tile := numbers[T](g.MR*kc), numbers[T](kc*g.NR), numbers[T](g.MR*g.NR)
		return func(*tensor.Pool) {
			g.Run(g.MR, g.NR, kc, &a[0], 1, g.MR, &b[0], 0, g.NR, &tile[0], g.NR, true, nil, nil)
		}
	})
	c.solo = true
	return c
}

// rowsConvCase convolves along rows of images of three channels, all operands in the caches.
func rowsConvCase(name string, places, taps, tile int, of func(k *asm.Kernels) asm.RowsConv) kase {
	const blocks = 8
	filters, tiles := asm.RowsStep/places, blocks*asm.Lanes
	c := flops("kernel/"+name, peakF32, 2*float64(tiles*taps*asm.RowsStep), func() func(p *tensor.Pool) {
		u, v := numbers[float32](taps*asm.RowsStep), numbers[float32](tiles*taps*places)
		dst, bias, run := numbers[float32](filters*tiles*tile), numbers[float32](filters), of(asm.Active())
		return func(*tensor.Pool) { run(blocks, taps, dst, tiles*tile, u, v, bias, true, false) }
	})
	c.solo = true
	return c
}

// squares shows how the rate grows with the size.
var squares = []int{64, 128, 256, 512, 1024, 2048, 4096}

// layerShapes are products m x n x k of real layers: the convolution of simple-cnn-5
// over 32 images as one product, forward and weight gradient, its dense
// layer, and a wide and a deep layer of VGG16.
var layerShapes = [][3]int{
	{256, 25088, 75}, {64, 16384, 576}, {512, 2048, 4608}, {256, 64, 200704}, {256, 200704, 64}, {256, 75, 100352},
}

// transposedShapes are products with a transposed operand as dense layers have
// them: forward (nt) and weight gradient (tn).
var transposedShapes = []struct {
	form    string
	m, n, k int
}{
	{"nt", 512, 512, 512}, {"tn", 512, 512, 512},
	{"nt", 256, 64, 200704}, {"tn", 64, 200704, 256}, // simple-cnn-5, 200704 to 64
	{"nt", 256, 512, 3072}, {"tn", 512, 3072, 256}, // a perceptron of 3072 inputs
	{"nt", 128, 2048, 30}, {"nt", 128, 256, 2048}, {"tn", 256, 2048, 128}, // mlp-2048-256
}

func gemmCases() []kase {
	cases := append(gemmCasesOf[float32](), gemmCasesOf[float64]()...)
	for _, s := range transposedShapes {
		cases = append(cases, gemmCase[float32](s.form, s.m, s.n, s.k))
	}
	return append(cases, syrkCases()...)
}

// syrkShapes are products of a matrix m x k with its transpose: squares, and blocks of
// vectors as covariances take them.
var syrkShapes = [][2]int{{512, 512}, {1024, 1024}, {75, 1024}, {147, 1024}}

func syrkCases() []kase {
	var cases []kase
	for _, s := range syrkShapes {
		cases = append(cases, syrkCase[float32](s[0], s[1]), syrkCase[float64](s[0], s[1]))
	}
	return cases
}

// syrkCase counts the upper triangle, all that it makes.
func syrkCase[T tensor.Float](m, k int) kase {
	yard, name := yardOf[T]()
	return flops(fmt.Sprintf("syrk/%s/%dx%d", name, m, k), yard, float64(m)*float64(m+1)*float64(k), func() func(p *tensor.Pool) {
		a, c := tensor.RowMajor(numbers[T](m*k), k), numbers[T](m*m)
		return func(p *tensor.Pool) { tensor.Syrk(p, m, k, a, c, m, tensor.Set) }
	})
}

func gemmCasesOf[T tensor.Float]() []kase {
	var cases []kase
	for _, n := range squares {
		cases = append(cases, gemmCase[T]("", n, n, n))
	}
	for _, s := range layerShapes {
		cases = append(cases, gemmCase[T]("", s[0], s[1], s[2]))
	}
	return cases
}

// gemmCase is C = A*B with the operand that form names transposed.
func gemmCase[T tensor.Float](form string, m, n, k int) kase {
	yard, name := yardOf[T]()
	family := "gemm/"
	if form != "" {
		family = "gemm-" + form + "/"
	}
	return flops(fmt.Sprintf("%s%s/%dx%dx%d", family, name, m, n, k), yard, 2*float64(m)*float64(n)*float64(k), func() func(p *tensor.Pool) {
		a, b, c := tensor.RowMajor(numbers[T](m*k), k), tensor.RowMajor(numbers[T](k*n), n), numbers[T](m*n)
		switch form {
		case "tn":
			a = tensor.Transposed(a.Data, m)
		case "nt":
			b = tensor.Transposed(b.Data, k)
		}
		return func(p *tensor.Pool) { tensor.Gemm(p, m, n, k, a, b, c, n, tensor.Set) }
	})
}
