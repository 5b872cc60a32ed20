// Package likeness tells whether two pictures show the same, whatever was done
// to the file: scaled, compressed again, stripped of its metadata, or cropped
// by a few per cent on any side.
//
// A picture's [Print] has two parts. The hash, 64 bits, is what pictures are
// looked for by: the signs of the 64 lowest frequencies of a cosine transform.
// The shape, 64 bytes, is what a find is confirmed by: how strong those
// frequencies are. Copies of one picture agree in their shape to 0.98 and
// more, different pictures with nearly the same hash seldom to 0.8.
//
// A crop moves and stretches everything, so it changes hashes. It is met at
// the search: [Picture.Probes] are the prints that the picture would have if a
// bit had been cut off it, and if a bit were cut off now. What was cut off is
// not known, but it is at the edge, which the transform hardly looks at; the
// picture's own edge, mirrored, stands in for it.
//
// [Print.Bands] cuts a hash into four keys of 16 bits, by which it is stored;
// [Keys] are those to look for. Two hashes have a band in common unless more
// than three bits differ.
//
// Imports: photo.
package likeness

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"sync"
)

const (
	grid        = 128 // a picture is looked at as so many squares a side
	side        = 32  // and transformed from so many
	frequencies = 64
)

// Picture is what is kept of a picture: its brightness on a grid of squares,
// whatever its shape.
type Picture struct {
	luma [grid * grid]float32 // 0 to 255
}

// Upright is the picture turned and mirrored as its orientation says, 1 to 8
// (Exif 3.0, 4.6.4); as it is for any other number.
func (p *Picture) Upright(orientation int) *Picture {
	const n = grid - 1
	var from func(x, y int) (int, int)
	switch orientation {
	case 2:
		from = func(x, y int) (int, int) { return n - x, y }
	case 3:
		from = func(x, y int) (int, int) { return n - x, n - y }
	case 4:
		from = func(x, y int) (int, int) { return x, n - y }
	case 5:
		from = func(x, y int) (int, int) { return y, x }
	case 6:
		from = func(x, y int) (int, int) { return y, n - x }
	case 7:
		from = func(x, y int) (int, int) { return n - y, n - x }
	case 8:
		from = func(x, y int) (int, int) { return n - y, x }
	default:
		return p
	}
	var up Picture
	for y := range grid {
		for x := range grid {
			fx, fy := from(x, y)
			up.luma[y*grid+x] = p.luma[fy*grid+fx]
		}
	}
	return &up
}

// Print is what a picture is recognized by.
type Print struct {
	Hash  uint64
	Shape [frequencies]int8
}

// ErrPlain says that a picture has too little in it to be told from others.
var ErrPlain = errors.New("the picture is too plain to be told from others")

// minStrength is the strength of the strongest frequencies below which a
// picture is plain: about a tenth of a step of brightness.
const minStrength = 1.0

// minDetail is the deviation, in steps of brightness, from light that falls off
// smoothly, below which a picture is plain: one clear sky is like the other.
const minDetail = 0.5

// Print returns the picture's print, or ErrPlain.
func (p *Picture) Print() (Print, error) {
	if detail(p.resample(all())) < minDetail {
		return Print{}, ErrPlain
	}
	return p.print(all())
}

// window is a part of a picture: what is left out on each side, as a share of
// its width or height. Negative shares reach beyond the edge.
type window struct{ left, top, right, bottom float64 }

// cropped is the largest crop that is met, on one side. It is a little more
// than the crop that is meant, as the share of what is left is larger.
const cropped = 0.032

// Probes are the prints to look for, the picture's own first: those that it
// would have if it had been cut from a larger one, and if it were cut now.
func (p *Picture) Probes() ([]Print, error) {
	own, err := p.Print()
	if err != nil {
		return nil, err
	}
	probes := []Print{own}
	for _, v := range probed() {
		probe, err := p.print(&v)
		if err != nil { // all that is in the picture is at its edge
			probe = own
		}
		probes = append(probes, probe)
	}
	return probes, nil
}

// The views are made when the first picture is looked at: not at every start.
var all = sync.OnceValue(func() *view {
	v := window{}.view()
	return &v
})

