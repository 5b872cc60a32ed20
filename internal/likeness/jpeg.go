package likeness

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/jpeg"
	"io"
)

// A JPEG is made of squares of 8 x 8 samples, and the first coefficient of
// each is its mean (ITU T.81, A.3.3). That is all that the grid needs of a
// picture of some size, so the others are passed over: nothing is transformed
// and next to nothing is kept, however large the picture. Of a progressive
// one, only the scans of means are read. No library reads JPEGs like that.

// minCoarse is how many samples a picture needs on its shorter side for the
// means to be enough.
const minCoarse = 512

var (
	errJPEG       = errors.New("the JPEG is damaged")
	errJPEGKind   = errors.New("this kind of JPEG cannot be decoded here")
	errJPEGShort  = errors.New("the JPEG's image data end early")
	errJPEGTables = errors.New("the JPEG lacks a table that it uses")
)

// coarseJPEG reads the means of a JPEG's squares.
type coarseJPEG struct {
	src         *source
	width       int
	height      int
	precision   int // bits of a sample
	progressive bool
	components  []*component
	tallest     int // sampling factors
	widest      int
	restart     int // units between two restart markers; 0 for none
	adobe       int // the transform that Adobe's segment names; -1 without one
	jfif        bool
	quant       [4]float32 // the first step of each table
	dc, ac      [4]*huffman
	kept        []byte // the segments before the image data that a decoder needs
}

// component is one of the picture's planes.
type component struct {
	id     byte
	h, v   int // sampling factors
	table  int // of quantization
	dc, ac int // Huffman tables in this scan
	last   int // the mean before
	seen   bool
	finer  int // low bits of the means that are still to come; 0 when there are none
	canvas *canvas
	lines  [][]float32 // of one row of units
}

// decodeJPEG reads the picture at r.
func decodeJPEG(r io.Reader, memory int64) (*Picture, error) {
	j := &coarseJPEG{src: &source{r: r}, adobe: -1}
	if err := j.head(); err != nil {
		return nil, err
	}
	if j.precision == 8 && min(j.width, j.height) < minCoarse && j.fullCost() <= memory {
		picture, err := jpeg.Decode(io.MultiReader(bytes.NewReader(j.kept), bytes.NewReader(j.src.rest()), r))
		if err != nil {
			return nil, err
		}
		return Of(picture), nil
	}
	return j.read()
}

// fullCost is what the whole decoder takes, in bytes: of a progressive picture
// it keeps every coefficient.
func (j *coarseJPEG) fullCost() int64 {
	share := 0
	for _, c := range j.components {
		share += c.h * c.v
	}
	samples := int64(j.width+64) * int64(j.height+64) * int64(share) / int64(j.widest*j.tallest)
	if j.progressive {
		return samples * 5
	}
	return samples
}

// head reads up to the frame header.
func (j *coarseJPEG) head() error {
	var b [2]byte
	if err := j.src.full(b[:]); err != nil || b != [2]byte{0xFF, 0xD8} {
		return errors.Join(errJPEG, err)
	}
	j.kept = append(j.kept, b[:]...)
	for j.components == nil {
		marker, err := j.src.marker()
		if err != nil {
			return err
		}
		if marker == 0xDA || marker == 0xD9 {
			return errJPEG
		}
		if err := j.segment(marker); err != nil {
			return err
		}
	}
	return nil
}

// read reads scans until every plane that is needed is complete. The last bits
// of a progressive picture may be missing.
func (j *coarseJPEG) read() (*Picture, error) {
	j.kept = nil
	needed := j.needed()
	for _, c := range j.components {
		w := float64(ceil(j.width*c.h, j.widest)) / 8
		h := float64(ceil(j.height*c.v, j.tallest)) / 8
		c.canvas = newCanvas(w, h)
	}
	for {
		seen, finer := true, false
		for _, c := range needed {
			seen, finer = seen && c.seen, finer || c.finer > 0
		}
		if seen && !finer {
			return j.picture(), nil
		}
		marker, err := j.src.marker()
		switch {
		case seen && (err == io.ErrUnexpectedEOF || err == nil && marker == 0xD9):
			return j.picture(), nil
		case err != nil:
			return nil, err
		case marker == 0xD9:
			return nil, errJPEGShort
		case marker == 0xDA:
			err = j.scan()
		default:
			err = j.segment(marker)
		}
		if err != nil {
			return nil, err
		}
	}
}

