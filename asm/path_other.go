//go:build noasm || !(amd64 || arm64)

package asm

// nativePaths returns no tables: this build has the references only.
func nativePaths() []Kernels { return nil }
