package photo_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// made is a picture that the conformance test writes, mostly with ExifTool.
type made struct {
	name  string            // of its file
	plain []byte            // before ExifTool
	write []string          // ExifTool's arguments
	files map[string][]byte // that they name
	read  []string          // ExifTool's options for reading it; {"-"}: it cannot
	want  map[string]string // what must be read, by Field.From
}

var extension = map[string]string{"jpeg": "jpg", "tiff": "tif", "png": "png", "webp": "webp", "heic": "heic", "avif": "avif"}

var containers = []string{"jpeg", "tiff", "png", "webp", "heic", "avif"}

// scripts are captions in letters that characters sets differ in.
var scripts = []struct{ name, text string }{
	{"english", "A ferry leaves the harbour on Monday, Jan. 7, 2019. Photo provided by the port."},
	{"norwegian", "En ferge forlater havnen i Tromsø mandag 7. januar 2019. «Nærbilde» fra Ålesund."},
	{"polish", "Prom opuszcza port w Świnoujściu, poniedziałek. Zdjęcie udostępnił zarząd portu: żółć."},
	{"russian", "Паром выходит из порта Мурманска. Снимок предоставлен портом."},
	{"greek", "Ένα πλοίο φεύγει από το λιμάνι του Πειραιά. Φωτογραφία του λιμένα."},
	{"arabic", "عبارة تغادر الميناء. صورة قدمتها إدارة الميناء."},
	{"hebrew", "מעבורת עוזבת את הנמל. צילום שנמסר על ידי הנמל."},
	{"turkish", "Bir feribot İzmir limanından ayrılıyor; fotoğrafı liman işletmesi sağladı."},
	{"korean", "여객선이 부산항을 떠나고 있다. 항만공사 제공 사진."},
	{"japanese", "横浜港を出るフェリー。港湾局が提供した写真。"},
	{"chinese", "一艘渡轮驶离上海港。图片由港务局提供。"},
	{"emoji", "A ferry ⛴ leaves 𝄞 the harbour 🇳🇴."},
}

func script(name string) string {
	for _, s := range scripts {
		if s.name == name {
			return s.text
		}
	}
	panic(name)
}

// everything is what the pictures say of themselves beside the caption.
const (
	madeCredit = "Port of Tromsø via Nordlys"
	madeSource = "Port of Tromsø"
)

func encoded(t testing.TB, e encoding.Encoding, text string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return b
}

func allMade(t testing.TB) []made {
	return slices.Concat(madeEXIF(t), madeIIM(t), madeXMP(t), madeTogether(t), madePNG(t), madeOddJPEG(t), madeTIFF(t))
}

// madeEXIF: every container, both byte orders, each script and coding.
func madeEXIF(t testing.TB) []made {
	var all []made
	for _, c := range containers {
		for _, order := range []string{"II", "MM"} {
			for _, s := range scripts {
				if order == "MM" && (s.name == "polish" || s.name == "hebrew" || s.name == "turkish" || s.name == "greek") {
					continue
				}
				m := made{
					name: fmt.Sprintf("exif-%s-%s.%s", strings.ToLower(order), s.name, extension[c]), plain: plain(t, c),
					write: []string{"-ExifByteOrder=" + order, "-EXIF:ImageDescription=" + s.text, "-EXIF:Artist=Åse Berg", "-EXIF:Copyright=" + madeCredit,
						"-EXIF:Software=Darkroom 3.1", "-EXIF:UserComment=" + s.text, "-EXIF:XPTitle=" + s.text, "-EXIF:XPComment=XP " + s.text,
						"-EXIF:XPAuthor=Åse Berg", "-EXIF:XPSubject=Ferry", "-EXIF:XPKeywords=ferry;port", "-EXIF:DateTimeOriginal=2019:01:07 10:20:30", "-EXIF:OffsetTimeOriginal=+09:00",
						"-EXIF:SubSecTimeOriginal=25", "-EXIF:CreateDate=2019:01:07 10:20:31", "-EXIF:ModifyDate=2019:01:08 08:00:00", "-EXIF:OffsetTime=Z",
						"-EXIF:GPSLatitude=69.6492", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=18.9553", "-EXIF:GPSLongitudeRef=W",
						"-EXIF:GPSDateStamp=2019:01:07", "-EXIF:GPSTimeStamp=01:20:30"},
					want: map[string]string{"exif:ImageDescription": s.text, "exif:UserComment": s.text, "exif:XPTitle": s.text, "exif:Artist": "Åse Berg",
						"exif:DateTimeOriginal": "2019-01-07T10:20:30.25+09:00", "exif:DateTime": "2019-01-08T08:00:00Z"},
				}
				if s.name == "emoji" { // ExifTool writes XP fields without pairs of surrogates
					delete(m.want, "exif:XPTitle")
				}
				all = append(all, m)
			}
			all = append(all, made{
				name: fmt.Sprintf("exif-%s-latin1.%s", strings.ToLower(order), extension[c]), plain: plain(t, c),
				write: []string{"-charset", "exif=Latin", "-ExifByteOrder=" + order, "-EXIF:ImageDescription=" + script("norwegian"), "-EXIF:Artist=Åse Berg"},
				read:  []string{"-charset", "exif=Latin"},
				want:  map[string]string{"exif:ImageDescription": script("norwegian"), "exif:Artist": "Åse Berg"},
			})
		}
	}
	return all
}

