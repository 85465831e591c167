package linalg

import "randalign/tensor"

// AddRows adds rows vectors, x being [rows, d]. It panics if x has another size.
func (c *Cov) AddRows(x []float32, rows int) { addRows(c, &c.rows32, x, rows) }

// AddRows64 is AddRows for float64.
func (c *Cov) AddRows64(x []float64, rows int) { addRows(c, &c.rows64, x, rows) }

func addRows[T tensor.Float](c *Cov, v *rowVectors[T], x []T, rows int) {
	mustRows("add rows", len(x), rows, c.d)
	*v = rowVectors[T]{x, c.d}
	c.add(v, rows)
	v.x = nil
}

// rowVectors are the rows of a matrix [n, d].
type rowVectors[T tensor.Float] struct {
	x []T
	d int
}

func (v *rowVectors[T]) parts() (n, size int) { return v.d, 1 }

func (v *rowVectors[T]) room() int { return 0 }

// gather implements vectors. Eight rows at a time fill whole cache lines of dst.
func (v *rowVectors[T]) gather(dst []float64, lo, hi, from, count int, _ []float64) {
	row := func(r int) []T { return v.x[r*v.d:][lo:hi] }
	at := 0
	for ; at+8 <= count; at += 8 {
		r := from + at
		x0, x1, x2, x3, x4, x5, x6, x7 := row(r), row(r+1), row(r+2), row(r+3), row(r+4), row(r+5), row(r+6), row(r+7)
		for i, x := range x0 {
			to := (*[8]float64)(dst[(lo+i)*covStride+at:])
			to[0], to[1], to[2], to[3] = float64(x), float64(x1[i]), float64(x2[i]), float64(x3[i])
			to[4], to[5], to[6], to[7] = float64(x4[i]), float64(x5[i]), float64(x6[i]), float64(x7[i])
		}
	}
	for ; at < count; at++ {
		for i, x := range row(from + at) {
			dst[(lo+i)*covStride+at] = float64(x)
		}
	}
}
