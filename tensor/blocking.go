package tensor

import "randalign/asm"

// Blocking of GEMM (Goto and van de Geijn). Nothing here reaches a bit of a
// result: an element's chain is stored to C between two blocks of K and goes
// on from there. What does (chunkImages, denseChunks) knows no cache.
//
// Depths are made for a first-level cache of 32 KiB, which every server has, or more: a
// panel of A of 12 rows is 24 KiB.
const (
	// blockK is the depth of a block, of float32 and of float64. A panel of B (128 bytes a step on
	// AVX-512) is then 64 KiB, or 48, and is read from the second-level cache at 9 bytes a cycle. Half
	// as many steps more are not cut in two: C would pass through the caches once more.
	blockK, blockK64 = 512, 384
	// Where few rows pay for packing B, a group of panels of one cache line a step has to be wide: of
	// three, as in a deep block, the packing takes longer than what it hides behind.
	narrowK, narrowRows = 192, 256
	// blockBytesN is a row of a block of B: 2048 columns of float32, 4 MiB at blockK. They
	// may lie beyond the second-level cache, since a panel serves all rows of A's block
	// before the next one comes; the wider it is, the less often A is copied.
	blockBytesN = 8192
	// cachedBytes of an operand stay in the second and third-level caches while it is read.
	cachedBytes = 2 << 20
	// convK is blockK for convolutions, whose block of patches, packed anew for every
	// image, has to stay in the second-level cache beside the filters.
	convK = 384
	// directM rows of A are too few to pay for packing a B that is contiguous
	// along its rows: it is then read where it stands, unless it is read more than
	// once and its rows meet in the same sets of the cache. Of a B that is near, more are.
	directM, directNear = 64, 512
	// directRows of A are done in one call of the kernel, during which a goroutine cannot be stopped.
	directRows = 112
	// directFilters are too few to pay for packing the patches of a 1x1 convolution, which
	// are near.
	directFilters = 128
	// directN panels of B are too few to pay for a copy of A, and any number, as a rule, if a block
	// is as deep as A: its rows follow each other then as those of a copy do.
	directN = 4
	// longSteps make a tile that takes longer than the start and the end of one, and than memory
	// takes for its results.
	longSteps = 64
	// More than pastBytes of a layer's outputs, or of dx, pass the caches by: twice a second-level
	// cache. That the next layer would find some of them in a third one, which others share, is
	// worth no more than not to read what is overwritten.
	pastBytes = 2 << 20
)

// sizes are those that a core's second-level cache sets.
type sizes struct {
	// A column of a block of A, 168 rows of float32 at the most for 1 MiB, and the block, which is
	// streamed from the cache under every panel of B, of which two groups stand there besides:
	// 112 rows of float32 in a depth of 512. Up to wholeA bytes are not cut in two: B would be
	// packed as a whole, and read twice.
	columnA, blockA, wholeA int
	near                    int // bytes of B that stay in the cache beside a block of A
	across                  int // bytes of panels of B that are done for one panel of A before the next one comes
	group                   int // bytes of panels that are packed at a time: two stay in the cache beside a block of A
	soon                    int // elements at the most that are fetched for later

	// Of a convolution: outputs of a filter that are worked on at a time, whose patches are
	// 384 KiB with a depth of convK; steps of a block of the weight gradient, and bytes of one
	// that stays in the cache; blocks of tiles (15 steps of eight places are 240 KiB) and tiles of
	// one filter after another (256 KiB) of Winograd's algorithm along rows.
	outputs, gradSteps, gradNear, rowsBlocks, rowsTiles int

	// Of a dense layer: bytes of a block of W, two of which stay in the cache beside the rows under
	// way and the sums; bytes of a block's copy on the way back, two of which do beside the
	// operands on the left and the results under way.
	densePanels, denseBlock int
}

const (
	usualL2 = 1 << 20
	leastL2 = 256 << 10
	// Of a core alone no server has more, unless hypervisors make it up (4 MiB in QEMU).
	mostL2 = 2 << 20
)

// sizesFor returns the sizes for some caches: those measured with 1 MiB, which are also for a
// cache that is unknown or cannot be a core's own, in proportion. What is a task's share of the
// work as well does not grow.
func sizesFor(c asm.Caches) sizes {
	size := max(c.L2, leastL2)
	if c.L2 <= 0 || c.L2 > mostL2 {
		size = usualL2
	}
	of := func(n int) int { return n * (size >> 10) / (usualL2 >> 10) }
	atMost := func(n int) int { return min(of(n), n) }
	return sizes{
		columnA: of(672), blockA: of(112 * 512 * 4), wholeA: of(168 * 512 * 4),
		near: of(1 << 19), across: of(1 << 18), group: of(1 << 17), soon: of(1 << 17),
		outputs: atMost(256), gradSteps: atMost(128), gradNear: of(1 << 17), rowsBlocks: atMost(32), rowsTiles: atMost(256),
		densePanels: of(256 << 10), denseBlock: of(240 << 10),
	}
}

