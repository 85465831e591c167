package asm

// Windows of any shape over a flat array. A tap is how many elements behind an
// output's own place it stands, so that a list of taps is a window: of rows ld
// apart, tap r*ld+s is its element (r, s). The kernels know nothing of rows: what
// they make at the end of a row, of a window that runs on into the next, is for
// the caller to leave out. All taps are >= 0, and src has an element for each
// output and tap.

// Tap is a tap and the number that a note has of it.
type Tap struct{ At, Note int }

func maxTapsF32Generic(dst, src []float32, taps []int) {
	for i := range dst {
		best := src[i+taps[0]]
		for _, t := range taps {
			if v := src[i+t]; v > best || v != v {
				best = v
			}
		}
		dst[i] = best
	}
}

func sumTapsF32Generic(dst, src []float32, taps []int, from, div float32) {
	for i := range dst {
		sum := from
		for _, t := range taps {
			sum += src[i+t]
		}
		dst[i] = sum / div
	}
}

func noteTapsF32Generic(note, none []int32, src, y []float32, taps []int) {
	for i := range note {
		note[i] = none[i]
		for k, t := range taps {
			if src[i+t] == y[i] {
				note[i] = int32(k)
				break
			}
		}
	}
}

func pickTapsF32Generic(dst, src []float32, note []int32, taps []Tap) {
	for i := range dst {
		sum := float32(0)
		for _, t := range taps {
			if int(note[i+t.At]) == t.Note {
				sum += src[i+t.At]
			}
		}
		dst[i] = sum
	}
}
