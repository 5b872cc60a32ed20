package photo_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"cutline/internal/photo"
)

// TestUndeclared: what nothing is said about is read as Latin-1, unless the
// letters show that it is not.
func TestUndeclared(t *testing.T) {
	const (
		russian   = "Рабочие у входа на завод в Челябинске, 3 марта 2026 г. Снимок предоставлен пресс-службой завода (ТАСС via AP)"
		ukrainian = "Поїзд на станції біля Львова, у вівторок. Знімок надала пресслужба залізниці."
		greek     = "Επιβάτες περιμένουν στον σταθμό της Θεσσαλονίκης. Η φωτογραφία δόθηκε από την εταιρεία."
		arabic    = "قطار في محطة قرب دمشق. وزعت الوكالة الصورة ولم يتسن التحقق منها."
		hebrew    = "רכבת בתחנה בחיפה ביום שלישי. את התמונה מסר דובר החברה."
		thai      = "รถไฟที่สถานีในกรุงเทพฯ ภาพจากการรถไฟ"
		korean1   = "원산역에 서 있는 열차. 조선중앙통신이 제공한 사진으로 독자적으로 확인할 수 없다. (KCNA via AP)"
		japanese1 = "元山駅に止まる列車。朝鮮中央通信が配信した写真で、内容は独自に確認できていない。"
		chinese   = "一列火车停在元山车站。图片由朝中社发布，内容无法独立核实。"
		taiwanese = "一列火車停在元山車站。圖片由朝中社發布，內容無法獨立核實。"
		french    = "Le président François Hollande à l’Élysée, où la cérémonie a été annulée « à cause de la météo »."
		norwegian = "Nærbilde av en ferge på vei til Bodø; håndverkere på kaien. Været er dårlig."
		german    = "Überschwemmung in der Nähe von Köln; Straßen und Gärten stehen unter Wasser."
		polish    = "Pociąg na stacji pod Łodzią. Zdjęcie udostępniła spółka kolejowa, wagony są puste, załoga wyszła."
		spanish   = "¿Qué pasó? Un niño señala el camión en Logroño, después de la explosión – «muy fuerte»."
	)
	for name, c := range map[string]struct {
		coding encoding.Encoding
		text   string
	}{
		"Windows 1251": {charmap.Windows1251, russian}, "KOI8-R": {charmap.KOI8R, russian}, "ISO 8859-5": {charmap.ISO8859_5, russian},
		"code page 866": {charmap.CodePage866, russian}, "Windows 1251, capitals": {charmap.Windows1251, strings.ToUpper(russian)},
		"Windows 1251, Ukrainian": {charmap.Windows1251, ukrainian}, "Windows 1253": {charmap.Windows1253, greek},
		"Windows 1256": {charmap.Windows1256, arabic}, "Windows 1255": {charmap.Windows1255, hebrew}, "Windows 874": {charmap.Windows874, thai},
		"EUC-KR": {korean.EUCKR, korean1}, "Shift JIS": {japanese.ShiftJIS, japanese1}, "EUC-JP": {japanese.EUCJP, japanese1},
		"GBK": {simplifiedchinese.GBK, chinese}, "Big5": {traditionalchinese.Big5, taiwanese},
		"Windows 1250": {charmap.Windows1250, polish}, "ISO 8859-2": {charmap.ISO8859_2, polish},
		"Macintosh, Norwegian": {charmap.Macintosh, norwegian}, "Macintosh, French": {charmap.Macintosh, french}, "Macintosh, German": {charmap.Macintosh, german},
		"Windows 1252, French": {charmap.Windows1252, french}, "Windows 1252, Norwegian": {charmap.Windows1252, norwegian}, "Windows 1252, Spanish": {charmap.Windows1252, spanish},
		"Latin-1, German": {charmap.ISO8859_1, german},
		"all capitals":    {charmap.Windows1252, "FÆRØYENE, ÅLESUND OG TRØNDELAG; ÖSTERGÖTLAND, ÅÄÖ"},
		"one word":        {charmap.Windows1252, "Ærøskøbing"}, "signs": {charmap.Windows1252, "5 m³ at 20°, ±3 %, ©2019 “Ann’s” café – 50 €"},
	} {
		t.Run(name, func(t *testing.T) {
			got := photo.ReadBlock("iptc", iimBlock("", encoded(t, c.coding, c.text))).First(photo.Caption).Value
			if got != c.text {
				t.Errorf("read %q\nwrote %q", got, c.text)
			}
		})
	}
}

