package check_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cutline/internal/check"
	"cutline/internal/likeness"
	"cutline/internal/likeness/likenesstest"
	"cutline/internal/photo"
	"cutline/internal/rules"
)

// withThumbnail puts EXIF with a thumbnail into a JPEG.
func withThumbnail(picture, thumbnail []byte) []byte {
	const first, second = 8, 8 + 2 + 12 + 4
	const data = second + 2 + 2*12 + 4
	b := []byte("MM\x00*\x00\x00\x00\x08")
	entry := func(tag, kind uint16, count, value uint32) {
		b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, tag), kind)
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, count), value)
	}
	b = append(b, 0, 1)
	entry(0x0112, 4, 1, 1) // Orientation
	b = append(binary.BigEndian.AppendUint32(b, second), 0, 2)
	entry(0x0201, 4, 1, data)
	entry(0x0202, 4, 1, uint32(len(thumbnail)))
	b = append(append(b, 0, 0, 0, 0), thumbnail...)
	return withSegment(picture, 0xE1, append([]byte("Exif\x00\x00"), b...))
}

// withPreview puts a multi-picture index into a JPEG, and a preview behind it.
func withPreview(picture, preview []byte) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\xB0\x02\x00\x07")
	const entries = 8 + 2 + 12 + 4
	b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, 32), entries)
	b = append(b, 0, 0, 0, 0)
	const base = 2 + 4 + 4 // of the index's offsets, in the file
	whole := len(picture) + 4 + 4 + len(b) + 32
	entry := func(kind, size, offset uint32) {
		for _, v := range []uint32{kind, size, offset, 0} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
	}
	entry(0x030000, uint32(whole), 0)
	entry(0x010001, uint32(len(preview)), uint32(whole-base))
	return append(withSegment(picture, 0xE2, append([]byte("MPF\x00"), b...)), preview...)
}

func withSegment(picture []byte, marker byte, body []byte) []byte {
	head := binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2))
	return slices.Concat(picture[:2], head, body, picture[2:])
}

// boxed is the picture on a black ground of 4 to 3.
func boxed(m *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Rect.Dx(), m.Rect.Dx()*3/4))
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{}), image.Point{}, draw.Src)
	draw.Draw(out, m.Rect.Add(image.Pt(0, (out.Rect.Dy()-m.Rect.Dy())/2)), m, image.Point{}, draw.Src)
	return out
}

// turned is the picture turned by a quarter.
func turned(m *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Rect.Dy(), m.Rect.Dx()))
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			out.SetGray(m.Rect.Dy()-1-y, x, m.GrayAt(x, y))
		}
	}
	return out
}

func TestThumbnailsOfOtherPictures(t *testing.T) {
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	checker := &check.Checker{Rules: house}
	for scene := range uint64(6) {
		main := likenesstest.Scene(scene, 480, 320)
		small := func(m *image.Gray) []byte {
			return likenesstest.JPEG(t, likenesstest.Scaled(m, 160/float64(m.Rect.Dx())), 75)
		}
		for name, c := range map[string]struct {
			thumbnail []byte
			differs   bool
		}{
			"the same":                     {small(main), false},
			"in a box":                     {small(boxed(main)), false},
			"turned":                       {small(turned(main)), false},
			"of other proportions":         {small(likenesstest.Cropped(main, 0.06, 0, 0.05, 0)), false},
			"of after it was cropped":      {small(likenesstest.Cropped(main, 0.2, 0.1, 0.25, 0.3)), false},
			"of another picture":           {small(likenesstest.Scene(scene+100, 480, 320)), true},
			"of another picture, in a box": {small(boxed(likenesstest.Scene(scene+200, 480, 320))), true},
		} {
			for kind, put := range map[string]func(a, b []byte) []byte{"exif:Thumbnail": withThumbnail, "mpf:2": withPreview} {
				body := put(likenesstest.JPEG(t, main, 85), c.thumbnail)
				rep, err := checker.Picture(bytes.NewReader(body), int64(len(body)), "p.jpg")
				if err != nil {
					t.Fatal(err)
				}
				found := rep.Provenance.Previews
				if (len(found) > 0) != c.differs || c.differs && found[0].From != kind || (finding(rep, "thumbnail.differs") != nil) != c.differs {
					t.Errorf("scene %d, %s in %s: %+v", scene, name, kind, found)
				}
			}
		}
	}
}

// No picture of the shared corpus has a thumbnail of another one.
func TestThumbnailsOfTheCorpus(t *testing.T) {
	const corpus = "../../../shared/corpus/images"
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the shared corpus is not beside the checkout")
	}
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	checker := &check.Checker{Rules: house}
	carry := 0
	err = filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if len(body) < 2 || body[0] != 0xFF || body[1] != 0xD8 {
			return nil
		}
		previews, err := photo.Previews(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			return err
		}
		rep, err := checker.Picture(bytes.NewReader(body), int64(len(body)), filepath.Base(path))
		if err != nil {
			return err
		}
		if len(previews) > 0 && rep.Provenance != nil && rep.Provenance.Likeness != nil {
			carry++
		}
		if f := finding(rep, "thumbnail.differs"); f != nil {
			t.Errorf("%s: %s %+v", path, f.Message, rep.Provenance.Previews)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pictures with a preview were compared", carry)
}

// TestTurnedByItsTag: a picture that its EXIF turns, and one whose pixels were
// turned, are recognized as the same.
func TestTurnedByItsTag(t *testing.T) {
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	checker := &check.Checker{Rules: house}
	print := func(body []byte) likeness.Print {
		rep, err := checker.Picture(bytes.NewReader(body), int64(len(body)), "p.jpg")
		if err != nil {
			t.Fatal(err)
		}
		p, err := likeness.Parse(rep.Provenance.Likeness.Hash, rep.Provenance.Likeness.Shape)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	upright := likenesstest.Scene(9, 480, 320)
	lying := turned(turned(turned(upright))) // turned clockwise once, as 6 says, it is upright
	tagged := withSegment(likenesstest.JPEG(t, lying, 85), 0xE1, []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"))
	baked := print(likenesstest.JPEG(t, upright, 85))
	if p := print(tagged); !p.Same(baked) {
		t.Errorf("distance %d, likeness %.3f", p.Distance(baked), p.Likeness(baked))
	}
	if p := print(likenesstest.JPEG(t, lying, 85)); p.Same(baked) {
		t.Error("without the tag it is the same, too")
	}
}
