package tensor

import "golang.org/x/sys/unix"

// adviseHuge asks for huge pages; a system that has none goes on with small ones.
func adviseHuge(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
