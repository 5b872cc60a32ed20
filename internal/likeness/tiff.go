package likeness

import (
	"bufio"
	"cmp"
	"compress/zlib"
	"errors"
	"io"
	"slices"

	"golang.org/x/image/tiff"
	"golang.org/x/image/tiff/lzw"

	"cutline/internal/photo"
)

var errTIFF = errors.New("the TIFF is damaged")

// DecodeTIFF is Decode for a TIFF, whose rows it reads as they come where
// raster says how they are kept. Others are decoded as a whole, if they are
// small enough.
func DecodeTIFF(r io.Reader, size int64, raster *photo.Raster, memory int64) (*Picture, error) {
	return guarded(func() (*Picture, error) {
		if t := newStripsTIFF(raster); t != nil {
			if int64(raster.Width)*4+t.bytes > memory {
				return nil, ErrTooLarge
			}
			return t.read(r)
		}
		return decodeWhole(r, size, memory, tiff.DecodeConfig, tiff.Decode)
	})
}

// stripsTIFF reads a TIFF strip by strip, which the library does not.
type stripsTIFF struct {
	*photo.Raster
	bytes   int64 // of a row
	palette []float32
	line    []float32
	row     []byte
	canvas  *canvas
}

// The ways of compression (TIFF 6.0, page 117; Photoshop's 8).
const (
	uncompressed, lzwCompressed, deflate, oldDeflate, packBits = 1, 5, 8, 32946, 32773
)

// The kinds of pixels.
const (
	whiteIsZero, blackIsZero, rgb, paletted, separated = 0, 1, 2, 3, 5
)

// newStripsTIFF returns nil for what only the library may know.
func newStripsTIFF(raster *photo.Raster) *stripsTIFF {
	if raster == nil {
		return nil
	}
	least := map[int]int{whiteIsZero: 1, blackIsZero: 1, rgb: 3, paletted: 1, separated: 4}[raster.Photometric]
	known := slices.Contains([]int{uncompressed, lzwCompressed, deflate, oldDeflate, packBits}, raster.Compression) &&
		(raster.Predictor == 1 || raster.Predictor == 2 && raster.Bits >= 8) &&
		(raster.Bits == 8 || raster.Bits == 16 && raster.Photometric != paletted || raster.Bits == 1 && raster.Samples == 1 && raster.Photometric <= blackIsZero) &&
		least > 0 && raster.Samples >= least && raster.Samples <= 16
	if !known || raster.Photometric == paletted && len(raster.Palette) != 3<<8 {
		return nil
	}
	t := &stripsTIFF{Raster: raster, bytes: (int64(raster.Width)*int64(raster.Samples)*int64(raster.Bits) + 7) / 8}
	if raster.Photometric == paletted {
		for i := range 256 {
			p := raster.Palette
			t.palette = append(t.palette, brightness(float32(p[i]>>8), float32(p[256+i]>>8), float32(p[512+i]>>8)))
		}
	}
	return t
}

// read takes the strips as they stand in the file, which is seldom another
// order than theirs.
func (t *stripsTIFF) read(r io.Reader) (*Picture, error) {
	t.row, t.line = make([]byte, t.bytes), make([]float32, t.Width)
	t.canvas = newCanvas(float64(t.Width), float64(t.Height))
	order := make([]int, len(t.Strips))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.Strips[a].Offset, t.Strips[b].Offset) })
	at := int64(0)
	for _, i := range order {
		s := t.Strips[i]
		if s.Offset < at || s.Size < 0 {
			return nil, errTIFF
		}
		if _, err := io.CopyN(io.Discard, r, s.Offset-at); err != nil {
			return nil, err
		}
		within := &io.LimitedReader{R: r, N: s.Size}
		if err := t.strip(within, i*t.Rows); err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, within); err != nil {
			return nil, err
		}
		at = s.Offset + s.Size - within.N
	}
	return &Picture{luma: t.canvas.sums}, nil
}

// strip reads the rows of a strip.
func (t *stripsTIFF) strip(r io.Reader, first int) error {
	switch t.Compression {
	case lzwCompressed:
		z := lzw.NewReader(r, lzw.MSB, 8)
		defer z.Close()
		r = z
	case deflate, oldDeflate:
		z, err := zlib.NewReader(r)
		if err != nil {
			return err
		}
		defer z.Close()
		r = z
	case packBits:
		r = &unpacked{r: bufio.NewReaderSize(r, 4096)}
	}
	for y := first; y < min(first+t.Rows, t.Height); y++ {
		if _, err := io.ReadFull(r, t.row); err != nil {
			return err
		}
		t.predict()
		t.brighten()
		t.canvas.row(y, t.line)
	}
	return nil
}

// predict undoes differencing (TIFF 6.0, section 14).
func (t *stripsTIFF) predict() {
	if t.Predictor != 2 {
		return
	}
	if t.Bits == 8 {
		for i := t.Samples; i < len(t.row); i++ {
			t.row[i] += t.row[i-t.Samples]
		}
		return
	}
	low, high := 1, 0
	if t.Little {
		low, high = 0, 1
	}
	for i := 2 * t.Samples; i+1 < len(t.row); i += 2 {
		b, before := t.row[i:i+2], t.row[i-2*t.Samples:]
		sum := int(b[low]) + int(b[high])<<8 + int(before[low]) + int(before[high])<<8
		b[low], b[high] = byte(sum), byte(sum>>8)
	}
}

// brighten tells how bright a row is. What is transparent counts as it is.
func (t *stripsTIFF) brighten() {
	if t.Bits == 1 {
		for x := range t.line {
			t.line[x] = float32(t.row[x/8]>>(7-x%8)&1) * 255
		}
	} else {
		step, high := t.Bits/8, 0
		if t.Bits == 16 && t.Little {
			high = 1
		}
		pixel := step * t.Samples
		for x := range t.line {
			b := t.row[x*pixel+high : (x+1)*pixel]
			switch t.Photometric {
			case rgb:
				t.line[x] = brightness(float32(b[0]), float32(b[step]), float32(b[2*step]))
			case paletted:
				t.line[x] = t.palette[b[0]]
			case separated:
				left := 255 - float32(b[3*step])
				t.line[x] = brightness(255-float32(b[0]), 255-float32(b[step]), 255-float32(b[2*step])) * left / 255
			default:
				t.line[x] = float32(b[0])
			}
		}
	}
	if t.Photometric == whiteIsZero {
		for x := range t.line {
			t.line[x] = 255 - t.line[x]
		}
	}
}

// unpacked reads PackBits (TIFF 6.0, section 9).
type unpacked struct {
	r      *bufio.Reader
	left   int // bytes of a run
	repeat bool
	value  byte
}

func (u *unpacked) Read(b []byte) (int, error) {
	for u.left == 0 {
		n, err := u.r.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case n < 128:
			u.left, u.repeat = int(n)+1, false
		case n > 128:
			u.left, u.repeat = 257-int(n), true
			if u.value, err = u.r.ReadByte(); err != nil {
				return 0, err
			}
		}
	}
	n := min(len(b), u.left)
	if u.repeat {
		for i := range n {
			b[i] = u.value
		}
	} else {
		var err error
		if n, err = u.r.Read(b[:n]); err != nil {
			return n, err
		}
	}
	u.left -= n
	return n, nil
}
