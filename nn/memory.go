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
	opAgain                  // node's output once more, into slot a
)

// op is a step of the way back. Backward finds node's input in slot x and its
// output in slot y, opAgain its inputs in slots x and y: fromInput is the
// network's own input, fromNone what is not read.
type op struct {
	kind             opKind
	node, a, b, x, y int
}

// memory is the plan for one direction or both.
type memory struct {
	slots []slot
	act   []int // slot of each layer's output on the way forward; fromInput: the caller's memory
	loss  int   // slot of the loss's gradient, in training
	back  []op
	// unshared and values are the arena's size without and with sharing.
	unshared, values int
}

// alignValues is what every slot's beginning is a multiple of: a cache line.
const alignValues = 16

type planner struct {
	memory
	nodes   []node
	base    []int   // the layer whose memory a view shows; itself where it is none
	readers [][]int // the layers that read a layer's output, views left out
	last    int     // 2L
	grad    []bool  // the way back passes the layer
	dear    bool    // what is dear may be made once more
	// keeps[i] says that the way back reads layer i's output, which is kept for it
	// or, with again[i], made once more. kept[i] is the slot where it then stands,
	// -1 before it does.
	keeps, again []bool
	kept         []int
	// delta[i] is the slot of the gradient of layer i's output, -1 before it has
	// one; holders[s] counts the layers that have yet to read slot s.
	delta   []int
	holders map[int]int
}

// planMemory lays out the memory of a network for so many examples; with
// training set, for a step forward and backward. Outputs that are dear to make
// once more are so where that spares a sixteenth of it.
func planMemory(nodes []node, batch int, training bool) *memory {
	m := layOut(nodes, batch, training, false)
	if training {
		if d := layOut(nodes, batch, true, true); d.values <= m.values/16*15 {
			return d
		}
	}
	return m
}

func layOut(nodes []node, batch int, training, dear bool) *memory {
	n := len(nodes)
	p := &planner{
		nodes: nodes, dear: dear, last: 2 * n, base: make([]int, n), readers: make([][]int, n), grad: make([]bool, n),
		keeps: make([]bool, n), again: make([]bool, n), kept: make([]int, n), delta: make([]int, n), holders: map[int]int{},
	}
	p.loss = -1
	p.wire()
	if training {
		p.choose()
	}
	p.forward()
	if training {
		p.backward()
	}
	p.place(batch)
	return &p.memory
}

