package tensor

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// pcg is PCG-DXSM, math/rand/v2's PCG to the last bit, numbers and marshalled state. It is
// here so that a loop can keep the state in registers: rand.PCG's is not to be seen, and
// a call for each number costs more than the number.
type pcg struct{ hi, lo uint64 }

// Uint64 returns the next 64 bits.
func (p *pcg) Uint64() uint64 {
	*p = p.next()
	return p.mix()
}

// next is the 128-bit state times a constant plus another one.
func (p pcg) next() pcg {
	const (
		mulHi, mulLo = 2549297995355413924, 4865540595714422341
		incHi, incLo = 6364136223846793005, 1442695040888963407
	)
	hi, lo := bits.Mul64(p.lo, mulLo)
	lo, carry := bits.Add64(lo, incLo, 0)
	hi, _ = bits.Add64(hi+p.lo*mulHi, incHi, carry)
	return pcg{hi + p.hi*mulLo, lo} // hi waits for hi alone, lo having gone ahead
}

// mix is DXSM, "double xorshift multiply": the number that a state gives.
func (p pcg) mix() uint64 {
	const cheap = 0xda942042e4dd58b5
	x := p.hi
	x ^= x >> 32
	x *= cheap
	x ^= x >> 48
	return x * (p.lo | 1)
}

// pcgState begins a marshalled state; both halves follow, big endian.
const pcgState = "pcg:"

func (p *pcg) MarshalBinary() ([]byte, error) {
	b := append(make([]byte, 0, len(pcgState)+16), pcgState...)
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, p.hi), p.lo), nil
}

func (p *pcg) UnmarshalBinary(b []byte) error {
	if len(b) != len(pcgState)+16 || string(b[:len(pcgState)]) != pcgState {
		return errors.New("tensor: not the state of a random stream")
	}
	b = b[len(pcgState):]
	*p = pcg{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
	return nil
}
