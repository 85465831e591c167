package asm

import "github.com/klauspost/cpuid/v2"

// Caches holds the sizes in bytes of one core's data caches and of the last level.
type Caches struct {
	L1D, L2, L3 int
}

// CPU describes the machine for people: its name, its features by cpuid's names
// in a fixed order, and its caches (0 where the machine does not tell).
func CPU() (name string, features []string, caches Caches) {
	c := &cpuid.CPU
	name = c.BrandName
	if name == "" {
		name = c.VendorString
	}
	return name, c.FeatureSet(), Caches{max(c.Cache.L1D, 0), max(c.Cache.L2, 0), max(c.Cache.L3, 0)}
}
