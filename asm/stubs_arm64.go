//go:build !noasm

package asm

// gemmF32NEONx8x12 is, for i < 8 and j < 12:
//
//	t := c[i*ldc+j] if load, else 0
//	for k := 0; k < kc; k++ { t = fma(a[k*8+i], b[k*ldb+j], t) }
//	c[i*ldc+j] = t
//
//go:noescape
func gemmF32NEONx8x12(kc int, a, b *float32, ldb int, c *float32, ldc int, load bool)

// gemmF64NEONx8x6 is gemmF32NEONx8x12 for float64 and 6 columns.
//
//go:noescape
func gemmF64NEONx8x6(kc int, a, b *float64, ldb int, c *float64, ldc int, load bool)

// pack4F32NEON is, for i < 4 and k < 4*blocks (blocks > 0):
//
//	dst[k*width+i] = src[i*ld+k]
//
//go:noescape
func pack4F32NEON(blocks int, dst, src *float32, ld, width int)

// padRowsF32NEON is padRowsF32Generic for rows > 0 and n > 3.
//
//go:noescape
func padRowsF32NEON(rows int, dst *float32, ldd int, src *float32, lds, zeros, n, width int)

// copyRowsF32NEON is dst[k*ldd+j] = src[k*ld+j] for k < runs, j < 12, runs > 0.
//
//go:noescape
func copyRowsF32NEON(runs int, dst *float32, ldd int, src *float32, ld int)

// packRunF32NEON is dst[k*width+j] = src[taps[k]+offset+j] for k < steps, j < n,
// steps > 0, n < 16.
//
//go:noescape
func packRunF32NEON(steps int, dst, src *float32, taps *int, offset, width, n int)

// pack2F64NEON is, for i < 2 and k < 2*blocks (blocks > 0):
//
//	dst[k*width+i] = src[i*ld+k]
//
//go:noescape
func pack2F64NEON(blocks int, dst, src *float64, ld, width int)

// takeSecondF32NEON is, for p < planes, r < rows, i < n, which are all positive:
//
//	dst[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+2*i]
//
//go:noescape
func takeSecondF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// copyPlanesF32NEON is, for p < planes, r < rows, i < n, which are all positive:
//
//	dst[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+i]
//
//go:noescape
func copyPlanesF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// addPlanesF32NEON is addPlanesF32Generic for what is positive.
//
//go:noescape
func addPlanesF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)

// turnF32NEON is, for f < filters, c < channels, which are all positive, and i < 9:
//
//	dst[c*ldd+9*f+i] = src[f*lds+9*c+8-i]
//
//go:noescape
func turnF32NEON(filters, channels int, dst *float32, ldd int, src *float32, lds int)

// weaveF32NEON is, for p < planes, r < rows, i < n, which are all positive:
//
//	dst[p*dstPlane+r*dstRow+2*i]   = even[p*srcPlane+r*srcRow+i], or +0 if even is nil
//	dst[p*dstPlane+r*dstRow+2*i+1] = odd[p*srcPlane+r*srcRow+i], or +0 if odd is nil
//
// One of even and odd is not nil.
//
//go:noescape
func weaveF32NEON(planes, rows int, dst *float32, dstPlane, dstRow int, even, odd *float32, srcPlane, srcRow, n int)

// expandF32NEON fills planes of size elements (planes > 0, size > 0) from planes of
// count, together at least four: element i is the next of src if bit i%16 of masks[i/16]
// is set, else +0.
//
//go:noescape
func expandF32NEON(planes int, dst, src *float32, masks *uint16, size, count int)

// taken is how many bytes of float32 four bits of a mask take.
//
//lint:ignore U1000 read by assembly
var taken = [16]uint8{0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16}

// neonProbe runs one macro of neon_arm64.h, by its place in the test's table, on
// d = v[0], n = v[1], m = v[2], and leaves d in v[0]. Only the test calls it.
//
//go:noescape
func neonProbe(macro int, v *[3][16]byte)

// partF32NEON is, for p < planes, r < rows, i < n, which are all positive:
//
//	even[p*dstPlane+r*dstRow+i] = src[p*srcPlane+r*srcRow+2*i]
//	odd[p*dstPlane+r*dstRow+i]  = src[p*srcPlane+r*srcRow+2*i+1]
//
//go:noescape
func partF32NEON(planes, rows int, even, odd *float32, dstPlane, dstRow int, src *float32, srcPlane, srcRow, n int)
