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
// # Eigenvalues
//
// Eigen chooses by the diagonal. Up to 20 rows, and for graded matrices that are
// not definite up to 128, it rotates pairs until nothing is left (cyclic
// two-sided Jacobi). Definite matrices whose diagonal spans more than 2^16 go to
// one-sided Jacobi on the pivoted Cholesky factor, in whatever order their rows
// stand: each value is right to about n*eps of itself times the condition of the
// matrix scaled to unit diagonal. All others are preconditioned: Householder's
// reduction, divide and conquer and back-transformation give vectors that are
// right to rounding; then one sweep (rarely two) turns all pairs at once by angles
// from residuals computed to 2^-74 |A|, which leaves values right to the last bit
// or two down to a millionth of |A|, and below that to 2^-74 |A| or so.
//
//	order      1-20   21-...               graded, definite
//	flops      100 n^3  4/3 + 4/3 + 2 + 12 n^3   about 5 n^3 a sweep, 3 to 6 sweeps
//	memory     4 n^2    6 n^2 + 1500 n          4 n^2 (float64s, beside the argument)
//
// A cluster of m equal values takes about 3 m n + 7 m^2 more for a while.
//
// No input makes it run for ever: sweeps are counted, and so are the steps of the
// root finder and of the QL method. If the preconditioned way fails, rotations
// alone finish, in at most 40 sweeps, or ErrNoConvergence says so.
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
// method for real symmetric matrices, Numer. Math. 9, 1966; K. Veselic, V. Hari, A
// note on a one-sided Jacobi algorithm, Numer. Math. 56, 1989; Z. Drmac, K.
// Veselic, New fast and accurate Jacobi SVD algorithm, SIMAX 29(4), 2008; J.
// Cuppen, A divide and conquer method for the symmetric tridiagonal eigenproblem,
// Numer. Math. 36, 1981; M. Gu, S. Eisenstat, A stable and efficient algorithm for
// the rank-one modification of the symmetric eigenproblem, SIMAX 15(4), 1994;
// R.-C. Li, Solving secular equations stably and efficiently, LAPACK working note
// 89, 1993; T. Ogita, K. Aishima, Iterative refinement for symmetric eigenvalue
// decomposition, JJIAM 35, 2018; K. Ozaki, T. Ogita, S. Oishi, S. Rump, Error-free
// transformations of matrix multiplication, Numer. Algorithms 59(1), 2012; N.
// Higham, F. Tisseur, M. Webb, Z. Zhou, Computing accurate eigenvalues using a
// mixed-precision Jacobi algorithm, 2025; A. Bjorck, G. Golub, Numerical methods
// for computing angles between linear subspaces, Math. Comp. 27, 1973; F. Fritsch,
// R. Carlson, Monotone piecewise cubic interpolation, SINUM 17(2), 1980; H. Maennel
// et al., What do neural networks learn when trained with random labels?, NeurIPS
// 2020.
package linalg
