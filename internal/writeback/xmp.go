package writeback

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"cutline/internal/photo"
)

// The namespaces of XMP properties (XMP Specification Part 1, section 8, and
// IPTC Photo Metadata Standard).
const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsTIFF      = "http://ns.adobe.com/tiff/1.0/"
	nsIptcExt   = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
)

// prefixes are the usual ones of the namespaces that are written.
var prefixes = map[string]string{nsDC: "dc", nsPhotoshop: "photoshop", nsIptcExt: "Iptc4xmpExt"}

// form is how the value of a property is written (XMP Part 1, section 7).
type form int

const (
	simple      form = iota
	sequence         // rdf:Seq with one item
	alternative      // rdf:Alt by language; the text is the one for x-default
)

type property struct {
	namespace, name string
	form            form
}

// maxXMPDepth bounds how deep elements may stand in each other.
const maxXMPDepth = 64

const emptyPacket = "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
	`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `">` +
	`<rdf:Description rdf:about=""></rdf:Description></rdf:RDF></x:xmpmeta>` +
	"\n<?xpacket end=\"w\"?>"

// Sidecar returns an XMP sidecar with the texts: the existing one with only
// these properties changed, or a new one when existing is empty.
func Sidecar(existing []byte, texts Texts) ([]byte, error) {
	packet, err := withXMP(existing, texts)
	if errors.Is(err, ErrSidecar) {
		return nil, fmt.Errorf("the sidecar that is there cannot be changed: %s", strings.TrimSuffix(err.Error(), ": "+ErrSidecar.Error()))
	}
	return packet, err
}

// withXMP returns the packet with the texts in it, every other byte as it was.
func withXMP(packet []byte, texts Texts) ([]byte, error) {
	if len(packet) == 0 {
		packet = []byte(emptyPacket)
	}
	if text := photo.XMPText(packet); len(text) < len(bytes.TrimRight(packet, " \t\r\n\x00")) { // it was in UTF-16 or UTF-32
		packet = text
	}
	m, err := mapPacket(packet)
	if err != nil {
		return nil, fmt.Errorf("the XMP packet cannot be read (%w): %w", err, ErrSidecar)
	}
	var added strings.Builder
	for _, p := range places {
		text, ok := texts[p.name]
		if !ok {
			continue
		}
		kept := ""
		for _, o := range m.found[p.xmp.key()] {
			m.cuts = append(m.cuts, cut{o.start, o.end, ""})
			kept += o.otherLanguages(packet)
		}
		if p.copy != "" {
			for _, o := range m.found[xml.Name{Space: nsTIFF, Local: p.copy}] {
				m.cuts = append(m.cuts, cut{o.start, o.end, ""})
			}
		}
		added.WriteString(element(p.xmp, m.rdf, text, kept))
	}
	m.cuts = append(m.cuts, cut{m.insert, m.insertEnd, m.before + added.String() + m.after})
	return m.apply(packet), nil
}

// holds says whether a packet has one of the properties that the texts are
// written to, or cannot be read.
func holds(packet []byte, texts Texts) bool {
	m, err := mapPacket(photo.XMPText(packet))
	if err != nil {
		return true
	}
	for _, p := range places {
		if _, ok := texts[p.name]; ok && (len(m.found[p.xmp.key()]) > 0 || p.copy != "" && len(m.found[xml.Name{Space: nsTIFF, Local: p.copy}]) > 0) {
			return true
		}
	}
	return false
}

func (p property) key() xml.Name { return xml.Name{Space: p.namespace, Local: p.name} }

// element writes a property. The prefix is declared on it, whatever the
// packet declares elsewhere; kept holds items of other languages.
func element(p property, rdf, text, kept string) string {
	var b strings.Builder
	name := prefixes[p.namespace] + ":" + p.name
	fmt.Fprintf(&b, `<%s xmlns:%s="%s">`, name, prefixes[p.namespace], p.namespace)
	switch p.form {
	case simple:
		xml.EscapeText(&b, []byte(text))
	case sequence:
		fmt.Fprintf(&b, "<%s:Seq><%s:li>", rdf, rdf)
		xml.EscapeText(&b, []byte(text))
		fmt.Fprintf(&b, "</%s:li></%s:Seq>", rdf, rdf)
	case alternative:
		fmt.Fprintf(&b, `<%s:Alt><%s:li xml:lang="x-default">`, rdf, rdf)
		xml.EscapeText(&b, []byte(text))
		fmt.Fprintf(&b, "</%s:li>%s</%s:Alt>", rdf, kept, rdf)
	}
	fmt.Fprintf(&b, "</%s>", name)
	return b.String()
}

// packetMap says where in a packet things stand, in bytes.
type packetMap struct {
	found             map[xml.Name][]occurrence
	rdf               string // the packet's prefix for RDF
	insert, insertEnd int    // where new properties go
	before, after     string // around them, when the element there was empty
	cuts              []cut
}

// occurrence is a property as an element or attribute.
type occurrence struct {
	start, end int
	items      []item // of an alternative
}

// item is an rdf:li with the language and text that it has.
type item struct {
	start, end int
	lang, text string
}

// otherLanguages returns the items that do not repeat the default text.
func (o occurrence) otherLanguages(packet []byte) string {
	standard := ""
	for _, i := range o.items {
		if i.lang == "x-default" {
			standard = i.text
		}
	}
	kept := ""
	for _, i := range o.items {
		if i.lang != "x-default" && i.text != standard {
			kept += string(packet[i.start:i.end])
		}
	}
	return kept
}

type cut struct {
	start, end int
	new        string
}

