package photo_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"golang.org/x/image/tiff"
)

// The pictures that the tests put metadata into: 16 by 16 pixels, drawn here.

// plain returns a picture without metadata in the container.
func plain(t testing.TB, container string) []byte {
	t.Helper()
	drawing := image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range drawing.Pix {
		drawing.Pix[i] = uint8(i)
	}
	drawing.SetGray(3, 3, color.Gray{Y: 255})
	var b bytes.Buffer
	var err error
	switch container {
	case "jpeg":
		err = jpeg.Encode(&b, drawing, nil)
	case "png":
		err = png.Encode(&b, drawing)
	case "tiff":
		err = tiff.Encode(&b, drawing, nil)
	case "webp":
		b.Write(plainWebP())
	case "heic":
		b.Write(plainBMFF("heic", "hvc1"))
	case "avif":
		b.Write(plainBMFF("avif", "av01"))
	default:
		t.Fatalf("no container %q", container)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// plainWebP is a lossless WebP of one colour (RFC 9649, section 3.4): its
// head, and codes that take no bits.
func plainWebP() []byte {
	bits := uint32(15 | 15<<14) // width and height, less one
	data := binary.LittleEndian.AppendUint32([]byte{0x2F}, bits)
	data = append(data, 0x88, 0x88, 0x08, 0, 0)
	return riff(chunk("VP8L", data))
}

func riff(chunks ...[]byte) []byte {
	body := slices.Concat(chunks...)
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4))
	return append(append(out, "WEBP"...), body...)
}

func chunk(kind string, data []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data)))
	out = append(out, data...)
	if len(data)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// item is one of a BMFF file: its kind, or a MIME type, and its data.
type item struct {
	kind, mime string
	data       []byte
	inside     bool // in the idat box, not in mdat
}

// plainBMFF is a file of one item, or more (ISO/IEC 14496-12, 8.11). Its coded
// image is no real one; nothing here decodes it.
func plainBMFF(brand, coding string, more ...item) []byte {
	items := append([]item{{kind: coding, data: []byte("coded image data")}}, more...)
	build := func(offset uint32) []byte {
		var locations, entries, inside, outside []byte
		for i, it := range items {
			method, at := byte(0), offset+uint32(len(outside))
			if it.inside {
				method, at = 1, uint32(len(inside))
				inside = append(inside, it.data...)
			} else {
				outside = append(outside, it.data...)
			}
			locations = slices.Concat(locations, []byte{0, byte(i + 1), 0, method, 0, 0, 0, 1}, u32(at), u32(uint32(len(it.data))))
			mime := []byte(it.mime)
			if it.mime != "" {
				mime = append(mime, 0)
			}
			entries = append(entries, full("infe", 2, []byte{0, byte(i + 1), 0, 0}, []byte(it.kind), []byte{0}, mime)...)
		}
		n := byte(len(items))
		meta := full("meta", 0,
			full("hdlr", 0, []byte("\x00\x00\x00\x00pict\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")),
			full("pitm", 0, []byte{0, 1}),
			full("iloc", 1, []byte{0x44, 0, 0, n}, locations),
			full("iinf", 0, []byte{0, n}, entries),
			box("iprp",
				box("ipco", full("ispe", 0, u32(16), u32(16))),
				full("ipma", 0, u32(1), []byte{0, 1, 1, 1})),
			box("idat", inside))
		return slices.Concat(box("ftyp", []byte(brand), u32(0), []byte("mif1"), []byte(brand)), meta, box("mdat", outside))
	}
	return build(uint32(bytes.Index(build(0), []byte("mdat")) + 4))
}

