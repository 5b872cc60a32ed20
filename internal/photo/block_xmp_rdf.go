package photo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmpReader walks the RDF of one packet.
type xmpReader struct {
	m        *Metadata
	path     []level
	elements int

	// A position takes two properties.
	latitude, longitude string
}

// level is an element that has begun.
type level struct {
	name string // of the property, as in xmpNames; "" for RDF's own elements, "-" for what is not of interest
	lang string // its own, or that of an element around it
	text []byte
	leaf bool // no element has begun in it
}

// xmpStructs are the properties whose parts are fields.
var xmpStructs = func() map[string]bool {
	all := map[string]bool{}
	for name := range xmpNames {
		if parent, _, ok := strings.Cut(name, "/"); ok {
			all[parent] = true
		}
	}
	return all
}()

func (m *Metadata) readXMP(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(validXML(text)))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	r := xmpReader{m: m}
	for {
		token, err := d.Token()
		if err == io.EOF {
			if r.elements == 0 {
				return errNoDocument
			}
			r.position()
			return nil
		}
		if err != nil {
			r.position()
			return shortError(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("it declares a document type")
		case xml.StartElement:
			if err := r.start(t); err != nil {
				return err
			}
		case xml.CharData:
			if n := len(r.path); n > 0 {
				l := &r.path[n-1]
				if l.name != "-" && l.name != "" && len(l.text)+len(t) <= maxText {
					l.text = append(l.text, t...)
				}
			}
		case xml.EndElement:
			n := len(r.path)
			if n == 0 {
				continue
			}
			if l := &r.path[n-1]; l.leaf {
				r.property(l.name, l.lang, string(l.text))
			}
			r.path = r.path[:n-1]
		}
	}
}

func (r *xmpReader) start(t xml.StartElement) error {
	if r.elements++; r.elements > maxElements {
		return errTooMany
	}
	if len(r.path) >= maxDepth {
		return errTooDeep
	}
	l := level{leaf: true}
	parent := ""
	if n := len(r.path); n > 0 {
		r.path[n-1].leaf = false
		parent, l.lang = r.path[n-1].name, r.path[n-1].lang
	}
	l.name = xmpName(parent, t.Name)
	for _, a := range t.Attr {
		switch {
		case a.Name.Local == "lang" && (a.Name.Space == "xml" || a.Name.Space == "http://www.w3.org/XML/1998/namespace"):
			l.lang = a.Value
		case a.Name.Space == nsRDF && (a.Name.Local == "resource" || a.Name.Local == "value"):
			r.property(l.name, l.lang, a.Value)
		case a.Name.Space != "" && a.Name.Space != "xmlns" && a.Name.Space != nsRDF:
			r.property(xmpName(l.name, a.Name), l.lang, a.Value)
		}
	}
	r.path = append(r.path, l)
	return nil
}

// xmpName returns the name of an element or attribute within its parent's.
func xmpName(parent string, name xml.Name) string {
	switch {
	case name.Space == nsRDF, name.Space == "adobe:ns:meta/":
		return parent
	case parent == "":
		if prefix := xmpPrefixes[name.Space]; prefix != "" {
			return prefix + ":" + name.Local
		}
	case xmpStructs[parent]:
		return parent + "/" + name.Local
	}
	return "-"
}

// property keeps the value if it is that of a field.
func (r *xmpReader) property(name, lang, value string) {
	switch name {
	case "", "-":
		return
	case "exif:GPSLatitude":
		r.latitude = value
		return
	case "exif:GPSLongitude":
		r.longitude = value
		return
	}
	field, ok := xmpNames[name]
	if !ok {
		return
	}
	switch field {
	case Caption, Copyright, Title, UsageTerms, UserComment: // language alternatives
	default:
		lang = ""
	}
	r.m.add(field, "xmp:"+name, value, lang)
}

func (r *xmpReader) position() {
	y, south, okY := xmpDegrees(r.latitude)
	x, west, okX := xmpDegrees(r.longitude)
	if okY && okX {
		r.m.addPosition("xmp:exif:GPS", y, x, south, west)
	}
}

// xmpDegrees reads "DDD,MM,SSk" or "DDD,MM.mmk", k being one of N, S, E and W
// (XMP, part 2, 1.2.7.4 GPSCoordinate).
func xmpDegrees(s string) (degree float64, negative, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || !strings.ContainsAny(s[len(s)-1:], "NSEW") {
		return 0, false, false
	}
	k := s[len(s)-1]
	var parts []float64
	for part := range strings.SplitSeq(s[:len(s)-1], ",") {
		number, err := strconv.ParseFloat(part, 64)
		if err != nil || number < 0 || len(parts) == 3 {
			return 0, false, false
		}
		parts = append(parts, number)
	}
	degree, ok = degrees(parts)
	return degree, k == 'S' || k == 'W', ok
}

// validXML replaces what XML 1.0 (2.2) has no place for, which some programs
// write nevertheless. It returns b itself when that has none.
func validXML(b []byte) []byte {
	if utf8.Valid(b) && bytes.IndexFunc(b, notXML) < 0 {
		return b
	}
	return bytes.Map(func(r rune) rune {
		if notXML(r) {
			return ' '
		}
		return r
	}, bytes.ToValidUTF8(b, []byte("\uFFFD")))
}

func notXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

func shortError(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("line %d: %s", syntax.Line, syntax.Msg)
	}
	return err
}