// wire finds who reads what, and where the way back leads.
func (p *planner) wire() {
	for i := range p.nodes {
		p.base[i], p.kept[i], p.delta[i] = i, -1, -1
		if p.nodes[i].needs.View {
			p.base[i] = p.from(i, 0)
		}
		p.grad[i] = p.nodes[i].trained
		for k := range 2 {
			b := p.from(i, k)
			if b < 0 {
				continue
			}
			p.grad[i] = p.grad[i] || p.grad[b]
			if p.base[i] == i {
				p.readers[b] = append(p.readers[b], i)
			}
		}
	}
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

// passes is how many passes over memory may take the place of a kept output.
const passes = 4

// choose finds the outputs that the way back reads, and among them those that
// are made once more from others that it has.
func (p *planner) choose() {
	for b, nd := range p.nodes {
		if p.base[b] != b {
			continue
		}
		p.keeps[b] = p.grad[b] && nd.needs.Output || slices.ContainsFunc(p.readers[b], func(r int) bool { return p.grad[r] && p.nodes[r].needs.Input })
	}
	for b := range p.nodes {
		p.again[b] = p.keeps[b] && !p.nodes[b].needs.Shows && p.cost(b) <= passes
	}
}

// cost is how many passes over memory layer b's output takes on the way back,
// more than passes if it cannot be had. What is to be kept is not yet decided for
// b and those behind it.
func (p *planner) cost(b int) int {
	if needs := p.nodes[b].needs; !needs.Again || needs.Dear && !p.dear {
		return passes + 1
	}
	cost := 1
	for k := range 2 {
		if x := p.from(b, k); x >= 0 && (!p.keeps[x] || p.again[x]) {
			cost += p.cost(x)
		}
	}
	return cost
}

// forward gives every output a slot for as long as other layers read it.
func (p *planner) forward() {
	n := len(p.nodes)
	p.act = make([]int, n)
	for i := range p.nodes {
		x := p.from(i, 0)
		switch {
		case p.base[i] != i:
			p.act[i] = fromInput
			if p.base[i] >= 0 {
				p.act[i] = p.act[p.base[i]]
			}
			continue
		case p.nodes[i].needs.Shows:
			p.act[i] = fromInput
			if x >= 0 {
				p.act[i] = p.act[x]
				for _, r := range p.readers[i] {
					p.touch(p.act[x], r)
				}
			}
			continue
		case p.nodes[i].needs.InPlace && x >= 0 && slices.Max(p.readers[x]) == i && (!p.keeps[x] || p.again[x]) && !(p.nodes[i].sum && p.from(i, 1) == x):
			p.act[i] = p.act[x]
		default:
			p.act[i] = p.newSlot(p.nodes[i].size, i)
		}
		s := p.act[i]
		p.touch(s, i)
		if len(p.readers[i]) == 0 { // what the network answers
			p.touch(s, n)
		}
		for _, r := range p.readers[i] {
			p.touch(s, r)
		}
		if p.keeps[i] && !p.again[i] {
			p.kept[i] = s
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
			p.back = append(p.back, op{kind: opCopy, node: i, a: own, b: dy})
			p.holders[dy]--
			p.holders[own] = 1
			dy = own
		}
		x, work := p.from(i, 0), op{opBackward, i, dy, -1, fromNone, fromNone}
		if nd.needs.Input {
			work.x = p.find(x, time)
		}
		if nd.needs.Output {
			work.y = p.find(i, time)
		}
		switch {
		case nd.sum:
			p.back = append(p.back, work)
			for k := range 2 {
				p.give(p.from(i, k), dy, time)
			}
			p.holders[dy]--
			continue
		case x < 0 || !p.grad[x]:
			p.back = append(p.back, work)
			p.holders[dy]--
			continue
		case nd.needs.InPlaceBack && p.holders[dy] == 1:
			work.b = dy
		case nd.needs.OverInput && p.lastUse(x, i):
			work.b = work.x
		default:
			work.b = p.newSlot(p.nodes[x].size, time)
		}
		p.back = append(p.back, work)
		p.holders[dy]--
		p.give(x, work.b, time)
	}
}

// lastUse reports whether the output of layer x is of no use once layer i, which
// reads it, has gone back. All that is made once more of it is so for the sake of
// layers behind i.
func (p *planner) lastUse(x, i int) bool {
	return slices.Min(p.readers[x]) == i && !p.nodes[x].needs.Output && !p.nodes[x].needs.Shows
}

// find returns the slot where the way back has the output of layer b at this
// time, which is made once more if need be.
func (p *planner) find(b, time int) int {
	if b >= 0 && p.nodes[b].needs.Shows {
		b = p.from(b, 0)
	}
	if b < 0 {
		return fromInput
	}
	s := p.kept[b]
	if s < 0 {
		s = p.newSlot(p.nodes[b].size, time)
		p.compute(b, s, time)
		if p.keeps[b] {
			p.kept[b] = s
		}
	}
	p.touch(s, time)
	return s
}

// compute orders layer b's output once more, into slot s.
func (p *planner) compute(b, s, time int) {
	work := op{kind: opAgain, node: b, a: s, b: -1, x: s, y: fromNone}
	if x := p.from(b, 0); x >= 0 && !p.keeps[x] && p.nodes[b].needs.InPlace {
		p.compute(x, s, time)
	} else {
		work.x = p.find(x, time)
	}
	if p.nodes[b].sum {
		work.y = p.find(p.from(b, 1), time)
	}
	p.back = append(p.back, work)
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
		p.back = append(p.back, op{kind: opCopy, node: x, a: own, b: have})
		p.holders[have]--
		p.holders[own] = 1
		p.delta[x], have = own, own
	}
	p.back = append(p.back, op{kind: opAdd, node: x, a: have, b: s})
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
