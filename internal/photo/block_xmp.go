package photo

import (
	"bytes"
	"errors"
	"regexp"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

const nsRDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

// xmpPrefixes are the usual prefixes of the namespaces that fields are in.
var xmpPrefixes = map[string]string{
	"http://purl.org/dc/elements/1.1/":                 "dc",
	"http://ns.adobe.com/photoshop/1.0/":               "photoshop",
	"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/":      "Iptc4xmpCore",
	"http://iptc.org/std/Iptc4xmpExt/2008-02-29/":      "Iptc4xmpExt",
	"http://ns.adobe.com/xap/1.0/":                     "xmp",
	"http://ns.adobe.com/xap/1.0/mm/":                  "xmpMM",
	"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
	"http://ns.adobe.com/xap/1.0/rights/":              "xmpRights",
	"http://ns.adobe.com/tiff/1.0/":                    "tiff",
	"http://ns.adobe.com/exif/1.0/":                    "exif",
}

// xmpNames are the properties that are fields (IPTC Photo Metadata Standard
// 2023.2; XMP, part 2). Those of structures stand behind their parent.
var xmpNames = map[string]Name{
	"dc:description":                            Caption,
	"dc:title":                                  Title,
	"dc:creator":                                Byline,
	"dc:rights":                                 Copyright,
	"dc:subject":                                Keyword,
	"dc:source":                                 Source,
	"photoshop:Credit":                          Credit,
	"photoshop:Source":                          Source,
	"photoshop:Headline":                        Headline,
	"photoshop:Instructions":                    Instructions,
	"photoshop:AuthorsPosition":                 BylineTitle,
	"photoshop:CaptionWriter":                   CaptionWriter,
	"photoshop:DateCreated":                     DateCreated,
	"photoshop:TransmissionReference":           JobID,
	"photoshop:Category":                        Category,
	"photoshop:City":                            City,
	"photoshop:State":                           State,
	"photoshop:Country":                         Country,
	"Iptc4xmpCore:Location":                     Sublocation,
	"Iptc4xmpCore:CountryCode":                  CountryCode,
	"Iptc4xmpExt:DigitalSourceType":             DigitalSourceType,
	"Iptc4xmpExt:DigitalSourcefileType":         DigitalSourceType,
	"Iptc4xmpExt:LocationCreated/City":          City,
	"Iptc4xmpExt:LocationCreated/CountryName":   Country,
	"Iptc4xmpExt:LocationCreated/CountryCode":   CountryCode,
	"Iptc4xmpExt:LocationCreated/ProvinceState": State,
	"Iptc4xmpExt:LocationCreated/Sublocation":   Sublocation,
	"Iptc4xmpExt:LocationShown/City":            City,
	"Iptc4xmpExt:LocationShown/CountryName":     Country,
	"Iptc4xmpExt:LocationShown/CountryCode":     CountryCode,
	"Iptc4xmpExt:LocationShown/ProvinceState":   State,
	"Iptc4xmpExt:LocationShown/Sublocation":     Sublocation,
	"xmpRights:UsageTerms":                      UsageTerms,
	"xmp:CreateDate":                            DateDigitized,
	"xmp:ModifyDate":                            DateModified,
	"xmp:CreatorTool":                           Software,
	"xmpMM:History/action":                      History,
	"xmpMM:History/softwareAgent":               Software,
	"tiff:ImageDescription":                     Caption,
	"tiff:Artist":                               Byline,
	"tiff:Copyright":                            Copyright,
	"tiff:Software":                             Software,
	"tiff:DateTime":                             DateModified,
	"exif:DateTimeOriginal":                     DateCreated,
	"exif:DateTimeDigitized":                    DateDigitized,
	"exif:UserComment":                          UserComment,
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
	if err := m.readXMP(XMPText(packet)); err != nil {
		m.problem("xmp", err)
	}
}

// XMPText returns a packet as UTF-8, without the padding around it; it may be
// the packet itself.
func XMPText(b []byte) []byte {
	switch {
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}), bytes.HasPrefix(b, []byte{0, 0, 0, '<'}):
		b = []byte(utf32Text(b, false))
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(b, []byte{'<', 0, 0, 0}):
		b = []byte(utf32Text(b, true))
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}), bytes.HasPrefix(b, []byte{0, '<'}):
		b = []byte(utf16Text(b, false))
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{'<', 0}):
		b = []byte(utf16Text(b, true))
	}
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	return otherCoding(bytes.Trim(b, "\x00 \t\r\n"))
}

// declaredCoding is made when first needed, which is seldom, and not as each
// program starts.
var declaredCoding = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["'][^>]*\?>`)
})

// otherCoding reads what XMP has no place for and programs write nevertheless:
// a packet in a coding that its XML declaration names, which is then left out,
// or one in Latin-1.
func otherCoding(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	if d := declaredCoding().FindSubmatch(b[:min(len(b), 200)]); d != nil {
		e, err := htmlindex.Get(string(d[1]))
		if name, _ := htmlindex.Name(e); err == nil && name != "utf-8" {
			if text, err := e.NewDecoder().Bytes(b[len(d[0]):]); err == nil {
				return text
			}
		}
	}
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if n > 1 {
			return b // UTF-8 with a few damaged letters
		}
		if r == utf8.RuneError {
			n = 1
		}
		rest = rest[n:]
	}
	return []byte(decodeText(b))
}
