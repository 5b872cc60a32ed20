package check_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cutline/internal/check"
	"cutline/internal/report/reporttest"
	"cutline/internal/rules"
)

// sparse is a file of which only the beginning is stored; zeros follow. It
// counts what is read of it.
type sparse struct {
	head  []byte
	size  int64
	reads int
	bytes int64
}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	s.reads++
	n := int(min(int64(len(p)), s.size-off))
	s.bytes += int64(n)
	clear(p[:n])
	if off < int64(len(s.head)) {
		copy(p[:n], s.head[off:])
	}
	if n < len(p) {
		return n, errors.New("a read beyond the end of the file")
	}
	return n, nil
}

func encodedJPEG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withXMP puts a packet behind the start of a JPEG.
func withXMP(picture []byte, packet string) []byte {
	data := "http://ns.adobe.com/xap/1.0/\x00" + packet
	head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(data)+2))
	return slices.Concat(picture[:2], head, []byte(data), picture[2:])
}

// TestBadInput: whatever the bytes, there is a report that says what is wrong,
// a bounded part of the file is read, and a bounded amount of memory is used.
func TestBadInput(t *testing.T) {
	const (
		begin = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">`
		end   = `</rdf:Description></rdf:RDF></x:xmpmeta>`
		laugh = `<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>`
	)
	good := encodedJPEG(t)
	scan := bytes.Index(good, []byte{0xFF, 0xDA})
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	huge := b.Bytes()
	binary.BigEndian.PutUint32(huge[16:], 1<<15) // 2^15 by 2^15 pixels: a gigabyte
	binary.BigEndian.PutUint32(huge[20:], 1<<15)
	for _, c := range []struct {
		name string
		head []byte
		size int64 // 0: no more than the head
		code string
		says string // a part of the finding's message, or of a problem
	}{
		{"empty.jpg", nil, 0, "metadata.unreadable", "empty"},
		{"text.jpg", []byte("Meeting at nine, bring the lists.\n"), 0, "metadata.unreadable", "no picture of a known format"},
		{"zeros.jpg", nil, 100 << 20, "metadata.unreadable", "no picture of a known format"},
		{"signature only.jpg", good[:3], 0, "metadata.unreadable", "cut off"},
		{"cut in a segment.jpg", good[:30], 0, "metadata.unreadable", "cut off"},
		{"cut before the scan.jpg", good[:scan], 0, "metadata.unreadable", "cut off"},
		{"cut in the scan's head.jpg", good[:scan+5], 0, "metadata.unreadable", "cut off"},
		{"cut in the scan.jpg", good[:len(good)-9], 0, "metadata.unreadable", "cut off"},
		{"a gigabyte of pixels.png", huge, 0, "caption.missing", ""},
		{"a gigabyte of pixels, cut.png", huge[:33], 1 << 30, "metadata.unreadable", "cut off"},
		{"a chunk of a gigabyte.png", append(bytes.Clone(huge[:33]), "\x40\x00\x00\x00tEXt"...), 1<<30 + 99, "metadata.unreadable", "cut off"},
		{"deep.jpg", withXMP(good, begin+strings.Repeat("<a>", 5000)+strings.Repeat("</a>", 5000)+end), 0, "caption.missing", "nested too deeply"},
		{"laughs.jpg", withXMP(good, laugh+begin+"<dc:description>&d;</dc:description>"+end), 0, "caption.missing", "document type"},
		{"a key with\na newline.jpg", good, 0, "caption.missing", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			house, err := rules.BuiltIn()
			if err != nil {
				t.Fatal(err)
			}
			checker := check.Checker{Rules: house}
			file := &sparse{head: c.head, size: max(c.size, int64(len(c.head)))}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			rep, err := checker.Picture(file, file.size, c.name)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			reporttest.Valid(t, rep)
			said, found := fmt.Sprint(rep.Problems), false
			for _, f := range rep.Findings {
				said += f.Message
				found = found || f.Code == c.code
			}
			if !found || !strings.Contains(said, c.says) {
				t.Errorf("findings %v, problems %v; want %s with %q", rep.Findings, rep.Problems, c.code, c.says)
			}
			if file.reads > 100 || file.bytes > 4<<20 {
				t.Errorf("%d bytes in %d reads", file.bytes, file.reads)
			}
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 32<<20 {
				t.Errorf("%d bytes of memory", spent)
			}
		})
	}
}

// TestKeyWithANewline takes such a key from the event to the store.
func TestKeyWithANewline(t *testing.T) {
	b := newBench(t)
	const key = "wire/two\nlines \u202e.jpg"
	if err := b.upload(t, key, encodedJPEG(t)); err != nil {
		t.Fatal(err)
	}
	if got := b.report(t, key).Report.Photo.Key; got != key {
		t.Errorf("the report is of %q", got)
	}
}