var probed = sync.OnceValue(func() (views []view) {
	const c, h = cropped, cropped / 2
	for _, w := range []window{
		{-h, -h, -h, -h}, {-c, -c, -c, -c},
		{-c, -c, 0, 0}, {0, -c, -c, 0}, {0, 0, -c, -c}, {-c, 0, 0, -c},
		{-c, 0, 0, 0}, {0, -c, 0, 0}, {0, 0, -c, 0}, {0, 0, 0, -c},
		{h, h, h, h}, {c, c, c, c}, {c, c, 0, 0}, {0, c, c, 0}, {0, 0, c, c}, {c, 0, 0, c},
	} {
		views = append(views, w.view())
	}
	return views
})

// Distance is how many bits of the hashes differ, 0 to 64.
func (p Print) Distance(q Print) int { return bits.OnesCount64(p.Hash ^ q.Hash) }

// Likeness is how well the shapes agree, 1 for the same and about 0 for
// pictures that have nothing to do with each other.
func (p Print) Likeness(q Print) float64 {
	var pq, pp, qq float64
	for i := range p.Shape {
		a, b := float64(p.Shape[i]), float64(q.Shape[i])
		pq, pp, qq = pq+a*b, pp+a*a, qq+b*b
	}
	if pp == 0 || qq == 0 {
		return 0
	}
	return pq / math.Sqrt(pp*qq)
}

// The bounds of one picture, as measured: see TestRecirculation.
const (
	sameDistance = 10
	sameLikeness = 0.95
)

// Same says whether two prints are of one picture.
func (p Print) Same(q Print) bool {
	return p.Distance(q) <= sameDistance && p.Likeness(q) >= sameLikeness
}

// Bands are the keys that a print is stored by.
func (p Print) Bands() [4]string {
	var bands [4]string
	for b := range bands {
		bands[b] = bandKey(b, p.band(b))
	}
	return bands
}

// Keys are the bands to look for prints by: those of the probes, and, where
// there is next to nothing of a frequency, so that its sign is a matter of
// chance, those with the other sign too.
func Keys(probes []Print) []string {
	seen := map[string]bool{}
	for n, p := range probes {
		for b := range 4 {
			values := []uint16{p.band(b)}
			if n < copied {
				for _, i := range p.weakest(b) {
					for _, v := range values {
						values = append(values, v^1<<i)
					}
				}
			}
			for _, v := range values {
				seen[bandKey(b, v)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// band is one band's bits. Neighbouring frequencies go to different bands.
func (p Print) band(b int) uint16 {
	value := uint16(0)
	for i := range 16 {
		value |= uint16(p.Hash>>(i*4+b)&1) << i
	}
	return value
}

func bandKey(b int, value uint16) string { return fmt.Sprintf("%d-%04x", b, value) }

// weak is how little of a frequency, of the 127 of the strongest, makes its sign
// a matter of chance. copied is how many of the probes are for copies of what
// came before; the others, for pictures of which a copy came before, are not
// worth as much.
const (
	weak   = 1
	copied = 11
)

// weakest are the bits of a band whose frequency is next to nothing, at most
// two: the highest, as there is less of those in pictures.
func (p Print) weakest(b int) []int {
	var list []int
	for i := 15; i >= 0 && len(list) < 2; i-- {
		if s := p.Shape[i*4+b]; s >= -weak && s <= weak {
			list = append(list, i)
		}
	}
	return list
}

// Text returns hash and shape as text: 16 hexadecimal digits, and base64.
func (p Print) Text() (hash, shape string) {
	raw := make([]byte, frequencies)
	for i, s := range p.Shape {
		raw[i] = byte(s)
	}
	return fmt.Sprintf("%016x", p.Hash), base64.RawStdEncoding.EncodeToString(raw)
}

// Parse reads what Text wrote.
func Parse(hash, shape string) (Print, error) {
	var p Print
	var err error
	if p.Hash, err = strconv.ParseUint(hash, 16, 64); err != nil || len(hash) != 16 {
		return Print{}, fmt.Errorf("%q is no hash of a picture", hash)
	}
	raw, err := base64.RawStdEncoding.DecodeString(shape)
	if err != nil || len(raw) != frequencies {
		return Print{}, fmt.Errorf("%q is no shape of a picture", shape)
	}
	for i, b := range raw {
		p.Shape[i] = int8(b)
	}
	return p, nil
}
