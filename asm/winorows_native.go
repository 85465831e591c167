//go:build !noasm && (amd64 || arm64)

package asm

// rowsConstants are those of RowsConv5's outputs, in the order of the kernels.
//
//lint:ignore U1000 read by assembly
var rowsConstants = [...]float32{rp, rp2, rp * rp2, rq, rq2, rq * rq2, rSum, rpSum, roSum, rqSum, 0, 0}

// rowsInside says whether there is anything to convolve, and panics where a kernel
// would leave its slices.
func rowsInside(places, tile, blocks, taps int, dst []float32, ldd int, u, v, bias []float32) bool {
	if blocks <= 0 {
		return false
	}
	if taps < 1 || ldd < 0 {
		panic("asm: a convolution along rows without steps, or that runs backwards")
	}
	filters := RowsStep / places
	_ = dst[(filters-1)*ldd+blocks*Lanes*tile-1]
	_, _, _ = u[taps*RowsStep-1], v[blocks*taps*places*Lanes-1], bias[filters-1]
	return true
}

// rowsGradInside is rowsInside for RowsGrad; from is where each lane's filter begins.
func rowsGradInside(places int, dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int) (from [Lanes]int, ok bool) {
	if filters <= 0 || rows <= 0 || width <= 0 {
		return from, false
	}
	if place|step|plane|ld < 0 || filters > Lanes {
		panic("asm: tiles of a gradient run backwards, or are of too many filters")
	}
	tiles := (width + 3) / 4
	_ = dst[(places-1)*place+(rows*tiles-1)*step+Lanes-1]
	_ = src[(filters-1)*plane+(rows-1)*ld+width-1]
	for f := range from {
		from[f] = min(f, filters-1) * plane
	}
	return from, true
}
