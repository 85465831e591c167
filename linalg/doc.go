// Package linalg does linear algebra in float64 for symmetric matrices, and the
// mathematics of alignment that stands on it.
//
// # Words and layout
//
// A Mat is row-major: element (i, j) stands at Data[i*Cols+j]. Letters used all
// over the package: d the dimension of a vector or patch, m a number of filters,
// A the covariance of the data, B the second moment of the weights, V an
// orthonormal basis whose *columns* are its vectors, P_j the projector on the
// j-th eigenspace of A. Eigenvalues ascend, so that the leading vectors are the
// last columns. A Space is a range [Start, End) of columns that share one
// eigenvalue within a tolerance. Patches have the order of package tensor:
//
//	patch[(c*R+r)*S+s] = image[c][y*stride+r-pad][x*stride+s-pad]
//
// The misalignment of B with A is M = sum_j sqrt(tr(P_j B) tr(P_j B^-1)) - d:
// 0 if and only if B and A share eigenvectors, the same for every multiple of B.
//
// # Promises
//
// The same inputs give the same bits on every architecture and kernel path:
// products are explicit fused multiply-adds or explicitly rounded, sums have a
// fixed order, exp and log are package tensor's. Functions return fresh memory
// and leave their arguments alone. Everything is safe for concurrent use as long
// as nobody changes the arguments; a Cov and a tensor.Stream serve one caller.
//
// # Errors
//
// Wrong shapes are misuse and panic with both shapes. Whatever depends on data
// (NaN, asymmetry, a matrix that is not positive definite) comes back as an
// error that names the row, the column and the value.
//
// # References
//
// J. Demmel, K. Veselic, Jacobi's method is more accurate than QR, SIMAX 13(4),
// 1992; F. Luk, H. Park, On parallel Jacobi orderings, SISSC 10(1), 1989;
// T. Chan, G. Golub, R. LeVeque, Updating formulae and a pairwise algorithm for
// computing sample variances, 1979; F. Mezzadri, How to generate random matrices
// from the classical compact groups, Notices AMS 54(5), 2007; O. Ledoit,
// M. Wolf, A well-conditioned estimator for large-dimensional covariance
// matrices, JMVA 88(2), 2004; G. Marsaglia, W. Tsang, A simple method for
// generating gamma variables, ACM TOMS 26(3), 2000; H. Rutishauser, The Jacobi
// method for real symmetric matrices, Numer. Math. 9, 1966; H. Maennel et al., What do neural networks learn
// when trained with random labels?, NeurIPS 2020.
package linalg
