// Package likenesstest makes pictures for tests, as unlike each other and as
// like photographs in their statistics as a short program can: a horizon,
// things of all sizes in front of each other, shading, and noise.
//
// Imports: nothing.
package likenesstest

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	xdraw "golang.org/x/image/draw"
)

// Scene makes the picture of a number. Things hide each other, and there are
// the more of them the smaller they are, as in photographs ("dead leaves").
func Scene(number uint64, width, height int) *image.Gray {
	r := rand.New(rand.NewPCG(number, 7))
	m := image.NewGray(image.Rect(0, 0, width, height))
	horizon := float64(height) * (0.2 + 0.6*r.Float64())
	sky, ground := 100+150*r.Float64(), 30+120*r.Float64()
	for y := range height {
		v := sky + 20*float64(y)/horizon
		if float64(y) > horizon {
			v = ground + 30*(float64(y)-horizon)/float64(height)
		}
		for x := range width {
			m.SetGray(x, y, color.Gray{level(v)})
		}
	}
	for range 20 + r.IntN(60) {
		thing(m, r)
	}
	for i, v := range m.Pix {
		m.Pix[i] = level(float64(v) + 6*r.NormFloat64())
	}
	return m
}

func thing(m *image.Gray, r *rand.Rand) {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	size := 4 / math.Sqrt(r.Float64()*0.98+0.02) * w / 96
	cx, cy := r.Float64()*w, h*(0.15+0.85*r.Float64())
	ax, ay := size*(0.5+r.Float64()), size*(0.5+r.Float64())
	v, gx, gy := 255*r.Float64(), (r.Float64()-0.5)*40, (r.Float64()-0.5)*40
	square := r.IntN(2) == 0
	for y := max(0, int(cy-ay)); y <= min(m.Rect.Dy()-1, int(cy+ay)); y++ {
		for x := max(0, int(cx-ax)); x <= min(m.Rect.Dx()-1, int(cx+ax)); x++ {
			dx, dy := (float64(x)-cx)/ax, (float64(y)-cy)/ay
			if square || dx*dx+dy*dy <= 1 {
				m.Pix[m.PixOffset(x, y)] = level(v + gx*dx + gy*dy)
			}
		}
	}
}

func level(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

// Cropped leaves out a share on each side.
func Cropped(m *image.Gray, left, top, right, bottom float64) *image.Gray {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	part := image.Rect(int(math.Round(left*w)), int(math.Round(top*h)), int(math.Round((1-right)*w)), int(math.Round((1-bottom)*h)))
	out := image.NewGray(image.Rect(0, 0, part.Dx(), part.Dy()))
	draw.Draw(out, out.Rect, m, part.Min, draw.Src)
	return out
}

// Scaled makes the picture so many times as wide and high.
func Scaled(m image.Image, times float64) *image.Gray {
	b := m.Bounds()
	out := image.NewGray(image.Rect(0, 0, int(float64(b.Dx())*times), int(float64(b.Dy())*times)))
	xdraw.CatmullRom.Scale(out, out.Rect, m, b, xdraw.Src, nil)
	return out
}

// JPEG compresses the picture.
func JPEG(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
