package likeness

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// ErrFormat says that pictures of a format cannot be decoded here.
var ErrFormat = errors.New("pictures of this format cannot be decoded here")

// ErrTooLarge says that decoding would take more memory than it may.
var ErrTooLarge = errors.New("the picture is too large to be decoded here")

// maxHead bounds what may stand before a picture's dimensions, in bytes:
// metadata, and the largest manifest store that is read.
const maxHead = 40 << 20

// Decode reads a picture of a format as photo.Metadata has it, in order and
// without ever going back, and no further than its data. Memory is how many
// bytes it may take; that is known before it starts. A picture that cannot be
// decoded gives ErrFormat, ErrTooLarge, or an error that says what is wrong
// with it, or r's own.
func Decode(r io.Reader, format string, memory int64) (p *Picture, err error) {
	defer func() {
		// The decoders are fuzzed, but they are not ours.
		if broken := recover(); broken != nil {
			p, err = nil, fmt.Errorf("the decoder failed: %v", broken)
		}
	}()
	d, known := decoders[format]
	if !known {
		return nil, ErrFormat
	}
	if d.whole {
		return decodeWhole(r, d, memory)
	}
	var head bytes.Buffer
	config, err := d.config(io.TeeReader(io.LimitReader(r, min(maxHead, memory)), &head))
	if err != nil {
		return nil, err
	}
	if cost := d.cost(config, head.Bytes()); cost < 0 || cost+int64(head.Len()) > memory {
		return nil, ErrTooLarge
	}
	picture, err := d.decode(io.MultiReader(&head, r))
	if err != nil {
		return nil, err
	}
	return Of(picture), nil
}

// decodeWhole is for files whose parts stand in any order.
func decodeWhole(r io.Reader, d decoder, memory int64) (*Picture, error) {
	file, err := io.ReadAll(io.LimitReader(r, memory/2+1))
	if err != nil {
		return nil, err
	}
	if int64(len(file)) > memory/2 {
		return nil, ErrTooLarge
	}
	config, err := d.config(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if cost := d.cost(config, file); cost < 0 || cost+int64(len(file)) > memory {
		return nil, ErrTooLarge
	}
	picture, err := d.decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return Of(picture), nil
}

type decoder struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	// cost is how many bytes decoding takes, given the file's head. It is
	// negative when that cannot be told.
	cost  func(image.Config, []byte) int64
	whole bool // the file must be at hand as a whole
}

var decoders = map[string]decoder{
	"jpeg": {config: jpeg.DecodeConfig, decode: jpeg.Decode, cost: jpegCost},
	"png":  {config: png.DecodeConfig, decode: png.Decode, cost: pngCost},
	"webp": {config: webp.DecodeConfig, decode: webp.Decode, cost: webpCost},
	"tiff": {config: tiff.DecodeConfig, decode: tiff.Decode, cost: func(c image.Config, _ []byte) int64 { return pixels(c) * depth(c) }, whole: true},
}

func pixels(c image.Config) int64 { return int64(c.Width) * int64(c.Height) }

// depth is how many bytes a decoded pixel takes.
func depth(c image.Config) int64 {
	switch c.ColorModel {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := c.ColorModel.(color.Palette); ok {
		return 1
	}
	return 4
}

// pngCost doubles where the picture comes in passes (PNG 13.10 IHDR).
func pngCost(c image.Config, head []byte) int64 {
	if len(head) < 29 {
		return -1
	}
	return pixels(c) * depth(c) * (1 + int64(head[28]&1))
}

// webpCost counts the lossless form's pixels, and the compressed data, which
// the decoder keeps.
func webpCost(c image.Config, _ []byte) int64 { return pixels(c) * 6 }

// jpegCost reads the frame header for the components' sampling (ITU T.81,
// B.2.2). Of a progressive picture the decoder keeps every coefficient.
func jpegCost(c image.Config, head []byte) int64 {
	for at := 2; at+10 < len(head); {
		marker := head[at+1]
		switch {
		case head[at] != 0xFF:
			return -1
		case marker == 0xFF:
			at++
			continue
		case marker == 0x01 || marker >= 0xD0 && marker <= 0xD8:
			at += 2
			continue
		case marker < 0xC0 || marker > 0xC2:
			at += 2 + int(head[at+2])<<8 + int(head[at+3])
			continue
		}
		n := int(head[at+9])
		if at+10+3*n > len(head) || n == 0 {
			return -1
		}
		widest, tallest, share := 1, 1, 0
		for i := range n {
			h, v := int(head[at+11+3*i]>>4), int(head[at+11+3*i]&15)
			widest, tallest, share = max(widest, h), max(tallest, v), share+h*v
		}
		samples := (int64(c.Width) + 64) * (int64(c.Height) + 64) * int64(share) / int64(widest*tallest)
		if marker == 0xC2 {
			return samples * 5
		}
		return samples
	}
	return -1
}

// looked is how many places a side are looked at, at most.
const looked = 4 * grid

// Of looks at a decoded picture. What is transparent counts as white.
func Of(picture image.Image) *Picture {
	b := picture.Bounds()
	w, h := min(b.Dx(), looked), min(b.Dy(), looked)
	p := &Picture{}
	if w <= 0 || h <= 0 {
		return p
	}
	light := lightness(picture)
	// Small pictures have fewer places than squares, so both are asked for.
	nx, ny := max(w, grid), max(h, grid)
	var n [grid * grid]float32
	for y := range ny {
		for x := range nx {
			v := light(b.Min.X+(2*x+1)*b.Dx()/(2*nx), b.Min.Y+(2*y+1)*b.Dy()/(2*ny))
			cell := y*grid/ny*grid + x*grid/nx
			p.luma[cell] += v
			n[cell]++
		}
	}
	for i := range n {
		p.luma[i] /= n[i]
	}
	return p
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
