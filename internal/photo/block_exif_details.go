package photo

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/text/encoding/japanese"
)

// details reads the Windows fields, dates, user comment and position, which
// need more than one tag or another coding, and the blocks of other kinds
// that a directory may hold (XMP, part 3, 3.3; TIFF/EP; Photoshop).
func (m *Metadata) details(d *directory) {
	var exifAt, gpsAt int64
	var iim, resources entry
	var times exifTimes
	d.walk(func(e *entry) {
		switch e.tag {
		case 0x0112:
			if n := e.number(); n >= 1 && n <= 8 && m.Orientation == 0 {
				m.Orientation = int(n)
			}
		case 0x8769:
			exifAt = int64(e.number())
		case 0x8825:
			gpsAt = int64(e.number())
		case 0x0132:
			times.modified = e.text()
		case 0x9C9B:
			m.add(Title, "exif:XPTitle", utf16Text(e.bytes(), true), "")
		case 0x9C9C:
			m.add(UserComment, "exif:XPComment", utf16Text(e.bytes(), true), "")
		case 0x9C9D:
			m.add(Byline, "exif:XPAuthor", utf16Text(e.bytes(), true), "")
		case 0x9C9E:
			for keyword := range strings.SplitSeq(utf16Text(e.bytes(), true), ";") {
				m.add(Keyword, "exif:XPKeywords", keyword, "")
			}
		case 0x9C9F:
			m.add(Headline, "exif:XPSubject", utf16Text(e.bytes(), true), "")
		case 0x02BC:
			if b := e.bytes(); len(b) > 0 {
				m.xmp(bytes.Clone(b))
			}
		case 0x83BB:
			iim = *e
		case 0x8649:
			resources = *e
		}
	})
	if exifAt > 0 {
		d.walkAt(exifAt, func(e *entry) {
			switch e.tag {
			case 0x9286:
				m.add(UserComment, "exif:UserComment", userComment(e.bytes(), d.little), "")
			default:
				times.keep(e)
			}
		})
	}
	times.add(m)
	if gpsAt > 0 {
		m.position(d, gpsAt)
	}
	switch {
	case iim.d != nil:
		m.iptc(iim.words())
	case resources.d != nil:
		m.resources(bytes.Clone(resources.bytes()))
	}
}

// words returns the value's bytes where a writer took them for words in the
// file's order, as many do with IPTC-IIM (TIFF type LONG).
func (e *entry) words() []byte {
	b := bytes.Clone(e.bytes())
	if e.kind != 4 || !e.d.little || len(b) < 4 || b[0] == 0x1C || b[3] != 0x1C {
		return b
	}
	for i := 0; i+3 < len(b); i += 4 {
		b[i], b[i+1], b[i+2], b[i+3] = b[i+3], b[i+2], b[i+1], b[i]
	}
	return b
}

// exifTimes are the times of a picture, with what belongs to them (Exif 3.0,
// 4.6.6.6).
type exifTimes struct {
	modified, created, digitized string
	fractions, zones             [3]string // of the same
}

func (t *exifTimes) keep(e *entry) {
	switch e.tag {
	case 0x9003:
		t.created = e.text()
	case 0x9004:
		t.digitized = e.text()
	case 0x9010, 0x9011, 0x9012:
		t.zones[e.tag-0x9010] = strings.TrimSpace(e.text())
	case 0x9290, 0x9291, 0x9292:
		t.fractions[e.tag-0x9290] = strings.TrimSpace(e.text())
	}
}

func (t *exifTimes) add(m *Metadata) {
	m.add(DateCreated, "exif:DateTimeOriginal", isoTime(t.created, t.fractions[1], t.zones[1]), "")
	m.add(DateDigitized, "exif:DateTimeDigitized", isoTime(t.digitized, t.fractions[2], t.zones[2]), "")
	m.add(DateModified, "exif:DateTime", isoTime(t.modified, t.fractions[0], t.zones[0]), "")
}

// exifForms are how times are written: as Exif 3.0 (4.6.5.6) has it, and as
// some programs do.
var exifForms = []string{"2006:01:02 15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006/01/02 15:04:05", "2006:01:02 15:04", "2006:01:02", "2006-01-02"}

