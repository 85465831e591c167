package tensor

import "randalign/asm"

// Blocking of GEMM (Goto and van de Geijn). None of these reaches a bit of a
// result: an element's chain is stored to C between two blocks of K and goes
// on from there.
const (
	// blockK is the depth of a packed block. A micro-panel of B (16 columns of
	// float32) is then 16 KiB and stays in the first-level cache next to one of A.
	blockK = 256
	// blockM rows of packed A (96 KiB of float32 at blockK) are streamed from
	// the second-level cache, under every micro-panel of B of a task.
	blockM = 96
	// taskN columns make one task with blockM rows: 256 KiB of packed B shared
	// by the tasks of a column, 12 MFLOP of float32, some 100 microseconds.
	taskN = 256
	// blockN columns of B are packed at once, at most 4 MiB of float32.
	blockN = 4096
	// directM rows of A, 16 tiles, are too few to pay for packing a B that is
	// contiguous along its rows: it is then read where it stands.
	directM = 96
	// maxM rows of A are packed at once.
	maxM = 4096
)

// kernel returns the active GEMM kernel for T.
func kernel[T Float]() *asm.Gemm[T] {
	k := asm.Active()
	if g, ok := any(&k.GemmF32).(*asm.Gemm[T]); ok {
		return g
	}
	return any(&k.GemmF64).(*asm.Gemm[T])
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

func roundUp(a, b int) int { return ceilDiv(a, b) * b }
