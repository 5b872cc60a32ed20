package likeness

import "math"

// canvas gathers a picture's brightness on the grid, row by row and in any
// order: each square is the mean of what lies in it, to parts of a sample. No
// more than one row of the picture is needed at a time.
type canvas struct {
	across []part
	middle float32 // share of a whole sample in a square, across
	down   float64 // rows of the picture in a square
	sums   [grid * grid]float32
	narrow [grid]float32
}

// part is the samples of a square of the grid in one direction: the first and
// the last with their shares, those between wholly.
type part struct {
	first, last int
	head, tail  float32
}

// newCanvas is for a picture of so many samples. The last column and row may
// be there in part only.
func newCanvas(width, height float64) *canvas {
	step := width / grid
	c := &canvas{across: make([]part, grid), middle: float32(1 / step), down: height / grid}
	for k := range c.across {
		a, b := step*float64(k), step*float64(k+1)
		first := int(a)
		last := max(first, min(int(math.Ceil(b)), int(math.Ceil(width)))-1)
		p := part{first: first, last: last, head: 1}
		if last > first {
			p.head, p.tail = float32((float64(first+1)-a)/step), float32((b-float64(last))/step)
		}
		c.across[k] = p
	}
	return c
}

// row adds the samples of row y, each 0 to 255.
func (c *canvas) row(y int, samples []float32) {
	for k, p := range c.across {
		sum := p.head * samples[p.first]
		if p.last > p.first {
			between := float32(0)
			for _, v := range samples[p.first+1 : p.last] {
				between += v
			}
			sum += between*c.middle + p.tail*samples[p.last]
		}
		c.narrow[k] = sum
	}
	from, to := float64(y)/c.down, float64(y+1)/c.down
	for line := int(from); line < grid && float64(line) < to; line++ {
		share := float32(min(to, float64(line+1)) - max(from, float64(line)))
		sums := c.sums[line*grid : (line+1)*grid]
		for k, v := range c.narrow {
			sums[k] += share * v
		}
	}
}
