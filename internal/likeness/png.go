package likeness

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image/png"
	"io"
)

var errPNG = errors.New("the PNG is damaged")

// rowsPNG reads a PNG row by row, which image/png does not.
type rowsPNG struct {
	r       *bufio.Reader
	width   int
	height  int
	depth   int // bits of a sample
	kind    byte
	laced   bool
	palette [256]float32 // brightness, on white
	key     []byte       // the colour that is transparent; nil for none
	left    int          // bytes that are left of a chunk of image data
	head    []byte       // up to the image data, without what a decoder needs not
}

// samples by the kind of picture (PNG, third edition, 11.2.1).
var samplesPNG = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

// decodePNG keeps two rows of the picture. One that comes in passes is decoded
// as a whole, if it is small enough.
func decodePNG(r io.Reader, memory int64) (*Picture, error) {
	p := &rowsPNG{r: bufio.NewReaderSize(r, 16<<10)}
	if err := p.begin(); err != nil {
		return nil, err
	}
	pixel := int64(samplesPNG[p.kind]*p.depth+7) / 8
	if p.laced {
		if 2*int64(p.width)*int64(p.height)*max(pixel+pixel/3, 1) > memory {
			return nil, ErrTooLarge
		}
		picture, err := png.Decode(io.MultiReader(bytes.NewReader(p.head), p.r))
		if err != nil {
			return nil, err
		}
		return Of(picture), nil
	}
	if int64(p.width)*(2*pixel+8) > memory {
		return nil, ErrTooLarge
	}
	return p.read()
}

// begin reads up to the image data.
func (p *rowsPNG) begin() error {
	signature := make([]byte, 8)
	if _, err := io.ReadFull(p.r, signature); err != nil || string(signature) != "\x89PNG\r\n\x1a\n" {
		return errors.Join(errPNG, err)
	}
	p.head = signature
	for i := range p.palette {
		p.palette[i] = 255
	}
	var colours, transparent []byte
	for {
		head, err := p.r.Peek(8)
		if err != nil {
			return err
		}
		n, kind := int(binary.BigEndian.Uint32(head)), string(head[4:8])
		if p.width == 0 && (kind != "IHDR" || n != 13) || n > 1<<31-1 {
			return errPNG
		}
		switch {
		case kind == "IDAT":
			p.learn(colours, transparent)
			return nil
		case kind == "IEND":
			return errPNG
		case n <= 768 && (kind == "IHDR" || kind == "PLTE" || kind == "tRNS"):
			chunk := make([]byte, n+12)
			if _, err := io.ReadFull(p.r, chunk); err != nil {
				return err
			}
			if len(p.head) < 8<<10 {
				p.head = append(p.head, chunk...)
			}
			switch data := chunk[8 : 8+n]; kind {
			case "IHDR":
				if err := p.header(data); err != nil {
					return err
				}
			case "PLTE":
				colours = data
			case "tRNS":
				transparent = data
			}
		default:
			if _, err := io.CopyN(io.Discard, p.r, int64(n)+12); err != nil {
				return err
			}
		}
	}
}

func (p *rowsPNG) header(b []byte) error {
	width, height := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	p.depth, p.kind, p.laced = int(b[8]), b[9], b[12] == 1
	if width == 0 || height == 0 || width > 1<<30 || height > 1<<30 || p.width != 0 || samplesPNG[p.kind] == 0 {
		return errPNG
	}
	switch p.depth {
	case 1, 2, 4:
		if p.kind != 0 && p.kind != 3 {
			return errPNG
		}
	case 8:
	case 16:
		if p.kind == 3 {
			return errPNG
		}
	default:
		return errPNG
	}
	p.width, p.height = int(width), int(height)
	return nil
}

// learn takes the colours of the palette, and what is transparent.
func (p *rowsPNG) learn(colours, transparent []byte) {
	if p.kind != 3 {
		if len(transparent) == 2*samplesPNG[p.kind] {
			p.key = transparent
		}
		return
	}
	for i := range min(len(colours)/3, 256) {
		v := brightness(float32(colours[3*i]), float32(colours[3*i+1]), float32(colours[3*i+2]))
		if i < len(transparent) {
			v = onWhite(v, float32(transparent[i])/255)
		}
		p.palette[i] = v
	}
}

