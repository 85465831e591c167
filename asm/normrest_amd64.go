//go:build !noasm

package asm

// The columns that whole blocks leave over, of rows that have their own values: they are copied to a
// block of 16, which is done as any other. One at a time, the references take 5 to 14 ns an element.

// restRows rows are copied at a time.
const restRows = 64

type (
	restBlock  [16 * restRows]float32
	restValues [16]float32
	restSums   [16]float64
)

// padded is v, at most 16 values, and zeros.
func padded(v []float32) (p restValues) {
	copy(p[:], v)
	return p
}

// load copies n columns of rows that are stride apart.
func (b *restBlock) load(x []float32, rows, stride, n int) {
	_ = x[(rows-1)*stride+n-1]
	copyPlanesF32AVX2(1, rows, &b[0], 0, 16, &x[0], 0, stride, n)
}

// store copies them back.
func (b *restBlock) store(x []float32, rows, stride, n int) {
	_ = x[(rows-1)*stride+n-1]
	copyPlanesF32AVX2(1, rows, &x[0], 0, stride, &b[0], 0, 16, n)
}

func (k normRows) restSums(x []float32, rows, stride int, shift []float32, s, q []float64) {
	var b restBlock
	var sums, squares restSums
	at := padded(shift)
	copy(sums[:], s)
	copy(squares[:], q)
	for r := 0; r < rows; r += restRows {
		h := min(restRows, rows-r)
		b.load(x[r*stride:], h, stride, len(shift))
		k.NormColsSumsF32(b[:], h, 16, 1, at[:], sums[:], squares[:])
	}
	copy(s[:len(shift)], sums[:])
	copy(q[:len(shift)], squares[:])
}

func (k normRows) restApply(y, x []float32, rows, stride int, m, a, b []float32, relu bool) {
	var t restBlock
	pm, pa, pb := padded(m), padded(a), padded(b)
	for r := 0; r < rows; r += restRows {
		h := min(restRows, rows-r)
		t.load(x[r*stride:], h, stride, len(m))
		k.NormColsApplyF32(t[:], t[:], h, 16, 1, pm[:], pa[:], pb[:], relu, false)
		t.store(y[r*stride:], h, stride, len(m))
	}
}

func (k normRows) restGradSums(x, dy []float32, rows, stride int, mean []float64, m, a, b []float32, relu bool, s, q []float64) {
	var t, g restBlock
	var centre, sums, squares restSums
	pm, pa, pb := padded(m), padded(a), padded(b)
	copy(centre[:], mean)
	copy(sums[:], s)
	copy(squares[:], q)
	for r := 0; r < rows; r += restRows {
		h := min(restRows, rows-r)
		t.load(x[r*stride:], h, stride, len(m))
		g.load(dy[r*stride:], h, stride, len(m))
		k.NormColsGradSumsF32(t[:], g[:], h, 16, 1, centre[:], pm[:], pa[:], pb[:], relu, sums[:], squares[:])
	}
	copy(s[:len(m)], sums[:])
	copy(q[:len(m)], squares[:])
}

func (k normRows) restGrad(dx, x, dy []float32, rows, stride int, m, a, b, c, d []float32, relu bool) {
	var t, g restBlock
	pm, pa, pb, pc, pd := padded(m), padded(a), padded(b), padded(c), padded(d)
	for r := 0; r < rows; r += restRows {
		h := min(restRows, rows-r)
		t.load(x[r*stride:], h, stride, len(m))
		g.load(dy[r*stride:], h, stride, len(m))
		k.NormColsGradF32(g[:], t[:], g[:], h, 16, 1, pm[:], pa[:], pb[:], pc[:], pd[:], relu, false)
		g.store(dx[r*stride:], h, stride, len(m))
	}
}
