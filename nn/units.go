package nn

import "randalign/tensor"

// Units counts the units of one ReLU layer: channels of an image, elements of
// a vector. A unit is dead when it is 0 for every example (and position).
type Units struct {
	Layer int // index in the network
	Units int
	Dead  int
	// Active is the share of outputs above 0; Mean is their mean, zeros counted.
	Active, Mean float64
}

// CountUnits runs n examples x through the network, batch at a time, and
// returns the counts of each ReLU layer. A network without ReLU gives none.
func (m *Model[T]) CountUnits(p *tensor.Pool, n int, x []T, batch int) []Units {
	list, _, _ := m.Inspect(p, n, x, nil, batch)
	return list
}

// Inspect is CountUnits and, unless labels is nil, the mean loss and the share
// of right answers, in one pass.
func (m *Model[T]) Inspect(p *tensor.Pool, n int, x []T, labels []int32, batch int) (list []Units, loss, accuracy float64) {
	var alive [][]bool
	var active []int
	var sum []float64
	where := map[int]int{}
	for i, l := range m.Layers {
		if l.Kind() == "relu" {
			where[i] = len(list)
			units := l.Out()[0]
			list = append(list, Units{Layer: i, Units: units})
			alive = append(alive, make([]bool, units))
		}
	}
	active, sum = make([]int, len(list)), make([]float64, len(list))
	size := m.In.Size()
	for i := 0; i < n; i += batch {
		b := min(batch, n-i)
		logits := m.run(p, b, x[i*size:], len(m.Layers), forEval, func(layer int, y []T) {
			at, ok := where[layer]
			if !ok {
				return
			}
			units := list[at].Units
			each := len(y) / b / units
			for j := 0; j < len(y); j += each {
				plane := y[j:][:each]
				count := 0
				if s := float64(tensor.Sum(plane)); s > 0 { // all are 0 where the sum is
					for _, v := range plane {
						if v != 0 {
							count++
						}
					}
					sum[at] += s
				}
				active[at] += count
				if count > 0 {
					alive[at][j/each%units] = true
				}
			}
		})
		if labels != nil {
			l, right := m.cross.run(p, m.Objective, logits, labels[i:], b, m.Classes, nil)
			loss += l
			accuracy += float64(right)
		}
	}
	for at := range list {
		u := &list[at]
		for _, a := range alive[at] {
			if !a {
				u.Dead++
			}
		}
		total := float64(n * m.size[u.Layer])
		u.Active, u.Mean = float64(active[at])/total, sum[at]/total
	}
	return list, loss / float64(max(n, 1)), accuracy / float64(max(n, 1))
}
