//go:build !noasm

package asm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/cpuid/v2"
	"github.com/stretchr/testify/require"

	"randalign/asm"
)

// The features by path: those that the path asks cpuid for, and what they imply.
var (
	avx2Features   = append(featureNames(asm.AVX2Features), "AVX", "SSE2")
	avx512Features = append(featureNames(asm.AVX512Features), avx2Features...)
	vbmiFeatures   = append(featureNames(asm.VBMIFeatures), avx512Features...)
)

func featureNames(ids []cpuid.FeatureID) []string {
	var names []string
	for _, id := range ids {
		names = append(names, id.String())
	}
	return names
}

// ofPath returns the features of the path in an assembly file's name; a file
// without one must run on every amd64.
func ofPath(file string) []string {
	switch {
	case strings.HasSuffix(file, "_avx2_amd64.s"):
		return avx2Features
	case strings.HasSuffix(file, "_avx512_amd64.s"):
		return avx512Features
	case strings.HasSuffix(file, "_vbmi_amd64.s"):
		return vbmiFeatures
	}
	return []string{"SSE2"}
}

// hold decodes a function and returns its first instruction that needs more than
// the features given, or does not decode. Jumps that land between two
// instructions would mean that the decoder has lost its way.
func hold(code []byte, features []string) error {
	starts, targets := map[int]bool{}, map[int]bool{}
	for at := 0; at < len(code); {
		i, err := decode(code[at:])
		if err != nil {
			return fmt.Errorf("at +%#x: %w", at, err)
		}
		wanted, err := feature(i)
		if err != nil {
			return fmt.Errorf("at +%#x: % x: %w", at, code[at:][:i.size], err)
		}
		for _, f := range wanted {
			if !slices.Contains(features, f) {
				return fmt.Errorf("at +%#x: % x needs %s", at, code[at:][:i.size], f)
			}
		}
		starts[at] = true
		at += i.size
		if i.jump != 0 {
			targets[at+i.jump] = true
		}
	}
	for target := range targets {
		if target >= 0 && target < len(code) && !starts[target] {
			return fmt.Errorf("a jump lands at +%#x, inside an instruction", target)
		}
	}
	return nil
}

func TestKernelsNeedOnlyTheFeaturesOfTheirPath(t *testing.T) {
	held, lesser := map[string]int{}, map[string][]string{"AVX512F": avx2Features, "AVX2": {"SSE2"}, "AVX512VBMI": avx512Features}
	for _, k := range builtKernels(t) {
		features := ofPath(k.file)
		require.NoError(t, hold(k.code, features), "%s of %s", k.name, k.file)
		held[features[0]]++
		if features[0] != "SSE2" && (strings.Contains(k.file, "gemm") || features[0] == "AVX512VBMI") {
			require.Error(t, hold(k.code, lesser[features[0]]), "%s on a lesser path", k.name)
		}
	}
	t.Log("kernels held, by the first feature of their path:", held)
	require.Greater(t, held["AVX2"], 10, "kernels of the avx2 path were found")
	require.Greater(t, held["AVX512F"], 1, "kernels of the avx512 path were found")
	require.Positive(t, held["AVX512VBMI"], "kernels that permute bytes were found")
}

// The same test must refuse each of these on the path avx2.
func TestForeignInstructionsAreRefused(t *testing.T) {
	rows := map[string]struct {
		code []byte
		want string
	}{
		"ADDQ, VADDPS Y, VFMADD231PS Y, VZEROUPPER, RET": {[]byte{
			0x48, 0x83, 0xc7, 0x40, 0xc5, 0xec, 0x58, 0xd9, 0xc4, 0xe2, 0x6d, 0xb8, 0xd9, 0xc5, 0xf8, 0x77, 0xc3}, ""},
		"VADDPS Z":                   {[]byte{0x62, 0xf1, 0x6c, 0x48, 0x58, 0xd9}, "AVX512F"},
		"VADDPS Y16":                 {[]byte{0xc3, 0x62, 0xb1, 0x6c, 0x28, 0x58, 0xd9}, "AVX512F"},
		"VXORPS Z":                   {[]byte{0x62, 0xf1, 0x6c, 0x48, 0x57, 0xd9}, "AVX512DQ"},
		"VMOVDQU8 Z":                 {[]byte{0x62, 0xf1, 0x7f, 0x48, 0x6f, 0x06}, "AVX512BW"},
		"VPERMI2B Z":                 {[]byte{0x62, 0xf2, 0x6d, 0x48, 0x75, 0xd9}, "AVX512VBMI"},
		"KMOVW":                      {[]byte{0xc5, 0xf8, 0x92, 0xc8}, "AVX512F"},
		"KMOVD":                      {[]byte{0xc5, 0xfb, 0x92, 0xc8}, "AVX512BW"},
		"SHLXQ":                      {[]byte{0xc4, 0xe2, 0xf1, 0xf7, 0xc2}, "BMI2"},
		"ANDNQ":                      {[]byte{0xc4, 0xe2, 0xf0, 0xf2, 0xc2}, "BMI1"},
		"TZCNTQ":                     {[]byte{0xf3, 0x48, 0x0f, 0xbc, 0xc1}, "BMI1"},
		"LZCNTQ":                     {[]byte{0xf3, 0x48, 0x0f, 0xbd, 0xc1}, "LZCNT"},
		"VCVTPH2PS":                  {[]byte{0xc4, 0xe2, 0x7d, 0x13, 0x06}, "F16C"},
		"VPDPBUSD Y":                 {[]byte{0xc4, 0xe2, 0x6d, 0x50, 0xd9}, "AVXVNNI"},
		"VAESENC X":                  {[]byte{0xc4, 0xe2, 0x69, 0xdc, 0xd9}, "no row"},
		"VFMADDPS of AMD's FMA4":     {[]byte{0xc4, 0xe3, 0xe9, 0x68, 0x06, 0x10}, "no row"},
		"an opcode that is not ours": {[]byte{0x0f, 0x05}, "no row"},
		"half of a VADDPS":           {[]byte{0xc5, 0xec}, "cut short"},
		"JMP into an ADDQ":           {[]byte{0xeb, 0x01, 0x48, 0x83, 0xc7, 0x40}, "inside an instruction"},
	}
	for name, row := range rows {
		err := hold(row.code, avx2Features)
		if row.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, row.want, name)
	}
}
