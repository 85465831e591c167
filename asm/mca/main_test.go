package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// A loop whose two FMLAs keep one of the two pipes of kind N1UnitV for half of the
// cycles and the other for a quarter; the FADD's pressure does not count.
const halfBusy = `
Iterations:        400
Total Cycles:      1600

Resources:
[0]   - N1UnitB
[1.0] - N1UnitL
[1.1] - N1UnitL
[5]   - N1UnitV0
[6]   - N1UnitV1

Resource pressure per iteration:
[0]    [1.0]  [1.1]  [5]    [6]
1.00    -      -     3.00   1.00

Resource pressure by instruction:
[0]    [1.0]  [1.1]  [5]    [6]    Instructions:
 -      -      -     2.00    -     fmla	v0.4s, v1.4s, v2.s[0]
 -      -      -      -     1.00   fmla	v3.4s, v1.4s, v2.s[0]
 -      -      -     1.00    -     fadd	v3.4s, v1.4s, v2.4s
1.00    -      -      -      -     b.ne	#-8
`

func TestBusyCountsFMLAsOverAllPipesOfTheirKind(t *testing.T) {
	p, err := parse(halfBusy)
	require.NoError(t, err)
	require.Equal(t, prediction{cycles: 4, fmlas: 2, pipes: []pipes{{"N1UnitV", 2, 37.5}}}, p)
	require.Equal(t, "37.5 % of 2 N1UnitV", p.String())
}

func TestReportsThatSayNothing(t *testing.T) {
	for _, report := range []string{"", "Total Cycles: 7", fmt.Sprintf("%.300s", halfBusy)} {
		_, err := parse(report)
		require.Error(t, err)
	}
}

func TestInnerLoopEndsAtTheLastBranchBackwards(t *testing.T) {
	body, err := innerLoop(`
asm.test:	file format elf64-littleaarch64

0000000000011000 <randalign/asm.f.abi0>:
   11000:      	cbz	x0, 0x11014 <randalign/asm.f.abi0+0x14>
   11004:      	ldr	q1, [x1], #0x10
   11008:      	fmla	v0.4s, v1.4s, v2.s[0]
   1100c:      	subs	x0, x0, #0x1
   11010:      	b.ne	0x11004 <randalign/asm.f.abi0+0x4>
   11014:      	b.eq	0x11018 <randalign/asm.f.abi0+0x18>
   11018:      	ret
`)
	require.NoError(t, err)
	require.Equal(t, []string{"ldr q1, [x1], #0x10", "fmla v0.4s, v1.4s, v2.s[0]", "subs x0, x0, #0x1", "b.ne #-12"}, body)
	_, err = innerLoop("   11018:      	ret\n")
	require.ErrorContains(t, err, "no loop")
}
