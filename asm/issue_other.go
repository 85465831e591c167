//go:build noasm || !amd64

package asm

// IssueLoops returns no loops: ok is false.
func IssueLoops() (wait, begin func(turns int), cycles, begun int, ok bool) {
	return nil, nil, 0, 0, false
}
