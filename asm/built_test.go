//go:build !noasm && (amd64 || arm64)

package asm_test

import (
	"debug/elf"
	"debug/gosym"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A kernel is a function of an assembly file of this package.
type kernel struct {
	name, file string
	code       []byte
}

// builtKernels reads the assembly out of the test's own binary.
func builtKernels(t *testing.T) []kernel {
	exe, err := os.Executable()
	require.NoError(t, err)
	binary, err := elf.Open(exe)
	if err != nil {
		t.Skipf("the test reads its own binary, which must be ELF: %v", err)
	}
	defer binary.Close()
	lines, text := binary.Section(".gopclntab"), binary.Section(".text")
	if lines == nil || text == nil {
		t.Skip("the test's binary has no table of functions in a section of its own")
	}
	table, err := lines.Data()
	require.NoError(t, err)
	code, err := text.Data()
	require.NoError(t, err)
	symbols, err := gosym.NewTable(nil, gosym.NewLineTable(table, text.Addr))
	require.NoError(t, err)
	var found []kernel
	for _, f := range symbols.Funcs {
		if !strings.HasPrefix(f.Name, "randalign/asm.") {
			continue
		}
		file, _, _ := symbols.PCToLine(f.Entry)
		if strings.HasSuffix(file, ".s") {
			found = append(found, kernel{f.Name, filepath.Base(file), code[f.Entry-text.Addr : f.End-text.Addr]})
		}
	}
	return found
}
