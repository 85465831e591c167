package experiments

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
)

// TileStyle says how a grid of small pictures is drawn. Zero fields mean the defaults.
type TileStyle struct {
	Size    int // pixels of a tile's longer side, as near as whole pixels allow (48)
	Gap     int // transparent pixels between tiles (6)
	Columns int // tiles in a row of a ContactSheet (10)
}

func (s TileStyle) withDefaults() TileStyle {
	if s.Size <= 0 {
		s.Size = 48
	}
	if s.Gap <= 0 {
		s.Gap = 6
	}
	if s.Columns <= 0 {
		s.Columns = 10
	}
	return s
}

// VectorGrid draws vectors of length C*H*W, in the order of a filter [C, H, W],
// as tiles in rows: rows[i][j] is tile j of row i; rows may differ in length, and
// a nil vector leaves its place empty. Each is scaled by its own largest absolute
// value, mid-grey being zero. C is 3 (red, green, blue) or 1. The result divides
// into len(rows) by the longest row's length equal cells, for labels beside it.
func VectorGrid(rows [][][]float64, shape [3]int, style TileStyle) (image.Image, error) {
	columns := 0
	for i, row := range rows {
		columns = max(columns, len(row))
		for j, v := range row {
			if n := shape[0] * shape[1] * shape[2]; v != nil && len(v) != n {
				return nil, fmt.Errorf("tile %d of row %d: found %d values, expected %d of shape %v", j, i, len(v), n, shape)
			}
		}
	}
	return drawTiles(len(rows), columns, shape, style, func(row, column int) func(int) uint8 {
		if column >= len(rows[row]) || rows[row][column] == nil {
			return nil
		}
		v := rows[row][column]
		var top float64
		for _, x := range v {
			top = math.Max(top, math.Abs(x))
		}
		return func(i int) uint8 {
			if !(top > 0) || math.IsInf(top, 0) { // zero, NaN and infinities
				return 128
			}
			return uint8(math.Round(127.5 + float64(127.5*(v[i]/top))))
		}
	})
}

// ContactSheet draws images from pixels [N, C, H, W], C being 3 or 1, in rows of
// style.Columns, in reading order.
func ContactSheet(pixels []uint8, shape [3]int, style TileStyle) (image.Image, error) {
	n := shape[0] * shape[1] * shape[2]
	if n <= 0 || len(pixels)%n != 0 {
		return nil, fmt.Errorf("contact sheet: found %d pixels, expected a multiple of shape %v", len(pixels), shape)
	}
	count := len(pixels) / n
	columns := max(1, min(style.withDefaults().Columns, count))
	return drawTiles((count+columns-1)/columns, columns, shape, style, func(row, column int) func(int) uint8 {
		k := row*columns + column
		if k >= count {
			return nil
		}
		return func(i int) uint8 { return pixels[k*n+i] }
	})
}

// maxImage bounds the pixels of a sheet: 64 million are 256 MB in memory.
const maxImage = 1 << 26

// drawTiles asks at(row, column) for each tile's values by index in [C, H, W],
// nil for an empty place, and enlarges them to the nearest whole factor.
func drawTiles(rows, columns int, shape [3]int, style TileStyle, at func(row, column int) func(int) uint8) (image.Image, error) {
	style = style.withDefaults()
	c, h, w := shape[0], shape[1], shape[2]
	if c != 1 && c != 3 || h <= 0 || w <= 0 {
		return nil, fmt.Errorf("tiles: found shape %v, expected 1 or 3 channels of at least one pixel", shape)
	}
	zoom := max(1, (style.Size+max(h, w)/2)/max(h, w))
	cellW, cellH := w*zoom+style.Gap, h*zoom+style.Gap
	if rows <= 0 || columns <= 0 || columns*cellW > maxImage/(rows*cellH) {
		return nil, fmt.Errorf("tiles: found %d by %d of %d by %d pixels, expected between one tile and %d pixels", rows, columns, cellW, cellH, maxImage)
	}
	img := image.NewNRGBA(image.Rect(0, 0, columns*cellW, rows*cellH))
	for i := range rows {
		for j := range columns {
			value := at(i, j)
			if value == nil {
				continue
			}
			x0, y0 := j*cellW+style.Gap/2, i*cellH+style.Gap/2
			for y := range h * zoom {
				for x := range w * zoom {
					k := y/zoom*w + x/zoom
					r := value(k)
					pixel := color.NRGBA{r, r, r, 255}
					if c == 3 {
						pixel.G, pixel.B = value(h*w+k), value(2*h*w+k)
					}
					img.SetNRGBA(x0+x, y0+y, pixel)
				}
			}
		}
	}
	return img, nil
}

// WritePNG writes img with the best compression.
func WritePNG(w io.Writer, img image.Image) error {
	e := png.Encoder{CompressionLevel: png.BestCompression}
	return e.Encode(w, img)
}
