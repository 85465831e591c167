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
// outputs of its tile, be it a square or a stretch of a row, one of tiny images leaves out
// the padding (convtiny.go), and an inputs' gradient by col2im adds a chain for each output
// that an input is in (convcol2im.go). A dense layer of 32768 inputs or more cuts them
// into chunks (dense.go).
//
// No call starts a goroutine or takes a lock. A product is cut into a grid of
// blocks of C, few enough that packing costs little, and a task does one over the whole
// of K with packed operands of its own: tasks meet at the end only. The grid
// follows the threads, and reaches no bit since no chain is cut. Where an operand
// is larger than the caches and little is done with an element of it, what comes
// next is fetched while the FMA units are busy: tiles.go, packer.go, taker.go, dense.go,
// densegrad.go. DensePanels packs weights once that many batches go through.
//
// # Many threads
//
// A job is cut into tasks of about equal size. A worker does a contiguous share of them and then
// helps the others; nothing else is shared while it runs. With 64 threads, kernels of AVX-512
// and batches of 256 (simple-cnn) or 128 (VGG16 and ResNet18, or both, on images of 32 x 32),
// these are the tasks that multiply matrices, and how much of the time of all threads they fill
// until the last is done, if each takes as long as its products: TestSharesOf64Threads computes
// it, and holds every path to 70 %.
//
//	                            forward        inputs         weights
//	simple-cnn 5x5, 3 to 256      256 100 %     256 100 %      64 100 %
//	simple-cnn 3x3, 3 to 256      256 100 %     256 100 %      54  71 %
//	both 3x3, 3 to 64             128 100 %     128 100 %      64 100 %
//	both 64 to 64, 32x32          900  94 %     900  94 %     108  84 %
//	vgg16 64 to 128, 16x16        576 100 %     576 100 %     108  84 %
//	both 128 to 128, 16x16        576 100 %     576 100 %     180  94 %
//	vgg16 128 to 256, 8x8         252  98 %     252  98 %     180  94 %
//	both 256 to 256, 8x8          252  98 %     252  98 %     252  98 %
//	vgg16 256 to 512, 4x4         180  94 %     180  94 %     180  94 %
//	both 512 to 512, 4x4          180  94 %     180  94 %     180  94 %
//	vgg16 512 to 512, 2x2          64 100 %      64 100 %      64 100 %
//	resnet18 64 to 128, /2       1053  96 %    1053  96 %      60  77 %
//	resnet18 128 to 256, /2       567  98 %     567  98 %      56  86 %
//	resnet18 256 to 512, /2       243  95 %     243  95 %      64  94 %
//	resnet18 1x1, 64 to 128, /2   128 100 %     128 100 %      64 100 %
//	resnet18 1x1, 128 to 256, /2   64  98 %      64  91 %      64  98 %
//	resnet18 1x1, 256 to 512, /2   64  91 %      64  98 %      64  96 %
//	                            forward        inputs and weights
//	simple-cnn dense, of 5x5       64 100 %     512 100 %
//	simple-cnn dense, of 3x3       64 100 %     512  99 %
//
// Finer tasks would fill more, but each packs or transforms what it reads: 18 chunks of images
// (the chunks are part of the arithmetic) by 3 parts of the filters, in the gradient of
// simple-cnn's 3 x 3 filters, 3 chunks by 20 blocks in that of ResNet18's of stride 2. VGG16's
// 2 x 2 images are 16 products of 512 x 128 x 512, with 64 tasks each. A last layer of 10 classes
// has 2 to 16 tasks and leaves most threads idle, for some microseconds.
//
// Winograd's layers (winograd.go and, with stride 2, winostride.go: matrices and error bounds)
// are jobs before and behind the products as well, in tasks of an image and 64 channels, 64 to
// 2048 of them; transforming filters is 16 tasks or more.
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
