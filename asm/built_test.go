//go:build !noasm && (amd64 || arm64)

package asm_test

import (
	"debug/elf"
	"debug/gosym"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// A kernel is a function of an assembly file of this package.
type kernel struct {
	name, file string
	code       []byte
}

// builtKernels reads the assembly that this test was linked with, by the table
// of functions in its binary. The table's addresses are right but for a constant,
// which position-independent code and foreign linkers move: this function is where
// it is.
func builtKernels(t *testing.T) []kernel {
	exe, err := os.Executable()
	require.NoError(t, err)
	binary, err := elf.Open(exe)
	if err != nil {
		t.Skipf("the test reads its own binary, which must be ELF: %v", err)
	}
	defer binary.Close()
	lines, text := binary.Section(".gopclntab"), binary.Section(".text")
	if lines == nil {
		lines = binary.Section(".data.rel.ro.gopclntab")
	}
	if lines == nil || text == nil {
		t.Skip("the test's binary has no table of functions in a section of its own")
	}
	table, err := lines.Data()
	require.NoError(t, err)
	symbols, err := gosym.NewTable(nil, gosym.NewLineTable(table, text.Addr))
	require.NoError(t, err)
	self := builtKernels
	here, at := **(**unsafe.Pointer)(unsafe.Pointer(&self)), symbols.LookupFunc("randalign/asm_test.builtKernels")
	require.NotNil(t, at)
	var found []kernel
	for _, f := range symbols.Funcs {
		if !strings.HasPrefix(f.Name, "randalign/asm.") {
			continue
		}
		file, _, _ := symbols.PCToLine(f.Entry)
		if strings.HasSuffix(file, ".s") {
			code := unsafe.Slice((*byte)(unsafe.Add(here, int(f.Entry)-int(at.Entry))), f.End-f.Entry)
			found = append(found, kernel{f.Name, filepath.Base(file), code})
		}
	}
	return found
}