func (m *packetMap) apply(packet []byte) []byte {
	slices.SortStableFunc(m.cuts, func(a, b cut) int { return a.start - b.start })
	var out bytes.Buffer
	at := 0
	for _, c := range m.cuts {
		out.Write(packet[at:c.start])
		out.WriteString(c.new)
		at = c.end
	}
	out.Write(packet[at:])
	return out.Bytes()
}

// open is an element that has begun.
type open struct {
	name       xml.Name // with its namespace
	raw        xml.Name // with its prefix
	start      int
	namespaces map[string]string // by prefix, with the outer ones
	lang       string
	text       strings.Builder
}

// mapPacket finds the properties of all top-level descriptions.
func mapPacket(packet []byte) (*packetMap, error) {
	m := &packetMap{found: map[xml.Name][]occurrence{}, insert: -1}
	decoder := xml.NewDecoder(bytes.NewReader(packet))
	var stack []*open
	var items []item
	for {
		start := int(decoder.InputOffset())
		token, err := decoder.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		end := int(decoder.InputOffset())
		switch t := token.(type) {
		case xml.StartElement:
			if len(stack) == maxXMPDepth {
				return nil, errors.New("elements are nested too deep")
			}
			e := newOpen(stack, t, start)
			stack = append(stack, e)
			if isDescription(stack) {
				m.attributes(packet[start:end], start, t.Attr, e.namespaces)
			}
			if isProperty(stack) {
				items = nil
			}
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text.Write(t)
			}
		case xml.Directive:
			return nil, errors.New("it has a document type")
		case xml.EndElement:
			if len(stack) == 0 || stack[len(stack)-1].raw != t.Name {
				return nil, errors.New("an element ends that did not begin")
			}
			e := stack[len(stack)-1]
			if isProperty(stack) {
				m.found[e.name] = append(m.found[e.name], occurrence{e.start, end, items})
			}
			if e.name == (xml.Name{Space: nsRDF, Local: "li"}) && len(stack) > 3 && isProperty(stack[:len(stack)-2]) {
				items = append(items, item{e.start, end, e.lang, e.text.String()})
			}
			if isDescription(stack) && m.insert < 0 {
				m.insertAt(packet, e, start, end)
			}
			stack = stack[:len(stack)-1]
		}
	}
	if len(stack) > 0 || m.insert < 0 {
		return nil, errors.New("it has no complete description")
	}
	return m, nil
}

// insertAt makes the end of a description the place for new properties. An
// empty-element tag is opened for them.
func (m *packetMap) insertAt(packet []byte, e *open, start, end int) {
	m.rdf = e.raw.Space
	m.insert, m.insertEnd = start, start
	if start == end && bytes.HasSuffix(packet[:start], []byte("/>")) {
		m.insert -= len("/>")
		m.before, m.after = ">", "</"+e.raw.Space+":"+e.raw.Local+">"
	}
}

func newOpen(stack []*open, t xml.StartElement, start int) *open {
	e := &open{raw: t.Name, start: start, namespaces: map[string]string{}}
	if len(stack) > 0 {
		e.namespaces = stack[len(stack)-1].namespaces
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns":
			inherited := e.namespaces
			e.namespaces = map[string]string{a.Name.Local: a.Value}
			for prefix, namespace := range inherited {
				if prefix != a.Name.Local {
					e.namespaces[prefix] = namespace
				}
			}
		case a.Name.Space == "xml" && a.Name.Local == "lang":
			e.lang = a.Value
		}
	}
	e.name = xml.Name{Space: e.namespaces[t.Name.Space], Local: t.Name.Local}
	return e
}

// isDescription tells whether the innermost element is an rdf:Description
// directly in rdf:RDF.
func isDescription(stack []*open) bool {
	n := len(stack)
	return n >= 2 && stack[n-1].name == (xml.Name{Space: nsRDF, Local: "Description"}) &&
		stack[n-2].name == (xml.Name{Space: nsRDF, Local: "RDF"})
}

// isProperty tells whether the innermost element is a property of one.
func isProperty(stack []*open) bool {
	return len(stack) >= 3 && isDescription(stack[:len(stack)-1])
}

// attributes finds the properties that a description has as attributes.
func (m *packetMap) attributes(tag []byte, start int, attrs []xml.Attr, namespaces map[string]string) {
	for _, a := range attrs {
		if a.Name.Space == "" || a.Name.Space == "xmlns" {
			continue
		}
		from, to := attributeSpan(tag, a.Name.Space+":"+a.Name.Local)
		if from < 0 {
			continue
		}
		name := xml.Name{Space: namespaces[a.Name.Space], Local: a.Name.Local}
		m.found[name] = append(m.found[name], occurrence{start: start + from, end: start + to})
	}
}

// attributeSpan finds an attribute in a well-formed start tag, with the white
// space before it; from is -1 when it is not there.
func attributeSpan(tag []byte, name string) (from, to int) {
	const space = " \t\r\n"
	at := bytes.IndexAny(tag, space)
	for at >= 0 && at < len(tag) {
		from = at
		at += len(tag[at:]) - len(bytes.TrimLeft(tag[at:], space))
		equals := bytes.IndexByte(tag[at:], '=')
		if equals < 0 {
			break
		}
		found := string(bytes.TrimSpace(tag[at : at+equals]))
		quote := at + equals + 1
		quote += len(tag[quote:]) - len(bytes.TrimLeft(tag[quote:], space))
		if quote >= len(tag) {
			break
		}
		closing := bytes.IndexByte(tag[quote+1:], tag[quote])
		if closing < 0 {
			break
		}
		at = quote + 1 + closing + 1
		if found == name {
			return from, at
		}
	}
	return -1, -1
}