// isoTime returns EXIF's "2006:01:02 15:04:05" in ISO's form, or "" when it
// is no time. A zone behind it counts where there is no tag for one.
func isoTime(s, fraction, zone string) string {
	s = strings.TrimSpace(s)
	if len(s) > 19 {
		if s, zone = s[:19], strings.TrimSpace(zone+s[19:]); len(zone) > 6 {
			zone = zone[:6]
		}
	}
	for _, form := range exifForms {
		t, err := time.Parse(form, s)
		if err != nil {
			continue
		}
		if len(form) == len(time.DateOnly) {
			return t.Format(time.DateOnly)
		}
		out := t.Format("2006-01-02T15:04:05")
		if digits(fraction) && len(fraction) < 10 {
			out += "." + fraction
		}
		if len(zone) == 6 && zone[3] == ':' && (zone[0] == '+' || zone[0] == '-') || zone == "Z" {
			out += zone
		}
		return out
	}
	return ""
}

// position reads where and when a satellite receiver was (Exif 3.0, 4.6.7).
func (m *Metadata) position(d *directory, at int64) {
	var lat, lon, clock []float64
	var south, west bool
	var day string
	d.walkAt(at, func(e *entry) {
		switch e.tag {
		case 1:
			south = strings.HasPrefix(e.text(), "S")
		case 2:
			lat = e.rationals()
		case 3:
			west = strings.HasPrefix(e.text(), "W")
		case 4:
			lon = e.rationals()
		case 7:
			clock = e.rationals()
		case 0x1D:
			day = e.text()
		}
	})
	if t, err := time.Parse("2006:01:02", strings.TrimSpace(day)); err == nil {
		when := t.Format(time.DateOnly)
		if len(clock) == 3 && clock[0] < 24 && clock[1] < 60 && clock[2] < 61 {
			when += fmt.Sprintf("T%02d:%02d:%02dZ", int(clock[0]), int(clock[1]), int(clock[2]))
		}
		m.add(DateGPS, "exif:GPSDateStamp", when, "")
	}
	y, okY := degrees(lat)
	x, okX := degrees(lon)
	if okY && okX {
		m.addPosition("exif:GPS", y, x, south, west)
	}
}

// degrees puts degrees, minutes and seconds together; the last may be absent.
func degrees(parts []float64) (sum float64, ok bool) {
	unit := 1.0
	for _, p := range parts {
		sum += p / unit
		unit *= 60
	}
	return sum, len(parts) > 0
}

func (m *Metadata) addPosition(from string, y, x float64, south, west bool) {
	if south {
		y = -y
	}
	if west {
		x = -x
	}
	if math.Abs(y) <= 90 && math.Abs(x) <= 180 {
		m.add(GPS, from, fmt.Sprintf("%.6f,%.6f", y, x), "")
	}
}

// userComment decodes the eight bytes that name its character code, and the
// text (Exif 3.0, 4.6.6.5).
func userComment(b []byte, little bool) string {
	if len(b) <= 8 {
		return ""
	}
	code, text := string(b[:8]), b[8:]
	switch {
	case strings.HasPrefix(code, "UNICODE"):
		return unicodeComment(text, little)
	case strings.HasPrefix(code, "JIS"):
		jis := iso2022{g: [4]graphicSet{{two: japanese.EUCJP}, {two: japanese.EUCJP}}, set: [4]bool{true, true}}
		if s, ok := jis.decode(bytes.TrimRight(text, "\x00")); ok {
			return s
		}
	}
	return exifText(text)
}

// unicodeComment reads UTF-16: by its mark, else in the block's order, unless
// only the other order gives letters that are in use.
func unicodeComment(text []byte, little bool) string {
	if len(text) > 1 && (text[0] == 0xFE && text[1] == 0xFF || text[0] == 0xFF && text[1] == 0xFE) {
		return decodeText(text)
	}
	zeros := [2]int{}
	for i, c := range text {
		if c == 0 {
			zeros[i%2]++
		}
	}
	if zeros[0] > 2*zeros[1]+2 {
		little = false
	} else if zeros[1] > 2*zeros[0]+2 {
		little = true
	}
	return strings.TrimRight(utf16Text(text, little), " ")
}
