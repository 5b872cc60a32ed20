package photo_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The ways to write the same properties (XMP, part 1, 7.9.2).
const (
	xmpHead = "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
	xmpTail = " </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
	xmpNS   = ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"`

	aiSource = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
)

// alternatives holds text for x-default, and others.
func alternatives(text string) string {
	return `<rdf:Alt><rdf:li xml:lang="x-default">` + text + `</rdf:li><rdf:li xml:lang="de-DE">Eine Fähre verlässt den Hafen.</rdf:li><rdf:li xml:lang="ja">フェリー。</rdf:li></rdf:Alt>`
}

var xmpForms = map[string]func(text string) string{
	"shorthand": func(text string) string {
		return `<rdf:Description rdf:about=""` + xmpNS + ` photoshop:Credit="` + madeCredit + `" photoshop:Source="` + madeSource + `" photoshop:Headline='` + text + `' photoshop:Instructions="EDITORIAL USE ONLY &amp; NO SALES" photoshop:AuthorsPosition="HO" photoshop:TransmissionReference="TRO801" photoshop:DateCreated="2019-01-07T10:20:30+09:00" photoshop:City="Tromsø" photoshop:Country="Norway" Iptc4xmpCore:CountryCode="NOR" xmp:CreatorTool="Darkroom 3.1" xmp:ModifyDate="2019-01-08" Iptc4xmpExt:DigitalSourceType="` + aiSource + `" exif:GPSLatitude="69,38.952N" exif:GPSLongitude="18,57.318W">
<dc:description>` + alternatives(text) + `</dc:description><dc:creator><rdf:Seq><rdf:li>Åse Berg</rdf:li><rdf:li>Bo Dahl</rdf:li></rdf:Seq></dc:creator><dc:subject><rdf:Bag><rdf:li>ferry</rdf:li><rdf:li>port</rdf:li></rdf:Bag></dc:subject>
<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li Iptc4xmpExt:City="Tromsø" Iptc4xmpExt:CountryName="Norway" Iptc4xmpExt:CountryCode="NO" Iptc4xmpExt:ProvinceState="Troms" Iptc4xmpExt:Sublocation="Pier 2"/></rdf:Bag></Iptc4xmpExt:LocationCreated>
<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li Iptc4xmpExt:City="Bodø" Iptc4xmpExt:CountryName="Norway"/><rdf:li Iptc4xmpExt:City="Narvik" Iptc4xmpExt:CountryCode="NO"/></rdf:Bag></Iptc4xmpExt:LocationShown>
<xmpMM:History><rdf:Seq><rdf:li stEvt:action="created" stEvt:softwareAgent="Darkroom 3.0"/><rdf:li stEvt:action="saved" stEvt:softwareAgent="Darkroom 3.1"/></rdf:Seq></xmpMM:History></rdf:Description>`
	},
	"elements": func(text string) string {
		return `<rdf:Description rdf:about=""` + xmpNS + `><photoshop:Credit>` + madeCredit + `</photoshop:Credit><photoshop:Source>` + madeSource + `</photoshop:Source></rdf:Description>
<rdf:Description rdf:about=""` + xmpNS + `><dc:description>` + alternatives(text) + `</dc:description><dc:title><rdf:Alt><rdf:li xml:lang="x-default">ferry-1</rdf:li></rdf:Alt></dc:title><dc:rights>` + alternatives("Port") + `</dc:rights><xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Editorial only</rdf:li></rdf:Alt></xmpRights:UsageTerms>
<photoshop:Headline><![CDATA[Ferry & port]]></photoshop:Headline><photoshop:DateCreated>2019-01-07</photoshop:DateCreated><tiff:Artist>Åse Berg</tiff:Artist><tiff:ImageDescription>` + alternatives(text) + `</tiff:ImageDescription><exif:UserComment>` + alternatives(text) + `</exif:UserComment><exif:DateTimeOriginal>2019-01-07T10:20:30+09:00</exif:DateTimeOriginal>
<Iptc4xmpCore:Location>Pier 2</Iptc4xmpCore:Location><photoshop:State>Troms</photoshop:State><photoshop:CaptionWriter>bd</photoshop:CaptionWriter>
<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:City>Tromsø</Iptc4xmpExt:City><Iptc4xmpExt:CountryName>Norway</Iptc4xmpExt:CountryName></rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>
<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li><rdf:Description><Iptc4xmpExt:City>Bodø</Iptc4xmpExt:City><Iptc4xmpExt:Sublocation>Harbour</Iptc4xmpExt:Sublocation></rdf:Description></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>
<Iptc4xmpExt:DigitalSourceType rdf:resource="` + aiSource + `"/></rdf:Description>`
	},
	"prefixes": func(text string) string { // own names for known namespaces, single values, a comment
		return `<rdf:Description xmlns:a="http://purl.org/dc/elements/1.1/" xmlns:b="http://ns.adobe.com/photoshop/1.0/"><a:description><rdf:Alt><!-- wire --><rdf:li xml:lang='x-default'>` + text + `</rdf:li></rdf:Alt></a:description><b:Credit>` + madeCredit + `</b:Credit><b:Source rdf:parseType="Literal">Port</b:Source></rdf:Description>`
	},
	"no-default": func(text string) string { // only one language, none the default
		return `<rdf:Description` + xmpNS + `><dc:description><rdf:Alt><rdf:li xml:lang="nb">` + text + `</rdf:li></rdf:Alt></dc:description></rdf:Description>`
	},
	"references": func(text string) string { // numeric character references for everything
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, "&#x%X;", r)
		}
		return `<rdf:Description` + xmpNS + `><dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + b.String() + `</rdf:li></rdf:Alt></dc:description></rdf:Description>`
	},
}

func packet(form, text string) string { return xmpHead + xmpForms[form](text) + xmpTail }

var xmpCodings = map[string]func(string) []byte{
	"utf8":       func(s string) []byte { return []byte(s) },
	"utf8-mark":  func(s string) []byte { return []byte("\uFEFF" + s) },
	"utf16be":    bigEndian,
	"utf16le":    littleEndian,
	"utf16be-bm": func(s string) []byte { return bigEndian("\uFEFF" + s) },
	"utf16le-bm": func(s string) []byte { return littleEndian("\uFEFF" + s) },
	"utf32be":    ucs4,
	"utf32le":    ucs4Little,
}

// madeXMP: every container, coding and form.
func madeXMP(t testing.TB) []made {
	var all []made
	n := 0
	for _, c := range containers {
		for _, coding := range slices.Sorted(maps.Keys(xmpCodings)) {
			for _, form := range slices.Sorted(maps.Keys(xmpForms)) {
				n++
				s := scripts[n%len(scripts)]
				name := fmt.Sprintf("xmp-%s-%s-%s", coding, form, s.name)
				m := made{name: name + "." + extension[c], plain: plain(t, c),
					write: []string{"-XMP<=" + name + ".xmp"},
					files: map[string][]byte{name + ".xmp": xmpCodings[coding](packet(form, s.text))},
					want:  map[string]string{"xmp:dc:description": s.text}}
				if strings.HasSuffix(coding, "-bm") || strings.HasSuffix(coding, "-mark") || strings.HasPrefix(coding, "utf32") { // ExifTool reads those, but does not write them
					m.plain, m.write = embedded(t, c, nil, nil, xmpCodings[coding](packet(form, s.text))), nil
				}
				all = append(all, m)
			}
		}
	}
	inside := item{kind: "mime", mime: "application/rdf+xml", data: []byte(packet("elements", script("russian"))), inside: true}
	return append(all, made{name: "xmp-in-idat.heic", plain: plainBMFF("heic", "hvc1", inside), read: unread, want: map[string]string{"xmp:dc:description": script("russian")}})
}

// madeTogether: all three blocks, in agreement and not, written as ExifTool
// does by itself.
func madeTogether(t testing.TB) []made {
	var all []made
	for _, c := range containers {
		for _, s := range scripts[:6] {
			m := made{name: "all-" + s.name + "." + extension[c], plain: plain(t, c),
				write: []string{"-EXIF:ImageDescription=" + s.text, "-XMP-dc:Description=" + s.text, "-XMP-dc:Description-fr=Un bac", "-XMP-photoshop:Credit=" + madeCredit, "-XMP-iptcExt:LocationCreatedCity=Tromsø", "-XMP-iptcExt:LocationShownCity=Bodø", "-XMP-iptcExt:DigitalSourceType=" + aiSource},
				want:  map[string]string{"exif:ImageDescription": s.text, "xmp:dc:description": s.text}}
			if c != "webp" && c != "heic" && c != "avif" {
				m.write = append(m.write, "-IPTC:CodedCharacterSet=UTF8", "-IPTC:Caption-Abstract=Not "+s.text, "-IPTC:By-line=Åse Berg", "-IPTC:By-line=Bo Dahl", "-IPTC:Source=Port", "-IPTC:SpecialInstructions=NO SALES", "-IPTC:DigitalCreationDate=2019:01:06", "-IPTC:DigitalCreationTime=11:12:13+01:00", "-IPTC:ReleaseDate=2019:01:09", "-IPTC:ReleaseTime=06:00:00+00:00")
				m.want["iptc:2:120"] = "Not " + s.text
			}
			all = append(all, m)
		}
	}
	return all
}

func pngChunk(kind string, parts ...[]byte) []byte {
	data := slices.Concat(parts...)
	body := append([]byte(kind), data...)
	return slices.Concat(u32(uint32(len(data))), body, u32(crc32.ChecksumIEEE(body)))
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// rawProfile writes a block as ImageMagick does.
func rawProfile(kind string, block []byte) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n%8d\n", kind, len(block))
	for i, c := range block {
		fmt.Fprintf(&b, "%02x", c)
		if i%36 == 35 {
			b.WriteByte('\n')
		}
	}
	return []byte(b.String() + "\n")
}

// madePNG: the kinds of text chunks.
func madePNG(t testing.TB) []made {
	base := plain(t, "png")
	text, korean := script("norwegian"), script("korean")
	latin1 := []byte("En ferge i Troms\xf8")
	xmp := []byte(packet("elements", text))
	iim := iimBlock("\x1b%G", []byte(text))
	exif := tiffBlock(binary.LittleEndian, []tag{{0x010E, 2, []byte(text + "\x00")}})
	key := func(s string) []byte { return append([]byte(s), 0) }
	one := func(name string, chunk []byte, want map[string]string) made {
		return made{name: "png-" + name + ".png", plain: withChunks(base, chunk), want: want}
	}
	end := len(base) - 12
	return []made{
		one("text", pngChunk("tEXt", key("Description"), latin1), map[string]string{"png:Description": "En ferge i Tromsø"}),
		one("ztxt", pngChunk("zTXt", key("Description"), []byte{0}, deflated(latin1)), map[string]string{"png:Description": "En ferge i Tromsø"}),
		one("itxt", pngChunk("iTXt", key("Description"), []byte{0, 0, 0, 0}, []byte(korean)), map[string]string{"png:Description": korean}),
		one("itxt-language", pngChunk("iTXt", key("Description"), []byte{0, 0}, []byte("ko\x00Beschreibung\x00"), []byte(korean)), map[string]string{"png:Description": korean}),
		one("itxt-compressed", pngChunk("iTXt", key("Description"), []byte{1, 0, 0, 0}, deflated([]byte(korean))), map[string]string{"png:Description": korean}),
		one("others", slices.Concat(pngChunk("tEXt", key("Title"), []byte("Ferry")), pngChunk("tEXt", key("Author"), []byte("Ann")), pngChunk("tEXt", key("Copyright"), []byte("Port")), pngChunk("tEXt", key("Source"), []byte("Port")), pngChunk("tEXt", key("Software"), []byte("Darkroom")), pngChunk("tEXt", key("Comment"), []byte("A comment"))), map[string]string{"png:Author": "Ann"}),
		one("xmp-compressed", pngChunk("iTXt", key("XML:com.adobe.xmp"), []byte{1, 0, 0, 0}, deflated(xmp)), map[string]string{"xmp:dc:description": text}),
		one("profile-iptc", pngChunk("zTXt", key("Raw profile type iptc"), []byte{0}, deflated(rawProfile("iptc", resource("8BIM", 0x0404, "", iim)))), map[string]string{"iptc:2:120": text}),
		one("profile-iptc-bare", pngChunk("tEXt", key("Raw profile type iptc"), rawProfile("iptc", iim)), map[string]string{"iptc:2:120": text}),
		one("profile-exif", pngChunk("zTXt", key("Raw profile type exif"), []byte{0}, deflated(rawProfile("exif", append([]byte("Exif\x00\x00"), exif...)))), map[string]string{"exif:ImageDescription": text}),
		one("profile-app1", pngChunk("zTXt", key("Raw profile type APP1"), []byte{0}, deflated(rawProfile("generic", append([]byte("Exif\x00\x00"), exif...)))), map[string]string{"exif:ImageDescription": text}),
		one("profile-xmp", pngChunk("zTXt", key("Raw profile type xmp"), []byte{0}, deflated(rawProfile("xmp", xmp))), map[string]string{"xmp:dc:description": text}),
		one("profile-app1-xmp", pngChunk("zTXt", key("Raw profile type APP1"), []byte{0}, deflated(rawProfile("generic", append([]byte("http://ns.adobe.com/xap/1.0/\x00"), xmp...)))), map[string]string{"xmp:dc:description": text}),
		one("exif", pngChunk("eXIf", exif), map[string]string{"exif:ImageDescription": text}),
		{name: "png-text-at-the-end.png", plain: slices.Concat(base[:end], pngChunk("tEXt", key("Description"), []byte("A ferry")), base[end:]), want: map[string]string{"png:Description": "A ferry"}},
		{name: "png-written-compressed.png", plain: base, write: []string{"-z", "-PNG:Description=" + strings.Repeat(text+" ", 20), "-XMP-dc:Description=" + text}, want: map[string]string{"xmp:dc:description": text}},
		{name: "png-written.png", plain: base, write: []string{"-PNG:Description=" + korean, "-PNG:Author=Åse", "-PNG:Title-de=Fähre", "-PNG:CreationTime=2019:01:07 10:20:30"}, want: map[string]string{"png:Description": korean}},
	}
}
