package bench

import (
	"fmt"

	"randalign/linalg"
	"randalign/tensor"
)

func linalgCases() []kase {
	cases := []kase{covCase(3, 5), pixelCovCase(3, 5)}
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

// pixelCovCase does the same of 8-bit images, exactly. Its load is what it
// multiplies: the windows of each row of an image with those of the row and of the
// filter-1 rows below it.
func pixelCovCase(channels, filter int) kase {
	const images, size = 256, 32
	side, windows := size-filter+1, channels*filter+1
	pairs := size*filter - filter*(filter-1)/2
	return kase{
		name: fmt.Sprintf("cov/%dx%dx%d/uint8", filter, filter, channels), unit: "Mpatch/s",
		work: float64(images*side*side) / 1e6, yard: peakF64, load: 2 * float64(images*pairs*side*windows*windows),
		prepare: func(*memory) func(p *tensor.Pool) {
			x, c := make([]uint8, images*channels*size*size), linalg.NewPixelCov(channels, size, size, filter, filter, 1, 0)
			for i := range x {
				x[i] = uint8(i * 7919 >> 4)
			}
			return func(p *tensor.Pool) { c.Add(p, x, images) }
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
