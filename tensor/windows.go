package tensor

import "randalign/asm"

// Pooling of float32 by windows that overlap or have padding, 1 or 2 apart, where no kernel
// takes them straight from the image (pooldirect.go). A group of channels is laid out flat,
// padding included, so that a window is a list of distances, the same for all outputs, and
// the kernels run over all of them as over one row. With windows 2 apart, the even and the
// odd rows and columns become planes of their own, called phases, in which windows are 1
// apart again:
//
//	image, padded    phases
//	p p p p p        p p p   p p
//	p a b c d        p e g   . f . ...      an element (r, s) of the window of output (i, j)
//	p e f g h        p . .                  stands in phase (r%2, s%2) at (i+r/2, j+s/2)
//	...
//
// Outputs are wq apart from row to row, as phases are, and hq rows from plane to plane;
// what the kernels make between them, of windows that run on into the next row, is
// left out. Padding is what changes nothing: -Inf for a maximum, -0 for a sum, which is the
// one that keeps the sign of zeros, NaN where an element equal to the output is sought.
//
// The way back goes the other way round: an element of a phase is the sum over the
// taps of its phase, the last first, which is the row-major order of the outputs.

// groupSize elements of phases, about, are worked on at a time, in the caches next to
// the CPU, unless a plane is larger.
const groupSize = 4096

// windows are the shape of a pooling by taps; the zero windows have no group.
type windows struct {
	hq, wq, area int // of a phase's plane
	group        int // planes at a time
	ahead        []int
	back         [4]taps // of each phase
	margin       int     // elements before a group's outputs on the way back
	none         []int32 // the first element of each output's window that is no padding
}

// taps are those by which outputs reach an element, for a kernel with notes and one without.
type taps struct {
	noted []asm.Tap
	at    []int
}

// newWindows returns no windows where the loops are better: where windows are so large
// or far apart that few of the outputs made count, or more than 2 apart.
func newWindows(s PoolShape) (w windows) {
	ho, wo := s.Out()
	reach := (s.R - 1) / s.Stride
	w.hq = max(ho+reach, (s.H+s.Pad+s.Stride-1)/s.Stride)
	w.wq = max(wo+reach, (s.W+s.Pad+s.Stride-1)/s.Stride)
	w.area = w.hq * w.wq
	if s.Stride > 2 || w.area > 4*ho*wo {
		return windows{}
	}
	w.group = min(s.C, max(1, groupSize/(s.Stride*s.Stride*w.area)))
	w.margin = reach * (w.wq + 1)
	w.none = make([]int32, w.group*w.area)
	for k := range s.R * s.R {
		r, c := k/s.R, k%s.R
		w.ahead = append(w.ahead, w.phase(r%s.Stride, c%s.Stride)+r/s.Stride*w.wq+c/s.Stride)
	}
	for k := s.R*s.R - 1; k >= 0; k-- {
		r, c := k/s.R, k%s.R
		b, at := &w.back[r%s.Stride*2+c%s.Stride], w.margin-r/s.Stride*w.wq-c/s.Stride
		b.noted, b.at = append(b.noted, asm.Tap{At: at, Note: k}), append(b.at, at)
	}
	for i := range w.none {
		r, c := i%w.area/w.wq*s.Stride, i%w.wq*s.Stride
		w.none[i] = int32(max(0, s.Pad-r)*s.R + max(0, s.Pad-c))
	}
	return w
}

// phase returns where the phase of rows r and columns c begins.
func (w *windows) phase(r, c int) int { return (r*2 + c) * w.group * w.area }

// phases returns how many elements all of them have.
func (q *pooling[T]) phases() int {
	return q.Stride * q.Stride * q.win.group * q.win.area
}

// whole reports whether planes are laid out as an image is.
func (q *pooling[T]) whole() bool { return q.Stride == 1 && q.Pad == 0 }

// outputs returns how many outputs of c planes the kernels make.
func (q *pooling[T]) outputs(c int) int {
	return (c-1)*q.win.area + (q.ho-1)*q.win.wq + q.wo
}

// lay copies c planes of inputs into phases; what is padding stays.
func (q *pooling[T]) lay(phases, x []float32, c int) {
	k, w := asm.Active(), &q.win
	p := asm.Planes{Planes: c, DstPlane: w.area, DstRow: w.wq, SrcPlane: q.H * q.W, SrcRow: q.Stride * q.W}
	if q.Stride == 1 {
		p.Rows = q.H
		k.CopyPlanesF32(phases[q.Pad*w.wq+q.Pad:], x, p, q.W)
		return
	}
	for r := range 2 {
		top, even, odd := q.columns(r)
		if p.Rows = (q.H - top + 1) / 2; p.Rows <= 0 {
			continue
		}
		k.PartF32(phases[even:], phases[odd:], x[top*q.W:], p, q.W/2)
		for i := range c * (q.W % 2) { // the last of an odd number of columns
			to, from := even+q.W/2+i*w.area, i*p.SrcPlane+top*q.W+q.W-1
			for j := range p.Rows {
				phases[to+j*w.wq] = x[from+2*j*q.W]
			}
		}
	}
}

// columns returns which row of an image is the first in the phases of rows r, and where
// the columns 0 and 1 of it stand in phases.
func (q *pooling[T]) columns(r int) (top, even, odd int) {
	top = (r + q.Pad) % 2
	at := (top+q.Pad)/2*q.win.wq + q.Pad/2
	return top, q.win.phase(r, q.Pad%2) + at, q.win.phase(r, 1-q.Pad%2) + at + q.Pad%2
}

// gather is lay the other way.
func (q *pooling[T]) gather(x, phases []float32, c int) {
	k, w := asm.Active(), &q.win
	p := asm.Planes{Planes: c, DstPlane: q.H * q.W, DstRow: q.Stride * q.W, SrcPlane: w.area, SrcRow: w.wq}
	if q.Stride == 1 {
		p.Rows = q.H
		k.CopyPlanesF32(x, phases[q.Pad*w.wq+q.Pad:], p, q.W)
		return
	}
	for r := range 2 {
		top, even, odd := q.columns(r)
		if p.Rows = (q.H - top + 1) / 2; p.Rows <= 0 {
			continue
		}
		k.WeaveF32(x[top*q.W:], phases[even:], phases[odd:], p, q.W/2, false)
		for i := range c * (q.W % 2) { // the last of an odd number of columns
			to, from := i*p.DstPlane+top*q.W+q.W-1, even+q.W/2+i*w.area
			for j := range p.Rows {
				x[to+2*j*q.W] = phases[from+j*w.wq]
			}
		}
	}
}

// flat and dense copy c planes of outputs to where the kernels have them, and back.
func (q *pooling[T]) flat(dst, y []float32, c int) {
	w := &q.win
	asm.Active().CopyPlanesF32(dst, y, asm.Planes{Planes: c, Rows: q.ho, DstPlane: w.area, DstRow: w.wq, SrcPlane: q.ho * q.wo, SrcRow: q.wo}, q.wo)
}

func (q *pooling[T]) dense(y, src []float32, c int) {
	w := &q.win
	asm.Active().CopyPlanesF32(y, src, asm.Planes{Planes: c, Rows: q.ho, DstPlane: q.ho * q.wo, DstRow: q.wo, SrcPlane: w.area, SrcRow: w.wq}, q.wo)
}
