package demo

import (
	"hash/fnv"
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// The size of every drawing, in pixels.
const (
	width  = 720
	height = 480
)

// scenes draw by name. What varies in a scene follows from the seed.
var scenes = map[string]func(seed string) image.Image{
	"train":     train,
	"factory":   factory,
	"howitzer":  howitzer,
	"screen":    screen,
	"harbour":   harbour,
	"fire":      fire,
	"satellite": satellite,
	"crowd":     crowd,
	"podium":    podium,
	"market":    market,
	"lorry":     lorry,
	"meeting":   meeting,
}

// canvas is a drawing with a generator of its own.
type canvas struct {
	*image.RGBA
	rnd *rand.Rand
}

type point struct{ x, y float64 }

func newCanvas(seed string, top, bottom color.RGBA) canvas {
	sum := fnv.New64a()
	sum.Write([]byte(seed))
	c := canvas{image.NewRGBA(image.Rect(0, 0, width, height)), rand.New(rand.NewPCG(sum.Sum64(), 1))}
	for y := range height {
		row := mix(top, bottom, float64(y)/height)
		for x := range width {
			c.SetRGBA(x, y, row)
		}
	}
	return c
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}

func (c canvas) polygon(fill color.RGBA, points ...point) {
	// The rasterizer is no larger than the polygon: most are small.
	left, top, right, bottom := float64(width), float64(height), 0.0, 0.0
	for _, p := range points {
		left, right = min(left, p.x), max(right, p.x)
		top, bottom = min(top, p.y), max(bottom, p.y)
	}
	area := image.Rect(int(left), int(top), int(right)+1, int(bottom)+1).Intersect(c.Bounds())
	if area.Empty() {
		return
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	for i, p := range points {
		x, y := float32(p.x)-float32(area.Min.X), float32(p.y)-float32(area.Min.Y)
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(c, area, image.NewUniform(fill), image.Point{})
}

func (c canvas) box(fill color.RGBA, x, y, w, h float64) {
	c.polygon(fill, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

func (c canvas) disc(fill color.RGBA, x, y, rx, ry float64) {
	points := make([]point, 48)
	for i := range points {
		sin, cos := math.Sincos(float64(i) / 48 * 2 * math.Pi)
		points[i] = point{x + rx*cos, y + ry*sin}
	}
	c.polygon(fill, points...)
}

// ridge draws hills whose line is around y.
func (c canvas) ridge(fill color.RGBA, y, swing float64) {
	points := []point{{0, height}}
	phase, pace := c.rnd.Float64()*6, 0.006+c.rnd.Float64()*0.008
	for x := 0.0; x <= width; x += 12 {
		points = append(points, point{x, y + swing*math.Sin(phase+x*pace) + swing*0.4*math.Sin(phase+x*pace*2.7)})
	}
	c.polygon(fill, append(points, point{width, height})...)
}

// person draws a figure that stands at x, y and is tall pixels high.
func (c canvas) person(coat color.RGBA, x, y, tall float64) {
	c.polygon(coat, point{x - tall*0.16, y}, point{x - tall*0.13, y - tall*0.7}, point{x + tall*0.13, y - tall*0.7}, point{x + tall*0.16, y})
	c.disc(rgb(0xc9a58a), x, y-tall*0.82, tall*0.1, tall*0.13)
	c.disc(rgb(0x2b2626), x, y-tall*0.88, tall*0.1, tall*0.08)
}

func (c canvas) people(count int, y, tall float64) {
	coats := []uint32{0x3d4a5c, 0x5c3d3d, 0x4d5c3d, 0x2f2f38, 0x6b5b45, 0x4a3d5c}
	for i := range count {
		x := width * (float64(i) + 0.3 + 0.4*c.rnd.Float64()) / float64(count)
		c.person(rgb(coats[c.rnd.IntN(len(coats))]), x, y+c.rnd.Float64()*tall*0.15, tall*(0.9+0.2*c.rnd.Float64()))
	}
}

func (c canvas) skyline(fill, windows color.RGBA, ground float64) {
	for x := -10.0; x < width; {
		w, h := 40+c.rnd.Float64()*50, 60+c.rnd.Float64()*170
		c.box(fill, x, ground-h, w, h)
		for wy := ground - h + 10; wy < ground-12; wy += 18 {
			for wx := x + 8; wx < x+w-10; wx += 14 {
				if c.rnd.Float64() < 0.45 {
					c.box(windows, wx, wy, 6, 8)
				}
			}
		}
		x += w + 4
	}
}

func train(seed string) image.Image {
	c := newCanvas(seed, rgb(0xb9c7d4), rgb(0xe8e2d6))
	c.ridge(rgb(0x9fb0a8), 200, 28)
	c.box(rgb(0x77736c), 0, 380, width, 100)
	c.box(rgb(0x5b5751), 0, 372, width, 8)
	for i := range 4 {
		x := float64(i)*190 - 40
		c.box(rgb(0x2f5540), x, 220, 180, 140)
		c.box(rgb(0xd9c25a), x, 322, 180, 8)
		for w := range 4 {
			c.box(rgb(0xcfe0e6), x+14+float64(w)*42, 246, 28, 38)
		}
		c.disc(rgb(0x26262a), x+40, 366, 16, 16)
		c.disc(rgb(0x26262a), x+140, 366, 16, 16)
	}
	c.people(5, 462, 92)
	return c
}

func factory(seed string) image.Image {
	c := newCanvas(seed, rgb(0xd8d2c6), rgb(0xc2b8a6))
	c.box(rgb(0x8d8576), 0, 330, width, 150)
	for i := range 5 {
		x := 40 + float64(i)*140
		c.box(rgb(0x6f7f8a), x, 180, 90, 160)
		c.box(rgb(0x55636d), x+10, 200, 70, 46)
		c.disc(rgb(0xc8503c), x+25, 290, 8, 8)
		c.disc(rgb(0x4f9a5d), x+55, 290, 8, 8)
	}
	c.box(rgb(0xb03a2e), 0, 60, width, 44)
	c.people(6, 450, 150)
	return c
}

func howitzer(seed string) image.Image {
	c := newCanvas(seed, rgb(0xa9b3bb), rgb(0xd9d4c5))
	c.ridge(rgb(0x8a8f72), 290, 22)
	c.ridge(rgb(0x6f7358), 350, 16)
	c.polygon(rgb(0x4b5340), point{180, 380}, point{220, 330}, point{380, 330}, point{420, 380})
	c.polygon(rgb(0x3e4535), point{330, 336}, point{342, 322}, point{620, 196}, point{626, 210}, point{350, 348})
	c.disc(rgb(0x2e332a), 240, 388, 34, 34)
	c.disc(rgb(0x2e332a), 370, 388, 34, 34)
	for i := range 9 {
		t := float64(i) / 9
		c.disc(mix(rgb(0xf2c14e), rgb(0x9a948c), t), 640+t*60, 186-t*70, 14+t*34, 12+t*28)
	}
	c.people(2, 452, 120)
	return c
}

func screen(seed string) image.Image {
	c := newCanvas(seed, rgb(0x39414c), rgb(0x23282f))
	c.box(rgb(0x11151a), 130, 50, 460, 270)
	c.box(rgb(0x7a98b5), 144, 64, 432, 242)
	c.ridgeIn(rgb(0x5f7d5a), 144, 306, 432, 210)
	c.person(rgb(0x22252c), 360, 306, 190)
	c.box(rgb(0xb52f2f), 144, 268, 432, 24)
	c.box(rgb(0xf4f1ea), 156, 275, 250, 10)
	c.people(9, 478, 128)
	return c
}

// ridgeIn draws a flat hill in a box that ends at bottom.
func (c canvas) ridgeIn(fill color.RGBA, x, bottom, w, top float64) {
	c.polygon(fill, point{x, bottom}, point{x, top + 30}, point{x + w*0.3, top}, point{x + w*0.6, top + 36}, point{x + w, top + 8}, point{x + w, bottom})
}

func harbour(seed string) image.Image {
	c := newCanvas(seed, rgb(0xf1c9a0), rgb(0xf7e6cf))
	c.disc(rgb(0xfff3d8), 560, 130, 44, 44)
	c.skyline(rgb(0x7b8794), rgb(0xf5dfa8), 290)
	c.box(rgb(0x4d7187), 0, 290, width, 190)
	for range 60 {
		c.box(rgb(0x6c90a4), c.rnd.Float64()*width, 296+c.rnd.Float64()*176, 20+c.rnd.Float64()*40, 2)
	}
	c.polygon(rgb(0x7c2d2d), point{120, 360}, point{520, 360}, point{480, 412}, point{160, 412})
	for i := range 7 {
		c.box(rgb([]uint32{0xc9772f, 0x3f7f74, 0x50628f}[i%3]), 170+float64(i)*40, 322, 36, 38)
	}
	c.box(rgb(0xe9e4da), 440, 290, 44, 70)
	return c
}

func fire(seed string) image.Image {
	c := newCanvas(seed, rgb(0x2a2430), rgb(0x7d4a36))
	c.skyline(rgb(0x1c1a22), rgb(0xd98a3d), 360)
	for i := range 26 {
		t := float64(i) / 26
		c.disc(mix(rgb(0xffb347), rgb(0x3a3236), t), 340+60*math.Sin(t*7)+t*110, 330-t*300, 22+t*60, 18+t*42)
	}
	c.box(rgb(0x17151b), 0, 360, width, 120)
	c.people(4, 470, 84)
	return c
}

func satellite(seed string) image.Image {
	c := newCanvas(seed, rgb(0x8f8a6b), rgb(0x7f7d60))
	for range 90 {
		x, y := c.rnd.Float64()*width, c.rnd.Float64()*height
		c.box(mix(rgb(0x6f7a52), rgb(0xa79b78), c.rnd.Float64()), x, y, 30+c.rnd.Float64()*70, 24+c.rnd.Float64()*50)
	}
	c.polygon(rgb(0x39566b), point{0, 330}, point{220, 300}, point{470, 380}, point{width, 330}, point{width, height}, point{0, height})
	c.polygon(rgb(0xbfb8a5), point{90, 0}, point{104, 0}, point{330, 330}, point{316, 330})
	for i := range 5 {
		x := 380 + float64(i)*56
		c.box(rgb(0x4d4a45), x+5, 155, 40, 26)
		c.box(rgb(0xd8d4c9), x, 150, 40, 26)
		c.polygon(rgb(0x2c3b47), point{x, 372}, point{x + 36, 366}, point{x + 46, 374}, point{x + 36, 384}, point{x, 380})
	}
	return c
}

func crowd(seed string) image.Image {
	c := newCanvas(seed, rgb(0x303a52), rgb(0x8a6f7e))
	c.skyline(rgb(0x262b3b), rgb(0xf0cf8d), 280)
	c.box(rgb(0x3b3a42), 0, 280, width, 200)
	for row := range 5 {
		c.people(14-row, 330+float64(row)*38, 60+float64(row)*14)
	}
	for range 9 {
		x, y := c.rnd.Float64()*width, 230+c.rnd.Float64()*60
		c.box(rgb(0x4a3a30), x, y, 3, 90)
		c.polygon(rgb(0xb8453f), point{x + 3, y}, point{x + 58, y + 10}, point{x + 3, y + 30})
	}
	return c
}

func podium(seed string) image.Image {
	c := newCanvas(seed, rgb(0x7d2b2b), rgb(0x54201f))
	c.box(rgb(0x2f3f5f), 90, 40, 10, 330)
	c.polygon(rgb(0x3f5f8f), point{100, 50}, point{190, 70}, point{176, 260}, point{100, 230})
	c.box(rgb(0x2f3f5f), 620, 40, 10, 330)
	c.polygon(rgb(0x3f5f8f), point{620, 50}, point{530, 70}, point{544, 260}, point{620, 230})
	c.person(rgb(0x24262d), 360, 400, 270)
	c.polygon(rgb(0x6d4a2c), point{270, 300}, point{450, 300}, point{430, height}, point{290, height})
	c.polygon(rgb(0x835b38), point{258, 284}, point{462, 284}, point{450, 302}, point{270, 302})
	c.box(rgb(0x1c1c20), 336, 246, 4, 40)
	c.box(rgb(0x1c1c20), 380, 246, 4, 40)
	return c
}

func market(seed string) image.Image {
	c := newCanvas(seed, rgb(0xbcd9e6), rgb(0xf3ead8))
	c.skyline(rgb(0xc9b79c), rgb(0xe9dcc3), 300)
	c.box(rgb(0xa39684), 0, 300, width, 180)
	for i := range 4 {
		x := 20 + float64(i)*180
		for stripe := range 6 {
			tint := rgb(0xf5f0e6)
			if stripe%2 == 0 {
				tint = rgb([]uint32{0xb5483f, 0x3f7fa5, 0x5f9a52, 0xc98a35}[i])
			}
			sx := x + float64(stripe)*26
			c.polygon(tint, point{sx + 8, 214}, point{sx + 30, 214}, point{sx + 26, 254}, point{sx, 254})
		}
		c.box(rgb(0x7a5a3d), x+6, 320, 146, 44)
		for range 16 {
			c.disc(rgb([]uint32{0xd9573f, 0xe3a53a, 0x7fa650}[c.rnd.IntN(3)]), x+14+c.rnd.Float64()*130, 316-c.rnd.Float64()*8, 8, 8)
		}
	}
	c.people(6, 462, 118)
	return c
}

func lorry(seed string) image.Image {
	c := newCanvas(seed, rgb(0xe4e8ea), rgb(0xc7cdd0))
	for i := range 7 {
		x := float64(i) * 118
		c.box(rgb(0xaab4ba), x, 0, 10, 300)
		c.box(rgb(0xfdf6d8), x+30, 24, 64, 8)
	}
	c.box(rgb(0x969da0), 0, 300, width, 180)
	c.box(rgb(0xe0b93c), 0, 404, width, 6)
	c.box(rgb(0xd9dde0), 210, 120, 400, 200)
	c.box(rgb(0x2d6e8e), 210, 250, 400, 22)
	c.polygon(rgb(0x2d6e8e), point{70, 334}, point{70, 230}, point{112, 158}, point{206, 158}, point{206, 334})
	c.polygon(rgb(0xc9dfe8), point{86, 238}, point{120, 176}, point{164, 176}, point{164, 238})
	c.box(rgb(0x3a4045), 60, 320, 556, 22)
	for _, x := range []float64{130, 270, 500, 566} {
		c.disc(rgb(0x202326), x, 348, 30, 30)
		c.disc(rgb(0x9aa1a6), x, 348, 13, 13)
	}
	c.polygon(rgb(0xd9822b), point{632, 60}, point{656, 60}, point{664, 170}, point{600, 214}, point{592, 200}, point{640, 160})
	c.people(2, 470, 120)
	return c
}

func meeting(seed string) image.Image {
	c := newCanvas(seed, rgb(0xd8cbb0), rgb(0xb9a884))
	for i := range 4 {
		x := 46 + float64(i)*172
		c.box(rgb(0xf4f0e2), x, 40, 104, 150)
		c.box(rgb(0x9fb9c9), x+8, 48, 88, 134)
		c.box(rgb(0xf4f0e2), x+49, 48, 6, 134)
	}
	c.box(rgb(0x4e6b57), 0, 250, width, 230)
	for i := range 6 {
		c.person(rgb([]uint32{0x2c3140, 0x3b332c, 0x25302c}[i%3]), 84+float64(i)*110, 330, 128)
	}
	c.person(rgb(0x1e222b), 640, 330, 200)
	c.polygon(rgb(0x6b4226), point{30, 322}, point{600, 322}, point{650, 420}, point{0, 420})
	c.box(rgb(0x4b2d19), 0, 420, 650, 22)
	for i := range 6 {
		x := 70 + float64(i)*100
		c.box(rgb(0xf5f3ec), x, 346, 40, 24)
		c.box(rgb(0xcfe3ea), x+54, 332, 9, 26)
	}
	return c
}
