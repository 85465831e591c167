package asm

import "unsafe"

// CopyPlanesF64 is CopyPlanesF32 for float64.
func CopyPlanesF64(dst, src []float64, p Planes, n int) {
	p.DstPlane, p.DstRow, p.SrcPlane, p.SrcRow = 2*p.DstPlane, 2*p.DstRow, 2*p.SrcPlane, 2*p.SrcRow
	Active().CopyPlanesF32(halves(dst), halves(src), p, 2*n)
}

// halves is the memory of x.
func halves(x []float64) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x))
}
