package asm

// Run is a stretch of neighbours in a step of a panel: its elements At to
// At+N-1 come from the source, from Offset on. Kernels read the fields where they stand.
type Run struct{ At, N, Offset int }

func packF32Generic(dst, src []float32, offset []int, width, kc int) {
	packGeneric(dst, src, offset, width, kc)
}

func packF64Generic(dst, src []float64, offset []int, width, kc int) {
	packGeneric(dst, src, offset, width, kc)
}

func packGeneric[T any](dst, src []T, offset []int, width, kc int) {
	dst = dst[:kc*width]
	if len(offset) < width {
		clear(dst)
	}
	for i, o := range offset {
		for k, x := range src[o:][:kc] {
			dst[k*width+i] = x
		}
	}
}

func copyRowsF32Generic(dst []float32, ldd int, src []float32, ld, width, kc int, _ bool) {
	for k := range kc {
		copy(dst[k*ldd:][:width], src[k*ld:])
	}
}

// copyPanelsF32 returns the CopyPanelsF32 of a path that copies one panel after the other.
func copyPanelsF32(copyRows func(dst []float32, ldd int, src []float32, ld, width, kc int, far bool)) func(dst []float32, step int, src []float32, ld, width, panels, kc int) {
	return func(dst []float32, step int, src []float32, ld, width, panels, kc int) {
		if kc == 0 {
			return
		}
		for p := range panels {
			copyRows(dst[p*step:], width, src[p*width:], ld, width, kc, true)
		}
	}
}

func packRunsF32Generic(dst, src []float32, taps []int, runs []Run, width int) {
	for t, tap := range taps {
		step := dst[t*width:][:width]
		clear(step)
		for _, r := range runs {
			copy(step[r.At:][:r.N], src[tap+r.Offset:])
		}
	}
}

func padRowsF32Generic(dst, src []float32, rows, ldd, lds, zeros, n, width int) {
	for r := range rows {
		row := dst[r*ldd:][:width]
		clear(row[:zeros])
		copy(row[zeros:], src[r*lds:][:n])
		clear(row[zeros+n:])
	}
}

func transposeF32Generic(dst []float32, ldd int, src []float32, lds, rows, cols int, _, _ bool) {
	for r := range rows {
		for c, x := range src[r*lds:][:cols] {
			dst[c*ldd+r] = x
		}
	}
}

func turnF32Generic(dst []float32, ldd int, src []float32, lds, filters, channels int) {
	for f := range filters {
		for c := range channels {
			to, from := dst[c*ldd+9*f:][:9], src[f*lds+9*c:][:9]
			for i := range to {
				to[i] = from[8-i]
			}
		}
	}
}

func takeSecondF32Generic(dst, src []float32, p Planes, n int) {
	for i := range p.Planes * p.Rows {
		to, from := p.Row(i)
		row := src[from:]
		for j := range dst[to:][:n] {
			dst[to+j] = row[2*j]
		}
	}
}

func weaveF32Generic(dst, even, odd []float32, p Planes, n int, _ bool) {
	for i := range p.Planes * p.Rows {
		to, from := p.Row(i)
		row := dst[to:][:2*n]
		for k, x := range [2][]float32{even, odd} {
			if x == nil {
				for j := k; j < 2*n; j += 2 {
					row[j] = 0
				}
				continue
			}
			for j, v := range x[from:][:n] {
				row[2*j+k] = v
			}
		}
	}
}

// upsampleBy is UpsampleF32 in two goes of a path's WeaveF32.
func upsampleBy(weave func(dst, even, odd []float32, p Planes, n int, past bool), dst, src []float32, p Planes, n int, past bool) {
	weave(dst, src, nil, p, n, past)
	if p.Planes > 0 && p.Rows > 0 {
		weave(dst[2*n:], nil, nil, p, n, past)
	}
}

// upsampleF32 returns the UpsampleF32 of a path that has none of its own.
func upsampleF32(weave func(dst, even, odd []float32, p Planes, n int, past bool)) func(dst, src []float32, p Planes, n int, past bool) {
	return func(dst, src []float32, p Planes, n int, past bool) { upsampleBy(weave, dst, src, p, n, past) }
}

func expandF32Generic(dst, src []float32, planes int, masks []uint16, size, count int) {
	for p := range planes {
		from := src[p*count:][:count]
		for i := range dst[p*size:][:size] {
			x := float32(0)
			if masks[i/16]>>(i%16)&1 != 0 {
				x, from = from[0], from[1:]
			}
			dst[p*size+i] = x
		}
	}
}

// Row returns where row i, counted over all planes, stands in dst and in src.
func (p *Planes) Row(i int) (dst, src int) {
	plane, r := i/p.Rows, i%p.Rows
	return plane*p.DstPlane + r*p.DstRow, plane*p.SrcPlane + r*p.SrcRow
}

func copyPlanesF32Generic(dst, src []float32, p Planes, n int) {
	for i := range p.Planes * p.Rows {
		to, from := p.Row(i)
		copy(dst[to:][:n], src[from:][:n])
	}
}

func addPlanesF32Generic(dst, src []float32, p Planes, n int) {
	for i := range p.Planes * p.Rows {
		to, from := p.Row(i)
		row := dst[to:][:n]
		for j, v := range src[from:][:n] {
			row[j] += v
		}
	}
}

func partF32Generic(even, odd, src []float32, p Planes, n int) {
	for i := range p.Planes * p.Rows {
		to, from := p.Row(i)
		row, a, b := src[from:][:2*n], even[to:][:n], odd[to:][:n]
		for j := range a {
			a[j], b[j] = row[2*j], row[2*j+1]
		}
	}
}
