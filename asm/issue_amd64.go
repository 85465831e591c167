//go:build !noasm

package asm

// A turn of waitingAdditions takes additions cycles, one of freeInstructions begins
// instructions.
const (
	additions    = 64
	instructions = 6*16 + 1
)

// waitingAdditions does turns > 0 times 64 additions, each of which waits for the one before.
func waitingAdditions(turns int)

// freeInstructions does turns > 0 times 96 instructions that need no unit, and a jump.
func freeInstructions(turns int)

// IssueLoops returns two loops to be timed: the first, given a number of turns of at least 1, takes
// cycles a turn, whatever else its core does; the second begins instructions a turn, as many in a
// cycle as the core can for this thread: about half of what it can alone while a thread on the
// other side of the core (SMT) works. The FMA units need a third of that and do not show it. ok is false where there are
// no such loops.
func IssueLoops() (wait, begin func(turns int), cycles, begun int, ok bool) {
	return waitingAdditions, freeInstructions, additions, instructions, true
}
