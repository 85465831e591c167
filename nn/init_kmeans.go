package nn

import (
	"fmt"
	"math"

	"randalign/linalg"
	"randalign/tensor"
)

// The settings of InitKMeans.
const (
	kmeansPatches = 50000 // at most so many vectors are clustered
	kmeansRounds  = 10
	kmeansEps     = 1e-2 // of the largest eigenvalue, against the noise in small directions
)

// InitKMeans sets the filters of the first so many weighted layers (0: of one)
// to the centroids of spherical k-means over their whitened inputs (Coates and
// Ng 2012), taken back to the inputs themselves: a filter's response to an input
// is the centroid's to the whitened one. Each weight keeps the l2 norm that it
// had. Centroids start as random directions of the stream "init/NAME"; one
// that no input is nearest to is drawn anew.
func (m *Model[T]) InitKMeans(p *tensor.Pool, n int, x []T, layers int, seed uint64) error {
	return m.eachMeasured(p, n, x, layers, func(s *LayerStats, w *Param[T]) error {
		axes, err := s.axes(p)
		if err != nil {
			return err
		}
		// Rows of white take an input to its whitened coordinates.
		k := len(s.Sigma)
		white := linalg.NewMat(k, s.Dim)
		for i, sigma := range s.Sigma {
			f := 1 / math.Sqrt(float64(sigma*sigma)+float64(kmeansEps*float64(s.Sigma[0]*s.Sigma[0])))
			for j, v := range axes.Row(i) {
				white.Data[i*s.Dim+j] = float64(f * v)
			}
		}
		stream := tensor.NewStream(seed, "init/"+w.Name)
		rows, err := m.sampleInputs(p, n, x, s, stream)
		if err != nil {
			return err
		}
		z := make([]float64, len(rows)/s.Dim*k)
		tensor.Gemm(p, len(rows)/s.Dim, k, s.Dim, tensor.RowMajor(rows, s.Dim), tensor.Transposed(white.Data, s.Dim), z, k, tensor.Set)
		out := w.Shape[0]
		centroids := sphericalKMeans(p, z, k, out, stream)
		filters := make([]float64, out*s.Dim)
		tensor.Gemm(p, out, s.Dim, k, tensor.RowMajor(centroids, k), tensor.RowMajor(white.Data, s.Dim), filters, s.Dim, tensor.Set)
		norm := tensor.Norm(w.Value)
		for i, v := range filters {
			w.Value[i] = T(v)
		}
		return Rescale(w.Value, norm)
	})
}

// sampleInputs returns inputs of a layer, less their mean, one a row: as many
// random ones from every example as make kmeansPatches.
func (m *Model[T]) sampleInputs(p *tensor.Pool, n int, x []T, s *LayerStats, stream *tensor.Stream) ([]float64, error) {
	c, conv := m.Layers[s.Layer].(*Conv[T])
	each := 1
	var g tensor.ConvShape
	if conv {
		g = c.Geometry()
		ho, wo := g.Out()
		each = min(max(1, kmeansPatches/n), ho*wo)
	}
	var rows []float64
	for i := 0; i < n && len(rows) < kmeansPatches*s.Dim; i += measureBatch {
		b := min(measureBatch, n-i)
		in := m.ForwardTo(p, b, x[i*m.In.Size():], s.Layer)
		size := len(in) / b
		for e := range b {
			example := in[e*size:][:size]
			if !conv {
				for _, v := range example {
					rows = append(rows, float64(v))
				}
				continue
			}
			for range each {
				ho, wo := g.Out()
				rows = appendPatch(rows, example, g, stream.IntN(ho), stream.IntN(wo))
			}
		}
	}
	count := len(rows) / s.Dim
	if count == 0 {
		return nil, fmt.Errorf("layer %d: no inputs to cluster", s.Layer)
	}
	for j := range s.Dim {
		var mean float64
		for i := range count {
			mean += rows[i*s.Dim+j]
		}
		mean /= float64(count)
		for i := range count {
			rows[i*s.Dim+j] -= mean
		}
	}
	return rows, nil
}

// appendPatch appends the patch of an image at one output position.
func appendPatch[T tensor.Float](rows []float64, image []T, g tensor.ConvShape, oy, ox int) []float64 {
	for c := range g.C {
		for r := range g.R {
			for q := range g.S {
				y, x := oy*g.Stride+r-g.Pad, ox*g.Stride+q-g.Pad
				v := 0.0
				if y >= 0 && y < g.H && x >= 0 && x < g.W {
					v = float64(image[(c*g.H+y)*g.W+x])
				}
				rows = append(rows, v)
			}
		}
	}
	return rows
}

// sphericalKMeans returns count unit vectors of dimension d: each row of z goes
// to the vector with the largest product by magnitude, and a vector becomes the
// normalised sum of its rows, with that product's sign and weight.
func sphericalKMeans(p *tensor.Pool, z []float64, d, count int, stream *tensor.Stream) []float64 {
	n := len(z) / d
	centroids := make([]float64, count*d)
	draw := func(c []float64) {
		tensor.FillNormal(stream, c, 1)
		normalise(c)
	}
	for i := range count {
		draw(centroids[i*d:][:d])
	}
	const block = 2048
	products := make([]float64, min(n, block)*count)
	for range kmeansRounds {
		sums := make([]float64, len(centroids))
		for lo := 0; lo < n; lo += block {
			b := min(block, n-lo)
			tensor.Gemm(p, b, count, d, tensor.RowMajor(z[lo*d:], d), tensor.Transposed(centroids, d), products, count, tensor.Set)
			for i := range b {
				row := products[i*count:][:count]
				best := 0
				for c, v := range row {
					if math.Abs(v) > math.Abs(row[best]) {
						best = c
					}
				}
				for j, v := range z[(lo+i)*d:][:d] {
					sums[best*d+j] = math.FMA(row[best], v, sums[best*d+j])
				}
			}
		}
		for i := range count {
			c := sums[i*d:][:d]
			if !normalise(c) {
				draw(c)
			}
		}
		centroids = sums
	}
	return centroids
}

// normalise makes x a unit vector; false if it is zero.
func normalise(x []float64) bool {
	norm := tensor.Norm(x)
	if norm == 0 {
		return false
	}
	for i := range x {
		x[i] /= norm
	}
	return true
}
