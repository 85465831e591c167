//go:build !noasm && (amd64 || arm64)

package asm

// Pause tells the CPU that the caller looks again and again for a change.
func Pause()

// prefetch is Prefetch for at least one pair and row.
func prefetch(p uintptr, pairs, stride, count int)
