package linalg

import "fmt"

// AddPatches adds all patches of n images [n, c, h, w] under a filter of r x s
// with the given stride and zero padding: image by image, row by row of output
// positions, each in the order of package tensor. It panics unless
// d = c*r*s, the slice holds the images, and the filter fits.
func (c *Cov) AddPatches(images []float32, n, ch, h, w, r, s, stride, pad int) {
	if n < 0 || ch < 1 || h < 1 || w < 1 || r < 1 || s < 1 || stride < 1 || pad < 0 || ch*r*s != c.d {
		panic(fmt.Sprintf("linalg: add patches: %d x %d x %d patches (stride %d, pad %d) of %d images, for dimension %d",
			ch, r, s, stride, pad, n, c.d))
	}
	if len(images) != n*ch*h*w || h+2*pad < r || w+2*pad < s {
		panic(fmt.Sprintf("linalg: add patches: %d x %d filter (pad %d) on %d x %d x %d x %d images in a slice of %d",
			r, s, pad, n, ch, h, w, len(images)))
	}
	ho, wo := (h+2*pad-r)/stride+1, (w+2*pad-s)/stride+1
	for i := range n {
		image := images[i*ch*h*w:][:ch*h*w]
		for oy := range ho {
			for ox := 0; ox < wo; {
				k := min(wo-ox, covBlock-c.fill)
				c.gather(image, ch, h, w, r, s, stride, oy*stride-pad, ox*stride-pad, k)
				ox += k
				c.advance(k)
			}
		}
	}
}

// gather writes k neighbouring patches to the block, the first one with its
// corner at (y0, x0), which may lie in the padding.
func (c *Cov) gather(image []float32, ch, h, w, r, s, stride, y0, x0, k int) {
	row := 0
	for p := range ch {
		for y := y0; y < y0+r; y++ {
			var line []float32
			if y >= 0 && y < h {
				line = image[(p*h+y)*w:][:w]
			}
			for x := x0; x < x0+s; x++ {
				dst := c.block[row*covBlock+c.fill:][:k]
				row++
				switch {
				case line == nil:
					clear(dst)
				case stride == 1 && x >= 0 && x+k <= w:
					for b, v := range line[x:][:k] {
						dst[b] = float64(v)
					}
				default:
					for b := range dst {
						dst[b] = 0
						if i := x + b*stride; i >= 0 && i < w {
							dst[b] = float64(line[i])
						}
					}
				}
			}
		}
	}
}
