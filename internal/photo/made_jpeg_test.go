package photo_test

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
)

// tag is an entry of a TIFF directory with its type and value.
type tag struct {
	number, kind uint16
	value        []byte
}

// tiffBlock is a TIFF structure of one directory (TIFF 6.0, section 2).
func tiffBlock(order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}, tags []tag) []byte {
	sizes := map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
	b := []byte("MM")
	if order.String() == "LittleEndian" {
		b = []byte("II")
	}
	b = order.AppendUint32(order.AppendUint16(b, 42), 8)
	b = order.AppendUint16(b, uint16(len(tags)))
	at := 8 + 2 + 12*len(tags) + 4
	var values []byte
	for _, t := range tags {
		b = order.AppendUint16(order.AppendUint16(b, t.number), t.kind)
		b = order.AppendUint32(b, uint32(len(t.value)/sizes[t.kind]))
		if len(t.value) <= 4 {
			b = append(append(b, t.value...), make([]byte, 4-len(t.value))...)
			continue
		}
		b = order.AppendUint32(b, uint32(at+len(values)))
		values = append(values, t.value...)
		if len(values)%2 == 1 {
			values = append(values, 0)
		}
	}
	return slices.Concat(b, []byte{0, 0, 0, 0}, values)
}

// madeOddJPEG: segments as they should not be, but are.
func madeOddJPEG(t testing.TB) []made {
	base := plain(t, "jpeg")
	text := script("norwegian")
	exif := jpegSegment(0xE1, []byte("Exif\x00\x00"), tiffBlock(binary.BigEndian, []tag{{0x010E, 2, []byte(text + "\x00")}, {0x013B, 2, []byte("Ann\x00")}}))
	xmp := jpegSegment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"), []byte(packet("elements", text)))
	iim := iimBlock("\x1b%G", []byte(text))
	head := []byte("Photoshop 3.0\x00")
	jfif := jpegSegment(0xE0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	one := func(name string, want map[string]string, segments ...[]byte) made {
		return made{name: "jpeg-" + name + ".jpg", plain: withSegments(base, segments...), want: want}
	}
	inIPTC, inXMP, inEXIF := map[string]string{"iptc:2:120": text}, map[string]string{"xmp:dc:description": text}, map[string]string{"exif:ImageDescription": text}
	three := map[string]string{"iptc:2:120": text, "xmp:dc:description": text, "exif:ImageDescription": text}

	long := resource("8BIM", 0x0404, "", slices.Concat(iim, dataset(2, 25, bytes.Repeat([]byte("x"), 60))))
	cut := len(long) / 2
	thumbnail := append([]byte{0, 0, 0, 1}, base...)
	mpf := jpegSegment(0xE2, []byte("MPF\x00MM\x00*\x00\x00\x00\x08\x00\x01\xB0\x00\x00\x07\x00\x00\x00\x040100\x00\x00\x00\x00"))
	jis := encoded(t, japanese.ISO2022JP, script("japanese"))
	all := []made{
		one("exif-after-xmp", three, jfif, xmp, photoshop(iim), exif),
		one("iim-first", three, photoshop(iim), jfif, exif, xmp),
		one("mpf-first", three, mpf, jfif, exif, xmp, photoshop(iim)),
		one("app13-in-two", inIPTC, jpegSegment(0xED, head, long[:cut]), jpegSegment(0xED, head, long[cut:])),
		one("app13-twice", inIPTC, jpegSegment(0xED, head, resource("8BIM", 0x03ED, "", make([]byte, 16))), exif, photoshop(iim)),
		one("app13-named", inIPTC, jpegSegment(0xED, head, resource("8BIM", 0x0404, "Caption", iim))),
		one("app13-named-even", inIPTC, jpegSegment(0xED, head, resource("8BIM", 0x0404, "Captions", iim))),
		one("app13-thumbnail-first", inIPTC, jpegSegment(0xED, head, resource("8BIM", 0x040C, "", thumbnail), resource("8BIM", 0x0404, "", iim))),
		one("app13-foreign-types", inIPTC, jpegSegment(0xED, head, resource("MeSa", 0x1B58, "", []byte("x")), resource("AgHg", 0x1B59, "", []byte("yy")), resource("8BIM", 0x0404, "", iim))),
		one("app13-odd-length", inIPTC, jpegSegment(0xED, head, resource("8BIM", 0x03F3, "", []byte("odd")), resource("8BIM", 0x0404, "", iim))),
		one("app13-old-head", inIPTC, jpegSegment(0xED, []byte("Adobe_Photoshop2.5:"), make([]byte, 8), resource("8BIM", 0x0404, "", iim))),
		one("fill-bytes", three, exif, []byte{0xFF, 0xFF, 0xFF}, xmp, photoshop(iim)),
		one("comment-utf8", map[string]string{"jpeg:COM": text}, jpegSegment(0xFE, []byte(text))),
		one("comment-first", three, jpegSegment(0xFE, []byte("a comment")), exif, xmp, photoshop(iim)),
		one("exif-thumbnail", inEXIF, jfif, jpegSegment(0xE1, []byte("Exif\x00\x00"), withThumbnail(base, text))),
		one("iim-in-exif", inIPTC, jpegSegment(0xE1, []byte("Exif\x00\x00"), tiffBlock(binary.LittleEndian, []tag{{0x83BB, 7, iim}}))),
		one("xmp-in-exif", inXMP, jpegSegment(0xE1, []byte("Exif\x00\x00"), tiffBlock(binary.BigEndian, []tag{{0x02BC, 1, []byte(packet("shorthand", text))}}))),
		one("jis-comment", map[string]string{"exif:UserComment": script("japanese")}, jpegSegment(0xE1, []byte("Exif\x00\x00"), subDirectory([]tag{{0x9286, 7, append([]byte("JIS\x00\x00\x00\x00\x00"), jis[3:len(jis)-3]...)}}))),
		{name: "jpeg-jis-comment-escaped.jpg", plain: withSegments(base, jpegSegment(0xE1, []byte("Exif\x00\x00"), subDirectory([]tag{{0x9286, 7, append([]byte("JIS\x00\x00\x00\x00\x00"), jis...)}}))), read: unread, want: map[string]string{"exif:UserComment": script("japanese")}},
		one("icc-between", three, exif, jpegSegment(0xE2, []byte("ICC_PROFILE\x00\x01\x01"), make([]byte, 300)), xmp, photoshop(iim)),
		one("large-before", three, jpegSegment(0xE2, make([]byte, 65000)), jpegSegment(0xE2, make([]byte, 65000)), jpegSegment(0xE2, make([]byte, 65000)), exif, xmp, photoshop(iim)),
		{name: "jpeg-xmp-extended.jpg", plain: base, write: []string{"-XMP-dc:Description=" + text, "-XMP-photoshop:Instructions=" + strings.Repeat("Do not crop. ", 8000), "-XMP-photoshop:Credit=" + madeCredit}, want: map[string]string{"xmp:photoshop:Credit": madeCredit}},
		{name: "jpeg-caption-extended.jpg", plain: base, write: []string{"-XMP-dc:Description=" + strings.Repeat(text+" ", 1000)}, want: map[string]string{}},
		{name: "jpeg-extended-in-wrong-order.jpg", plain: extended(base, text, []int{2, 0, 1}), want: map[string]string{"xmp:photoshop:Instructions": text}},
		{name: "jpeg-extended-of-another.jpg", plain: withSegments(extended(base, text, []int{0, 1, 2}), jpegSegment(0xE1, []byte("http://ns.adobe.com/xmp/extension/\x00"), bytes.Repeat([]byte("A"), 32), u32(10), u32(0), []byte("0123456789"))), want: map[string]string{"xmp:photoshop:Instructions": text}},
		{name: "jpeg-long-caption.jpg", plain: base, write: []string{"-XMP-dc:Description=" + strings.Repeat(text, 40), "-IPTC:CodedCharacterSet=UTF8", "-IPTC:Caption-Abstract=" + strings.Repeat(text, 40), "-EXIF:ImageDescription=" + strings.Repeat(text, 40)}, want: map[string]string{"xmp:dc:description": strings.Repeat(text, 40)}},
	}
	for _, n := range []int{1, 3} { // so that a block crosses APP13 segments
		keywords := []string{"-IPTC:CodedCharacterSet=UTF8", "-IPTC:Caption-Abstract=" + text}
		for i := range 800 * n {
			keywords = append(keywords, fmt.Sprintf("-IPTC:Keywords=%s %03d", strings.Repeat("port", 12), i))
		}
		all = append(all, made{name: fmt.Sprintf("jpeg-app13-large-%d.jpg", n), plain: base, write: keywords, want: inIPTC})
	}
	return all
}

// subDirectory is a block whose tags stand in the EXIF directory.
func subDirectory(tags []tag) []byte {
	outer := tiffBlock(binary.BigEndian, []tag{{0x8769, 4, u32(26)}})
	inner := tiffBlock(binary.BigEndian, tags)[8:]
	// The values' places are relative to the block, which is 18 bytes longer.
	for i := range tags {
		entry := inner[2+12*i:]
		if len(tags[i].value) > 4 {
			binary.BigEndian.PutUint32(entry[8:], binary.BigEndian.Uint32(entry[8:])+18)
		}
	}
	return append(outer, inner...)
}

// withThumbnail is a block with a second directory, that of a small JPEG with
// another description.
func withThumbnail(jpeg []byte, text string) []byte {
	first := tiffBlock(binary.BigEndian, []tag{{0x010E, 2, []byte(text + "\x00")}})
	if len(first)%2 == 1 {
		first = append(first, 0)
	}
	at := uint32(len(first))
	binary.BigEndian.PutUint32(first[8+2+12:], at)
	second := slices.Concat([]byte{0, 2}, []byte{2, 1, 0, 4}, u32(1), u32(at+30), []byte{2, 2, 0, 4}, u32(1), u32(uint32(len(jpeg))), u32(0))
	return slices.Concat(first, second, jpeg)
}

// extended is a JPEG whose XMP goes on in three more segments, in any order.
func extended(base []byte, text string, order []int) []byte {
	rest := []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description` + xmpNS + `><photoshop:Instructions>` + text + `</photoshop:Instructions></rdf:Description></rdf:RDF></x:xmpmeta>`)
	guid := fmt.Sprintf("%X", md5.Sum(rest))
	main := xmpHead + `<rdf:Description xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="` + guid + `"` + xmpNS + `><photoshop:Credit>` + madeCredit + `</photoshop:Credit></rdf:Description>` + xmpTail
	segments := [][]byte{jpegSegment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"), []byte(main))}
	third := len(rest) / 3
	for _, i := range order {
		from, to := i*third, (i+1)*third
		if i == 2 {
			to = len(rest)
		}
		segments = append(segments, jpegSegment(0xE1, []byte("http://ns.adobe.com/xmp/extension/\x00"), []byte(guid), u32(uint32(len(rest))), u32(uint32(from)), rest[from:to]))
	}
	return withSegments(base, segments...)
}
