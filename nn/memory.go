package nn

import (
	"cmp"
	"slices"
)

// The memory of a step is one arena. A slot of it holds the outputs of one or
// more layers, or gradients on their way back, for as long as somebody reads
// them; slots that are never alive at the same time share memory. Time runs
// through the layers forward, 0 to L-1, is L at the loss and runs backward
// through them, layer i at 2L-i.

// node is a layer as its memory plan sees it.
type node struct {
	in      [2]int // as in graph
	size    int    // values of an output example
	needs   Needs
	trained bool // it has parameters
	sum     bool // its inputs share its output's gradient
}

// slot is a part of the arena.
type slot struct {
	size     int // values of an example
	from, to int // alive at these times, both included
	at       int // where it begins, in values
}

// opKind says what an op of the way back does.
type opKind int

const (
	opBackward opKind = iota // node's Backward with dy in slot a and dx in slot b, -1 for none
	opAdd                    // slot a += slot b, node's output size
	opCopy                   // slot a = slot b
)

type op struct {
	kind       opKind
	node, a, b int
}

// memory is the plan for one direction or both.
type memory struct {
	slots []slot
	act   []int // slot of each layer's output; fromInput: the caller's memory
	loss  int   // slot of the loss's gradient, in training
	back  []op
	// unshared and values are the arena's size without and with sharing.
	unshared, values int
}

// alignValues is what every slot's beginning is a multiple of: a cache line.
const alignValues = 16

type planner struct {
	memory
	nodes []node
	base  []int // the layer whose memory a view shows; itself where it is none
	last  int   // 2L
	grad  []bool
	// delta[i] is the slot of the gradient of layer i's output, -1 before it has
	// one; holders[s] counts the layers that have yet to read slot s.
	delta   []int
	holders map[int]int
}

// planMemory lays out the memory of a network for so many examples; with
// training set, for a step forward and backward.
func planMemory(nodes []node, batch int, training bool) *memory {
	p := &planner{nodes: nodes, last: 2 * len(nodes), base: make([]int, len(nodes)), grad: make([]bool, len(nodes)), delta: make([]int, len(nodes)), holders: map[int]int{}}
	for i := range nodes {
		p.base[i] = i
		p.delta[i] = -1
		if nodes[i].needs.View {
			p.base[i] = p.from(i, 0)
		}
		p.grad[i] = nodes[i].trained
		for k := range 2 {
			if b := p.from(i, k); b >= 0 {
				p.grad[i] = p.grad[i] || p.grad[b]
			}
		}
	}
	p.loss = -1
	p.forward(training)
	if training {
		p.backward()
	}
	p.place(batch)
	return &p.memory
}

// from is the layer whose memory input k of layer i stands in.
func (p *planner) from(i, k int) int {
	in := p.nodes[i].in[k]
	if in < 0 {
		return in
	}
	return p.base[in]
}

func (p *planner) newSlot(size, time int) int {
	p.slots = append(p.slots, slot{size: size, from: time, to: time})
	return len(p.slots) - 1
}

func (p *planner) touch(s, time int) { p.slots[s].to = max(p.slots[s].to, time) }

// forward gives every output a slot and finds how long it is read.
func (p *planner) forward(training bool) {
	n := len(p.nodes)
	p.act = make([]int, n)
	readers := make([][]int, n)
	for i := range p.nodes {
		if p.base[i] != i {
			continue
		}
		for k := range 2 {
			if b := p.from(i, k); b >= 0 {
				readers[b] = append(readers[b], i)
			}
		}
	}
	// keeps says whether the way back still reads the output of layer b.
	keeps := func(b int) bool {
		if !training {
			return false
		}
		if p.grad[b] && p.nodes[b].needs.Output {
			return true
		}
		return slices.ContainsFunc(readers[b], func(r int) bool { return p.grad[r] && p.nodes[r].needs.Input })
	}
	for i := range p.nodes {
		x := p.from(i, 0)
		switch {
		case p.base[i] != i:
			p.act[i] = fromInput
			if p.base[i] >= 0 {
				p.act[i] = p.act[p.base[i]]
			}
			continue
		case p.nodes[i].needs.InPlace && x >= 0 && slices.Max(readers[x]) == i && !keeps(x) && !(p.nodes[i].sum && p.from(i, 1) == x):
			p.act[i] = p.act[x]
		default:
			p.act[i] = p.newSlot(p.nodes[i].size, i)
		}
		s := p.act[i]
		p.touch(s, i)
		if len(readers[i]) == 0 { // what the network answers
			p.touch(s, n)
		}
		for _, r := range readers[i] {
			p.touch(s, r)
			if training && p.grad[r] && p.nodes[r].needs.Input {
				p.touch(s, p.last-r)
			}
		}
		if training && p.grad[i] && p.nodes[i].needs.Output {
			p.touch(s, p.last-i)
		}
	}
}

