//go:build noasm || !(amd64 || arm64)

package asm

// Pause tells the CPU that the caller looks again and again for a change.
func Pause() {}

func prefetch(_ uintptr, _, _, _ int) {}