func onWhite(v, alpha float32) float32 { return v*alpha + 255*(1-alpha) }

func (p *rowsPNG) read() (*Picture, error) {
	pixel := max(1, samplesPNG[p.kind]*p.depth/8)
	z, err := zlib.NewReader(p)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	n := 1 + (p.width*samplesPNG[p.kind]*p.depth+7)/8
	row, before := make([]byte, n), make([]byte, n)
	line := make([]float32, p.width)
	c := newCanvas(float64(p.width), float64(p.height))
	for y := range p.height {
		if _, err := io.ReadFull(z, row); err != nil {
			return nil, err
		}
		if err := unfilter(row[0], row[1:], before[1:], pixel); err != nil {
			return nil, err
		}
		p.line(line, row[1:])
		c.row(y, line)
		row, before = before, row
	}
	return &Picture{luma: c.sums}, nil
}

// Read reads the image data through their chunks.
func (p *rowsPNG) Read(b []byte) (int, error) {
	for p.left == 0 {
		head, err := p.r.Peek(8)
		if err != nil {
			return 0, err
		}
		if string(head[4:]) != "IDAT" {
			return 0, io.EOF
		}
		p.left = int(binary.BigEndian.Uint32(head))
		skip := 8
		if p.left == 0 {
			skip = 12
		}
		if _, err := p.r.Discard(skip); err != nil {
			return 0, err
		}
	}
	n, err := p.r.Read(b[:min(len(b), p.left)])
	if p.left -= n; p.left == 0 && err == nil {
		_, err = p.r.Discard(4)
	}
	return n, err
}

// unfilter restores a row (9.2).
func unfilter(filter byte, row, before []byte, pixel int) error {
	switch filter {
	case 0:
	case 1:
		for i := pixel; i < len(row); i++ {
			row[i] += row[i-pixel]
		}
	case 2:
		for i, v := range before {
			row[i] += v
		}
	case 3:
		for i := range row {
			left := 0
			if i >= pixel {
				left = int(row[i-pixel])
			}
			row[i] += byte((left + int(before[i])) / 2)
		}
	case 4:
		for i := range row {
			a, c := 0, 0
			if i >= pixel {
				a, c = int(row[i-pixel]), int(before[i-pixel])
			}
			row[i] += paeth(a, int(before[i]), c)
		}
	default:
		return errPNG
	}
	return nil
}

func paeth(a, b, c int) byte {
	pa, pb, pc := abs(b-c), abs(a-c), abs(a+b-2*c)
	if pa <= pb && pa <= pc {
		return byte(a)
	}
	if pb <= pc {
		return byte(b)
	}
	return byte(c)
}

func abs(n int) int { return max(n, -n) }

// line is how bright a row is.
func (p *rowsPNG) line(line []float32, row []byte) {
	if p.depth < 8 {
		whole := float32(int(1)<<p.depth - 1)
		for x := range line {
			bit := x * p.depth
			v := int(row[bit/8]) >> (8 - p.depth - bit%8) & (1<<p.depth - 1)
			switch {
			case p.kind == 3:
				line[x] = p.palette[v]
			case p.key != nil && int(p.key[1]) == v:
				line[x] = 255
			default:
				line[x] = float32(v) * 255 / whole
			}
		}
		return
	}
	step := p.depth / 8 // the high byte of a sample is enough
	size := samplesPNG[p.kind] * step
	for x := range line {
		b := row[x*size : (x+1)*size]
		switch p.kind {
		case 0:
			line[x] = float32(b[0])
		case 2:
			line[x] = brightness(float32(b[0]), float32(b[step]), float32(b[2*step]))
		case 3:
			line[x] = p.palette[b[0]]
		case 4:
			line[x] = onWhite(float32(b[0]), float32(b[step])/255)
		case 6:
			line[x] = onWhite(brightness(float32(b[0]), float32(b[step]), float32(b[2*step])), float32(b[3*step])/255)
		}
		if p.key != nil && p.isKey(b, step) {
			line[x] = 255
		}
	}
}

func (p *rowsPNG) isKey(b []byte, step int) bool {
	if step == 2 {
		return bytes.Equal(b, p.key)
	}
	for i, v := range b {
		if p.key[2*i+1] != v {
			return false
		}
	}
	return true
}
