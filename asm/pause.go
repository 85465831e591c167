//go:build !noasm && (amd64 || arm64)

package asm

import "unsafe"

// Pause tells the CPU that the caller looks again and again for a change.
func Pause()

// prefetch asks for lines cache lines (at least 1) from p on in the second-level cache.
//
//go:noescape
func prefetch(p unsafe.Pointer, lines int)
