package experiments

import (
	"bytes"
	"os"
	"strconv"
)

// physicalMemory returns the bytes of memory of this machine, 0 where nobody
// tells. It decides only whether work is refused.
func physicalMemory() int {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		f := bytes.Fields(line)
		if len(f) == 3 && string(f[0]) == "MemTotal:" && string(f[2]) == "kB" {
			if kb, err := strconv.Atoi(string(f[1])); err == nil {
				return kb << 10
			}
		}
	}
	return 0
}
