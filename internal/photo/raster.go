package photo

import "io"

// Raster is how a TIFF keeps its pixels: strips of whole rows, each sample
// beside the others of its pixel (TIFF 6.0, sections 3 to 9).
type Raster struct {
	Width, Height int // pixels
	Samples       int // of a pixel
	Bits          int // of a sample
	Photometric   int // PhotometricInterpretation
	Compression   int
	Predictor     int
	Little        bool // the order of a sample's bytes
	Rows          int  // of a strip; the last may have fewer
	Strips        []Strip
	Palette       []uint16 // red, then green, then blue; nil without one
}

// Strip is where the bytes of some rows lie in the file.
type Strip struct{ Offset, Size int64 }

// ReadRaster reads where the pixels of a TIFF's first picture lie; nil when
// they are kept in another way: in tiles, in planes, in samples of different
// sizes. The error is r's own.
func ReadRaster(r io.ReaderAt, size int64) (*Raster, error) {
	f := &file{r: r, size: size}
	d := directory{read: f.bytes, size: f.size}
	if !d.begin() {
		return nil, f.err
	}
	raster := &Raster{Samples: 1, Bits: 1, Compression: 1, Predictor: 1, Little: d.little, Photometric: -1}
	var offsets, sizes, bits, colours []int64
	odd := false
	d.walk(func(e *entry) {
		switch e.tag {
		case 0x0100:
			raster.Width = int(e.number())
		case 0x0101:
			raster.Height = int(e.number())
		case 0x0102:
			bits = e.numbers(16)
		case 0x0103:
			raster.Compression = int(e.number())
		case 0x0106:
			raster.Photometric = int(e.number())
		case 0x0111:
			offsets = e.numbers(maxBlock / 8)
		case 0x0115:
			raster.Samples = int(e.number())
		case 0x0116:
			raster.Rows = int(min(e.number(), 1<<30))
		case 0x0117:
			sizes = e.numbers(maxBlock / 8)
		case 0x011C: // PlanarConfiguration
			odd = odd || e.number() != 1
		case 0x013D:
			raster.Predictor = int(e.number())
		case 0x0140:
			colours = e.numbers(3 << 8)
		case 0x0142, 0x010A: // tiles, bits in the other order
			odd = odd || e.tag == 0x0142 || e.number() != 1
		}
	})
	for i, b := range bits {
		odd = odd || b != bits[0]
		raster.Bits = int(bits[i])
	}
	if raster.Rows <= 0 || raster.Rows > raster.Height {
		raster.Rows = raster.Height
	}
	const most = 1 << 30
	if f.err != nil || odd || raster.Width <= 0 || raster.Height <= 0 || raster.Width > most || raster.Height > most ||
		raster.Samples <= 0 || len(offsets) == 0 || len(offsets) != len(sizes) || len(offsets) != (raster.Height+raster.Rows-1)/raster.Rows {
		return nil, f.err
	}
	for i := range offsets {
		raster.Strips = append(raster.Strips, Strip{offsets[i], sizes[i]})
	}
	for _, c := range colours {
		raster.Palette = append(raster.Palette, uint16(c)) // #nosec G115 -- whatever it is, it is a colour
	}
	return raster, nil
}

// numbers returns a tag's whole numbers, nil when there are more than most.
func (e entry) numbers(most int64) []int64 {
	size, ok := map[uint16]int64{1: 1, 3: 2, 4: 4, 16: 8}[e.kind]
	if !ok || e.count > most {
		return nil
	}
	b := e.bytes()
	list := make([]int64, 0, int64(len(b))/size)
	for ; int64(len(b)) >= size; b = b[size:] {
		switch size {
		case 1:
			list = append(list, int64(b[0]))
		case 2:
			list = append(list, int64(e.d.u16(b)))
		case 4:
			list = append(list, int64(e.d.u32(b)))
		case 8:
			list = append(list, e.d.u64(b))
		}
	}
	return list
}
