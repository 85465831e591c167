//go:build noasm || !(amd64 || arm64)

package asm

// Pause tells the CPU that the caller looks again and again for a change.
func Pause() {}

// Fence ends the stores of kernels that pass the caches by: who hears afterwards that
// they are done sees them. The kernels do not, since one waits for all that is under way.
func Fence() {}

func prefetch(_ uintptr, _, _, _ int) {}
