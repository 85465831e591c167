//go:build !noasm

package asm_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
)

// A loop must hold the instructions that it is said to have, and nothing that could wait for a unit.
func TestIssueLoops(t *testing.T) {
	wait, begin, cycles, begun, ok := asm.IssueLoops()
	require.True(t, ok)
	wait(1)
	begin(1)
	seen := 0
	for _, k := range builtKernels(t) {
		count := func(code ...byte) int { return bytes.Count(k.code, code) }
		switch k.name {
		case "randalign/asm.waitingAdditions":
			require.Equal(t, cycles, count(0x48, 0x01, 0xd0)) // ADDQ DX, AX
			seen++
		case "randalign/asm.freeInstructions":
			zeros := count(0x31, 0xc0) + count(0x31, 0xd2) + count(0x31, 0xf6) + count(0x31, 0xff) // XORL AX, AX and so on
			require.Equal(t, begun, zeros+1)                                                       // DECQ and JNZ are one
			require.Less(t, len(k.code), 2*zeros+64)
			seen++
		}
	}
	require.Equal(t, 2, seen)
}
