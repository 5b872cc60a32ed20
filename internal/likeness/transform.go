package likeness

import (
	"cmp"
	"math"
	"slices"
)

// reach is the highest frequency of the transform in one direction, plus one.
const reach = 16

// frequency is a wave: so many half periods across, and down.
type frequency struct{ across, down int }

// lowest are the frequencies of a print, the lowest first; the picture's mean
// is none of them.
var lowest = func() []frequency {
	var all []frequency
	for u := range reach {
		for v := range reach {
			if u+v > 0 {
				all = append(all, frequency{u, v})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b frequency) int {
		return cmp.Or(cmp.Compare(a.squared(), b.squared()), cmp.Compare(a.across, b.across))
	})
	return all[:frequencies]
}()

func (f frequency) squared() int { return f.across*f.across + f.down*f.down }

// waves[x][u] is the wave of u half periods at the square x; fade[x] weakens
// the edges, so that what stands there, and may be cut off, counts little.
var waves, fade = func() (w [side][reach]float64, f [side]float64) {
	for x := range side {
		at := (float64(x) + 0.5) / side
		for u := range reach {
			w[x][u] = math.Cos(math.Pi * at * float64(u))
		}
		f[x] = math.Sqrt(math.Sin(math.Pi * at))
	}
	return w, f
}()

// print transforms a part of the picture (discrete cosine transform, type II).
// A shape is weighted by frequency, since pictures have more of the low ones.
func (p *Picture) print(part *view) (Print, error) {
	small := p.resample(part)
	mean := 0.0
	for _, v := range small {
		mean += v
	}
	mean /= side * side
	var rows [side][reach]float64
	for y := range side {
		for u := range reach {
			for x := range side {
				rows[y][u] += (small[y*side+x] - mean) * fade[x] * waves[x][u]
			}
		}
	}
	var out Print
	var strength [frequencies]float64
	strongest := 0.0
	for i, f := range lowest {
		s := 0.0
		for y := range side {
			s += rows[y][f.across] * fade[y] * waves[y][f.down]
		}
		if s > 0 {
			out.Hash |= 1 << i
		}
		strength[i] = s / (side * side) * math.Sqrt(float64(f.squared()))
		strongest = max(strongest, math.Abs(strength[i]))
	}
	if strongest < minStrength {
		return Print{}, ErrPlain
	}
	for i, s := range strength {
		out.Shape[i] = int8(math.Round(s / strongest * 127))
	}
	return out, nil
}

// resample averages a part of the picture over side x side squares. What
// lies beyond the edge is the picture mirrored.
func (p *Picture) resample(part *view) *[side * side]float64 {
	var narrow [grid * side]float64
	for y := range grid {
		for x, cells := range part.across {
			for _, c := range cells {
				narrow[y*side+x] += c.share * float64(p.luma[y*grid+c.at])
			}
		}
	}
	var small [side * side]float64
	for y, cells := range part.down {
		for x := range side {
			for _, c := range cells {
				small[y*side+x] += c.share * narrow[c.at*side+x]
			}
		}
	}
	return &small
}

// cell is a square of the grid, and its share in an average.
type cell struct {
	at    int
	share float64
}

// view is a window as cells of the grid.
type view struct{ across, down [side][]cell }

func (w window) view() view {
	return view{shares(w.left, w.right), shares(w.top, w.bottom)}
}

// shares tells the cells of each of the squares between two edges.
func shares(from, to float64) [side][]cell {
	var all [side][]cell
	start, width := from*grid, (1-from-to)*grid/side
	for k := range all {
		a, b := start+width*float64(k), start+width*float64(k+1)
		for i := int(math.Floor(a)); float64(i) < b; i++ {
			covered := min(b, float64(i+1)) - max(a, float64(i))
			if covered > 0 {
				all[k] = append(all[k], cell{mirrored(i), covered / width})
			}
		}
	}
	return all
}

func mirrored(i int) int {
	if i < 0 {
		i = -1 - i
	}
	if i >= grid {
		i = 2*grid - 1 - i
	}
	return min(max(i, 0), grid-1)
}

// detail is how much of a part of a picture is more than light that falls off
// smoothly: the deviation from the surface of second degree that fits it best,
// in steps of brightness. The surfaces are products of Legendre's polynomials.
func detail(small *[side * side]float64) float64 {
	surfaces := [...][2]int{{0, 0}, {1, 0}, {0, 1}, {2, 0}, {1, 1}, {0, 2}}
	var fits [len(surfaces)]float64
	for i, s := range surfaces {
		sum, norm := 0.0, 0.0
		for y := range side {
			for x := range side {
				v := legendre[s[0]][x] * legendre[s[1]][y]
				sum, norm = sum+v*small[y*side+x], norm+v*v
			}
		}
		fits[i] = sum / norm
	}
	sum := 0.0
	for y := range side {
		for x := range side {
			d := small[y*side+x]
			for i, s := range surfaces {
				d -= fits[i] * legendre[s[0]][x] * legendre[s[1]][y]
			}
			sum += d * d
		}
	}
	return math.Sqrt(sum / (side * side))
}

// legendre has the polynomials of degree 0 to 2 at the squares.
var legendre = func() (p [3][side]float64) {
	for i := range side {
		x := (2*float64(i) + 1 - side) / side
		p[0][i], p[1][i], p[2][i] = 1, x, (3*x*x-1+1.0/(side*side))/2
	}
	return p
}()
