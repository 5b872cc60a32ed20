package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

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
	if x, err := decodeExif(block); err == nil {
		m.fromGoexif(x, block)
		return
	}
	d := inMemory(block)
	if !d.begin() {
		m.problem("exif", errors.New("it has no directory"))
		return
	}
	m.directory(&d)
}

// decodeExif keeps goexif's panics and endless loops away: it reads only
// blocks whose directories have been walked, and in bounds.
func decodeExif(block []byte) (x *exif.Exif, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("goexif: %v", p)
		}
	}()
	if !sound(block) {
		return nil, errors.New("its directories are damaged")
	}
	return exif.Decode(bytes.NewReader(block))
}

// sound says whether every directory ends in the block, none comes twice, and
// no value is larger than the block.
func sound(block []byte) bool {
	d := inMemory(block)
	if !d.begin() {
		return false
	}
	seen := map[int64]bool{}
	ok := true
	for at := d.first; at != 0 && ok; {
		b := d.read(at, 2)
		if b == nil || seen[at] || len(seen) > 4 {
			return false
		}
		seen[at] = true
		n := int64(d.u16(b))
		next := d.read(at+2+12*n, 4)
		if n > 500 || next == nil {
			return false
		}
		d.walkAt(at, func(e entry) {
			if e.kind == 0 || e.kind > 12 || e.bytes() == nil && e.count > 0 {
				ok = false
			}
		})
		at = int64(d.u32(next))
	}
	return ok
}

func (m *Metadata) fromGoexif(x *exif.Exif, block []byte) {
	for _, t := range exifTexts {
		if tag, err := x.Get(t.goes); err == nil {
			text, _, _ := strings.Cut(decodeText(tag.Val), "\x00")
			m.add(t.name, "exif:"+string(t.goes), strings.TrimRight(text, " "), "")
		}
	}
	d := inMemory(block)
	if d.begin() {
		m.details(&d)
	}
}

// directory reads what goexif cannot: blocks that it refuses, and TIFF files,
// which it would load whole.
func (m *Metadata) directory(d *directory) {
	d.walk(func(e entry) {
		for _, t := range exifTexts {
			if t.tag == e.tag && (e.kind == 2 || e.kind == 1 || e.kind == 7) {
				m.add(t.name, "exif:"+string(t.goes), e.text(), "")
			}
		}
	})
	m.details(d)
}

// details reads the Windows fields, dates, user comment and position, which
// need more than one tag or another coding.
func (m *Metadata) details(d *directory) {
	var exifAt, gpsAt int64
	var modified string
	d.walk(func(e entry) {
		switch e.tag {
		case 0x8769:
			exifAt = int64(e.number())
		case 0x8825:
			gpsAt = int64(e.number())
		case 0x0132:
			modified = e.text()
		case 0x9C9B:
			m.add(Title, "exif:XPTitle", utf16le(e.bytes()), "")
		case 0x9C9C:
			m.add(UserComment, "exif:XPComment", utf16le(e.bytes()), "")
		case 0x9C9D:
			m.add(Byline, "exif:XPAuthor", utf16le(e.bytes()), "")
		case 0x9C9F:
			m.add(Headline, "exif:XPSubject", utf16le(e.bytes()), "")
		}
	})
	var created, digitized string
	offsets := map[uint16]string{}
	subsec := map[uint16]string{}
	if exifAt > 0 {
		d.walkAt(exifAt, func(e entry) {
			switch e.tag {
			case 0x9003:
				created = e.text()
			case 0x9004:
				digitized = e.text()
			case 0x9010, 0x9011, 0x9012:
				offsets[e.tag] = strings.TrimSpace(e.text())
			case 0x9290, 0x9291, 0x9292:
				subsec[e.tag] = strings.TrimSpace(e.text())
			case 0x9286:
				m.add(UserComment, "exif:UserComment", userComment(e.bytes(), d.little), "")
			}
		})
	}
	m.add(DateCreated, "exif:DateTimeOriginal", isoTime(created, subsec[0x9291], offsets[0x9011]), "")
	m.add(DateDigitized, "exif:DateTimeDigitized", isoTime(digitized, subsec[0x9292], offsets[0x9012]), "")
	m.add(DateModified, "exif:DateTime", isoTime(modified, subsec[0x9290], offsets[0x9010]), "")
	if gpsAt > 0 {
		m.position(d, gpsAt)
	}
}

// isoTime returns EXIF's "2006:01:02 15:04:05" in ISO's form, or "" when it
// is no time.
func isoTime(s, subsec, offset string) string {
	s = strings.TrimSpace(s)
	t, err := time.Parse("2006:01:02 15:04:05", s)
	if err != nil {
		if t, err = time.Parse("2006:01:02", s); err != nil {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	out := t.Format("2006-01-02T15:04:05")
	if subsec != "" && strings.Trim(subsec, "0123456789") == "" && len(subsec) < 10 {
		out += "." + subsec
	}
	if len(offset) == 6 && offset[3] == ':' {
		out += offset
	}
	return out
}

func (m *Metadata) position(d *directory, at int64) {
	var lat, lon []float64
	var latRef, lonRef, date string
	d.walkAt(at, func(e entry) {
		switch e.tag {
		case 1:
			latRef = e.text()
		case 2:
			lat = e.rationals()
		case 3:
			lonRef = e.text()
		case 4:
			lon = e.rationals()
		case 0x1D:
			date = e.text()
		}
	})
	if day, err := time.Parse("2006:01:02", strings.TrimSpace(date)); err == nil {
		m.add(DateGPS, "exif:GPSDateStamp", day.Format(time.DateOnly), "")
	}
	if len(lat) != 3 || len(lon) != 3 {
		return
	}
	y, x := lat[0]+lat[1]/60+lat[2]/3600, lon[0]+lon[1]/60+lon[2]/3600
	if strings.HasPrefix(latRef, "S") {
		y = -y
	}
	if strings.HasPrefix(lonRef, "W") {
		x = -x
	}
	if y < -90 || y > 90 || x < -180 || x > 180 {
		return
	}
	m.add(GPS, "exif:GPS", fmt.Sprintf("%.6f,%.6f", y, x), "")
}

// userComment decodes the eight bytes that name its character code, and the
// text (Exif 3.0, 4.6.6.5).
func userComment(b []byte, little bool) string {
	if len(b) <= 8 {
		return ""
	}
	code, text := string(b[:8]), b[8:]
	if strings.HasPrefix(code, "UNICODE") {
		if len(text) > 1 && (text[0] == 0xFE && text[1] == 0xFF || text[0] == 0xFF && text[1] == 0xFE) {
			return decodeText(text)
		}
		return utf16Text(text, little)
	}
	if code == "ASCII\x00\x00\x00" || code == "\x00\x00\x00\x00\x00\x00\x00\x00" {
		return decodeText(text)
	}
	return ""
}

func utf16le(b []byte) string { return utf16Text(b, true) }

func utf16Text(b []byte, little bool) string {
	var units []uint16
	for ; len(b) >= 2 && len(units) < maxText; b = b[2:] {
		u := binary.BigEndian.Uint16(b)
		if little {
			u = binary.LittleEndian.Uint16(b)
		}
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}
