package photo

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsIptcCore  = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
	nsIptcExt   = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
	nsXMP       = "http://ns.adobe.com/xap/1.0/"
	nsMM        = "http://ns.adobe.com/xap/1.0/mm/"
	nsRights    = "http://ns.adobe.com/xap/1.0/rights/"
	nsTIFF      = "http://ns.adobe.com/tiff/1.0/"
	nsEXIF      = "http://ns.adobe.com/exif/1.0/"
)

type xmpName struct {
	name Name
	from string
}

// xmpNames are the properties that are fields (IPTC Photo Metadata Standard
// 2023.2; XMP, part 2). Those of structures are written with their parent.
var xmpNames = map[string]xmpName{
	nsDC + " description":                        {Caption, "xmp:dc:description"},
	nsDC + " title":                              {Title, "xmp:dc:title"},
	nsDC + " creator":                            {Byline, "xmp:dc:creator"},
	nsDC + " rights":                             {Copyright, "xmp:dc:rights"},
	nsDC + " subject":                            {Keyword, "xmp:dc:subject"},
	nsDC + " source":                             {Source, "xmp:dc:source"},
	nsPhotoshop + " Credit":                      {Credit, "xmp:photoshop:Credit"},
	nsPhotoshop + " Source":                      {Source, "xmp:photoshop:Source"},
	nsPhotoshop + " Headline":                    {Headline, "xmp:photoshop:Headline"},
	nsPhotoshop + " Instructions":                {Instructions, "xmp:photoshop:Instructions"},
	nsPhotoshop + " AuthorsPosition":             {BylineTitle, "xmp:photoshop:AuthorsPosition"},
	nsPhotoshop + " CaptionWriter":               {CaptionWriter, "xmp:photoshop:CaptionWriter"},
	nsPhotoshop + " DateCreated":                 {DateCreated, "xmp:photoshop:DateCreated"},
	nsPhotoshop + " TransmissionReference":       {JobID, "xmp:photoshop:TransmissionReference"},
	nsPhotoshop + " Category":                    {Category, "xmp:photoshop:Category"},
	nsPhotoshop + " City":                        {City, "xmp:photoshop:City"},
	nsPhotoshop + " State":                       {State, "xmp:photoshop:State"},
	nsPhotoshop + " Country":                     {Country, "xmp:photoshop:Country"},
	nsIptcCore + " Location":                     {Sublocation, "xmp:Iptc4xmpCore:Location"},
	nsIptcCore + " CountryCode":                  {CountryCode, "xmp:Iptc4xmpCore:CountryCode"},
	nsIptcExt + " DigitalSourceType":             {DigitalSourceType, "xmp:Iptc4xmpExt:DigitalSourceType"},
	nsIptcExt + " DigitalSourcefileType":         {DigitalSourceType, "xmp:Iptc4xmpExt:DigitalSourceFileType"},
	nsIptcExt + " LocationCreated City":          {City, "xmp:Iptc4xmpExt:LocationCreated/City"},
	nsIptcExt + " LocationCreated CountryName":   {Country, "xmp:Iptc4xmpExt:LocationCreated/CountryName"},
	nsIptcExt + " LocationCreated CountryCode":   {CountryCode, "xmp:Iptc4xmpExt:LocationCreated/CountryCode"},
	nsIptcExt + " LocationCreated ProvinceState": {State, "xmp:Iptc4xmpExt:LocationCreated/ProvinceState"},
	nsIptcExt + " LocationCreated Sublocation":   {Sublocation, "xmp:Iptc4xmpExt:LocationCreated/Sublocation"},
	nsRights + " UsageTerms":                     {UsageTerms, "xmp:xmpRights:UsageTerms"},
	nsXMP + " CreateDate":                        {DateDigitized, "xmp:xmp:CreateDate"},
	nsXMP + " ModifyDate":                        {DateModified, "xmp:xmp:ModifyDate"},
	nsXMP + " CreatorTool":                       {Software, "xmp:xmp:CreatorTool"},
	nsMM + " History action":                     {History, "xmp:xmpMM:History/action"},
	nsMM + " History softwareAgent":              {Software, "xmp:xmpMM:History/softwareAgent"},
	nsTIFF + " ImageDescription":                 {Caption, "xmp:tiff:ImageDescription"},
	nsTIFF + " Artist":                           {Byline, "xmp:tiff:Artist"},
	nsTIFF + " Copyright":                        {Copyright, "xmp:tiff:Copyright"},
	nsEXIF + " DateTimeOriginal":                 {DateCreated, "xmp:exif:DateTimeOriginal"},
	nsEXIF + " UserComment":                      {UserComment, "xmp:exif:UserComment"},
}

