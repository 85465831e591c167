package bench

import (
	"fmt"

	"randalign/linalg"
	"randalign/tensor"
)

func linalgCases() []kase {
	cases := []kase{covCase(3, 5)}
	for _, n := range []int{27, 75, 147, 256} {
		cases = append(cases, eigenCase(n))
	}
	return cases
}

// covCase accumulates the covariance of all patches of some images of CIFAR-10's
// size. A patch of d values costs d(d+1) operations, the matrix being symmetric.
func covCase(channels, filter int) kase {
	const images, size = 64, 32
	d, side := channels*filter*filter, size-filter+1
	patches := float64(images * side * side)
	return kase{
		name: fmt.Sprintf("cov/%dx%dx%d", filter, filter, channels), unit: "Mpatch/s",
		work: patches / 1e6, yard: peakF64, load: patches * float64(d*(d+1)),
		prepare: func(*memory) func(p *tensor.Pool) {
			x, c := numbers[float32](images*channels*size*size), linalg.NewCov(d)
			return func(p *tensor.Pool) {
				c.OnPool(p)
				c.AddPatches(x, images, channels, size, size, filter, filter, 1, 0)
			}
		},
	}
}

// eigenCase solves for all values and vectors of a random symmetric matrix.
func eigenCase(n int) kase {
	return kase{
		name: fmt.Sprintf("eigen/%d", n), unit: milliseconds, solo: true,
		prepare: func(*memory) func(p *tensor.Pool) {
			a, x := linalg.NewMat(n, n), numbers[float64](n*n)
			for i := range n {
				for j := range i + 1 {
					a.Set(i, j, x[i*n+j])
					a.Set(j, i, x[i*n+j])
				}
			}
			return func(*tensor.Pool) {
				if _, err := linalg.Eigen(a); err != nil {
					panic(err) // a finite symmetric matrix has a solution
				}
			}
		},
	}
}