// embedded returns a picture with the blocks in it, those that are not empty:
// each where the container's own specification puts it.
func embedded(t testing.TB, container string, exif, iim, xmp []byte) []byte {
	t.Helper()
	base := plain(t, container)
	some := func(block []byte, wrap func() []byte) []byte {
		if block == nil {
			return nil
		}
		return wrap()
	}
	switch container {
	case "jpeg":
		return withSegments(base,
			some(exif, func() []byte { return jpegSegment(0xE1, []byte("Exif\x00\x00"), exif) }),
			some(xmp, func() []byte { return jpegSegment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"), xmp) }),
			some(iim, func() []byte { return photoshop(iim) }))
	case "png":
		return withChunks(base,
			some(exif, func() []byte { return pngChunk("eXIf", exif) }),
			some(xmp, func() []byte { return pngChunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"), xmp) }),
			some(iim, func() []byte {
				return pngChunk("zTXt", []byte("Raw profile type iptc\x00\x00"), deflated(rawProfile("iptc", resource("8BIM", 0x0404, "", iim))))
			}))
	case "tiff": // the EXIF texts are those of the file itself
		tags := []tag{{0x0100, 3, []byte{0, 4}}, {0x0101, 3, []byte{0, 4}}, {0x0102, 3, []byte{0, 8}}, {0x0106, 3, []byte{0, 1}},
			{0x0111, 4, u32(8)}, {0x0117, 4, u32(16)}}
		if xmp != nil {
			tags = append(tags, tag{0x02BC, 1, xmp})
		}
		if iim != nil {
			tags = append(tags, tag{0x83BB, 7, iim})
		}
		return tiffBlock(binary.BigEndian, tags)
	case "webp":
		var chunks []byte
		flags := byte(0)
		if exif != nil {
			flags |= 8
			chunks = append(chunks, chunk("EXIF", exif)...)
		}
		if xmp != nil {
			flags |= 4
			chunks = append(chunks, chunk("XMP ", xmp)...)
		}
		return riff(chunk("VP8X", []byte{flags, 0, 0, 0, 15, 0, 0, 15, 0, 0}), base[12:], chunks)
	}
	var items []item
	if exif != nil {
		items = append(items, item{kind: "Exif", data: slices.Concat(u32(6), []byte("Exif\x00\x00"), exif)})
	}
	if xmp != nil {
		items = append(items, item{kind: "mime", mime: "application/rdf+xml", data: xmp})
	}
	return plainBMFF(container, map[string]string{"heic": "hvc1", "avif": "av01"}[container], items...)
}

func u32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func box(kind string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return slices.Concat(u32(uint32(len(body)+8)), []byte(kind), body)
}

// full is a box with a version and no flags.
func full(kind string, version byte, parts ...[]byte) []byte {
	return box(kind, slices.Concat([][]byte{{version, 0, 0, 0}}, parts)...)
}

// jpegSegment is a marker segment.
func jpegSegment(marker byte, parts ...[]byte) []byte {
	data := slices.Concat(parts...)
	return slices.Concat([]byte{0xFF, marker, byte((len(data) + 2) >> 8), byte(len(data) + 2)}, data)
}

// withSegments puts segments behind the start of a JPEG.
func withSegments(picture []byte, segments ...[]byte) []byte {
	return slices.Concat(picture[:2], slices.Concat(segments...), picture[2:])
}

// withChunks puts chunks behind a PNG's header.
func withChunks(picture []byte, chunks ...[]byte) []byte {
	const header = 8 + 25
	return slices.Concat(picture[:header], slices.Concat(chunks...), picture[header:])
}

// resource is one of Photoshop's image resources.
func resource(kind string, id uint16, name string, data []byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte(kind), id)
	out = append(append(out, byte(len(name))), name...)
	if len(name)%2 == 0 {
		out = append(out, 0)
	}
	out = append(binary.BigEndian.AppendUint32(out, uint32(len(data))), data...)
	if len(data)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// dataset is one of IPTC-IIM.
func dataset(record, number byte, value []byte) []byte {
	return slices.Concat([]byte{0x1C, record, number}, binary.BigEndian.AppendUint16(nil, uint16(len(value))), value)
}
