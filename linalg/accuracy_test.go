package linalg

import (
	"encoding/json"
	"fmt"
	"math"
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

// The covariance of all 3 x 3 patches of the CIFAR-10 training images is the one
// that an independent program summed, to 2^-51 of each element.
func TestCifarPatches(t *testing.T) {
	folder := os.Getenv("RANDALIGN_DATA")
	if folder == "" {
		t.Skip("RANDALIGN_DATA names no data")
	}
	var images []uint8
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
	p := tensor.NewPool(2)
	defer p.Close()
	c := NewPixelCov(3, 32, 32, 3, 3, 1, 0)
	c.Add(p, images, len(images)/3072)
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
