package likeness

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/webp"
)

// ErrFormat says that pictures of a format cannot be decoded here.
var ErrFormat = errors.New("pictures of this format cannot be decoded here")

// ErrTooLarge says that decoding would take more memory than it may.
var ErrTooLarge = errors.New("the picture is too large to be decoded here")

// Decode reads a picture of size bytes and a format as photo.Metadata has it
// (for a TIFF see DecodeTIFF),
// in order and without ever going back, and no further than its data. Memory
// is how many bytes it may take; that is known before it starts. A picture
// that cannot be decoded gives ErrFormat, ErrTooLarge, or an error that says
// what is wrong with it, or r's own.
func Decode(r io.Reader, size int64, format string, memory int64) (*Picture, error) {
	return guarded(func() (*Picture, error) {
		switch format {
		case "jpeg":
			return decodeJPEG(r, memory)
		case "png":
			return decodePNG(r, memory)
		case "webp":
			return decodeWhole(r, size, memory, webp.DecodeConfig, webp.Decode)
		}
		return nil, ErrFormat
	})
}

// guarded is for decoders, which are fuzzed, but not all of them ours.
func guarded(decode func() (*Picture, error)) (p *Picture, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			p, err = nil, fmt.Errorf("the decoder failed: %v", broken)
		}
	}()
	return decode()
}

// decodeWhole is for files whose parts stand in any order, or are small.
func decodeWhole(r io.Reader, size, memory int64, head func(io.Reader) (image.Config, error), decode func(io.Reader) (image.Image, error)) (*Picture, error) {
	if size > memory/2 {
		return nil, ErrTooLarge
	}
	file := make([]byte, size)
	if _, err := io.ReadFull(r, file); err != nil {
		return nil, err
	}
	config, err := head(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if int64(config.Width)*int64(config.Height)*depth(config)+2*size > memory { // the decoders read it once more
		return nil, ErrTooLarge
	}
	picture, err := decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return Of(picture), nil
}

// depth is how many bytes a decoded pixel takes.
func depth(c image.Config) int64 {
	switch c.ColorModel {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.YCbCrModel: // WebP with losses: one and a half, as measured
		return 2
	case color.NYCbCrAModel: // its transparency is decoded without losses
		return 8
	}
	if _, ok := c.ColorModel.(color.Palette); ok {
		return 1
	}
	return 6
}

// looked is how many places a side are looked at, at most.
const looked = 4 * grid

// Of looks at a decoded picture. What is transparent counts as white.
func Of(picture image.Image) *Picture {
	b := picture.Bounds()
	w, h := min(b.Dx(), looked), min(b.Dy(), looked)
	if w <= 0 || h <= 0 {
		return &Picture{}
	}
	light := lightness(picture)
	c := newCanvas(float64(w), float64(h))
	line := make([]float32, w)
	for y := range h {
		for x := range w {
			line[x] = light(b.Min.X+(2*x+1)*b.Dx()/(2*w), b.Min.Y+(2*y+1)*b.Dy()/(2*h))
		}
		c.row(y, line)
	}
	return &Picture{luma: c.sums}
}

// lightness returns how bright a place is, 0 to 255.
func lightness(picture image.Image) func(x, y int) float32 {
	switch m := picture.(type) {
	case *image.YCbCr:
		return func(x, y int) float32 { return float32(m.Y[m.YOffset(x, y)]) }
	case *image.Gray:
		return func(x, y int) float32 { return float32(m.Pix[m.PixOffset(x, y)]) }
	}
	return func(x, y int) float32 {
		r, g, b, a := picture.At(x, y).RGBA()
		return (0.299*float32(r) + 0.587*float32(g) + 0.114*float32(b) + float32(0xFFFF-a)) / 257
	}
}