// TestWrongDeclaration: UTF-8 under the name of Latin-1 is UTF-8, and Latin-1
// under the name of UTF-8 is Latin-1.
func TestWrongDeclaration(t *testing.T) {
	const text = "Nærbilde av en ferge på vei til Bodø"
	latin1 := encoded(t, charmap.ISO8859_1, text)
	for name, block := range map[string][]byte{
		"UTF-8 as Latin-1": iimBlock("\x1b.A", []byte(text)), "UTF-8 as Cyrillic": iimBlock("\x1b-L", []byte(text)),
		"Latin-1 as UTF-8": iimBlock("\x1b%G", latin1), "Latin-1 as Latin-1": iimBlock("\x1b.A", latin1),
		"Latin-1, nonsense declared": iimBlock("UTF8", latin1), "UTF-8, nonsense declared": iimBlock("UTF8", []byte(text)),
	} {
		if got := photo.ReadBlock("iptc", block).First(photo.Caption).Value; got != text {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestOtherXMP: packets in codings that XMP has no place for.
func TestOtherXMP(t *testing.T) {
	const text, russian = "Nærbilde av en ferge på vei til Bodø", "Паром выходит из порта Мурманска"
	bare := func(text string) string {
		p := packet("elements", text)
		return p[strings.Index(p, "<x:xmpmeta"):strings.LastIndex(p, "<?xpacket")]
	}
	declared := func(name, text string) string { return `<?xml version="1.0" encoding="` + name + `"?>` + bare(text) }
	in := func(coding encoding.Encoding, s string) []byte {
		b, err := encoding.ReplaceUnsupported(coding.NewEncoder()).Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	latin := func(s string) []byte { return in(charmap.Windows1252, s) }
	for name, c := range map[string]struct {
		packet []byte
		want   string
	}{
		"declared Latin-1":       {latin(declared("ISO-8859-1", text)), text},
		"declared Windows 1251":  {in(charmap.Windows1251, declared("windows-1251", russian)), russian},
		"undeclared Latin-1":     {latin(bare(text)), text},
		"declared, but UTF-8":    {[]byte(declared("ISO-8859-1", text)), text},
		"an unknown declaration": {latin(declared("x-nothing", text)), text},
		"a damaged letter":       {[]byte(strings.Replace(bare(text), "Bodø", "Bod\xC3", 1)), strings.Replace(text, "Bodø", "Bod\uFFFD", 1)},
	} {
		if got := photo.ReadBlock("xmp", c.packet).First(photo.Caption).Value; got != c.want {
			t.Errorf("%s: read %q\nwrote %q", name, got, c.want)
		}
	}
}

// TestUndeclaredCaptions: of the labelled captions, none that is Latin-1 is
// taken for anything else, and of the others nearly all are told that have a
// line of their script: of fewer letters it is a guess.
func TestUndeclaredCaptions(t *testing.T) {
	codings := map[string][]encoding.Encoding{
		"ru": {charmap.Windows1251, charmap.KOI8R, charmap.ISO8859_5}, "uk": {charmap.Windows1251}, "ar": {charmap.Windows1256},
		"ko": {korean.EUCKR}, "ja": {japanese.ShiftJIS, japanese.EUCJP}, "zh": {simplifiedchinese.GBK, traditionalchinese.Big5},
	}
	const line = 40 // bytes
	right, all := 0, 0
	for lang, text := range labelledCaptions(t) {
		lang, _, _ := strings.Cut(lang, " ")
		others := codings[lang]
		for _, coding := range append([]encoding.Encoding{charmap.Windows1252}, others...) {
			b, err := coding.NewEncoder().Bytes([]byte(text))
			if err != nil || string(b) == text || len(b) > 2000 {
				continue
			}
			got := photo.ReadBlock("iptc", iimBlock("", b)).First(photo.Caption).Value
			switch {
			case coding == charmap.Windows1252 && got != text:
				t.Errorf("read %q\nwrote %q", got, text)
			case coding != charmap.Windows1252 && beyondASCII(b) >= line:
				all++
				if got == text {
					right++
				}
			}
		}
	}
	t.Logf("%d of %d in other scripts are told", right, all)
	if right*100 < all*99 {
		t.Errorf("only %d of %d in other scripts are told", right, all)
	}
}

func beyondASCII(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0x80 {
			n++
		}
	}
	return n
}

// labelledCaptions are those of the rules' corpus, each under its language and
// number.
func labelledCaptions(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../rules/testdata/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	texts := map[string]string{}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var c struct {
				ID, Lang string
				Fields   map[string]any
			}
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatal(err)
			}
			if text, ok := c.Fields["caption"].(string); ok {
				texts[c.Lang+" "+path+c.ID] = text
			}
		}
	}
	return texts
}