// l2 are this machine's.
var l2 = func() sizes {
	_, _, caches := asm.CPU()
	return sizesFor(caches)
}()

// blockM and blockN return the rows of a block of A and the columns of one of B.
func blockM[T Float]() int { return l2.columnA / wordSize[T]() }
func blockN[T Float]() int { return blockBytesN / wordSize[T]() }

// depthOf returns the depth of the blocks of a product of k steps.
func depthOf[T Float](k int) int {
	block := blockK
	if wordSize[T]() == 8 {
		block = blockK64
	}
	if k <= block*3/2 {
		return max(k, 1)
	}
	return evenly(k, block, 1)
}

// rowsOfA returns the most rows of a block of A of some depth, when there are so many.
func rowsOfA[T Float](rows, depth int) int {
	most := blockM[T]()
	if size := wordSize[T]() * depth; rows*size > l2.wholeA {
		most = min(most, l2.blockA/size)
	}
	return most
}

// aliased reports whether rows that far apart meet in one set of the
// first-level cache, so that a panel of them does not stay there.
func aliased[T Float](stride int) bool {
	return stride*wordSize[T]()%1024 == 0
}

// apart returns the distance, at least n, of rows that share no set of the
// first-level cache: an odd number of cache lines.
func apart[T Float](n int) int {
	line := 64 / wordSize[T]()
	return (ceilDiv(n, line) | 1) * line
}

// kernel returns the active GEMM kernel for T.
func kernel[T Float]() *asm.Gemm[T] {
	k := asm.Active()
	if g, ok := any(&k.GemmF32).(*asm.Gemm[T]); ok {
		return g
	}
	return any(&k.GemmF64).(*asm.Gemm[T])
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

func roundUp(a, b int) int { return ceilDiv(a, b) * b }

const (
	// alone is how many multiply-adds one thread does sooner than it wakes another: some
	// 9 microseconds.
	alone = 1 << 19
	// brief is how many it does sooner than another that is awake takes over some of them.
	brief = 1 << 17
)

// sharers returns how many threads share so many multiply-adds.
func sharers(p *Pool, work int) int {
	if work > alone {
		return p.Threads()
	}
	if n := min(p.Threads(), work/(brief/2)); work > brief && p.awake(n-1) {
		return n
	}
	return 1
}

// blockCost is what a block of a result costs beside its products, in multiply-adds.
type blockCost struct {
	rows, cols        float64 // packing an element of a row of A, of a column of B
	fewRows, nearRows int     // so many rows read B where it stands, and if it is near
	fewCols           int     // so many columns read A where it stands
	beside, cached    int     // so many elements of B are near; so many of A or B cost nothing then
	once              float64 // the call, and tiles that are the first and the last
	last              float64 // the part of a block that the others wait for the thread which comes last
	even              bool    // rows are cut without regard to tiles, down to half of one
}

// grids cuts each of so many m x n results into gm x gn blocks for so many threads, by the
// estimated time of the whole in multiply-adds of one thread: rounds of blocks, each with
// its packing. Few blocks pack little; many are finer to share out.
func grids(threads, results, m, n, k, mr, nr int, cost *blockCost) (gm, gn int) {
	if threads == 1 {
		return 1, 1
	}
	tm, tn := ceilDiv(m, mr), ceilDiv(n, nr)
	most := tm // parts of the rows
	if cost.even {
		most = ceilDiv(m, ceilDiv(mr, 2))
	}
	best := 0.0
	for _, i := range cuts {
		if i > most {
			break
		}
		for _, j := range cuts {
			if j > tn || i*j > 1 && results*i*j > 4*threads {
				break
			}
			h := min(ceilDiv(tm, i)*mr, m)
			if cost.even {
				h = ceilDiv(m, i)
			}
			w := ceilDiv(tn, j) * nr
			if results*i%threads == 0 { // a thread's share is whole rows of blocks
				w = tn * nr / j
			}
			t := cost.of(h, w, k)
			t *= float64(ceilDiv(results*i*j, threads)) + cost.last
			if best == 0 || t < best {
				best, gm, gn = t, i, j
			}
		}
	}
	return gm, gn
}

// packs reports whether a block of h rows, w columns and k steps packs A, and whether B.
func (c *blockCost) packs(h, w, k int) (a, b bool) {
	few := c.fewRows
	if w*k <= c.beside {
		few = c.nearRows
	}
	return w > c.fewCols, h > few
}

// of returns what a block of h rows, w columns and k steps costs.
func (c *blockCost) of(h, w, k int) float64 {
	t := float64(h) * float64(w)
	a, b := c.packs(h, w, k)
	if a || h*k > c.cached {
		t += c.rows * float64(h)
	}
	if b || w*k > c.cached {
		t += c.cols * float64(w)
	}
	return t*float64(k) + c.once
}

// cuts are the ways to cut one side of a result, ascending.
var cuts = [...]int{1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256}
