package tensor

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"randalign/asm"
	"randalign/asm/asmtest"
)

// productsOf is what the tasks of a job take, in parts of each other, or nil where it
// multiplies no matrices at the moment.
func productsOf(job Job) (cost func(task int) int) {
	switch j := job.(type) {
	case *gemmJob[float32]:
		return func(task int) int {
			i0, i1, j0, j1 := j.block(task)
			return (i1 - i0) * (j1 - j0)
		}
	case *correlation[float32]:
		return func(task int) int {
			r0, r1 := part(task%j.parts, j.parts, j.k, j.kern.MR)
			return min(j.group, j.n-task/j.parts*j.group) * (r1 - r0)
		}
	case *inputGrad[float32]:
		if j.turning {
			return nil
		}
		return func(task int) int {
			r0, r1 := part(task%j.parts, j.parts, j.conv.C, kernel[float32]().MR)
			return min(j.group, j.n-task/j.parts*j.group) * (r1 - r0)
		}
	case *col2imGrad[float32]:
		return func(task int) int {
			c0, c1 := part(task%j.parts, j.parts, j.conv.C, j.unit)
			return min(j.group, j.n-task/j.parts*j.group) * (c1 - c0)
		}
	case *convWeights[float32]:
		if j.stage != multiplying {
			return nil
		}
		return func(task int) int {
			chunk, cell := task/(j.gr*j.gc), task%(j.gr*j.gc)
			r0, r1 := part(cell/j.gc, j.gr, j.rows, j.kern.MR)
			c0, c1 := part(cell%j.gc, j.gc, j.cols, j.kern.NR)
			return min(j.chunk, j.n-chunk*j.chunk) * (r1 - r0) * (c1 - c0)
		}
	case *rowsCorr[float32]:
		if j.filtering {
			return nil
		}
		return func(task int) int {
			return (task%j.parts+1)*j.groups/j.parts - task%j.parts*j.groups/j.parts
		}
	case *rowsWeights[float32]:
		if j.stage != multiplying {
			return nil
		}
		return func(task int) int {
			chunk, q, parts := j.part(task)
			k0, k1 := part(q, parts, j.k, rowsFilters)
			return min(j.chunk, j.n-chunk*j.chunk) * (k1 - k0)
		}
	case *winogradCorr[float32]:
		if j.stage != multiplied {
			return nil
		}
		return func(task int) int {
			r0, r1 := part(task%j.parts, j.parts, j.images*j.in.tiles(), j.unit)
			return r1 - r0
		}
	case *winogradWeights[float32]:
		if j.stage != multiplied {
			return nil
		}
		return func(task int) int {
			r0, r1 := part(task%j.parts, j.parts, j.c1-j.c0, j.unit)
			return r1 - r0
		}
	case *DenseForward[float32]:
		if j.adding {
			return nil
		}
		return func(task int) int {
			cell := task % (j.gn * j.gy)
			i0, i1 := part(cell/j.gy, j.gn, j.n, j.kern.MR)
			j0, j1 := part(cell%j.gy, j.gy, j.out, j.kern.NR)
			return (i1 - i0) * (j1 - j0)
		}
	case *DenseGrad[float32]:
		if j.dy != nil {
			return nil
		}
		return func(task int) int {
			if j.spans == 0 {
				return 1
			}
			return (task+1)*j.blocks/j.spans - task*j.blocks/j.spans
		}
	}
	return nil
}

// simulate lets workers of one speed do the tasks in the order that a Pool's do: its share, then
// what is left of those that follow. It returns what all tasks take, and when the last is done.
func simulate(threads, tasks int, cost func(task int) int) (all, last int) {
	active := min(threads, tasks)
	next, clock := make([]int, active), make([]int, active)
	for w := range next {
		next[w] = w * tasks / active
	}
	for range tasks {
		first := 0 // is free first
		for w, c := range clock {
			if c < clock[first] {
				first = w
			}
		}
		for k := range active {
			if s := (first + k) % active; next[s] < (s+1)*tasks/active {
				c := cost(next[s])
				next[s]++
				all += c
				clock[first] += c
				last = max(last, clock[first])
				break
			}
		}
	}
	return all, last
}

// shares counts what a number of threads would do, without doing it.
type shares struct {
	pool      *Pool
	tasks     int // of the first job that multiplies
	all, last int // what all such jobs take, and how long they last
}

func newShares(threads int) *shares {
	s := &shares{pool: &Pool{scratch: make([]scratch, threads)}}
	for range threads - 1 {
		s.pool.helpers = append(s.pool.helpers, &helper{}) // awake, but does nothing
	}
	s.pool.instead = func(tasks int, j Job) {
		if cost := productsOf(j); cost != nil {
			all, last := simulate(threads, tasks, cost)
			if s.tasks == 0 {
				s.tasks = tasks
			}
			s.all, s.last = s.all+all, s.last+last
		}
	}
	return s
}

// of returns the tasks of a pass and the part of the threads' time that they fill.
func (s *shares) of(pass func(p *Pool)) (tasks int, filled float64) {
	s.tasks, s.all, s.last = 0, 0, 0
	pass(s.pool)
	return s.tasks, float64(s.all) / float64(s.pool.Threads()*s.last)
}