// backward orders the work of the way back. A layer reads the gradient of its
// output once all that reads the output has added to it.
func (p *planner) backward() {
	n := len(p.nodes)
	end := p.base[n-1]
	if end < 0 || !p.grad[end] {
		return
	}
	p.loss = p.newSlot(p.nodes[n-1].size, n)
	p.delta[end], p.holders[p.loss] = p.loss, 1
	for i := end; i >= 0; i-- {
		if p.base[i] != i || !p.grad[i] {
			continue
		}
		nd, time, dy := p.nodes[i], p.last-i, p.delta[i]
		p.touch(dy, time)
		if nd.needs.SpoilsDelta && p.holders[dy] > 1 {
			own := p.newSlot(nd.size, time)
			p.back = append(p.back, op{opCopy, i, own, dy})
			p.holders[dy]--
			p.holders[own] = 1
			dy = own
		}
		if nd.sum {
			p.back = append(p.back, op{opBackward, i, dy, -1})
			for k := range 2 {
				p.give(p.from(i, k), dy, time)
			}
			p.holders[dy]--
			continue
		}
		x := p.from(i, 0)
		if x < 0 || !p.grad[x] {
			p.back = append(p.back, op{opBackward, i, dy, -1})
			p.holders[dy]--
			continue
		}
		dx := dy
		if !(nd.needs.InPlaceBack && p.holders[dy] == 1) {
			dx = p.newSlot(p.nodes[x].size, time)
		}
		p.back = append(p.back, op{opBackward, i, dy, dx})
		p.holders[dy]--
		p.give(x, dx, time)
	}
}

// give adds what stands in slot s to the gradient of layer x's output.
func (p *planner) give(x, s, time int) {
	if x < 0 || !p.grad[x] {
		return
	}
	have := p.delta[x]
	if have < 0 {
		p.delta[x] = s
		p.holders[s]++
		p.touch(s, time)
		return
	}
	p.touch(have, time)
	p.touch(s, time)
	if p.holders[have] > 1 || have == s { // others have yet to read it as it is
		own := p.newSlot(p.nodes[x].size, time)
		p.back = append(p.back, op{opCopy, x, own, have})
		p.holders[have]--
		p.holders[own] = 1
		p.delta[x], have = own, own
	}
	p.back = append(p.back, op{opAdd, x, have, s})
}

// place puts the slots into the arena: the largest first, each at the lowest
// place where it meets no slot of its time.
func (p *planner) place(batch int) {
	size := func(s slot) int {
		n := mulSaturated(s.size, batch)
		return mulSaturated((n-1)/alignValues+1, alignValues)
	}
	order := make([]int, len(p.slots))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.slots[b].size, p.slots[a].size) })
	var placed []int // by beginning
	for _, i := range order {
		s := &p.slots[i]
		s.at = 0
		for _, j := range placed {
			o := p.slots[j]
			if o.from > s.to || s.from > o.to {
				continue
			}
			if addSaturated(s.at, size(*s)) <= o.at {
				break
			}
			s.at = max(s.at, addSaturated(o.at, size(o)))
		}
		k, _ := slices.BinarySearchFunc(placed, s.at, func(j, at int) int { return cmp.Compare(p.slots[j].at, at) })
		placed = slices.Insert(placed, k, i)
		p.values = max(p.values, addSaturated(s.at, size(*s)))
		p.unshared = addSaturated(p.unshared, size(*s))
	}
}
