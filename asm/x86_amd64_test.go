//go:build !noasm

package asm_test

import "fmt"

// An instruction is what decode makes of machine code: enough to find the next
// one and to look up which feature of the CPU it needs.
type instruction struct {
	encoding byte // 'l'egacy, 'v'ex or 'e'vex
	opmap    byte // 0: one byte, 1: 0F, 2: 0F38, 3: 0F3A
	prefix   byte // 0, 0x66, 0xF3 or 0xF2
	opcode   byte
	w        bool
	length   byte // of the vector: 0 128, 1 256, 2 512 bits
	digit    byte // the register field of ModRM
	memory   bool // ModRM names memory
	size     int
	jump     int // distance from the next instruction of the target, 0 if none
}

func (i instruction) String() string {
	enc := map[byte]string{'l': "legacy", 'v': "VEX", 'e': "EVEX"}[i.encoding]
	return fmt.Sprintf("%s map %d prefix %02x opcode %02x W%v /%d", enc, i.opmap, i.prefix, i.opcode, i.w, i.digit)
}

// decode reads the instruction at the start of code. It knows the encodings of
// 64-bit mode (Intel's manual, volume 2, chapter 2 and appendix A) for all of VEX and EVEX and for the
// legacy instructions that kernels use; others are errors, never guesses.
func decode(code []byte) (i instruction, err error) {
	defer func() {
		if recover() != nil { // an index past the end
			err = fmt.Errorf("% x is cut short", code)
		}
	}()
	p, rexW := 0, false
	i.encoding = 'l'
	if code[p] == 0x64 { // FS:, behind which Go keeps what a function checks its stack by
		p++
	}
	for ; code[p] == 0x66 || code[p] == 0xf2 || code[p] == 0xf3; p++ {
		i.prefix = code[p]
	}
	switch b := code[p]; {
	case b == 0xc5:
		i.encoding, i.opmap = 'v', 1
		i.prefix, i.length = simdPrefix(code[p+1]), code[p+1]>>2&1
		p += 2
	case b == 0xc4:
		i.encoding, i.opmap = 'v', code[p+1]&0x1f
		i.w, i.prefix, i.length = code[p+2]>>7 == 1, simdPrefix(code[p+2]), code[p+2]>>2&1
		p += 3
	case b == 0x62:
		i.encoding, i.opmap = 'e', code[p+1]&7
		i.w, i.prefix, i.length = code[p+2]>>7 == 1, simdPrefix(code[p+2]), code[p+3]>>5&3
		p += 4
	case b>>4 == 4:
		rexW = b&8 != 0
		p++
	}
	if i.encoding == 'l' {
		i.w = rexW
		if code[p] == 0x0f {
			i.opmap, p = 1, p+1
			if code[p] == 0x38 || code[p] == 0x3a {
				i.opmap, p = 2+code[p]>>1&1, p+1
			}
		}
	}
	i.opcode = code[p]
	p++
	modrm, imm, known := layout(i)
	if !known {
		return i, fmt.Errorf("% x: no row for %v", code[:min(len(code), 12)], i)
	}
	if modrm {
		n := modrmSize(code[p:])
		i.digit, i.memory = code[p]>>3&7, code[p]>>6 != 3
		if i.encoding == 'l' && i.opmap == 0 && i.opcode&0xfe == 0xf6 && i.digit < 2 { // TEST has an immediate
			if imm = 1; i.opcode == 0xf7 {
				imm = 4
			}
		}
		p += n
	}
	if isJump(i) {
		if imm == 1 {
			i.jump = int(int8(code[p]))
		} else {
			i.jump = int(int32(uint32(code[p]) | uint32(code[p+1])<<8 | uint32(code[p+2])<<16 | uint32(code[p+3])<<24))
		}
	}
	i.size = p + imm
	_ = code[:i.size:i.size]
	return i, nil
}

