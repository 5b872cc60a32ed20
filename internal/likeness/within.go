package likeness

import "math"

// Within says how much of the one picture is in the other, at the best place
// for it: 1 when one is the other or a part of it, turned by quarters or not,
// with bars at its edges or not; for pictures that have nothing in common the
// best place is one of chance.
func Within(a, b *Picture) float64 {
	return max(a.within(b), b.within(a))
}

// within looks for the picture in another. The best of the places is then
// moved until it fits best.
func (p *Picture) within(other *Picture) float64 {
	table := other.table()
	whole, trimmed := p.look(window{}), p.look(p.content())
	best, at, sought := -1.0, window{}, whole
	for _, w := range places {
		part := table.look(w.window)
		for turn := range 4 {
			if turn%2 == 1 && !w.turns {
				continue
			}
			for _, s := range []*sight{whole, trimmed} {
				s = s.turned(turn)
				if fits := agreement(s, part); fits > best {
					best, at, sought = fits, w.window, s
				}
			}
		}
		if best > sameEnough {
			return best
		}
	}
	for step := 0.04; step > 0.005; step /= 2 {
		for moved := true; moved; {
			moved = false
			for _, w := range at.neighbours(step) {
				if fits := agreement(sought, table.look(w)); fits > best+0.001 {
					best, at, moved = fits, w, true
				}
			}
		}
	}
	return best
}

// neighbours are the windows with one or two edges moved.
func (w window) neighbours(step float64) []window {
	var all []window
	for _, d := range []float64{step, -step} {
		for _, n := range []window{
			{w.left + d, w.top, w.right, w.bottom}, {w.left, w.top + d, w.right, w.bottom},
			{w.left, w.top, w.right + d, w.bottom}, {w.left, w.top, w.right, w.bottom + d},
			{w.left + d, w.top, w.right - d, w.bottom}, {w.left, w.top + d, w.right, w.bottom - d},
		} {
			if min(n.left, n.top, n.right, n.bottom) >= 0 && n.left+n.right < 0.7 && n.top+n.bottom < 0.7 {
				all = append(all, n)
			}
		}
	}
	return all
}

// sameEnough ends the search.
const sameEnough = 0.95

// place is a part of a picture that another may show.
type place struct {
	window
	turns bool // a quarter turn is looked for too
}

// places are parts of a picture, the whole first: of other proportions, as
// thumbnails often are, and smaller ones, as crops are.
var places = func() []place {
	all := []place{{window{}, true}}
	add := func(width, height, steps float64, turns bool) {
		for i := range int(steps) {
			for j := range int(steps) {
				left, top := (1-width)*float64(i)/(steps-1), (1-height)*float64(j)/(steps-1)
				all = append(all, place{window{left, top, 1 - width - left, 1 - height - top}, turns})
			}
		}
	}
	for _, width := range []float64{1, 0.9, 0.8, 0.7} {
		for _, height := range []float64{1, 0.9, 0.8, 0.7} {
			if width < 1 || height < 1 {
				add(width, height, 3, true)
			}
		}
	}
	add(0.6, 0.6, 5, false)
	add(0.5, 0.5, 6, false)
	add(0.4, 0.4, 7, false)
	return all
}()

const lookSide = 24

// sight is a part of a picture, small, with a mean of 0 and a strength of 1.
type sight [lookSide * lookSide]float64

func (s *sight) level() *sight {
	mean, strength := 0.0, 0.0
	for _, v := range s {
		mean += v / float64(len(s))
	}
	for i := range s {
		s[i] -= mean
		strength += s[i] * s[i]
	}
	strength = math.Sqrt(strength)
	for i := range s {
		if strength > 0 {
			s[i] /= strength
		}
	}
	return s
}

// turned is the sight turned by so many quarters.
func (s *sight) turned(quarters int) *sight {
	for range quarters {
		var t sight
		for y := range lookSide {
			for x := range lookSide {
				t[x*lookSide+lookSide-1-y] = s[y*lookSide+x]
			}
		}
		s = &t
	}
	return s
}

func agreement(a, b *sight) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// sums has the sum of all squares above and left of each.
type sums [(grid + 1) * (grid + 1)]float64

func (p *Picture) table() *sums {
	var t sums
	for y := range grid {
		row := 0.0
		for x := range grid {
			row += float64(p.luma[y*grid+x])
			t[(y+1)*(grid+1)+x+1] = t[y*(grid+1)+x+1] + row
		}
	}
	return &t
}

func (p *Picture) look(w window) *sight { return p.table().look(w) }

func (t *sums) look(w window) *sight {
	var s sight
	edge := func(from, to float64, k int) int {
		return min(grid, int(math.Round((from+(1-from-to)*float64(k)/lookSide)*grid)))
	}
	for y := range lookSide {
		y0 := edge(w.top, w.bottom, y)
		y1 := max(y0+1, edge(w.top, w.bottom, y+1))
		for x := range lookSide {
			x0 := edge(w.left, w.right, x)
			x1 := max(x0+1, edge(w.left, w.right, x+1))
			y0, y1, x0, x1 := min(y0, grid-1), min(y1, grid), min(x0, grid-1), min(x1, grid)
			sum := t[y1*(grid+1)+x1] - t[y0*(grid+1)+x1] - t[y1*(grid+1)+x0] + t[y0*(grid+1)+x0]
			s[y*lookSide+x] = sum / float64((y1-y0)*(x1-x0))
		}
	}
	return s.level()
}

// content is the picture without bars of one brightness at its edges, as
// cameras put around thumbnails of other proportions. A bar takes up at most a
// third.
func (p *Picture) content() window {
	even := func(at func(int) float32) bool {
		low, high := float32(255), float32(0)
		for i := range grid {
			low, high = min(low, at(i)), max(high, at(i))
		}
		return high-low < 12
	}
	bar := func(line func(int) func(int) float32) float64 {
		n := 0
		for n < grid/3 && even(line(n)) {
			n++
		}
		if n > 0 && n < grid/3 {
			n++ // the edge of the bar is blurred
		}
		return float64(n) / grid
	}
	row := func(y int) func(int) float32 { return func(x int) float32 { return p.luma[y*grid+x] } }
	column := func(x int) func(int) float32 { return func(y int) float32 { return p.luma[y*grid+x] } }
	return window{
		left: bar(column), top: bar(row),
		right:  bar(func(n int) func(int) float32 { return column(grid - 1 - n) }),
		bottom: bar(func(n int) func(int) float32 { return row(grid - 1 - n) }),
	}
}
