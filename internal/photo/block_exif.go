package photo

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/rwcarlsen/goexif/exif"
)

// exifTexts are the tags whose text is a field (Exif 3.0, 4.6.4 and 4.6.5).
var exifTexts = []struct {
	tag  uint16
	goes exif.FieldName
	name Name
}{
	{0x010E, exif.ImageDescription, Caption},
	{0x010F, exif.Make, Make},
	{0x0110, exif.Model, Model},
	{0x0131, exif.Software, Software},
	{0x013B, exif.Artist, Byline},
	{0x8298, exif.Copyright, Copyright},
}

// exif reads a block in TIFF's form: with goexif where that can, by its
// directories where it cannot.
func (m *Metadata) exif(block []byte) {
	if len(block) > maxBlock {
		m.problem("exif", errTooLong)
		return
	}
	d := inMemory(block)
	if !d.begin() {
		m.problem("exif", errors.New("it has no directory"))
		return
	}
	if x, err := decodeExif(block); err == nil {
		for _, t := range exifTexts {
			if tag, err := x.Get(t.goes); err == nil {
				m.add(t.name, "exif:"+string(t.goes), exifText(tag.Val), "")
			}
		}
	} else {
		m.exifTexts(&d)
	}
	m.details(&d)
}

// decodeExif keeps goexif's panics and endless loops away: what it is given
// is one directory, with only the tags that are asked of it, all in bounds.
func decodeExif(block []byte) (x *exif.Exif, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("goexif: %v", p)
		}
	}()
	only, err := onlyTexts(block)
	if err != nil {
		return nil, err
	}
	return exif.Decode(bytes.NewReader(only))
}

// onlyTexts copies a block with a first directory of nothing but exifTexts,
// and no second one. goexif allocates a dozen times for each tag of a block.
func onlyTexts(block []byte) ([]byte, error) {
	d := inMemory(block)
	if !d.begin() || d.big {
		return nil, errors.New("it has no directory")
	}
	b := d.read(d.first, 2)
	if b == nil {
		return nil, errors.New("its directory is cut off")
	}
	all := int64(d.u16(b))
	entries := d.read(d.first+2, 12*all+4)
	if entries == nil {
		return nil, errors.New("its directory is cut off")
	}
	kept := make([]byte, 0, 12*len(exifTexts))
	end := d.first + 2 + 12*all + 4
	for i := range all {
		raw := entries[12*i : 12*i+12]
		e := d.entry(raw)
		if !isExifText(e.tag) || len(kept) == cap(kept) {
			continue
		}
		value := e.bytes()
		if value == nil || e.kind != 2 {
			return nil, errors.New("a text is damaged")
		}
		kept = append(kept, raw...)
		if len(value) > 4 {
			end = max(end, int64(d.u32(raw[8:]))+int64(len(value)))
		}
	}
	only := bytes.Clone(block[:end])
	d.put16(only[d.first:], uint16(len(kept)/12)) // #nosec G115 -- as many as the text tags at most
	n := copy(only[d.first+2:], kept)
	d.put32(only[d.first+2+int64(n):], 0)
	return only, nil
}

func isExifText(tag uint16) bool {
	for _, t := range exifTexts {
		if t.tag == tag {
			return true
		}
	}
	return false
}

// exifTexts reads what goexif cannot: blocks that it refuses, and TIFF files,
// which it would load whole.
func (m *Metadata) exifTexts(d *directory) {
	d.walk(func(e *entry) {
		for _, t := range exifTexts {
			if t.tag == e.tag && (e.kind == 2 || e.kind == 1 || e.kind == 7) {
				m.add(t.name, "exif:"+string(t.goes), e.text(), "")
			}
		}
	})
}

// exifText ends at the first NUL.
func exifText(b []byte) string {
	if !bytes.HasPrefix(b, []byte{0xFE, 0xFF}) && !bytes.HasPrefix(b, []byte{0xFF, 0xFE}) {
		b, _, _ = bytes.Cut(b, []byte{0})
	}
	return strings.TrimRight(decodeText(b), " ")
}