// coding is a way to write IIM texts.
type coding struct {
	name     string
	declared string // the value of 1:90
	encoding encoding.Encoding
	script   string
	read     []string
}

var unread = []string{"-"} // ExifTool decodes only UTF-8 of what 1:90 can declare

var codings = []coding{
	{"utf8", "\x1b%G", encoding.Nop, "", nil},
	{"utf8-level1", "\x1b%/G", encoding.Nop, "korean", unread},
	{"none-latin1", "", charmap.Windows1252, "norwegian", nil},
	{"none-ascii", "", encoding.Nop, "english", nil},
	{"none-utf8", "", encoding.Nop, "", []string{"-charset", "iptc=UTF8"}},
	{"latin1", "\x1b.A", charmap.ISO8859_1, "norwegian", nil},
	{"latin1-g1", "\x1b-A", charmap.ISO8859_1, "norwegian", nil},
	{"latin1-g3", "\x1b/A", charmap.ISO8859_1, "norwegian", nil},
	{"latin2", "\x1b-B", charmap.ISO8859_2, "polish", unread},
	{"latin2-g2", "\x1b.B", charmap.ISO8859_2, "polish", unread},
	{"cyrillic", "\x1b-L", charmap.ISO8859_5, "russian", unread},
	{"arabic", "\x1b-G", charmap.ISO8859_6, "arabic", unread},
	{"greek", "\x1b-F", charmap.ISO8859_7, "greek", unread},
	{"hebrew", "\x1b-H", charmap.ISO8859_8, "hebrew", unread},
	{"turkish", "\x1b-M", charmap.ISO8859_9, "turkish", unread},
	{"latin9", "\x1b-b", charmap.ISO8859_15, "norwegian", unread},
	{"korean", "\x1b$)C", korean.EUCKR, "korean", unread},
	{"japanese", "\x1b$)B", japanese.EUCJP, "japanese", unread},
	{"japanese-2022", "\x1b(B", japanese.ISO2022JP, "japanese", unread},
	{"chinese", "\x1b$)A", simplifiedchinese.GBK, "chinese", unread},
	{"two-sets", "\x1b-A\x1b.L", charmap.ISO8859_1, "norwegian", unread},
}

