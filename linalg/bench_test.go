package linalg

import (
	"fmt"
	"testing"

	"randalign/tensor"
)

// The orders and the kind of matrix (G'G/n, G square and Gaussian) that peers are
// timed with.
func BenchmarkEigen(b *testing.B) {
	for _, n := range []int{27, 75, 147, 256, 512, 1024, 2048, 3072} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d/%d", n, threads), func(b *testing.B) {
				if n > 1024 && testing.Short() {
					b.Skip("takes seconds")
				}
				a := wishart(tensor.NewStream(1, "bench"), n)
				p := tensor.NewPool(threads)
				defer p.Close()
				var sweeps int
				for b.Loop() {
					e, err := EigenOn(p, a)
					if err != nil {
						b.Fatal(err)
					}
					sweeps = e.Sweeps
				}
				b.ReportMetric(float64(sweeps), "sweeps")
			})
		}
	}
}

// Graded matrices, which go to one-sided Jacobi.
func BenchmarkEigenGraded(b *testing.B) {
	for _, n := range []int{36, 128, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a := graded(wishart(tensor.NewStream(1, "bench"), n), 30)
			for b.Loop() {
				if _, err := Eigen(a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAddPatches(b *testing.B) {
	for _, r := range []int{3, 5} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d/%d", 3*r*r, threads), func(b *testing.B) {
				const n = 64
				im := make([]float32, n*3*32*32)
				tensor.FillNormal(tensor.NewStream(1, "bench"), im, 1)
				p := tensor.NewPool(threads)
				defer p.Close()
				c := NewCov(3 * r * r)
				c.OnPool(p)
				for b.Loop() {
					c.AddPatches(im, n, 3, 32, 32, r, r, 1, 0)
				}
				b.ReportMetric(float64(c.N())/b.Elapsed().Seconds()/1e6, "Mpatches/s")
			})
		}
	}
}

func BenchmarkAddRows(b *testing.B) {
	for _, d := range []int{64, 256, 1024} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d/%d", d, threads), func(b *testing.B) {
				n := 1 << 22 / d
				x := make([]float32, n*d)
				tensor.FillNormal(tensor.NewStream(1, "bench"), x, 1)
				p := tensor.NewPool(threads)
				defer p.Close()
				c := NewCov(d)
				c.OnPool(p)
				for b.Loop() {
					c.AddRows(x, n)
				}
				b.ReportMetric(float64(c.N())/b.Elapsed().Seconds()/1e6, "Mrows/s")
			})
		}
	}
}

// 100 bases in 75 dimensions.
func BenchmarkControl(b *testing.B) {
	s := tensor.NewStream(1, "bench")
	x := NewMat(256, 75)
	tensor.FillNormal(s, x.Data, 1)
	second := MulT(x, x)
	spaces := make([]Space, 75)
	for i := range spaces {
		spaces[i] = Space{i, i + 1}
	}
	for b.Loop() {
		if _, _, err := Control(spaces, second, 100, s); err != nil {
			b.Fatal(err)
		}
	}
}
