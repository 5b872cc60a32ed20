package credential

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"golang.org/x/image/tiff"
)

// mediaTypes by format.
var mediaTypes = map[string]string{
	"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
	"tiff": "image/tiff", "heic": "image/heic", "avif": "image/avif",
}

const caption = "Workers repair a bridge on Monday."

// xmpPacket is a packet with a caption.
const xmpPacket = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">` +
	`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">` +
	`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + caption + `</rdf:li></rdf:Alt></dc:description>` +
	`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

// picture draws a small picture.
func picture(t testing.TB, format string) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 24, 16))
	for y := range 16 {
		for x := range 24 {
			img.Set(x, y, color.RGBA{uint8(x * 10), uint8(y * 15), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	var err error
	switch format {
	case "jpeg":
		if err := jpeg.Encode(&b, img, nil); err != nil {
			t.Fatal(err)
		}
		app1 := append([]byte("http://ns.adobe.com/xap/1.0/\x00"), xmpPacket...)
		seg := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(app1)+2))
		return append(append(append([]byte{}, b.Bytes()[:2]...), append(seg, app1...)...), b.Bytes()[2:]...)
	case "png":
		err = png.Encode(&b, img)
	case "tiff":
		err = tiff.Encode(&b, img, nil)
	case "webp": // one pixel, lossless
		return []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	default:
		return bmffPicture(format)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bmffPicture is the container of a HEIC or AVIF file around bytes that no
// decoder reads.
func bmffPicture(format string) []byte {
	item := map[string]string{"heic": "hvc1", "avif": "av01"}[format]
	box := func(kind string, parts ...string) string {
		body := ""
		for _, p := range parts {
			body += p
		}
		return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
	}
	const full = "\x00\x00\x00\x00"
	u16 := func(n int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(n))) }
	u32 := func(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }
	data := bytes.Repeat([]byte("picture data "), 160)
	ftyp := box("ftyp", format, u32(0), "mif1", format)
	meta := func(at int) string {
		return box("meta", full,
			box("hdlr", full, u32(0), "pict", u32(0), u32(0), u32(0), "\x00"),
			box("pitm", full, u16(1)),
			box("iinf", full, u16(1), box("infe", "\x02\x00\x00\x00", u16(1), u16(0), item, "\x00")),
			box("iprp", box("ipco", box("ispe", full, u32(64), u32(64))), box("ipma", full, u32(1), u16(1), "\x01\x81")),
			box("iloc", full, "\x44\x00", u16(1), u16(1), u16(0), u16(1), u32(at), u32(len(data))),
		)
	}
	at := len(ftyp) + len(meta(0)) + 8
	return []byte(ftyp + meta(at) + box("mdat", string(data)))
}
