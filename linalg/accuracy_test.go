package linalg

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/tensor"
)

// reference is a matrix and its eigenvalues to 60 digits, rounded to float64:
// testdata/eigen.json, written by testdata/eigen.py.
type reference struct {
	Name   string
	N      int
	Lower  []float64 // rows of the lower triangle
	Values []string  // ascending
}

func references(t *testing.T) []reference {
	b, err := os.ReadFile(filepath.Join("testdata", "eigen.json"))
	require.NoError(t, err)
	var r []reference
	require.NoError(t, json.Unmarshal(b, &r))
	return r
}

func (r reference) matrix() *Mat {
	a := NewMat(r.N, r.N)
	k := 0
	for i := range r.N {
		for j := range i + 1 {
			a.Set(i, j, r.Lower[k])
			a.Set(j, i, r.Lower[k])
			k++
		}
	}
	return a
}

func (r reference) values(t *testing.T) []float64 {
	v := make([]float64, r.N)
	for i, text := range r.Values {
		x, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		v[i] = x
	}
	return v
}

// The table of accuracy: for each kind of matrix the residual and the
// orthogonality in units of n eps, the worst error of a value in units of
// eps |A|, and the worst error relative to the value itself in units of eps.
//
// Every value is within one eps of the norm (12 by rotations of a factor).
// Beyond that, values are right to n*eps of themselves where the matrix determines
// them: bounds hold a case to it.
func TestAccuracy(t *testing.T) {
	relative := map[string]float64{ // in eps; not listed: values at the level of rounding
		"random": 8, "positive definite": 4, "graded rows": 36, "clustered": 4, "repeated": 4, "wilkinson": 21,
		"indefinite": 8, "tiny": 4, "huge": 4, "one": 0, "diagonal": 0, "cifar-10 patches": 8,
	}
	t.Logf("%-20s %3s %10s %10s %12s %14s", "", "n", "residual", "orthogonal", "error/|A|eps", "worst rel./eps")
	for _, r := range references(t) {
		want := r.values(t)
		a := r.matrix()
		for order := range 3 {
			p := make([]int, r.N)
			for i := range p {
				p[i] = i
				switch order {
				case 1:
					p[i] = r.N - 1 - i
				case 2:
					p[i] = i * 23 % r.N
				}
			}
			if order == 2 && r.N%23 == 0 {
				continue
			}
			b := NewMat(r.N, r.N)
			for i := range p {
				for j := range p {
					b.Set(i, j, a.At(p[i], p[j]))
				}
			}
			e := checkEigen(t, b)
			residual, orthogonality := e.Residual(b)
			norm := maxAbs(want)
			var absolute, worst float64
			for i, v := range want {
				d := math.Abs(e.Values[i]/norm - v/norm)
				absolute = max(absolute, d/eps)
				if v != 0 {
					worst = max(worst, d/math.Abs(v/norm)/eps)
				}
			}
			if order == 0 {
				t.Logf("%-20s %3d %10.3f %10.3f %12.3g %14.3g", r.Name, r.N, residual, orthogonality, absolute, worst)
			}
			name := fmt.Sprintf("%s, order %d", r.Name, order)
			require.LessOrEqual(t, absolute, map[bool]float64{true: 12, false: 1}[r.Name == "graded rows"], name)
			require.LessOrEqual(t, residual, 1.0, name)
			require.LessOrEqual(t, orthogonality, 1.5, name)
			if bound, ok := relative[r.Name]; ok {
				require.LessOrEqual(t, worst, bound, name)
			}
		}
	}
}

// cifarImages returns the 50000 training images of CIFAR-10.
func cifarImages(t *testing.T) (images []uint8, n int) {
	folder := os.Getenv("RANDALIGN_DATA")
	if folder == "" {
		t.Skip("RANDALIGN_DATA names no data")
	}
	for b := 1; b <= 5; b++ {
		x, err := os.ReadFile(filepath.Join(folder, "cifar-10-batches-bin", fmt.Sprintf("data_batch_%d.bin", b)))
		if os.IsNotExist(err) {
			t.Skip(err)
		}
		require.NoError(t, err)
		for len(x) > 0 {
			images = append(images, x[1:3073]...)
			x = x[3073:]
		}
	}
	require.Len(t, images, 50000*3072)
	return images, 50000
}

// The covariance of all 3 x 3 patches of the CIFAR-10 training images is the one
// that an independent program summed, to 2^-51 of each element.
func TestCifarPatches(t *testing.T) {
	images, n := cifarImages(t)
	p := tensor.NewPool(2)
	defer p.Close()
	c := NewPixelCov(3, 32, 32, 3, 3, 1, 0)
	c.Add(p, images, n)
	require.EqualValues(t, 50000*900, c.N())
	for _, r := range references(t) {
		if r.Name == "cifar-10 patches" {
			want := r.matrix()
			for i, v := range c.Covariance().Data {
				require.InEpsilon(t, want.Data[i], v, 0x1p-51)
			}
			return
		}
	}
	t.Fatal("no reference")
}

// The 39.2 million 5 x 5 patches: elements that loops over the integers sum keep
// PixelCov's bound, and all elements Cov's, against PixelCov.
func TestCifarLargePatches(t *testing.T) {
	const f, side, d = 5, 28, 75
	images, n := cifarImages(t)
	p := tensor.NewPool(2)
	defer p.Close()
	c := NewPixelCov(3, 32, 32, f, f, 1, 0)
	c.Add(p, images, n)
	require.EqualValues(t, n*side*side, c.N())
	a := c.Covariance()
	count := big.NewInt(c.N())
	for _, e := range [][2]int{{0, 0}, {74, 74}, {37, 37}, {0, 74}, {12, 13}, {4, 20}, {20, 4}, {24, 25}, {49, 50}, {3, 71}, {33, 38}, {66, 17}} {
		var offset [2]int
		for k, i := range e {
			offset[k] = i/(f*f)*1024 + i/f%f*32 + i%f
		}
		var si, sj, sij int64
		for at := range n {
			for y := range side {
				u := images[at*3072+offset[0]+y*32:][:side]
				v := images[at*3072+offset[1]+y*32:][:side]
				for x := range side {
					si += int64(u[x])
					sj += int64(v[x])
					sij += int64(u[x]) * int64(v[x])
				}
			}
		}
		want := new(big.Int).Mul(count, big.NewInt(sij))
		want.Sub(want, new(big.Int).Mul(big.NewInt(si), big.NewInt(sj)))
		exact := new(big.Rat).SetFrac(want, new(big.Int).Mul(count, count))
		got := new(big.Rat).SetFloat64(a.At(e[0], e[1]))
		off, _ := got.Sub(got, exact).Float64()
		require.LessOrEqual(t, math.Abs(off), math.Abs(a.At(e[0], e[1]))*0x1p-51, "element %v", e)
	}
	general := NewCov(d)
	general.OnPool(p)
	const batch = 1000
	floats := make([]float32, batch*3072)
	for lo := 0; lo < n; lo += batch {
		for i, v := range images[lo*3072:][:len(floats)] {
			floats[i] = float32(v)
		}
		general.AddPatches(floats, batch, 3, 32, 32, f, f, 1, 0)
	}
	b, worst := general.Covariance(), 0.0
	for i := range d {
		for j := range d {
			worst = max(worst, math.Abs(a.At(i, j)-b.At(i, j))/(eps*math.Sqrt(a.At(i, i)*a.At(j, j))))
		}
	}
	bound := float64(c.N())/256 + 300
	t.Logf("Cov is off by %.0f eps, bound %.0f", worst, bound)
	require.LessOrEqual(t, worst, bound)
}
