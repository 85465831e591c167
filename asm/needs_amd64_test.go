//go:build !noasm

package asm_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Which feature an instruction needs, by cpuid's names: the first row that has
// it counts. "map: opcodes" are hexadecimal, with ranges; a suffix narrows an
// opcode to one prefix (.66 .f3 .f2 .00), one W (.w0 .w1), one ModRM digit (/3),
// a 256-bit vector (.y) or an operand in a register (.r). Source: Intel's manual,
// volume 2.
var needs = []struct {
	encoding byte
	feature  string
	opcodes  string
}{
	{'l', "POPCNT", "1: b8.f3"},
	{'l', "BMI1", "1: bc.f3"},
	{'l', "LZCNT", "1: bd.f3"},
	{'l', "SSE3", "1: d0 7c 7d f0 12.f2 12.f3 16.f3"},
	{'l', "SSE2", "0: 00-ff 1: 00-ff"}, // or older
	{'l', "SSSE3", "2: 00-0f 1c-1e 3: 0f"},
	{'l', "ADX", "2: f6"},
	{'l', "MOVBE", "2: f0 f1"},
	{'l', "SSE4", "2: 10-41 3: 08-63"},

	{'v', "AVX512DQ", "1: 41.66.w0 42.66.w0 44.66.w0 45.66.w0 46.66.w0 47.66.w0 4a.w0 90-91.66.w0 92-93.66 98.66.w0 99.w0 3: 30.w0 32.w0"},
	{'v', "AVX512F", "1: 41.00.w0 42.00.w0 44.00.w0 45.00.w0 46.00.w0 47.00.w0 4b.66 90-93.00.w0 98.00.w0 3: 30.w1 32.w1"},
	{'v', "AVX512BW", "1: 41-47 4a 4b 90-93 98-99 3: 31 33"},
	{'v', "AVX", "1: 10-17 28-2f 50-5f 6e-6f 77 7c-7f ae c2 c4-c6 d0 d6 e6 e7 f0"},
	{'v', "AVX2", "1: 60-76.y d1-fe.y"},
	{'v', "AVX", "1: 60-76 d1-fe"},
	{'v', "F16C", "2: 13 3: 1d"},
	{'v', "AVX2", "2: 18-19.r"},
	{'v', "AVX", "2: 0c-0f 17-1a 2c-2f"},
	{'v', "AVX2", "2: 16 36 45-47 58-5a 78 79 8c 8e 90-93 00-0b.y 1c-1e.y 20-2b.y 30-41.y"},
	{'v', "AVX", "2: 00-0b 1c-1e 20-2b 30-41"},
	{'v', "FMA3", "2: 96-9f a6-af b6-bf"},
	{'v', "BMI1", "2: f2 f3 f7.00"},
	{'v', "BMI2", "2: f5-f7 3: f0"},
	{'v', "AVXVNNI", "2: 50-53.66"},
	{'v', "AVX2", "3: 00-02 38 39 46 0e-0f.y 42.y 4c.y"},
	{'v', "AVX", "3: 04-06 08-0f 14-19 20-22 40-42 4a-4c 60-63"},

	{'e', "AVX512FP16", "3: 08.00 0a.00 26-27.00 56-57.00 66-67.00 c2"},
	{'e', "AVX5124FMAPS", "2: 9a-9b.f2 aa-ab.f2"},
	{'e', "AVX512DQ", "1: 54-57 5b.w1 78-79.66 7a-7b.66 7a.w1 e6.f3.w1"},
	{'e', "AVX512BW", "1: 60-61 63-65 67-69 6b 6f.f2 7f.f2 70.f2 70.f3 71 73/3 73/7 74-75 c4-c5 d1 d5 d8-da dc-de e0-e1 e3-e5 e8-ea ec-ee f1 f5-f6 f8-f9 fc-fd"},
	{'e', "AVX512F", "1: 10-17 28-2f 51 58-5f 62 66 6a 6c-6f 70 72-73 76 78-7b 7e-7f c2 c6 d2-d4 d6 db df e2 e6-e7 eb ef f2-f4 fa-fb fe"},
	{'e', "AVX512DQ", "2: 19.w0 1a.w1 1b.w0 38.f3 39.f3 40.w1 59.w0 5a.w1 5b.w0"},
	{'e', "AVX512VBMI", "2: 75.w0 7d.w0 83.w1 8d.w0"},
	{'e', "AVX512BW", "2: 00 04 0b 10-12.66 10.f3 1c-1d 20 26 28.f3 29.f3 2b 30 38 3a.66 3c 3e 66 75.w1 78-7b 7d.w1 8d.w1"},
	{'e', "AVX512F", "2: 0c-0d 11-16.f3 13.66 14-16.66 18-1b 1e-1f 21-25 27-29 2a.66 2c-2d 31-37 39 3b 3d 3f-40 42-43 45-47 4c-4f 58-5b 64-65 76-77 7c 7e-7f 88-8b 90-93 96-9f a0-a3 a6-af b6-bf"},
	{'e', "AVX512CD", "2: 2a.f3 3a.f3 44 c4"},
	{'e', "AVX512DQ", "3: 16 18.w1 19.w1 1a.w0 1b.w0 22 38.w1 39.w1 3a.w0 3b.w0 50-51 56-57 66-67"},
	{'e', "AVX512BW", "3: 0f 14-15 20 3e-3f 42"},
	{'e', "AVX512F", "3: 00-01 03-05 08-0b 17-1b 1d-1f 21 23 25-27 38-3b 43 54-55"},
}

// feature returns the features that an instruction needs.
func feature(i instruction) ([]string, error) {
	for _, row := range needs {
		if row.encoding == i.encoding && has(row.opcodes, i) {
			if i.encoding == 'e' && i.length < 2 { // or scalar, which would not need it
				return []string{row.feature, "AVX512VL"}, nil
			}
			return []string{row.feature}, nil
		}
	}
	return nil, fmt.Errorf("no row for %v", i)
}

var oneOf = regexp.MustCompile(`^([0-9a-f]{2})(?:-([0-9a-f]{2}))?(?:\.(66|f3|f2|00))?(?:\.(w[01]))?(?:/(\d))?(\.y)?(\.r)?$`)

// has says whether a list of opcodes in the notation of needs holds i.
func has(list string, i instruction) bool {
	opmap := byte(0)
	for _, word := range strings.Fields(list) {
		if m, found := strings.CutSuffix(word, ":"); found {
			opmap = m[0] - '0'
			continue
		}
		m := oneOf.FindStringSubmatch(word)
		if m == nil {
			panic("test: cannot read " + word)
		}
		low, _ := strconv.ParseUint(m[1], 16, 8)
		high := low
		if m[2] != "" {
			high, _ = strconv.ParseUint(m[2], 16, 8)
		}
		if opmap == i.opmap && in(i.opcode, byte(low), byte(high)) &&
			(m[3] == "" || m[3] == fmt.Sprintf("%02x", i.prefix)) &&
			(m[4] == "" || (m[4] == "w1") == i.w) &&
			(m[5] == "" || m[5] == strconv.Itoa(int(i.digit))) &&
			(m[6] == "" || i.length > 0) && (m[7] == "" || !i.memory) {
			return true
		}
	}
	return false
}