func simdPrefix(b byte) byte { return [...]byte{0, 0x66, 0xf3, 0xf2}[b&3] }

// modrmSize is the length of ModRM with its SIB byte and displacement.
func modrmSize(b []byte) int {
	mod, rm, n := b[0]>>6, b[0]&7, 1
	if mod == 3 {
		return 1
	}
	if rm == 4 {
		n++
		if mod == 0 && b[1]&7 == 5 {
			return n + 4
		}
	}
	switch {
	case mod == 1:
		n++
	case mod == 2 || mod == 0 && rm == 5:
		n += 4
	}
	return n
}

// layout says whether a ModRM byte follows the opcode, and how many bytes of
// immediate or jump distance come last.
func layout(i instruction) (modrm bool, imm int, known bool) {
	op := i.opcode
	if i.encoding != 'l' {
		switch {
		case i.opmap == 1 && op == 0x77: // VZEROUPPER
			return false, 0, true
		case i.opmap == 1 && (in(op, 0x70, 0x73) || op == 0xc2 || in(op, 0xc4, 0xc6)):
			return true, 1, true
		case i.opmap == 1 || i.opmap == 2:
			return true, 0, true
		}
		return true, 1, i.opmap == 3
	}
	wide := 4
	if i.prefix == 0x66 {
		wide = 2
	}
	switch i.opmap {
	case 0:
		switch {
		case op < 0x40 && op&7 < 4, in(op, 0x84, 0x8b), op == 0x8d, op == 0x63, in(op, 0xd0, 0xd3), in(op, 0xf6, 0xf7), in(op, 0xfe, 0xff):
			return true, 0, true
		case op < 0x40 && op&7 == 4, op == 0x6a, in(op, 0x70, 0x7f), op == 0xa8, in(op, 0xb0, 0xb7), op == 0xeb:
			return false, 1, true
		case op < 0x40 && op&7 == 5, op == 0x68, op == 0xa9:
			return false, wide, true
		case op == 0xe8, op == 0xe9: // CALL, JMP
			return false, 4, true
		case in(op, 0xb8, 0xbf):
			if i.w {
				wide = 8
			}
			return false, wide, true
		case in(op, 0x50, 0x5f), op == 0x90, op == 0x98, op == 0x99, op == 0xc3, op == 0xcc:
			return false, 0, true
		case op == 0x6b, op == 0x80, op == 0x83, op == 0xc0, op == 0xc1, op == 0xc6:
			return true, 1, true
		case op == 0x69, op == 0x81, op == 0xc7:
			return true, wide, true
		}
	case 1:
		switch {
		case op == 0x0b, op == 0xa2, in(op, 0xc8, 0xcf):
			return false, 0, true
		case in(op, 0x80, 0x8f):
			return false, 4, true
		case in(op, 0x70, 0x73), op == 0xa4, op == 0xac, op == 0xba, op == 0xc2, in(op, 0xc4, 0xc6):
			return true, 1, true
		case in(op, 0x10, 0x18), op == 0x1f, in(op, 0x28, 0x2f), in(op, 0x40, 0x6f), in(op, 0x74, 0x76), in(op, 0x7c, 0x7f),
			in(op, 0x90, 0x9f), op == 0xa3, op == 0xa5, op == 0xab, in(op, 0xad, 0xb8), in(op, 0xbb, 0xc1), op == 0xc3, op >= 0xd0:
			return true, 0, true
		}
	case 2:
		return true, 0, true
	case 3:
		return true, 1, true
	}
	return false, 0, false
}

func isJump(i instruction) bool {
	return i.encoding == 'l' && (i.opmap == 0 && (in(i.opcode, 0x70, 0x7f) || i.opcode == 0xeb || i.opcode == 0xe8 || i.opcode == 0xe9) ||
		i.opmap == 1 && in(i.opcode, 0x80, 0x8f))
}

func in(b, low, high byte) bool { return low <= b && b <= high }
