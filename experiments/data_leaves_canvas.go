package experiments

import (
	"math"
	"math/bits"
)

// closed is the clear share of a pixel below which it counts as covered.
const closed = 1.0 / 64

// canvas collects the light of one picture from front to back.
type canvas struct {
	light   [leavesSize * leavesSize][3]float64 // in deviations, see colourAxes
	through [leavesSize * leavesSize]float64    // clear share of a pixel that nothing covers yet
	rows    [leavesSize]uint32                  // bit x of row y is set while through there is worth painting
	open    int                                 // bits set in rows
}

func (c *canvas) clear() {
	clear(c.light[:])
	for i := range c.through {
		c.through[i] = 1
	}
	for y := range c.rows {
		c.rows[y] = 1<<leavesSize - 1
	}
	c.open = leavesSize * leavesSize
}

// extent returns the pixels within (reachX, reachY) of p's centre: rows y0..y1
// and a mask of columns.
func (p *shape) extent() (y0, y1 int, span uint32) {
	x0, x1 := max(0, int(math.Ceil(p.x-p.reachX))), min(leavesSize-1, int(math.Floor(p.x+p.reachX)))
	if x0 > x1 {
		return 0, -1, 0
	}
	y0, y1 = max(0, int(math.Ceil(p.y-p.reachY))), min(leavesSize-1, int(math.Floor(p.y+p.reachY)))
	return y0, y1, uint32(uint64(1)<<(x1+1) - uint64(1)<<x0)
}

// visible reports whether anything within p's reach is still open.
func (c *canvas) visible(p *shape) bool {
	y0, y1, span := p.extent()
	for y := y0; y <= y1; y++ {
		if c.rows[y]&span != 0 {
			return true
		}
	}
	return false
}

// draw puts p behind all that was drawn before. Pixels that are covered cost
// nothing, which is why the picture is painted from front to back.
func (c *canvas) draw(p *shape) {
	p.prepare()
	y0, y1, span := p.extent()
	stretch := 1 / p.squash
	for y := y0; y <= y1; y++ {
		open := c.rows[y] & span
		if open == 0 {
			continue
		}
		dy := float64((float64(y) - p.y) * stretch)
		uy, vy := float64(dy*p.uy), float64(dy*p.ux)
		shadeY := float64(dy * p.shadeY)
		for ; open != 0; open &= open - 1 {
			x := bits.TrailingZeros32(open)
			dx := float64(x) - p.x
			cover, second := p.cover(math.FMA(dx, p.ux, uy), math.FMA(-dx, p.uy, vy))
			if cover <= 0 {
				continue
			}
			i := y*leavesSize + x
			t := c.through[i]
			w := t
			if cover < 1 {
				w = float64(t * cover)
			}
			t -= w
			if t < closed {
				w += t
				c.rows[y] &^= 1 << x
				c.open--
			}
			c.through[i] = t
			c.add(i, w, p, second, math.FMA(dx, p.shadeX, shadeY))
		}
	}
}

func (c *canvas) add(i int, w float64, p *shape, second, shade float64) {
	l := &c.light[i]
	for k := range l {
		v := p.colour[k] + shade
		if second > 0 {
			v = math.FMA(second, p.second[k]-p.colour[k], v)
		}
		l[k] = math.FMA(w, v, l[k])
	}
}

// backdrop fills what is still open.
func (c *canvas) backdrop(colour [3]float64) {
	p := &shape{colour: colour}
	for y, m := range c.rows {
		for ; m != 0; m &= m - 1 {
			i := y*leavesSize + bits.TrailingZeros32(m)
			c.add(i, c.through[i], p, 0, 0)
		}
	}
}

// develop turns light into pixels, [3, H, W]: the light of the sky is added,
// then every channel gets its mean and deviation.
func (c *canvas) develop(sc *scene, pixels []uint8) {
	const middle = (leavesSize - 1) / 2.0
	for y := range leavesSize {
		row := float64((float64(y) - middle) * sc.skyY)
		for x := range leavesSize {
			sky := math.FMA(float64(x)-middle, sc.skyX, row)
			for k := range 3 {
				v := math.FMA(c.light[y*leavesSize+x][k]+sky, leavesStd[k], leavesMean[k])
				pixels[(k*leavesSize+y)*leavesSize+x] = uint8(math.FMA(clamp01(v), 255, 0.5))
			}
		}
	}
}