// The layers of simple-cnn (batches of 256), VGG16 and ResNet18 (of 128) keep 64 threads busy
// while they multiply matrices; the package's documentation says how much.
func TestSharesOf64Threads(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	defer func(s sizes) { l2 = s }(l2)
	l2 = sizesFor(asm.Caches{})
	asmtest.ForEachPath(t, func(t *testing.T) {
		s, kern := newShares(64), kernel[float32]()
		check := func(name string, passes ...func(p *Pool)) {
			line := fmt.Sprintf("//\t%-28s", name)
			for _, pass := range passes {
				tasks, filled := s.of(pass)
				require.GreaterOrEqual(t, filled, 0.7, "%s: %d tasks", name, tasks)
				line += fmt.Sprintf("%5d %3.0f %%   ", tasks, 100*filled)
			}
			if line = line[:len(line)-3]; kern.MR == 14 && kern.NR == 32 && !strings.Contains(string(doc), line+"\n") {
				t.Errorf("doc.go lacks AVX-512's %q", line)
			}
		}
		for _, c := range []struct {
			name  string
			n     int
			shape ConvShape
		}{
			{"simple-cnn 5x5, 3 to 256", 256, ConvShape{3, 32, 32, 256, 5, 5, 1, 0}},
			{"simple-cnn 3x3, 3 to 256", 256, ConvShape{3, 32, 32, 256, 3, 3, 1, 0}},
			{"both 3x3, 3 to 64", 128, ConvShape{3, 32, 32, 64, 3, 3, 1, 1}},
			{"both 64 to 64, 32x32", 128, ConvShape{64, 32, 32, 64, 3, 3, 1, 1}},
			{"vgg16 64 to 128, 16x16", 128, ConvShape{64, 16, 16, 128, 3, 3, 1, 1}},
			{"both 128 to 128, 16x16", 128, ConvShape{128, 16, 16, 128, 3, 3, 1, 1}},
			{"vgg16 128 to 256, 8x8", 128, ConvShape{128, 8, 8, 256, 3, 3, 1, 1}},
			{"both 256 to 256, 8x8", 128, ConvShape{256, 8, 8, 256, 3, 3, 1, 1}},
			{"vgg16 256 to 512, 4x4", 128, ConvShape{256, 4, 4, 512, 3, 3, 1, 1}},
			{"both 512 to 512, 4x4", 128, ConvShape{512, 4, 4, 512, 3, 3, 1, 1}},
			{"vgg16 512 to 512, 2x2", 128, ConvShape{512, 2, 2, 512, 3, 3, 1, 1}},
			{"resnet18 64 to 128, /2", 128, ConvShape{64, 32, 32, 128, 3, 3, 2, 1}},
			{"resnet18 128 to 256, /2", 128, ConvShape{128, 16, 16, 256, 3, 3, 2, 1}},
			{"resnet18 256 to 512, /2", 128, ConvShape{256, 8, 8, 512, 3, 3, 2, 1}},
			{"resnet18 1x1, 64 to 128, /2", 128, ConvShape{64, 32, 32, 128, 1, 1, 2, 0}},
			{"resnet18 1x1, 128 to 256, /2", 128, ConvShape{128, 16, 16, 256, 1, 1, 2, 0}},
			{"resnet18 1x1, 256 to 512, /2", 128, ConvShape{256, 8, 8, 512, 1, 1, 2, 0}},
		} {
			v := c.shape
			ho, wo := v.Out()
			x, w, y := Make[float32](c.n*v.C*v.H*v.W), make([]float32, v.K*v.Patch()), Make[float32](c.n*v.K*ho*wo)
			conv := NewConv[float32](v)
			check(c.name,
				func(p *Pool) { conv.Forward(p, c.n, x, w, nil, y, false) },
				func(p *Pool) { conv.InputGrad(p, c.n, w, y, x) },
				func(p *Pool) { conv.WeightGrad(p, c.n, x, y, w, nil, y) })
		}
		for _, c := range []struct {
			name string
			in   int
		}{{"simple-cnn dense, of 5x5", 200704}, {"simple-cnn dense, of 3x3", 230400}} {
			const n, out = 256, 64
			x, w, y := Make[float32](n*c.in), Make[float32](c.in*out), make([]float32, n*out)
			var d DenseForward[float32]
			var g DenseGrad[float32]
			check(c.name,
				func(p *Pool) { d.Run(p, n, c.in, out, x, w, nil, y, false) },
				func(p *Pool) { g.Descend(p, n, c.in, out, x, w, y, x, true, Descent[float32]{V: w}) })
		}
	})
}

// Pools that cut finely compute the same bits.
func TestThreadsReachNoBit(t *testing.T) {
	many := []int{64, 7}
	if testing.Short() {
		many = many[:1]
	}
	asmtest.ForEachPath(t, func(t *testing.T) {
		one := NewPool(1)
		defer one.Close()
		want := blocked[float32](one)
		for _, threads := range many {
			p := NewPool(threads)
			asmtest.SameBits(t, want, blocked[float32](p), "%d threads", threads)
			p.Close()
		}
	})
}
