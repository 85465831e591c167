// Package asm holds the micro-kernels of the house: for every operation a
// reference in Go, and assembly for the CPUs that pay for it. One table of
// functions for each path is filled when the program starts; Select chooses
// another one.
//
// # Words and layout
//
// A kernel knows pointers, counts and strides, never shapes, threads or the
// environment. A GEMM kernel multiplies some rows of A and panels of B, in place or
// packed, into tiles of C side by side, of which one is:
//
//	         B: kc rows of NR, ldb apart (NR where packed)
//	         +----------+        a[i*rs+k*cs] is A(i,k)
//	         |  k = 0   |        b[k*ldb+j]   is B(k,j)
//	A        |  k = 1   |        c[i*ldc+j]   is C(i,j)
//	+-----+  +----------+
//	| i=0 |  +----------+        A in place: rs its stride, cs = 1, or the other
//	| i=1 |  | MR x NR  |        way round for a transpose; a packed panel: rs = 1,
//	+-----+  +----------+        cs = MR, the only form that NEON takes
//	kc columns
//
// On x86 a tile may have any height and width up to MR x NR, since an element of A is
// broadcast from wherever it stands: callers cut a matrix into tiles of equal height or,
// for AVX2, on which lower ones do less, into whole tiles and a few lower ones. They pack
// A only to move its rows out of each other's cache sets. The file that holds a kernel's
// loops says why its tile has its size.
//
// The other kernels work on slices, from their first element to their last: what
// does not fill a vector is loaded and stored under a mask. Some see a plane or a
// batch instead, as runs or rows of elements that are a stride apart. Windows are lists
// of taps, distances from the place of an output (generic_taps.go); those of 3 x 3 are
// taken from whole planes where there are kernels for that (pool3.go).
//
// A path is a name ("avx512", "avx2", "neon", "generic") and the table that
// goes with it; generic is on every machine. The build tag noasm leaves only
// generic. The table of AVX-512 has AVX2's kernels where those are the faster ones,
// more of them on a CPU that does 512 bits in two halves (split_amd64.go).
//
// # Promises
//
// Bits: a tile's element is fma(a,b,c) chained in increasing k, from the value
// in C when load is true and from +0 when it is false; C is not read then. A
// sum has Lanes lanes, element i in lane i mod Lanes, added by one fixed tree; the
// lanes of SumF32 are float32, those of all others float64. The activations are
// polynomials of this package, evaluated in one order; generic_act.go gives the
// order and package tensor the bounds of their errors.
// Every path gives the same bits as generic; NaN payloads alone are excepted.
// A kernel reads and writes nothing outside its panels, its tile and its
// slices, allocates nothing, and is safe for concurrent use. Input and output
// may be the same slice where the comment of the field says so; they must not
// overlap otherwise.
//
// Registers: amd64 kernels end with VZEROUPPER; arm64 kernels keep off R18 and
// R27 to R30. One call is one tile, or some tens of microseconds of them side by side at
// the most, since assembly cannot be preempted.
//
// Instructions: a file's kernels use the features that its path asks cpuid for,
// and no others; a test decodes the built kernels and holds each instruction
// against that list. Those of a file *_vbmi_amd64.s are the AVX-512 path's where the CPU
// can permute bytes.
//
// # NEON, predicted
//
// No time was taken on an ARM machine. LLVM 19's models predict for the inner
// loops of the GEMM kernels, all loads hitting the first cache, that FMLAs
// occupy their pipes for this part of the cycles; go run ./asm/mca prints it
// from the built kernels:
//
//	                   float32 8x12           float64 8x6
//	neoverse-n1        99.9 % of 2 pipes      99.9 % of 2 pipes
//	neoverse-v1        99.7 % of 4            99.7 % of 4
//	neoverse-v2        99.7 % of 4            99.7 % of 4
//	apple-m1           99.9 % of 3            99.8 % of 2
//
// LLVM models apple-m1 as an older core with three vector pipes, two of which
// multiply float64.
//
// # Errors
//
// Select names the paths that there are. Kernels check nothing: their callers
// in package tensor do.
//
// # References
//
// K. Goto, R. van de Geijn, ACM TOMS 34(3), 2008; F. Van Zee, R. van de Geijn,
// ACM TOMS 41(3), 2015; S. Boldo, G. Melquiond, Emulation of FMA and correctly
// rounded sums: proved algorithms using rounding to odd, IEEE TC 57(4), 2008; J.-M.
// Muller et al., Handbook of Floating-Point Arithmetic, 2018 (exponentials).
package asm
