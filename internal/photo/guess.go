package photo

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Texts of no declared coding that are no UTF-8 are read as Latin-1 (Windows
// 1252), as ExifTool does, unless that can only be wrong: letters that no
// language puts together. Programs in Moscow, Seoul or on an old Macintosh
// wrote as their machine did, and said nothing.

// enough is how much of a text tells its coding, in bytes.
const enough = 4096

// undeclared returns the coding that a text was written in.
func undeclared(b []byte) encoding.Encoding {
	b = b[:min(len(b), enough)]
	high, plain := 0, 0
	for i, c := range b {
		switch {
		case c >= 0x80:
			high++
		case asciiLetter(c) && (i == 0 || b[i-1] < 0x80):
			plain++
		}
	}
	// In Latin scripts letters with marks are few.
	if high >= 8 && high > plain {
		if best := foreign(b); best != nil {
			return best
		}
	}
	latin1, latin2, isoLatin2, mac := 0, 0, 0, 0
	for i, c := range b {
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = b[i-1]
		}
		if i+1 < len(b) {
			after = b[i+1]
		}
		switch {
		case c >= 0xDF && c != 0xF7 && (asciiLetter(before) || smallLetter(after)):
			latin1++
		case c == 0xB1 || c == 0xB6 || c == 0xBC:
			isoLatin2 += one(smallLetter(before))
		case c == 0xB3 || c == 0xB9:
			latin2 += one(smallLetter(before) && before != 'm') + one(smallLetter(before) && smallLetter(after))
		}
		mac += one(isMac(before, c, after))
	}
	switch {
	case mac > 0 && latin1 == 0:
		return charmap.Macintosh
	case isoLatin2 > 0 && latin1 > 0:
		return charmap.ISO8859_2
	case latin2 > 1, latin2 > 0 && latin1 > 0, bytes.IndexByte(b, 0xBF) > 0 && latin1 > 0 && smallLetter(b[bytes.IndexByte(b, 0xBF)-1]):
		return charmap.Windows1250
	}
	return charmap.Windows1252
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func asciiLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func smallLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// isMac says whether a byte is a letter of Mac OS Roman and, where it stands,
// nothing in Windows 1252.
func isMac(before, c, after byte) bool {
	switch c {
	case 0x81, 0x8D, 0x8F, 0x90, 0x9D: // Å ç è ê ù; no characters
		return true
	case 0x87, 0x88, 0x89, 0x98: // á à â ò; signs
		return smallLetter(before) || smallLetter(after)
	case 0x8A, 0x8C, 0x8E, 0x9F: // ä å é ü; capitals, which may begin a word
		return smallLetter(before) || asciiLetter(before) && smallLetter(after)
	case 0x8B, 0x93, 0x94, 0x99, 0x9B, 0xBE, 0xBF: // ã ì î ô õ æ ø; signs that may stand beside a word
		return asciiLetter(before) && smallLetter(after)
	}
	return false
}

// foreign returns the coding of a script that is not Latin in which the text
// reads best; nil when it reads well in none.
func foreign(b []byte) encoding.Encoding {
	var best encoding.Encoding
	most := 0.6
	low := slices.ContainsFunc(b, func(c byte) bool { return c >= 0x80 && c <= 0xA0 })
	for _, e := range []struct {
		encoding.Encoding
		fits func(rune) float64
	}{
		{charmap.Windows1251, cyrillic}, {charmap.KOI8R, cyrillic}, {charmap.ISO8859_5, cyrillic}, {charmap.CodePage866, cyrillic},
		{charmap.Windows1253, greek}, {charmap.Windows1256, arabic}, {charmap.Windows1255, hebrew}, {charmap.Windows874, thai},
		{japanese.ShiftJIS, kana}, {japanese.EUCJP, kana}, {korean.EUCKR, hangul}, {simplifiedchinese.GBK, han}, {traditionalchinese.Big5, han},
	} {
		// Korean's later additions, which begin so, are hardly ever used.
		if low && e.Encoding == korean.EUCKR {
			continue
		}
		text, err := e.NewDecoder().Bytes(b)
		if err != nil {
			continue
		}
		if score := readsAs(text, e.fits); score > most {
			best, most = e.Encoding, score
		}
	}
	return best
}

// readsAs is how well the letters beyond ASCII fit a script: about 1 for a text
// in it. The weights of the scripts are such that each wins on its own texts,
// as TestUndeclaredCaptions has them, and on no other's.
func readsAs(text []byte, fits func(rune) float64) float64 {
	sum, n := 0.0, 0
	before := ' '
	for _, r := range string(text) {
		if r >= utf8.RuneSelf {
			n++
			sum += fits(r)
			if r == utf8.RuneError {
				sum--
			}
			// Small letters before capitals are a sign of another coding.
			if unicode.IsLower(before) && unicode.IsUpper(r) {
				sum--
			}
		}
		before = r
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// Capitals are few in a text.
func cyrillic(r rune) float64 {
	switch {
	case strings.ContainsRune("шщъфэцхжюШЩЪФЭЦХЖЮ", r): // not often
		return 0.3
	case r >= 'а' && r <= 'я', r == 'ё', r == 'і', r == 'ї', r == 'є', r == 'ў', r == 'ґ':
		return 1
	case r >= 'А' && r <= 'Я', r == '«', r == '»', r == '—', r == '–', r == '№', r == '…', r == '“', r == '”', r == '„', r == 'Ё', r == 'І', r == 'Ї', r == 'Є':
		return 0.95
	}
	return 0
}

func greek(r rune) float64 {
	switch {
	case r == 'ΰ': // hardly ever
		return 0
	case strings.ContainsRune("άέήίόύώ", r): // one in most words
		return 1.8
	case r >= 'ά' && r <= 'ώ', r >= 'Ά' && r <= 'Ϋ', r == '«', r == '»':
		return 0.8
	}
	return 0
}

func arabic(r rune) float64 {
	return 0.9 * float64(one(unicode.Is(unicode.Arabic, r) || r == '،' || r == '؟'))
}
func hebrew(r rune) float64 { return 0.95 * float64(one(r >= 'א' && r <= 'ת')) }
func thai(r rune) float64   { return 0.85 * float64(one(unicode.Is(unicode.Thai, r))) }

// kana: a Japanese text is half of them; Chinese characters alone are none.
func kana(r rune) float64 {
	switch {
	case unicode.In(r, unicode.Hiragana, unicode.Katakana) && (r < 0xFF00), r == '、', r == '。', r == 'ー':
		return 2
	case unicode.Is(unicode.Han, r):
		return 0.75
	case r == '「', r == '」', r == '（', r == '）', r == '・':
		return 1
	}
	return 0
}

func hangul(r rune) float64 {
	switch {
	case r >= 0xAC00 && r <= 0xD7A3:
		return 1.2
	case r == '“', r == '”', r == '‘', r == '’', r == '·':
		return 1
	}
	return 0
}

func han(r rune) float64 {
	switch {
	case common()[r]:
		return 1.6
	case unicode.Is(unicode.Han, r):
		return 0.8
	case r == '，', r == '。', r == '、', r == '（', r == '）', r == '：', r == '《', r == '》':
		return 1
	}
	return 0
}

// common are the most frequent characters of Chinese, in both forms: they
// tell GBK and Big5 apart, which share most of their bytes.
var common = sync.OnceValue(func() map[rune]bool {
	all := map[rune]bool{}
	for _, r := range "的一是不了在人有我他这这個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日军軍者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很最重并並物手应應战戰向头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特代内內信表化老给給世位次度门門任常先海通教儿兒原东東声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活尔爾更别別打女变變四神总總何电電数數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許" {
		all[r] = true
	}
	return all
})
