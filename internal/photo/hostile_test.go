package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cutline/internal/photo"
)

// laughs is an XML document whose entities would take gigabytes.
const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>&d;&d;&d;</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`

func deepXMP(depth int) string {
	return xmpHead + strings.Repeat("<rdf:Description>", depth) + strings.Repeat("</rdf:Description>", depth) + xmpTail
}

// trap is a picture that is no honest one.
type trap struct {
	name    string
	picture []byte
	size    int64  // when the file claims to be longer than what is there: zeros follow
	problem string // what is said of it: a part of a message
}

// hostile are the shapes that have harmed readers of pictures.
func hostile() []trap {
	var t testing.T
	jpeg, png, tif := plain(&t, "jpeg"), plain(&t, "png"), plain(&t, "tiff")
	scan := bytes.Index(jpeg, []byte{0xFF, 0xDA})
	caption := xmpHead + xmpForms["elements"]("A ferry") + xmpTail
	inJPEG := func(xmp string) []byte {
		return withSegments(jpeg, jpegSegment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"), []byte(xmp)))
	}
	exif := func(block []byte) []byte { return withSegments(jpeg, jpegSegment(0xE1, []byte("Exif\x00\x00"), block)) }
	loop := tiffBlock(binary.BigEndian, []tag{{0x010E, 2, []byte("A ferry\x00")}})
	binary.BigEndian.PutUint32(loop[8+2+12:], 8) // the next directory is this one
	own := tiffBlock(binary.BigEndian, []tag{{0x8769, 4, u32(8)}, {0x8825, 4, u32(8)}})
	counts := tiffBlock(binary.BigEndian, []tag{{0x010E, 2, []byte("A ferry\x00")}, {0x9C9B, 1, []byte("abcdefgh")}})
	binary.BigEndian.PutUint32(counts[8+2+4:], 0xFFFFFFFF)
	binary.BigEndian.PutUint32(counts[8+2+12+4:], 0x7FFFFFFF)
	entries := tiffBlock(binary.BigEndian, nil)
	binary.BigEndian.PutUint16(entries[8:], 0xFFFF)
	large := bytes.Clone(png)
	binary.BigEndian.PutUint32(large[16:], 1<<30)
	binary.BigEndian.PutUint32(large[20:], 1<<30)
	bomb := pngChunk("zTXt", []byte("Description\x00\x00"), deflated(make([]byte, 8<<20)))
	brokenBMFF := plainBMFF("heic", "hvc1")
	binary.BigEndian.PutUint32(brokenBMFF[bytes.Index(brokenBMFF, []byte("iloc"))+4+4+2:], 0xFFFFFFFF)

	return []trap{
		{name: "empty.jpg", problem: "The file is empty."},
		{name: "text.jpg", picture: []byte("This is no picture, it is a text.\n"), problem: "no picture of a known format"},
		{name: "zeros.jpg", size: 100 << 20, problem: "no picture of a known format"},
		{name: "one-byte.jpg", picture: jpeg[:1], problem: "no picture of a known format"},
		{name: "cut-in-signature.jpg", picture: jpeg[:3], problem: "cut off"},
		{name: "cut-in-segment-head.jpg", picture: jpeg[:5], problem: "cut off"},
		{name: "cut-in-segment.jpg", picture: jpeg[:40], problem: "cut off"},
		{name: "cut-between-segments.jpg", picture: jpeg[:scan], problem: "cut off"},
		{name: "cut-in-scan-head.jpg", picture: jpeg[:scan+6], problem: "cut off"},
		{name: "cut-in-scan.jpg", picture: jpeg[:len(jpeg)-8], problem: "cut off"},
		{name: "cut-in-exif.jpg", picture: exif(loop)[:30], problem: "cut off"},
		{name: "cut-then-zeros.jpg", picture: jpeg[:40], size: 90 << 10, problem: "damaged"},
		{name: "no-length.jpg", picture: []byte("\xFF\xD8\xFF\xE1\x00\x00"), problem: "no length"},
		{name: "endless-fill.jpg", picture: append([]byte("\xFF\xD8"), bytes.Repeat([]byte{0xFF}, 1<<20)...), problem: "cut off"},
		{name: "many-segments.jpg", picture: slices.Concat([]byte("\xFF\xD8"), bytes.Repeat([]byte("\xFF\xE1\x00\x02"), 100000)), problem: "cut off"},
		{name: "deep-xmp.jpg", picture: inJPEG(deepXMP(1000)), problem: "nested too deeply"},
		{name: "laughs.jpg", picture: inJPEG(laughs), problem: "declares a document type"},
		{name: "many-elements.jpg", picture: embedded(&t, "jpeg", nil, nil, []byte(xmpHead+strings.Repeat("<a/>", 15000)+xmpTail)), problem: ""},
		{name: "xmp-cut.jpg", picture: inJPEG(caption[:len(caption)-200]), problem: "xmp"},
		{name: "xmp-without-end.jpg", picture: inJPEG(xmpHead), problem: "xmp"},
		{name: "ifd-loop.jpg", picture: exif(loop), problem: ""},
		{name: "ifd-in-itself.jpg", picture: exif(own), problem: ""},
		{name: "huge-counts.jpg", picture: exif(counts), problem: ""},
		{name: "huge-directory.jpg", picture: exif(entries), problem: ""},
		{name: "iim-cut.jpg", picture: withSegments(jpeg, photoshop([]byte("\x1c\x02\x78\x7f\xffA ferry"))), problem: "cut off"},
		{name: "iim-huge.jpg", picture: withSegments(jpeg, photoshop([]byte("\x1c\x02\x78\x80\x04\xff\xff\xff\xffA ferry"))), problem: "cut off"},
		{name: "extension-missing.jpg", picture: inJPEG(strings.Replace(caption, "<photoshop:City", "<x", 1) + `<!-- HasExtendedXMP="0123456789ABCDEF0123456789ABCDEF" -->`), problem: "its extension is missing"},
		{name: "empty.png", picture: png[:8], problem: "cut off"},
		{name: "cut.png", picture: png[:len(png)-20], problem: "cut off"},
		{name: "large-header.png", picture: large, problem: ""},
		{name: "large-chunk.png", picture: slices.Concat(png[:33], u32(1<<30), []byte("iTXt")), size: 1<<30 + 100, problem: "cut off"},
		{name: "many-chunks.png", picture: slices.Concat(png[:33], bytes.Repeat(pngChunk("tEXt", []byte("Comment\x00x")), 30000)), problem: "cut off"},
		{name: "bomb.png", picture: withChunks(png, bomb, bomb, bomb), problem: ""},
		{name: "directory-outside.tif", picture: []byte("II*\x00\xff\xff\xff\x7f"), problem: "no directory"},
		{name: "cut.tif", picture: tif[:len(tif)/2], problem: "TIFF"},
		{name: "loop.tif", picture: loop, problem: "no image"},
		{name: "cut.webp", picture: plainWebP()[:24], problem: "cut off"},
		{name: "huge-chunk.webp", picture: []byte("RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff"), problem: "cut off"},
		{name: "no-meta.heic", picture: box("ftyp", []byte("heic"), u32(0), []byte("heic")), problem: "no description"},
		{name: "item-outside.heic", picture: brokenBMFF, problem: ""},
		{name: "movie.avif", picture: box("ftyp", []byte("isom"), u32(0), []byte("isom")), problem: "no picture of a known format"},
	}
}

// zeros is a file whose first bytes are given, and zeros after them.
type zeros struct {
	head []byte
	size int64
}

func (z zeros) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	if off < int64(len(z.head)) {
		copy(p, z.head[off:])
	}
	if off+int64(len(p)) > z.size {
		return int(max(0, z.size-off)), errors.New("read beyond the end")
	}
	return len(p), nil
}

// TestHostile: each is said to be damaged where it is, and none costs more
// than a few reads and a few megabytes.
func TestHostile(t *testing.T) {
	for _, h := range hostile() {
		t.Run(h.name, func(t *testing.T) {
			size := max(h.size, int64(len(h.picture)))
			r := &counting{ReaderAt: zeros{h.picture, size}}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, err := photo.Read(r, size)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			checkMetadata(t, m)
			said := ""
			for _, p := range m.Problems {
				said += p.Block + ": " + p.Message + "\n"
			}
			if h.problem != "" && !strings.Contains(said, h.problem) || h.problem == "" && strings.Contains(said, "file:") {
				t.Errorf("problems are %q, want one with %q", said, h.problem)
			}
			if r.reads > 40 || r.bytes > 6<<20 {
				t.Errorf("%d reads, %d bytes of %d", r.reads, r.bytes, size)
			}
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 32<<20 {
				t.Errorf("%d bytes allocated", spent)
			}
		})
	}
}