// madeIIM: in every container that has a place for IIM, in each coding.
func madeIIM(t testing.TB) []made {
	var all []made
	for _, c := range []string{"jpeg", "tiff", "png"} {
		for _, k := range codings {
			texts := []string{k.script}
			if k.script == "" {
				texts = nil
				for _, s := range scripts {
					texts = append(texts, s.name)
				}
			}
			for _, name := range texts {
				text := script(name)
				if k.encoding == charmap.ISO8859_1 || k.name == "latin9" {
					text = strings.NewReplacer("«", "<", "»", ">").Replace(text)
				}
				all = append(all, made{
					name: fmt.Sprintf("iim-%s-%s.%s", k.name, name, extension[c]), plain: plain(t, c),
					write: []string{"-IPTC<=" + k.name + name + ".iim"},
					files: map[string][]byte{k.name + name + ".iim": iimBlock(k.declared, encoded(t, k.encoding, text))},
					read:  k.read,
					want:  map[string]string{"iptc:2:120": text, "iptc:2:105": text, "iptc:2:110": "Port/Nordlys", "iptc:2:055": "2019-01-07T10:20:30+09:00"},
				})
			}
		}
	}
	for _, e := range []struct {
		name, escape string
		text         []byte
		want         string
	}{
		{"jis-g0", "\x1b$B", bytes.TrimSuffix(bytes.TrimPrefix(encoded(t, japanese.ISO2022JP, script("japanese")), []byte("\x1b$B")), []byte("\x1b(B")), script("japanese")},
		{"korean-shift", "\x1b$)C", shifted(encoded(t, korean.EUCKR, script("korean"))), script("korean")},
		{"utf16", "\x1b%/L", bigEndian(script("russian")), script("russian")},
		{"ucs4", "\x1b%/F", ucs4(script("emoji")), script("emoji")},
		{"big5", "", encoded(t, traditionalchinese.Big5, "渡輪"), string(decodedLatin1(encoded(t, traditionalchinese.Big5, "渡輪")))}, // nothing says what it is
		{"cyrillic-inside", "\x1b-A", slices.Concat([]byte("Troms\xf8 / \x1b-L"), encoded(t, charmap.ISO8859_5, "Тромсё")), "Tromsø / Тромсё"},
		{"utf8-cut-inside-a-letter", "\x1b%G", []byte(strings.Repeat("Ferge på havet. ", 200))[:2000], strings.ToValidUTF8(strings.Repeat("Ferge på havet. ", 200)[:2000], "")},
		{"utf8-cut-korean", "\x1b%G", []byte(strings.Repeat("여객선", 300))[:2000], strings.ToValidUTF8(strings.Repeat("여객선", 300)[:2000], "")},
		{"none-cut-korean", "", []byte(strings.Repeat("여객선", 300))[:2000], strings.ToValidUTF8(strings.Repeat("여객선", 300)[:2000], "")},
	} {
		all = append(all, made{
			name: "iim-" + e.name + ".jpg", plain: withSegments(plain(t, "jpeg"), photoshop(iimBlock(e.escape, e.text))),
			read: unread, want: map[string]string{"iptc:2:120": e.want},
		})
	}
	return all
}

func decodedLatin1(b []byte) []byte {
	out, _ := charmap.Windows1252.NewDecoder().Bytes(b)
	return out
}

// shifted writes EUC in seven bits, between shift out and shift in (ISO 2022).
func shifted(b []byte) []byte {
	var out []byte
	high := false
	for _, c := range b {
		if (c >= 0x80) != high {
			high = !high
			out = append(out, map[bool]byte{true: 0x0E, false: 0x0F}[high])
		}
		out = append(out, c&0x7F)
	}
	return out
}

func bigEndian(text string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return out
}

func littleEndian(text string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

func ucs4(text string) []byte {
	var out []byte
	for _, r := range text {
		out = binary.BigEndian.AppendUint32(out, uint32(r))
	}
	return out
}

func ucs4Little(text string) []byte {
	var out []byte
	for _, r := range text {
		out = binary.LittleEndian.AppendUint32(out, uint32(r))
	}
	return out
}

// iimBlock holds the text as caption and, when it fits, as headline.
func iimBlock(declared string, text []byte) []byte {
	var b []byte
	if declared != "" {
		b = dataset(1, 90, []byte(declared))
	}
	b = slices.Concat(b, dataset(2, 0, []byte{0, 4}), dataset(2, 25, []byte("ferry")), dataset(2, 25, []byte("port")), dataset(2, 40, []byte("EDITORIAL USE ONLY")), dataset(2, 55, []byte("20190107")), dataset(2, 60, []byte("102030+0900")))
	if len(text) < 1000 {
		b = append(b, dataset(2, 105, text)...)
	}
	if declared == "\x1b%/L" || declared == "\x1b%/F" {
		return append(b, dataset(2, 120, text)...)
	}
	return slices.Concat(b, dataset(2, 110, []byte("Port/Nordlys")), dataset(2, 115, []byte("Port")), dataset(2, 120, text), dataset(2, 103, []byte("TRO801")), dataset(2, 100, []byte("NOR")))
}

func photoshop(iim []byte) []byte {
	return jpegSegment(0xED, []byte("Photoshop 3.0\x00"), resource("8BIM", 0x0404, "", iim))
}
