package tensor

import (
	"math"

	"randalign/asm"
)

// fma is the judge's fused multiply-add.
func fma[T Float](x, y, z T) T {
	if a, ok := any(x).(float32); ok {
		return T(asm.FMA32(a, float32(y), float32(z)))
	}
	return T(math.FMA(float64(x), float64(y), float64(z)))
}

func (m Matrix[T]) at(i, j int) T {
	if m.Trans {
		i, j = j, i
	}
	return m.Data[i*m.Stride+j]
}

// refGemm is the definition of Gemm.
func refGemm[T Float](m, n, k int, a, b Matrix[T], c []T, ldc int, store Store) {
	for i := range m {
		for j := range n {
			var x T
			if store == Accumulate {
				x = c[i*ldc+j]
			}
			for p := range k {
				x = fma(a.at(i, p), b.at(p, j), x)
			}
			c[i*ldc+j] = x
		}
	}
}
