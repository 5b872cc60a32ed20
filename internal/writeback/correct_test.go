package writeback

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"cutline/internal/photo"

	"pgregory.net/rapid"
)

func TestCorrectAPicture(t *testing.T) {
	before := plainJPEG(t)
	c, err := Correct(bytes.NewReader(before), nil, Texts{photo.Caption: caption})
	if err != nil {
		t.Fatal(err)
	}
	if c.Sidecar != nil || c.Reason != "" || len(captions(read(t, c.Picture))) != 3 {
		t.Errorf("reason %q, a sidecar of %d bytes, captions %q", c.Reason, len(c.Sidecar), captions(read(t, c.Picture)))
	}
	if !bytes.Equal(imageData(t, before), imageData(t, c.Picture)) {
		t.Error("the image data changed")
	}
}

func TestCorrectASidecar(t *testing.T) {
	old, err := Sidecar(nil, Texts{photo.Caption: "old", photo.Credit: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	plain := plainJPEG(t)
	for _, c := range []struct {
		name    string
		picture []byte
		sidecar []byte
		changes bool   // the picture itself
		reason  string // a part of it
	}{
		{"PNG", []byte("\x89PNG\r\n\x1a\n"), nil, false, "is no JPEG"},
		{"signed", withSegments(plain, segment{markerAPP11, []byte("JP\x00\x01")}), nil, false, "is signed"},
		{"signed, with a sidecar", withSegments(plain, segment{markerAPP11, []byte("JP\x00\x01")}), old, false, "is signed"},
		{"JPEG with a sidecar", plain, old, true, ""},
		{"trailer", append(slices.Clone(plain), "AXS!\x01\x00\x00\x00\x00\x00\x00\x00"...), nil, false, "trailer"},
		{"IIM alone in its segment", withSegments(plain, segment{markerAPP13, []byte("\x1c\x02\x78\x00\x03old")}), nil, false, "not written to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Correct(bytes.NewReader(c.picture), c.sidecar, Texts{photo.Caption: caption})
			if err != nil {
				t.Fatal(err)
			}
			if (got.Picture != nil) != c.changes || !strings.Contains(got.Reason, c.reason) || (got.Reason == "") != c.changes {
				t.Errorf("a picture of %d bytes, reason %q", len(got.Picture), got.Reason)
			}
			m := photo.ReadSidecar(got.Sidecar)
			if said := m.First(photo.Caption).Value; said != caption {
				t.Errorf("the sidecar says %q", said)
			}
			if kept := m.First(photo.Credit).Value; c.sidecar != nil && kept != "Ann" {
				t.Errorf("the sidecar's credit is %q", kept)
			}
		})
	}
}

func TestCorrectRefuses(t *testing.T) {
	for name, texts := range map[string]Texts{
		"empty":              {photo.Caption: " \n"},
		"control characters": {photo.Caption: "a\x00b"},
		"no UTF-8":           {photo.Caption: "a\xffb"},
		"a field of no text": {photo.GPS: "1,2"},
	} {
		if c, err := Correct(bytes.NewReader(plainJPEG(t)), nil, texts); err == nil {
			t.Errorf("%s: %d bytes, no error", name, len(c.Picture))
		}
	}
	if _, err := Correct(bytes.NewReader([]byte("GIF89a")), []byte("<x>"), Texts{photo.Caption: "A."}); err == nil {
		t.Error("a damaged sidecar is replaced")
	}
}

// TestExtendedXMPStays: it goes on holding what the texts do not touch.
func TestExtendedXMPStays(t *testing.T) {
	portion := func(rdf string) segment {
		return segment{markerAPP1, slices.Concat(idXMPExt, bytes.Repeat([]byte("A"), 32), []byte{0, 0, 0, byte(len(rdf))}, []byte{0, 0, 0, 0}, []byte(rdf))}
	}
	const head = `<r:RDF xmlns:r="` + nsRDF + `"><r:Description xmlns:d="` + nsDC + `">`
	for inside, want := range map[string]bool{"<d:format>x</d:format>": true, "<d:description>old</d:description>": false} {
		c, err := Correct(bytes.NewReader(withSegments(plainJPEG(t), portion(head+inside+"</r:Description></r:RDF>"))), nil, Texts{photo.Caption: caption})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Picture != nil; got != want {
			t.Errorf("with %s inside, the picture changes: %t", inside, got)
		}
	}
}

// TestCopiesGo: XMP's own copies of EXIF texts would say something else.
func TestCopiesGo(t *testing.T) {
	packet := `<rdf:RDF xmlns:rdf="` + nsRDF + `" xmlns:tiff="` + nsTIFF + `"><rdf:Description tiff:Make="Bo" tiff:ImageDescription="old"><tiff:Artist>Cy</tiff:Artist></rdf:Description></rdf:RDF>`
	after := string(write(t, withSegments(plainJPEG(t), segment{markerAPP1, slices.Concat(idXMP, []byte(packet))}), Texts{photo.Caption: caption}))
	if strings.Contains(after, `"old"`) || !strings.Contains(after, "Cy") || !strings.Contains(after, `tiff:Make="Bo"`) {
		t.Errorf("the copies are not as they should be: %.2000s", after)
	}
}

// TestAnyText: whatever is written is read, the same in all three blocks.
func TestAnyText(t *testing.T) {
	plain := plainJPEG(t)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimFunc(strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xFFFE || r == 0xFFFF || r == 0xFEFF {
				return -1
			}
			return r
		}, rapid.StringN(1, 3000, 20000).Draw(t, "text")), unicode.IsSpace)
		if text == "" {
			return
		}
		c, err := Correct(bytes.NewReader(plain), nil, Texts{photo.Caption: text})
		if err != nil {
			t.Fatal(err)
		}
		if c.Picture == nil {
			t.Fatalf("a sidecar, since %s", c.Reason)
		}
		m, _ := photo.Read(bytes.NewReader(c.Picture), int64(len(c.Picture)))
		for block, got := range captions(m) {
			if got != text {
				t.Errorf("%s says %q, not %q", block, got, text)
			}
		}
		if n := len(captions(m)); n != 3 {
			t.Errorf("%d captions", n)
		}
	})
}

// However a stream comes in pieces, the same picture is made of it: what is
// read next overwrites a buffer that was looked into.
func TestPiecesOfAStream(t *testing.T) {
	large := withSegments(plainJPEG(t), segment{markerAPP2, bytes.Repeat([]byte("ICC"), 20_000)}, segment{markerAPP0, bytes.Repeat([]byte("JFXX"), 10_000)})
	signed := withSegments(plainJPEG(t), segment{markerAPP11, bytes.Repeat([]byte("JP"), 1800)})
	for name, picture := range map[string][]byte{"plain": plainJPEG(t), "large": large, "signed": signed} {
		want, err := Correct(bytes.NewReader(picture), nil, Texts{photo.Caption: caption})
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 7, 1448, 4096, 65_536} {
			got, err := Correct(pieces{bytes.NewReader(picture), size}, nil, Texts{photo.Caption: caption})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Picture, want.Picture) || got.Reason != want.Reason {
				t.Errorf("%s in pieces of %d bytes: %d bytes, %q; in one %d bytes, %q", name, size, len(got.Picture), got.Reason, len(want.Picture), want.Reason)
			}
		}
	}
}

// pieces gives at most so many bytes at a time.
type pieces struct {
	io.Reader
	size int
}

func (p pieces) Read(b []byte) (int, error) { return p.Reader.Read(b[:min(p.size, len(b))]) }
