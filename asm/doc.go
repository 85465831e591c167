// Package asm is a placeholder.
package asm

import _ "github.com/klauspost/cpuid/v2"
import _ "golang.org/x/sys/cpu"