// The bounds on an XMP packet.
const (
	maxDepth    = 64
	maxElements = 20000
)

var (
	errTooDeep    = errors.New("it is nested too deeply")
	errTooMany    = errors.New("it has too many elements")
	errNoDocument = errors.New("it is no XML document")
)

// xmp reads a packet of RDF/XML in UTF-8, UTF-16 or UTF-32 (XMP, part 1,
// section 7). Document types and entities are refused, as the specification
// does.
func (m *Metadata) xmp(packet []byte) {
	if len(packet) > maxBlock {
		m.problem("xmp", errTooLong)
		return
	}
	if err := m.readXMP(xmpText(packet)); err != nil {
		m.problem("xmp", err)
	}
}

type level struct {
	name string // namespace and local name
	lang string
	text strings.Builder
	leaf bool
}

func (m *Metadata) readXMP(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var path []*level
	elements := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			if elements == 0 {
				return errNoDocument
			}
			return nil
		}
		if err != nil {
			return shortError(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("it declares a document type")
		case xml.StartElement:
			if elements++; elements > maxElements {
				return errTooMany
			}
			if len(path) >= maxDepth {
				return errTooDeep
			}
			if len(path) > 0 {
				path[len(path)-1].leaf = false
			}
			l := &level{name: t.Name.Space + " " + t.Name.Local, leaf: true}
			path = append(path, l)
			for _, a := range t.Attr {
				switch {
				case a.Name.Local == "lang":
					l.lang = a.Value
				case a.Name.Space == nsRDF && a.Name.Local == "resource":
					m.property(path, a.Value)
				case a.Name.Space != "" && a.Name.Space != "xmlns" && a.Name.Space != nsRDF:
					m.property(append(path, &level{name: a.Name.Space + " " + a.Name.Local}), a.Value)
				}
			}
		case xml.CharData:
			if n := len(path); n > 0 && path[n-1].text.Len()+len(t) <= maxText {
				path[n-1].text.Write(t)
			}
		case xml.EndElement:
			n := len(path)
			if n == 0 {
				continue
			}
			if path[n-1].leaf {
				m.property(path, path[n-1].text.String())
			}
			path = path[:n-1]
		}
	}
}

func shortError(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("line %d: %s", syntax.Line, syntax.Msg)
	}
	return err
}

// property keeps the value if its path is that of a field: the names around
// it, without RDF's own.
func (m *Metadata) property(path []*level, value string) {
	if value == "" {
		return
	}
	name, lang := "", ""
	for _, l := range path {
		space, local, _ := strings.Cut(l.name, " ")
		if l.lang != "" {
			lang = l.lang
		}
		if space == nsRDF || space == "adobe:ns:meta/" {
			continue
		}
		if name == "" {
			name = l.name
			continue
		}
		name += " " + local
	}
	if f, ok := xmpNames[name]; ok {
		if f.name != Caption && f.name != Copyright && f.name != Title && f.name != UsageTerms && f.name != UserComment {
			lang = ""
		}
		m.add(f.name, f.from, value, lang)
	}
}

// xmpText returns the packet as UTF-8, without the padding around it.
func xmpText(b []byte) []byte {
	switch {
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}), bytes.HasPrefix(b, []byte{0, 0, 0, '<'}):
		b = utf32(b, binary.BigEndian.Uint32)
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(b, []byte{'<', 0, 0, 0}):
		b = utf32(b, binary.LittleEndian.Uint32)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}), bytes.HasPrefix(b, []byte{0, '<'}):
		b = []byte(utf16Text(b, false))
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{'<', 0}):
		b = []byte(utf16Text(b, true))
	}
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	return bytes.Trim(b, "\x00 \t\r\n")
}

func utf32(b []byte, read func([]byte) uint32) []byte {
	var out []rune
	for ; len(b) >= 4; b = b[4:] {
		if r := read(b); r != 0 && r <= 0x10FFFF {
			out = append(out, rune(r))
		}
	}
	return []byte(string(out))
}
