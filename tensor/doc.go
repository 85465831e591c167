// Package tensor does the dense arithmetic of the house: blocked GEMM on the
// kernels of package asm, convolution, pooling, batch normalisation, element-wise
// work, reductions, the worker pool and the named random streams.
//
// # Words and layout
//
// Everything is row-major and contiguous. Dimension letters, used all over the
// house: N images of a batch, C channels of an image, H and W its height and
// width, K filters, R and S a filter's height and width, P = Ho*Wo output
// positions of a filter. A batch of images is [N, C, H, W], a batch of vectors
// [N, D]; a conv weight is [K, C, R, S], a dense weight [Out, In]. A patch is
// the C*R*S values under a filter, in the order of the filter's own memory:
//
//	patch[(c*R+r)*S+s] = image[c][y*stride+r-pad][x*stride+s-pad]
//
// # Promises
//
// The same inputs give the same bits for every kernel path, every number of
// threads and every architecture. A GEMM element is one chain of fused
// multiply-adds in increasing k that starts from the value in C, or from +0;
// a sum runs over Lanes virtual lanes (element i goes to lane i mod Lanes) and
// then a fixed tree. exp, log, tanh, erf, sigmoid and GELU are this package's and
// asm's own; each states its error, in units of the last place (ulp). NaN
// payloads are outside this promise. Zero factors are never skipped and K is
// never padded, so NaN and Inf propagate as IEEE says; with Set, C is not read.
// Convolutions that are not direct differ: Winograd's spreads a NaN or Inf over the
// outputs of its tile, be it a square or a stretch of a row, and one of tiny images
// leaves out the padding (convtiny.go). A dense layer of 32768 inputs or more cuts them
// into chunks (dense.go).
//
// No call starts a goroutine or takes a lock. A product is cut into a grid of
// blocks of C, few enough that packing costs little, and a task does one over the whole
// of K with packed operands of its own: tasks meet at the end only. The grid
// follows the threads, and reaches no bit since no chain is cut. Where an operand
// is larger than the caches and little is done with an element of it, what comes
// next is fetched while the FMA units are busy: tiles.go, packer.go, dense.go,
// densegrad.go. DensePanels packs weights once that many batches go through.
// With 64 threads the layers of the house come to, in blocks or tasks (a batch of 256
// for simple-cnn, of 128 otherwise; a weight gradient also has chunks of images):
//
//	                              forward, inputs   weights
//	simple-cnn 5x5, 3 to 256      256 images        8 chunks x 8 blocks
//	simple-cnn dense, to 64       32 chunks x 2     1255 blocks, and inputs
//
// and those that go by Winograd's algorithm (winograd.go and, with stride 2, winostride.go:
// matrices and error bounds) to tasks of three stages, over the images in the works at a
// time:
//
//	                              inputs   products          outputs
//	vgg16 64 to 64, 32x32         64       36 places x 25    64
//	vgg16 256 to 256, 8x8         512      36 places x 8     512
//	vgg16 512 to 512, 4x4         1024     36 places x 3     1024
//	resnet18 128 to 128, 16x16    256      36 places x 13    256
//	resnet18 256 to 512, to 4x4   512      81 places x 3     384
//
// The 2 x 2 images of vgg16 are 16 products of 512 x 128 x 512, cut into a grid each.
//
// Drivers take their buffers from the caller and from the Pool that they run
// on; after its first call with the same shapes, none allocates. A Pool serves
// one caller at a time. Everything else is safe for concurrent use on disjoint
// data.
//
// # Errors
//
// Wrong shapes are misuse and panic with the shapes in the text, before memory
// is touched. Nothing here reads files or data whose contents may be wrong.
//
// # References
//
// K. Goto and R. van de Geijn, Anatomy of High-Performance Matrix
// Multiplication, ACM TOMS 34(3), 2008; F. Van Zee and R. van de Geijn, BLIS,
// ACM TOMS 41(3), 2015; J. Doornik, An Improved Ziggurat Method, 2005; S. Ioffe and
// C. Szegedy, Batch Normalization, ICML 2015; A. Lavin and S. Gray, Fast Algorithms
// for Convolutional Neural Networks, CVPR 2016; D. Hendrycks and K. Gimpel, Gaussian
// Error Linear Units, 2016.
package tensor
