package asm

// Winograd's convolution along rows only (Toom-Cook), for few channels: tiles of
// neighbouring outputs in a row from a row of a filter, for each channel and row of
// it, which are the steps of the sums.
//
//	          filter row  outputs of a tile  places  points
//	RowsConv3      3              2             4    0, 1, -1, infinity
//	RowsConv5      5              4             8    0, 1/2, -1/2, 1, -1, 2, -2, infinity
//
// The transforms of inputs are named as those of Winograd's: RowsInput3 makes 4 from
// 4, RowsInput5 8 from 8. The gradients of the outputs, for that of the filters, come in
// tiles of four: RowsGrad5 makes 8 places of one, RowsGrad3, of three taps, the six
// places of Winograd's OutputGrad.

// RowsStep is how many accumulators, places x filters, a kernel has for a vector of
// tiles: a step of u.
const RowsStep = 24

// RowsConv convolves blocks of Lanes tiles with RowsStep/places filters:
//
//	m[f][b][i][p] = chain from +0 over t < taps of fma(u[t][p][f], v[b][t][p][i], m)
//	dst[f*ldd+(b*Lanes+i)*tile+j] = output j of m[f][b][i], + bias[f], then ReLU with relu
//
// past says that what dst is part of is larger than the caches: where it pays, it is not
// left in them. See Fence.
type RowsConv func(blocks, taps int, dst []float32, ldd int, u, v, bias []float32, relu, past bool)

// RowsGrad transforms the tiles of rows of the outputs of some filters, at most Lanes:
// tile i of row r has the outputs src[f*plane+r*ld+4*i+j] for j < 4, +0 where
// 4*i+j >= width, and becomes, with tiles to a row,
//
//	dst[p*place+(r*tiles+i)*step+f]     of place p
//
// for f < Lanes: behind the last filter are copies of it.
type RowsGrad func(dst []float32, place, step int, src []float32, plane, ld, filters, rows, width int)

// Rows are the kernels of one path. dst and src do not overlap.
type Rows struct {
	RowsConv3F32, RowsConv5F32   RowsConv
	RowsInput3F32, RowsInput5F32 func(dst, src []float32, s Strips)
	RowsGrad3F32, RowsGrad5F32   RowsGrad
}

func rowsReference() Rows {
	return Rows{RowsConv3[float32], RowsConv5[float32], RowsInput3[float32], RowsInput5[float32], RowsGrad3[float32], RowsGrad5[float32]}
}
