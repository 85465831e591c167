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
// asm's own; each states its error, in units of the last place (ulp). NaN payloads are outside this promise. Zero factors are
// never skipped and K is never padded, so NaN and Inf propagate as IEEE says;
// with Set, C is not read at all.
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
// C. Szegedy, Batch Normalization, ICML 2015; D. Hendrycks and K. Gimpel, Gaussian
// Error Linear Units, 2016.
package tensor
