package tensor

import "randalign/asm"

// DropoutMask sets every element of mask to 0 with probability p, and to
// 1/(1-p) otherwise, so that Mul by it keeps the mean. Each 64 bits of s make two
// elements, the low half first: an element is dropped if its half is below
// p*2^32. It panics unless 0 <= p < 1.
func DropoutMask[T Float](s *Stream, mask []T, p float64) {
	if !(p >= 0 && p < 1) {
		panic("tensor: dropout: the probability must be at least 0 and below 1")
	}
	limit, kept := uint64(p*0x1p32), T(1/(1-p))
	value := [2]T{kept, 0} // by the sign of half - limit: a branch would often be mispredicted
	for ; len(mask) >= 2; mask = mask[2:] {
		b := s.pcg.Uint64()
		mask[0], mask[1] = value[(b&(1<<32-1)-limit)>>63], value[(b>>32-limit)>>63]
	}
	if len(mask) == 1 {
		mask[0] = value[(s.pcg.Uint64()&(1<<32-1)-limit)>>63]
	}
}

// Mul is dst[i] = x[i]*y[i]. dst may be x or y.
func Mul[T Float](dst, x, y []T) {
	lengths("mul", len(dst), len(x))
	lengths("mul", len(dst), len(y))
	if d, ok := asF32(dst); ok {
		a, _ := asF32(x)
		b, _ := asF32(y)
		asm.Active().MulF32(d, a, b)
		return
	}
	for i := range dst {
		dst[i] = x[i] * y[i]
	}
}
