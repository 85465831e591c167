//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package main

import "os"

// terminalColumns returns 0: progress comes as plain lines here.
func terminalColumns(*os.File) int { return 0 }
