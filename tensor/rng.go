package tensor

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// Stream is a named stream of random numbers. Streams of one seed with
// different names are independent, so a new purpose never shifts the numbers
// of another one. The same seed and name give the same numbers on every
// machine. A Stream is not safe for concurrent use.
type Stream struct {
	pcg pcg
}

// NewStream returns the stream called name of the given seed. The generator is
// PCG-DXSM; its state is the first half of SHA-256(seed as 8 bytes, little
// endian, followed by name).
func NewStream(seed uint64, name string) *Stream {
	s := &Stream{}
	s.Reset(seed, []byte(name))
	return s
}

// Reset makes s the stream called name of the given seed, as NewStream does,
// without allocating.
func (s *Stream) Reset(seed uint64, name []byte) {
	var b [128]byte
	h := sha256.Sum256(append(binary.LittleEndian.AppendUint64(b[:0], seed), name...))
	s.pcg = pcg{binary.LittleEndian.Uint64(h[:8]), binary.LittleEndian.Uint64(h[8:16])}
}

// Uint64 returns 64 random bits.
func (s *Stream) Uint64() uint64 { return s.pcg.Uint64() }

// Float64 returns a uniform multiple of 2^-53 in [0, 1).
func (s *Stream) Float64() float64 { return float64(s.pcg.Uint64()>>11) * 0x1p-53 }

// IntN returns a uniform integer in [0, n). It panics if n <= 0.
func (s *Stream) IntN(n int) int {
	if n <= 0 {
		panic("tensor: IntN of a number that is not positive")
	}
	// Lemire's multiplication with rejection: exactly uniform.
	m := uint64(n)
	hi, lo := bits.Mul64(s.pcg.Uint64(), m)
	if lo < m {
		for limit := -m % m; lo < limit; {
			hi, lo = bits.Mul64(s.pcg.Uint64(), m)
		}
	}
	return int(hi)
}

// Perm returns a uniform permutation of 0, ..., n-1.
func (s *Stream) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	s.Shuffle(p)
	return p
}

// Shuffle permutes p in place (Fisher and Yates).
func (s *Stream) Shuffle(p []int) {
	for i := len(p) - 1; i > 0; i-- {
		j := s.IntN(i + 1)
		p[i], p[j] = p[j], p[i]
	}
}

// MarshalBinary returns the state of the stream, for checkpoints.
func (s *Stream) MarshalBinary() ([]byte, error) { return s.pcg.MarshalBinary() }

// UnmarshalBinary sets the state to one that MarshalBinary returned.
func (s *Stream) UnmarshalBinary(b []byte) error { return s.pcg.UnmarshalBinary(b) }
