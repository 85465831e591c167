package asm_test

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// onLine returns n elements that begin off elements behind a cache line's first, in guarded
// memory.
func onLine[T float32 | float64](t *testing.T, n, off int) (s []T, check func()) {
	const line = 64
	whole, inside := asmtest.Guarded[T](t, n+2*line, 0)
	for i := range whole {
		whole[i] = -12345
	}
	at := int(-uintptr(unsafe.Pointer(&whole[0]))%line)/int(unsafe.Sizeof(T(0))) + off
	return whole[at:][:n:n], func() {
		t.Helper()
		inside()
		for i, v := range whole {
			if (i < at || i >= at+n) && v != -12345 {
				t.Fatalf("element %d of %d was written", i-at, n)
			}
		}
	}
}

// A product under a ReLU's gradient, its rows beginning with a cache line or not.
func TestGemmReluGradIsAProductAndAGradient(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		k := asm.Active()
		g, rng := &k.GemmF32, rand.New(rand.NewPCG(1, 2))
		for rows := 1; rows <= g.MR; rows++ {
			for _, cols := range []int{1, g.NR/2 + 1, g.NR - 1, g.NR} {
				for _, kc := range []int{0, 1, 2, 3, 8} {
					for _, off := range []int{0, 0, 1} {
						ldc := (g.NR+15)/16*16 + 16 + off
						a, b := make([]float32, g.MR*(kc+1)), make([]float32, (kc+1)*g.NR)
						for i := range a {
							a[i] = float32(rng.NormFloat64())
						}
						for i := range b {
							b[i] = float32(rng.NormFloat64())
						}
						if rows%2 == 0 {
							for i := range b {
								b[i] = asmtest.Special[float32](i + rows)
							}
						}
						y := make([]float32, rows*g.NR)
						for i := range y {
							y[i] = asmtest.Special[float32](i + kc + cols)
						}
						tile := make([]float32, g.MR*g.NR)
						g.Run(rows, cols, kc, &a[0], 1, g.MR, &b[0], 0, g.NR, &tile[0], g.NR, false, nil, nil)
						c, check := onLine[float32](t, (rows-1)*ldc+cols, off)
						want := append([]float32(nil), c...)
						for i := range rows {
							for j := range cols {
								want[i*ldc+j] = 0
								if y[i*g.NR+j] > 0 {
									want[i*ldc+j] = tile[i*g.NR+j]
								}
							}
						}
						k.GemmReluGradF32(rows, cols, kc, &a[0], 1, g.MR, &b[0], g.NR, &c[0], ldc, &y[0], tile)
						asmtest.SameBits(t, want, c, "%d x %d x %d offset %d", rows, cols, kc, off)
						check()
					}
				}
			}
		}
	})
}

// checkCopies lets a kernel that copies do so beside a tile of every height.
func checkCopies[T float32 | float64](t *testing.T, g *asm.Gemm[T]) {
	if !g.Copies {
		return
	}
	size := int(unsafe.Sizeof(T(0)))
	piece := g.NR
	for rows := 1; rows <= g.MR; rows++ {
		for _, cols := range []int{g.NR / 2, g.NR} {
			for kc := range 50 {
				for _, pieces := range []int{1, 3} {
					const copied = 5
					ldx, dstPiece := pieces*piece+3, copied*piece+1
					x, _ := asmtest.Guarded[T](t, copied*ldx, 1)
					for i := range x {
						x[i] = asmtest.Exact[T](i)
					}
					dst, check := asmtest.Guarded[T](t, (pieces-1)*dstPiece+copied*piece, 1)
					want := append([]T(nil), dst...)
					a, b := make([]T, g.MR*(kc+1)), make([]T, (kc+1)*g.NR)
					for i := range a {
						a[i] = asmtest.Exact[T](i + 1)
					}
					for i := range b {
						b[i] = asmtest.Exact[T](i + 2)
					}
					plain, c := make([]T, g.MR*g.NR), make([]T, g.MR*g.NR)
					g.Run(rows, cols, kc, &a[0], 1, g.MR, &b[0], 0, g.NR, &plain[0], g.NR, false, nil, nil)
					next := asm.Fetch{Copy: asm.Copy{
						Src: uintptr(unsafe.Pointer(&x[0])), Dst: uintptr(unsafe.Pointer(&dst[0])),
						Left: pieces, Rows: copied, Pieces: pieces, DstPiece: dstPiece * size,
						SrcSkip: (ldx - pieces*piece) * size, DstSkip: (piece - pieces*dstPiece) * size,
					}}
					if rows%2 == 0 {
						next.Next, next.Pairs, next.Stride, next.Count = uintptr(unsafe.Pointer(&x[0])), 1, 8, 2
						next.Behind = rows % 3 * copied
					}
					g.Run(rows, cols, kc, &a[0], 1, g.MR, &b[0], 0, g.NR, &c[0], g.NR, false, nil, &next)
					asmtest.SameBits(t, plain, c, "%d x %d x %d", rows, cols, kc)
					done := copied*pieces - next.Rows*pieces // whole rows and a part of one
					if next.Rows > 0 {
						done += pieces - next.Left
					}
					for i := range done {
						r, p := i/pieces, i%pieces
						copy(want[p*dstPiece+r*piece:][:piece], x[r*ldx+p*piece:])
					}
					asmtest.SameBits(t, want, dst, "%d x %d x %d: copy of %d", rows, cols, kc, pieces)
					check()
					if kc > 2*rows+25 && rows == g.MR && cols == g.NR {
						require.Zero(t, next.Rows, "%d rows, %d steps", rows, kc)
					}
				}
			}
		}
	}
}

func TestGemmCopiesOnTheWay(t *testing.T) {
	asmtest.ForEachPath(t, func(t *testing.T) {
		checkCopies(t, &asm.Active().GemmF32)
		checkCopies(t, &asm.Active().GemmF64)
	})
}