// segment reads one, and keeps those that a decoder needs.
func (j *coarseJPEG) segment(marker byte) error {
	if marker == 0x01 || marker >= 0xD0 && marker <= 0xD8 {
		return nil
	}
	var b [2]byte
	if err := j.src.full(b[:]); err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(b[:])) - 2
	if n < 0 {
		return errJPEG
	}
	frame := marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
	if !frame && marker != 0xC4 && marker != 0xDB && marker != 0xDD && marker != 0xE0 && marker != 0xEE {
		return j.src.skip(n)
	}
	data := make([]byte, n)
	if err := j.src.full(data); err != nil {
		return err
	}
	// Tables may come again and again before the frame: nobody needs that.
	if j.components == nil && len(j.kept) < 1<<20 {
		j.kept = append(append(j.kept, 0xFF, marker, b[0], b[1]), data...)
	}
	switch {
	case frame:
		return j.frame(marker, data)
	case marker == 0xC4:
		return j.huffmanTables(data)
	case marker == 0xDB:
		return j.quantTables(data)
	case marker == 0xDD && n >= 2:
		j.restart = int(binary.BigEndian.Uint16(data))
	case marker == 0xE0:
		j.jfif = j.jfif || bytes.HasPrefix(data, []byte("JFIF\x00"))
	case marker == 0xEE && n >= 12 && string(data[:5]) == "Adobe":
		j.adobe = int(data[11])
	}
	return nil
}

// frame reads the frame header (B.2.2).
func (j *coarseJPEG) frame(marker byte, b []byte) error {
	if j.components != nil {
		return errJPEG
	}
	if marker > 0xC2 { // lossless, hierarchical, arithmetic coding
		return errJPEGKind
	}
	if len(b) < 6 || len(b) < 6+3*int(b[5]) {
		return errJPEG
	}
	j.progressive = marker == 0xC2
	j.precision = int(b[0])
	j.height, j.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	n := int(b[5])
	if j.precision != 8 && j.precision != 12 || j.width == 0 || j.height == 0 || n == 0 || n > 4 {
		return errJPEGKind
	}
	j.widest, j.tallest = 1, 1
	for i := range n {
		c := &component{id: b[6+3*i], h: int(b[7+3*i] >> 4), v: int(b[7+3*i] & 15), table: int(b[8+3*i] & 3)}
		if c.h == 0 || c.v == 0 || c.h > 4 || c.v > 4 {
			return errJPEG
		}
		if n == 1 { // A.2.2: one plane is not interleaved, whatever it says
			c.h, c.v = 1, 1
		}
		j.widest, j.tallest = max(j.widest, c.h), max(j.tallest, c.v)
		j.components = append(j.components, c)
	}
	return nil
}

// quantTables reads the first step of each table (B.2.4.1).
func (j *coarseJPEG) quantTables(b []byte) error {
	for len(b) > 0 {
		size := 65
		if b[0]>>4 > 0 {
			size = 129
		}
		if len(b) < size || b[0]&15 > 3 {
			return errJPEG
		}
		step := float32(b[1])
		if size == 129 {
			step = float32(binary.BigEndian.Uint16(b[1:]))
		}
		j.quant[b[0]&15] = step
		b = b[size:]
	}
	return nil
}

func (j *coarseJPEG) huffmanTables(b []byte) error {
	for len(b) > 0 {
		h, n, err := newHuffman(b)
		if err != nil {
			return err
		}
		if b[0]&15 > 3 {
			return errJPEG
		}
		if b[0]>>4 == 0 {
			j.dc[b[0]&15] = h
		} else {
			j.ac[b[0]&15] = h
		}
		b = b[n:]
	}
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }
