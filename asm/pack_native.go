//go:build !noasm && (amd64 || arm64)

package asm

// spread holds, for four bits of a mask, which byte of the next four elements of float32
// each byte of the result is; those of elements whose bit is not set are beyond them all.
//
//lint:ignore U1000 read by assembly
var spread = func() (s [16][16]uint8) {
	for mask := range s {
		from := uint8(0)
		for i := range 4 {
			for b := range 4 {
				s[mask][4*i+b] = 0x80
				if mask>>i&1 != 0 {
					s[mask][4*i+b] = from
					from++
				}
			}
		}
	}
	return s
}()

// woven checks what is woven and returns where it begins. Where there is nothing, p does
// not move on from it.
func (p *Planes) woven(dst, even, odd []float32, n int) (first, second *float32) {
	_ = dst[p.lastDst()+2*n-1]
	if even != nil {
		_, first = even[p.lastSrc()+n-1], &even[0]
	}
	if odd != nil {
		_, second = odd[p.lastSrc()+n-1], &odd[0]
	}
	if even == nil && odd == nil {
		p.SrcPlane, p.SrcRow = 0, 0
	}
	return first, second
}

// lastDst and lastSrc are where the last row stands.
func (p *Planes) lastDst() int { return (p.Planes-1)*p.DstPlane + (p.Rows-1)*p.DstRow }
func (p *Planes) lastSrc() int { return (p.Planes-1)*p.SrcPlane + (p.Rows-1)*p.SrcRow }
