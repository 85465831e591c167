//go:build !noasm

package asm_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The path neon asks for ASIMD, so its kernels may hold what ARMv8.0 has, and of
// that what stands here: groups of Arm's manual, chapter "A64 instruction set
// encoding". Half precision, dot products, SVE, LSE and whatever came later are
// other groups, or opcodes that a row's exceptions name.
var armv80 = []struct {
	mask, value uint32
	group       string
	except      [][2]uint32 // masks and values
}{
	{0x1f000000, 0x10000000, "ADR", nil},
	{0x1f800000, 0x11000000, "add, subtract immediate", nil},
	{0x1f800000, 0x12000000, "logical immediate", nil},
	{0x1f800000, 0x12800000, "move wide", nil},
	{0x1f800000, 0x13000000, "bitfield", nil},
	{0x7c000000, 0x14000000, "B, BL", nil},
	{0x7e000000, 0x34000000, "CBZ, CBNZ", nil},
	{0x7e000000, 0x36000000, "TBZ, TBNZ", nil},
	{0xff000010, 0x54000000, "B.cond", nil},
	{0xfffffc1f, 0xd65f0000, "RET", nil},
	{0x1f000000, 0x0a000000, "logical shifted", nil},
	{0x1f200000, 0x0b000000, "add, subtract shifted", nil},
	{0x7fe08000, 0x1b000000, "MADD", nil},
	{0x7fe00800, 0x1a800000, "CSEL, CSINC", nil},
	{0xffffffff, 0xd503203f, "YIELD", nil},
	{0xffffffff, 0x00000000, "padding", nil},
	// without STGP; bit 26 of loads and stores says vector registers or general ones
	{0x3a000000, 0x28000000, "load, store pair", [][2]uint32{{0xfe400000, 0x68000000}}},
	{0x3b000000, 0x39000000, "load, store, unsigned offset", nil},
	{0x3b200000, 0x38000000, "load, store, unscaled or indexed", nil},
	{0x3b200c00, 0x38200800, "load, store, register offset", nil},
	{0xbfbf0000, 0x0c000000, "LD1 to ST4, whole registers", nil},
	{0xbfa00000, 0x0c800000, "the same, post-indexed", nil},
	{0xbf9f0000, 0x0d000000, "LD1 to ST4, lanes and LD1R", nil},
	{0xbf800000, 0x0d800000, "the same, post-indexed", nil},
	// FMLAL, FMLSL, FAMAX, FSCALE came later
	{0x9f200400, 0x0e200400, "three same", [][2]uint32{
		{0xbfa0fc00, 0x0e20ec00}, {0xbfa0fc00, 0x0ea0ec00}, {0xbfa0fc00, 0x2e20cc00}, {0xbfa0fc00, 0x2ea0cc00},
		{0x9fa0fc00, 0x0ea0dc00}, {0xbfa0fc00, 0x2ea0fc00}}},
	// FRINT32, FRINT64, BFCVTN and the conversions of FP8
	{0x9f3e0c00, 0x0e200800, "two-register miscellaneous", [][2]uint32{
		{0xbfbef800, 0x0e20f800}, {0xbfbef800, 0x2e20f800}, {0x9fbef800, 0x0e20e800}, {0xbfbffc00, 0x0ea16800}, {0xbf3ffc00, 0x2e217800}}},
	{0x9fe08400, 0x0e000400, "copy: DUP, INS, UMOV", nil},
	{0xbf208c00, 0x0e000800, "permute: ZIP, UZP, TRN", nil},
	{0xbfe08c00, 0x0e000000, "TBL, TBX", nil},
	{0xbfe08400, 0x2e000000, "EXT", nil},
	{0x9ff80c00, 0x0f000400, "modified immediate", nil},
	{0x9fc00400, 0x0f000400, "shift immediate, bytes to words", [][2]uint32{{0x9ff80400, 0x0f000400}, {0x9ff0e400, 0x0f10e400}}},
	{0xbf80f400, 0x0f801000, "FMLA by element", nil},
	{0xbf80f400, 0x0f805000, "FMLS by element", nil},
	{0xbf80f400, 0x0f809000, "FMUL by element", nil},
	// without FRINT32, FRINT64, BFCVT
	{0xffa07c00, 0x1e204000, "scalar, one source", [][2]uint32{{0xffbe0000, 0x1e280000}, {0xfffffc00, 0x1e634000}}},
	{0xffa00c00, 0x1e200800, "scalar, two sources", nil},
	{0xffa00c00, 0x1e200c00, "FCSEL", nil},
	{0xffa01fe0, 0x1e201000, "scalar FMOV of an immediate", nil},
	{0xffa0fc07, 0x1e202000, "FCMP", nil},
	{0xff800000, 0x1f000000, "scalar FMADD", nil},
}

// holdARM returns the first word that is in no group.
func holdARM(code []byte) error {
next:
	for at := 0; at+4 <= len(code); at += 4 {
		w := binary.LittleEndian.Uint32(code[at:])
	groups:
		for _, g := range armv80 {
			if w&g.mask != g.value {
				continue
			}
			for _, e := range g.except {
				if w&e[0] == e[1] {
					continue groups
				}
			}
			continue next
		}
		return fmt.Errorf("at +%#x: %08x is in no group of ARMv8.0 that kernels use", at, w)
	}
	return nil
}

func TestKernelsNeedOnlyTheFeaturesOfTheirPath(t *testing.T) {
	held := 0
	for _, k := range builtKernels(t) {
		require.NoError(t, holdARM(k.code), "%s of %s", k.name, k.file)
		held++
	}
	t.Log("kernels held:", held)
	require.Greater(t, held, 10, "kernels were found")
}

// The same test must refuse each of these.
func TestForeignInstructionsAreRefused(t *testing.T) {
	foreign := map[string]uint32{
		"FADD V0.8H":            0x4e421420,
		"FMLA V0.8H by element": 0x4f021020,
		"SDOT V0.4S":            0x4e829420,
		"FCMLA V0.4S":           0x6e82c420,
		"BFMMLA V0.4S":          0x6e42ec20,
		"FMLAL V0.4S":           0x4e22ec20,
		"FRINT32Z V0.4S":        0x4e21e820,
		"FADD Z0.S (SVE)":       0x65820020,
		"LDADD W0 (LSE)":        0xb8200041,
		"CASAL (LSE)":           0x88e0fc41,
		"FADD H0":               0x1ee22820,
		"FJCVTZS":               0x1e7e0020,
		"RETAA":                 0xd65f0bff,
		"IRG":                   0x9adf1000,
	}
	for name, w := range foreign {
		require.Error(t, holdARM(binary.LittleEndian.AppendUint32(nil, w)), name)
	}
}
