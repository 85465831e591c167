package experiments

import (
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The statistics of 2,000 images against those of CIFAR-10 (first batch, same
// estimators): leaves are to stand in for photographs.
const statImages = 2000

// cifarEigenvalues are those of CIFAR-10's standardised 3x3x3 patches.
var cifarEigenvalues = []float64{20.7, 1.80, 1.43, 1.13, 0.40, 0.27, 0.24, 0.20}

func TestLeavesLookLikePhotographs(t *testing.T) {
	if testing.Short() {
		t.Skip("draws 2,000 images")
	}
	src := leavesSource{}
	raw := mustRead(t, src, Train, upTo(statImages))
	slope := spectrumSlope(raw)
	t.Logf("slope %.3f", slope)
	require.True(t, slope > -3.1 && slope < -2.4, "slope %v", slope)

	values, vectors := patchEigen(raw)
	t.Logf("eigenvalues %.3f", values[:8])
	for i, want := range cifarEigenvalues {
		require.InEpsilon(t, want, values[i], 0.25, "eigenvalue %d", i+1)
	}
	checkPhotographic(t, vectors)
}

func TestCIFARStatistics(t *testing.T) {
	dir := os.Getenv("RANDALIGN_DATA")
	if dir == "" || !isDir(filepath.Join(dir, cifarFolder)) {
		t.Skip("needs CIFAR-10 in RANDALIGN_DATA")
	}
	src, err := OpenSource("cifar10", dir)
	require.NoError(t, err)
	raw := mustRead(t, src, Train, upTo(statImages))
	slope := spectrumSlope(raw)
	t.Logf("slope %.3f", slope)
	require.InDelta(t, -2.8, slope, 0.05)
	values, vectors := patchEigen(raw)
	t.Logf("eigenvalues %.3f", values[:8])
	for i, want := range cifarEigenvalues {
		require.InEpsilon(t, want, values[i], 0.1, "eigenvalue %d", i+1)
	}
	checkPhotographic(t, vectors)
}

// checkPhotographic holds the leading eigenvectors against what those of
// photographs are: brightness, one opponent colour and two gradients first,
// and smooth ones after them.
func checkPhotographic(t *testing.T, vectors [][]float64) {
	t.Helper()
	var flatGrey, flatColour, gradients int
	for i, v := range vectors[:8] {
		low, flat, first, grey := dctEnergy(v)
		require.Greater(t, low, 0.9, "vector %d: energy in the six lowest frequencies", i+1)
		switch {
		case i > 3:
		case flat > 0.95 && grey > 0.95:
			flatGrey++
			require.Zero(t, i, "brightness comes first")
		case flat > 0.95 && grey < 0.05:
			flatColour++
		case first > 0.95 && grey > 0.95:
			gradients++
		}
	}
	require.Equal(t, []int{1, 1, 2}, []int{flatGrey, flatColour, gradients}, "brightness, colour, gradients among the first four")
}

// spectrumSlope is the exponent of the power spectrum of luminance, averaged
// over images and rings of 2 to 12 cycles an image, by least squares in
// logarithms. No window: the jump across the border is part of it, as in the
// number for CIFAR-10.
func spectrumSlope(raw *Raw) float64 {
	const n = 32
	var power [n][n]float64
	var turn [n]complex128
	for k := range turn {
		turn[k] = cmplx.Rect(1, -2*math.Pi*float64(k)/n)
	}
	for e := range raw.Labels {
		p := raw.U8[e*3*n*n:]
		var rows, both [n][n]complex128
		for y := range n {
			for k := range n {
				for x := range n {
					i := y*n + x
					l := 0.299*float64(p[i]) + 0.587*float64(p[n*n+i]) + 0.114*float64(p[2*n*n+i])
					rows[y][k] += complex(l, 0) * turn[k*x%n]
				}
			}
		}
		for k := range n {
			for j := range 13 { // the other half mirrors it
				for y := range n {
					both[j][k] += rows[y][k] * turn[j*y%n]
				}
				power[j][k] += real(both[j][k])*real(both[j][k]) + imag(both[j][k])*imag(both[j][k])
			}
		}
	}
	var sum, count [13]float64
	for j := range 13 {
		for k := range n {
			r := int(math.Round(math.Hypot(float64(j), float64(min(k, n-k)))))
			w := 2.0 // row -j has the same power
			if j == 0 {
				w = 1
			}
			if r <= 12 {
				sum[r] += w * power[j][k]
				count[r] += w
			}
		}
	}
	var m, sx, sy, sxx, sxy float64
	for r := 2; r <= 12; r++ {
		x, y := math.Log(float64(r)), math.Log(sum[r]/count[r])
		m, sx, sy, sxx, sxy = m+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (m*sxy - sx*sy) / (m*sxx - sx*sx)
}

// patchEigen returns the eigenvalues, descending, and eigenvectors of the
// covariance of all 3x3x3 patches of standardised pixels.
func patchEigen(raw *Raw) (values []float64, vectors [][]float64) {
	const n, d = 32, 27
	shape := [3]int{3, n, n}
	data := Materialise(raw, shape, DefaultNormalisation(raw, shape), 10)
	var sum [d]float64
	cov := make([][]float64, d)
	for i := range cov {
		cov[i] = make([]float64, d)
	}
	count := 0.0
	var p [d]float64
	for e := range data.Len() {
		for y := range n - 2 {
			for x := range n - 2 {
				for i := range p {
					p[i] = float64(data.X[((e*3+i/9)*n+y+i/3%3)*n+x+i%3])
				}
				for i := range p {
					sum[i] += p[i]
					for j := range i + 1 {
						cov[i][j] += p[i] * p[j]
					}
				}
				count++
			}
		}
	}
	for i := range cov {
		for j := range i + 1 {
			cov[i][j] = cov[i][j]/count - sum[i]/count*sum[j]/count
			cov[j][i] = cov[i][j]
		}
	}
	return jacobiNaive(cov)
}

// jacobiNaive is the cyclic Jacobi method by the book; a is destroyed.
func jacobiNaive(a [][]float64) (values []float64, vectors [][]float64) {
	n := len(a)
	v := make([][]float64, n) // rows are vectors
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
	}
	for range 30 {
		for p := range n {
			for q := p + 1; q < n; q++ {
				phi := 0.5 * math.Atan2(2*a[p][q], a[q][q]-a[p][p])
				c, s := math.Cos(phi), math.Sin(phi)
				for k := range n {
					a[k][p], a[k][q] = c*a[k][p]-s*a[k][q], s*a[k][p]+c*a[k][q]
				}
				for k := range n {
					a[p][k], a[q][k] = c*a[p][k]-s*a[q][k], s*a[p][k]+c*a[q][k]
					v[p][k], v[q][k] = c*v[p][k]-s*v[q][k], s*v[p][k]+c*v[q][k]
				}
			}
		}
	}
	for range n {
		best := -1
		for i := range n {
			if v[i] != nil && (best < 0 || a[i][i] > a[best][best]) {
				best = i
			}
		}
		values, vectors = append(values, a[best][best]), append(vectors, v[best])
		v[best] = nil
	}
	return values, vectors
}

// dctEnergy returns shares of the energy of a unit 3x3x3 patch: in the cosine
// frequencies i+j <= 2, in the constant, in the two first ones, and in what
// its three channels have in common.
func dctEnergy(v []float64) (low, flat, first, grey float64) {
	basis := [3][3]float64{{1 / math.Sqrt(3), 1 / math.Sqrt(3), 1 / math.Sqrt(3)}, {math.Sqrt(0.5), 0, -math.Sqrt(0.5)}, {1 / math.Sqrt(6), -2 / math.Sqrt(6), 1 / math.Sqrt(6)}}
	for i := range 3 {
		for j := range 3 {
			var sum float64
			for c := range 3 {
				var dot float64
				for k := range 9 {
					dot += v[c*9+k] * basis[i][k/3] * basis[j][k%3]
				}
				sum += dot
				if i+j <= 2 {
					low += dot * dot
				}
				if i+j == 0 {
					flat += dot * dot
				}
				if i+j == 1 {
					first += dot * dot
				}
			}
			grey += sum * sum / 3
		}
	}
	return low, flat, first, grey
}
