package asm_test

import (
	"fmt"
	"testing"

	"randalign/asm"
)

// Every kernel that is bound by memory, in bytes read and written a second:
// in the second-level cache, and beyond the last one.
func BenchmarkMaps(b *testing.B) {
	var s, q [asm.Lanes]float64
	for _, size := range []struct {
		name string
		n    int // elements of a slice
	}{{"L2", 32 << 10}, {"memory", 24 << 20}} {
		n := size.n
		x, y, z := make([]float32, n), make([]float32, n), make([]float32, n)
		wide := make([]float64, n/2)
		for i := range wide {
			wide[i] = float64(i % 7)
		}
		column := make([]float64, 2048)
		for i := range x {
			x[i], y[i], z[i] = float32(i%17)-8, float32(i%13)-6, float32(i%11)-5
		}
		bytes, table := make([]byte, n), new([256]float32)
		for i := range bytes {
			bytes[i] = byte(i * 7)
		}
		row := x[:1024]
		for _, kernel := range []struct {
			name  string
			bytes int // an element of n
			run   func(k *asm.Kernels)
		}{
			{"Copy", 8, func(k *asm.Kernels) { k.CopyF32(x, y) }},
			{"Add", 12, func(k *asm.Kernels) { k.AddF32(x, y) }},
			{"AddScalar", 8, func(k *asm.Kernels) { k.AddScalarF32(x, 1e-9) }},
			{"AddRelu", 12, func(k *asm.Kernels) { k.AddReluF32(x, y) }},
			{"Mul", 12, func(k *asm.Kernels) { k.MulF32(x, y, z) }},
			{"Scale", 8, func(k *asm.Kernels) { k.ScaleF32(x, 1) }},
			{"Fill", 4, func(k *asm.Kernels) { k.FillF32(x, 1) }},
			{"SumRows", 4, func(k *asm.Kernels) { k.SumRowsF32(row, y, n/1024, 1024) }},
			{"Relu", 8, func(k *asm.Kernels) { k.ReluF32(x, y) }},
			{"ReluGrad", 12, func(k *asm.Kernels) { k.ReluGradF32(x, y, z) }},
			{"LeakyRelu", 8, func(k *asm.Kernels) { k.LeakyReluF32(x, y, 0.1) }},
			{"LeakyReluGrad", 12, func(k *asm.Kernels) { k.LeakyReluGradF32(x, y, z, 0.1) }},
			{"Sigmoid", 8, func(k *asm.Kernels) { k.SigmoidF32(x, y) }},
			{"SigmoidGrad", 12, func(k *asm.Kernels) { k.SigmoidGradF32(x, y, z) }},
			{"Tanh", 8, func(k *asm.Kernels) { k.TanhF32(x, y) }},
			{"TanhGrad", 12, func(k *asm.Kernels) { k.TanhGradF32(x, y, z) }},
			{"Gelu", 8, func(k *asm.Kernels) { k.GeluF32(x, y) }},
			{"GeluGrad", 12, func(k *asm.Kernels) { k.GeluGradF32(x, y, z) }},
			{"Sgd", 20, func(k *asm.Kernels) { k.SgdF32(x, y, z, 1e-9, 0.9, 1e-4) }},
			{"Count", 4, func(k *asm.Kernels) { k.CountF32(y) }},
			{"Sum", 4, func(k *asm.Kernels) { k.SumF32(y) }},
			{"SumSquares", 4, func(k *asm.Kernels) { k.SumSquaresF32(y) }},
			{"Dot", 8, func(k *asm.Kernels) { k.DotF32(y, z) }},
			{"Lookup", 5, func(k *asm.Kernels) { k.LookupF32(x, bytes, table) }},
			{"RotateF64", 8, func(k *asm.Kernels) { k.RotateF64(wide[:n/4], wide[n/4:], 1e-9, 1e-9) }},
			{"MaxPool2", 5, func(k *asm.Kernels) { k.MaxPool2F32(x, y, n/64, 32) }},
			{"MaxPool2Grad", 10, func(k *asm.Kernels) { k.MaxPool2GradF32(x, y, z[n/2:], z, n/64, 32) }},
			{"AvgPool2", 5, func(k *asm.Kernels) { k.AvgPool2F32(x, y, n/64, 32) }},
			{"AvgPool2Grad", 5, func(k *asm.Kernels) { k.AvgPool2GradF32(x, y, n/64, 32) }},
			{"NormSums", 4, func(k *asm.Kernels) { k.NormSumsF32(y, n/256, 256, 256, 0.5, &s, &q, 0) }},
			{"NormApply", 8, func(k *asm.Kernels) { k.NormApplyF32(x, y, n/256, 256, 256, 0.5, 1, 1, true, false, 0) }},
			{"NormGradSums", 8, func(k *asm.Kernels) { k.NormGradSumsF32(y, z, n/256, 256, 256, 0.5, 0.5, 1, 1, true, &s, &q, 0) }},
			{"NormGrad", 12, func(k *asm.Kernels) { k.NormGradF32(x, y, z, n/256, 256, 256, 0.5, 1, 1, 1, 1, true, false, 0) }},
			{"NormColsSums", 4, func(k *asm.Kernels) { k.NormColsSumsF32(y, n/1024, 1024, 1, row, column[:1024], column[1024:]) }},
			{"NormColsApply", 8, func(k *asm.Kernels) {
				k.NormColsApplyF32(x, y, n/1024, 1024, 1, z[:1024], z[:1024], z[:1024], true, false)
			}},
			{"NormColsGradSums", 8, func(k *asm.Kernels) {
				k.NormColsGradSumsF32(y, z, n/1024, 1024, 1, column[:1024], row, row, row, true, column[:1024], column[1024:])
			}},
			{"NormColsGrad", 12, func(k *asm.Kernels) {
				k.NormColsGradF32(x, y, z, n/1024, 1024, 1, row, row, row, row, row, true, false)
			}},
		} {
			for _, path := range asm.Paths() {
				if path == "generic" && size.name == "memory" {
					continue
				}
				b.Run(fmt.Sprintf("%s/%s/%s", size.name, kernel.name, path), func(b *testing.B) {
					undo, err := asm.Select(path)
					if err != nil {
						b.Fatal(err)
					}
					defer undo()
					k := asm.Active()
					for b.Loop() {
						kernel.run(k)
					}
					b.ReportMetric(float64(kernel.bytes*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
				})
			}
		}
	}
}

// Bytes read and written a second. Rows of 1024 elements are a page apart, and so
// in each other's way in the first-level cache; those of 1040 are not.
func BenchmarkTranspose(b *testing.B) {
	for _, s := range []struct{ rows, cols, lds, ldd int }{
		{32, 1024, 1024, 32}, {128, 32, 32, 1024}, {32, 1024, 1040, 32}, {128, 32, 32, 1040}, {128, 32, 32, 128}, {32, 49, 49, 32},
	} {
		dst, src := make([]float32, s.cols*s.ldd), make([]float32, s.rows*s.lds)
		for _, path := range asm.Paths() {
			b.Run(fmt.Sprintf("%dx%d from %d to %d/%s", s.rows, s.cols, s.lds, s.ldd, path), func(b *testing.B) {
				undo, err := asm.Select(path)
				if err != nil {
					b.Fatal(err)
				}
				defer undo()
				k := asm.Active()
				for b.Loop() {
					k.TransposeF32(dst, s.ldd, src, s.lds, s.rows, s.cols, false, false)
				}
				b.ReportMetric(float64(8*s.rows*s.cols)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
			})
		}
	}
}
