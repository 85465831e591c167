// Package bench measures the kernels and the real layers of the house on the
// machine at hand, each one beside what the machine itself can do. It stands on
// the floor of the experiments since it calls every floor below, asks a question
// (how much of this machine is used?) and writes results, as they do; no
// experiment imports it.
//
// # Yardsticks
//
// GFLOP/s are held against the FMA peak of the kernel path in use, in the same
// precision: a loop of independent chains in registers (asm.Peak), a
// multiplication and an addition counting as two. GB/s are held against the
// bandwidth of a copy with ordinary stores (asm.Kernels.CopyF32) of arrays far
// beyond the last cache. Bytes are counted as STREAM does, read plus written, and
// not those that a cache reads before it writes. Each yardstick is measured on
// one thread and on all.
//
// Not every kernel that is held against the copy is bound by memory. A row of memory/ is measured once
// more where each worker goes over a piece of its own that its second-level cache holds (near, the
// column "in cache"). What is hardly faster there is bound by arithmetic or instructions or, if its
// results pass by the caches, by such stores, and cannot come nearer to the copy by reading sooner.
//
// # How a row is measured
//
// The machine may be shared and its clock may move, so a row's time is split
// into samples, and between them the yardstick is measured again, for a moment. Of a
// yardstick's burst the best of a few tries counts, since noise only slows it; a row's
// sample is the mean over its calls. A sample beside a burst far below what the
// machine has shown, or beside a moment in which a core began far fewer instructions,
// is taken again. These alone decide that, never the sample. A row then has
//
//	value    the median over the samples
//	percent  the median over the samples of value / yardstick just before and after
//	spread   the distance of the quartiles of the values, over the median
//
// A peak's own figure is the ninth decile of its bursts over the run, the copy's the
// median. Operands are made once, touched, and reused; nothing is allocated
// while a sample runs.
//
// # Names
//
// A row's name is its family, the type where there are two, and the size:
// gemm/f32/MxNxK is C = A*B with C of M x N, gemm-tn and gemm-nt the forms with
// A or B transposed; conv/NETWORK/CxK/HxW/PASS a layer from C channels of H x W to K
// filters (3x3 where nothing else is said), computed directly; layer/ and so on the
// same by the algorithm that trains it, where that is another one, counted as many
// operations, so that the value may pass the peak (percent counts the products that
// are done); dense/NETWORK/INxOUT/PASS a dense layer with bias and ReLU, forward, packed (the
// same by weights packed once) and both gradients; kernel/f32 one micro-kernel alone on
// panels in the first-level cache, kernel/rows-conv3 and 5 a convolution along rows of
// operands in the caches; syrk/MxK the upper triangle of A*A' for A of M x K; memory/NAME a
// kernel on arrays beyond the caches, though layers call many on what a cache holds (past-
// one whose results pass by the caches), or a layer's pass over such arrays; step/ what no
// yardstick measures, in millions of elements a second. Names do not depend on the kernel
// path, so that runs on two paths can be compared.
package bench
