//go:build !noasm && (amd64 || arm64)

package asm

import "unsafe"

// Pause tells the CPU that the caller looks again and again for a change.
func Pause()

// prefetch is Prefetch for at least one pair and row.
//
//go:noescape
func prefetch(p unsafe.Pointer, pairs, stride, count int)
