package writeback

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"cutline/internal/photo"
)

const caption = "Ein Boot im Hafen von Tromsø, „Nordlys“ genannt, <fern> & nah. 북한 사진."

// plainJPEG is a picture without any metadata.
func plainJPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegments puts segments behind the start of the picture.
func withSegments(picture []byte, segments ...segment) []byte {
	b := bytes.Clone(picture[:2])
	for _, s := range segments {
		b = append(b, 0xFF, s.marker, byte((len(s.data)+2)>>8), byte(len(s.data)+2))
		b = append(b, s.data...)
	}
	return append(b, picture[2:]...)
}

func write(t testing.TB, picture []byte, texts Texts) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JPEG(&b, bytes.NewReader(picture), texts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// imageData is everything from the quantization tables on.
func imageData(t testing.TB, picture []byte) []byte {
	t.Helper()
	at := bytes.Index(picture, []byte{0xFF, 0xDB})
	if at < 0 {
		t.Fatal("no image data")
	}
	return picture[at:]
}

func read(t testing.TB, picture []byte) photo.Metadata {
	t.Helper()
	m, err := photo.Read(bytes.NewReader(picture), int64(len(picture)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// captions returns the captions of a picture by the block they stand in.
func captions(m photo.Metadata) map[string]string {
	found := map[string]string{}
	for _, f := range m.All(photo.Caption) {
		block, _, _ := strings.Cut(f.From, ":")
		if f.Lang == "" || f.Lang == "x-default" {
			found[block] = f.Value
		}
	}
	return found
}

func TestTheThreeBlocksSayTheSame(t *testing.T) {
	latin1 := slices.Concat(
		[]byte("\x1c\x02\x00\x00\x02\x00\x04"),
		[]byte("\x1c\x02\x78\x00\x09Bl\xe5 b\xe5ter"), []byte("\x1c\x02\x5a\x00\x06Troms\xf8"))
	for name, segments := range map[string][]segment{
		"nothing there": nil,
		"EXIF little-endian with an artist": {{markerAPP1, slices.Concat(idEXIF,
			[]byte("II\x2a\x00\x08\x00\x00\x00\x01\x00\x3b\x01\x02\x00\x04\x00\x00\x00Ann\x00\x00\x00\x00\x00"))}},
		"EXIF with a caption": {{markerAPP1, slices.Concat(idEXIF,
			[]byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x0e\x00\x02\x00\x00\x00\x04old\x00\x00\x00\x00\x00"))}},
		"IIM in Latin-1": {{markerAPP13, slices.Concat(idPhotoshop,
			encodeResources([]resource{{"8BIM", resourceIIM, []byte{0, 0}, latin1}, {"8BIM", resourceDigest, []byte{0, 0}, make([]byte, 16)}}))}},
		"XMP as attributes of an empty element": {{markerAPP1, slices.Concat(idXMP,
			[]byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="`+nsRDF+`"><r:Description r:about="" xmlns:d="`+nsDC+`" d:description = 'old' xmlns:p="`+nsPhotoshop+`" p:Credit="Ann"/></r:RDF></x:xmpmeta>`))}},
		"XMP as elements, twice": {{markerAPP1, slices.Concat(idXMP,
			[]byte(`<rdf:RDF xmlns:rdf="`+nsRDF+`" xmlns:dc="`+nsDC+`"><rdf:Description><dc:description><rdf:Alt><rdf:li xml:lang="x-default">old</rdf:li><rdf:li xml:lang="en">old</rdf:li><rdf:li xml:lang="fr">vieux</rdf:li></rdf:Alt></dc:description></rdf:Description><rdf:Description><dc:description>old</dc:description></rdf:Description></rdf:RDF>`))}},
	} {
		t.Run(name, func(t *testing.T) {
			before := withSegments(plainJPEG(t), segments...)
			after := write(t, before, Texts{photo.Caption: caption})
			if !bytes.Equal(imageData(t, before), imageData(t, after)) {
				t.Error("the image data changed")
			}
			got := captions(read(t, after))
			for _, block := range []string{"exif", "iptc", "xmp"} {
				if got[block] != caption {
					t.Errorf("%s says %q", block, got[block])
				}
			}
			if strings.Contains(string(after), "old") && name != "EXIF with a caption" {
				t.Error("the old caption is still there")
			}
			if again := write(t, after, Texts{photo.Caption: caption}); !slices.Equal(keys(captions(read(t, again))), keys(got)) {
				t.Error("writing twice adds captions")
			}
		})
	}
}

func keys(m map[string]string) []string {
	var all []string
	for k, v := range m {
		all = append(all, k+"="+v)
	}
	slices.Sort(all)
	return all
}

func TestOtherTextsStay(t *testing.T) {
	before := withSegments(plainJPEG(t),
		segment{markerAPP1, slices.Concat(idXMP, []byte(`<rdf:RDF xmlns:rdf="`+nsRDF+`" xmlns:dc="`+nsDC+`" xmlns:photoshop="`+nsPhotoshop+`"><rdf:Description photoshop:Credit="Ann"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">old</rdf:li><rdf:li xml:lang="fr">vieux</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF>`))},
		segment{markerAPP13, slices.Concat(idPhotoshop, encodeResources([]resource{
			{"8BIM", 0x03ED, []byte{0, 0}, []byte("resolution")},
			{"8BIM", resourceIIM, []byte{0, 0}, []byte("\x1c\x02\x00\x00\x02\x00\x04\x1c\x02\x5a\x00\x06Troms\xf8")}}))})
	after := write(t, before, Texts{photo.Caption: caption})
	m := read(t, after)
	for name, want := range map[photo.Name]string{photo.Credit: "Ann", photo.City: "Tromsø"} {
		if got := m.First(name).Value; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, kept := range []string{"resolution", "vieux"} {
		if !bytes.Contains(after, []byte(kept)) {
			t.Errorf("%q is gone", kept)
		}
	}
}

func TestPicturesThatMustStayAsTheyAre(t *testing.T) {
	plain := plainJPEG(t)
	for name, picture := range map[string][]byte{
		"no JPEG":                        []byte("\x89PNG\r\n\x1a\n"),
		"empty":                          nil,
		"cut in its head":                plain[:20],
		"signed":                         withSegments(plain, segment{markerAPP11, []byte("JP\x00\x01\x00\x00\x00\x01")}),
		"extended XMP":                   withSegments(plain, segment{markerAPP1, slices.Concat(idXMPExt, []byte("x"))}),
		"MPF before EXIF":                withSegments(plain, segment{markerAPP2, idMPF}, segment{markerAPP1, idEXIF}),
		"EXIF damaged":                   withSegments(plain, segment{markerAPP1, slices.Concat(idEXIF, []byte("II\x2a\x00\xff\xff\xff\xff"))}),
		"IIM damaged":                    withSegments(plain, segment{markerAPP13, slices.Concat(idPhotoshop, []byte("8BIM\x04\x04\x00\x00\xff\xff\xff\xff"))}),
		"IIM in a set that is not known": withSegments(plain, segment{markerAPP13, slices.Concat(idPhotoshop, encodeResources([]resource{{"8BIM", resourceIIM, []byte{0, 0}, []byte("\x1c\x01\x5a\x00\x03\x1b$X\x1c\x02\x78\x00\x02%%")}}))}),
		"XMP with an entity":             withSegments(plain, segment{markerAPP1, slices.Concat(idXMP, []byte(`<!DOCTYPE a [<!ENTITY b "c">]><rdf:RDF xmlns:rdf="`+nsRDF+`"><rdf:Description/></rdf:RDF>`))}),
		"XMP cut off":                    withSegments(plain, segment{markerAPP1, slices.Concat(idXMP, []byte(`<rdf:RDF xmlns:rdf="`+nsRDF+`"><rdf:Description>`))}),
		"XMP too large":                  withSegments(plain, segment{markerAPP1, slices.Concat(idXMP, []byte(strings.Replace(emptyPacket, "</rdf:RDF>", strings.Repeat(" ", 65500-len(idXMP)-len(emptyPacket))+"</rdf:RDF>", 1)))}),
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			err := JPEG(&b, bytes.NewReader(picture), Texts{photo.Caption: caption})
			if !errors.Is(err, ErrSidecar) {
				t.Errorf("error %v, want ErrSidecar", err)
			}
			if b.Len() > 0 {
				t.Errorf("%d bytes were written", b.Len())
			}
		})
	}
}

func TestSidecar(t *testing.T) {
	fresh, err := Sidecar(nil, Texts{photo.Caption: caption, photo.Credit: "KCNA"})
	if err != nil {
		t.Fatal(err)
	}
	changed, err := Sidecar(fresh, Texts{photo.Caption: "Short."})
	if err != nil {
		t.Fatal(err)
	}
	if s := string(changed); !strings.Contains(s, "Short.") || strings.Contains(s, "Hafen") || !strings.Contains(s, "KCNA") {
		t.Errorf("the changed sidecar is %s", s)
	}
	if _, err := Sidecar([]byte("no xml"), Texts{photo.Caption: caption}); err == nil || errors.Is(err, ErrSidecar) {
		t.Errorf("a damaged sidecar gives %v, want an error that does not ask for a sidecar", err)
	}
}

func FuzzJPEG(f *testing.F) {
	f.Add(plainJPEG(f), caption)
	f.Add(write(f, plainJPEG(f), Texts{photo.Caption: "x", photo.Byline: "Ann", photo.DateCreated: "2026-03-02"}), caption)
	f.Fuzz(func(t *testing.T, picture []byte, text string) {
		var b bytes.Buffer
		if JPEG(&b, bytes.NewReader(picture), Texts{photo.Caption: text}) == nil {
			var again bytes.Buffer
			if err := JPEG(&again, &b, Texts{photo.Caption: text}); err != nil && !errors.Is(err, ErrSidecar) {
				t.Errorf("what was written cannot be read: %v", err)
			}
		}
	})
}
