package caption

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letter is what the reader has to know of a character.
type letter struct {
	folded string // what it is compared as
	class  class
	flags  flags
	hint   spelling
}

// spelling says which languages spell with a letter that few others have: an
// index of rareLetters.
type spelling uint8

var rareLetters = [...]struct{ letters, languages string }{
	{},
	{"ãõ", "pt"}, {"ñ¿¡", "es"}, {"ß", "de"}, {"łąęśźżćń", "pl"}, {"ğışİ", "tr"}, {"ø", "no da"}, {"æ", "no da"}, {"å", "sv no da"},
	{"äö", "de sv"}, {"ü", "de tr"}, {"œêèùûî", "fr"}, {"òì", "it"}, {"іїєґ", "uk"}, {"ыэъё", "ru"},
}

func spellingOf(r rune) spelling {
	lower := unicode.ToLower(r)
	for i, s := range rareLetters {
		if r >= utf8.RuneSelf && (strings.ContainsRune(s.letters, lower) || strings.ContainsRune(s.letters, r)) {
			return spelling(i)
		}
	}
	return 0
}

type flags uint8

const (
	upperCase  flags = 1 << iota
	space            // white space
	lineBreak        // that ends a line as well
	hidden           // no reader sees it and no word is parted by it
	apostrophe       // in a word it belongs to it
	hyphen           // at a line's end it joins the parts of a word
	combining        // belongs to the character before it
)

// pages hold the letters of 256 characters each. They are made when a text
// first needs them, so that a start pays for no script that is not read.
var pages [0x110000 >> 8]atomic.Pointer[[256]letter]

func letterOf(r rune) *letter {
	if r < 0 || r > unicode.MaxRune {
		r = utf8.RuneError
	}
	p := pages[r>>8].Load()
	if p == nil {
		p = new([256]letter)
		for i := range p {
			p[i] = newLetter(r&^0xFF + rune(i))
		}
		pages[r>>8].Store(p)
	}
	return &p[r&0xFF]
}

func newLetter(r rune) letter {
	l := letter{folded: string(appendFolded(nil, r)), class: classOf(r), hint: spellingOf(r)}
	for _, f := range []struct {
		is   bool
		flag flags
	}{
		{unicode.IsUpper(r), upperCase},
		{unicode.IsSpace(r), space},
		{r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029', lineBreak},
		{invisible(r), hidden},
		{isApostrophe(r), apostrophe},
		{r == '-' || r == '‐' || r == '\u2011' || r == '\uff0d', hyphen},
		{unicode.Is(unicode.Mn, r), combining},
	} {
		if f.is {
			l.flags |= f.flag
		}
	}
	return l
}

func classOf(r rune) class {
	if r < utf8.RuneSelf {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r == '_':
			return word
		case '0' <= r && r <= '9':
			return number
		}
		return mark
	}
	switch {
	case isApostrophe(r): // also U+02BC, which counts as a letter
		return mark
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r == 'ー', r == '々':
		return dense
	case 0xFF10 <= r && r <= 0xFF19:
		return number
	case unicode.IsLetter(r), unicode.Is(unicode.Mn, r):
		return word
	case unicode.IsDigit(r):
		return number
	}
	return mark
}

func invisible(r rune) bool {
	switch {
	case r < 0xAD:
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\v' && r != '\f' || r == 0x7F
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x640, r == 0x180E, r == 0xFEFF:
		return true
	case 0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E, 0x2060 <= r && r <= 0x206F, 0xFE00 <= r && r <= 0xFE0F:
		return true
	}
	return false
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '‛', 'ʼ', '´', '`', '\uff07', '′':
		return true
	}
	return false
}

// appendFolded appends what r is compared as. Letters of the Latin script
// lose their accents and become ASCII where there is a usual way; Arabic
// letters lose their vowels and the forms of alef; Greek and Cyrillic keep
// what makes another letter (й), but not stress.
func appendFolded(b []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	if s, ok := folds[r]; ok {
		return append(b, s...)
	}
	if unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana) {
		return utf8.AppendRune(b, r)
	}
	if unicode.Is(unicode.Mn, r) {
		return b
	}
	var decomposed [16]byte
	var raw [utf8.UTFMax]byte
	n := utf8.EncodeRune(raw[:], r)
	for _, d := range string(norm.NFKD.Append(decomposed[:0], raw[:n]...)) {
		if unicode.Is(unicode.Mn, d) {
			continue
		}
		d = unicode.ToLower(d)
		if s, ok := folds[d]; ok {
			b = append(b, s...)
			continue
		}
		if d != ' ' {
			b = utf8.AppendRune(b, d)
		}
	}
	return b
}

// folds are the letters whose decomposition would not do.
var folds = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o",
	'å': "a", 'Å': "a", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th",
	'ł': "l", 'Ł': "l", 'ı': "i", 'İ': "i",
	'й': "й", 'Й': "й", 'ї': "ї", 'Ї': "ї", 'ў': "ў", 'Ў': "ў",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ة': "ه", 'ک': "ك", 'ی': "ي",
	'’': "'", '‘': "'", '‛': "'", '“': "\"", '”': "\"", '„': "\"", '«': "\"", '»': "\"",
	'–': "-", '—': "-", '−': "-", '…': ".", '／': "/", '＝': "=", '：': ":", '；': ";",
	'（': "(", '）': ")", '［': "[", '］': "]", '【': "[", '】': "]", '〔': "[", '〕': "]", '，': ",", '、': ",",
	'。': ".", '．': ".", '｡': ".", '！': "!", '？': "?", '؟': "?", '؛': ";", '،': ",", '@': "@", '＠': "@", 'ⓒ': "©", 'Ⓒ': "©",
	'ヴ': "ヴ", 'ガ': "ガ", 'ギ': "ギ", 'グ': "グ", 'ゲ': "ゲ", 'ゴ': "ゴ", 'ザ': "ザ", 'ジ': "ジ", 'ズ': "ズ", 'ゼ': "ゼ", 'ゾ': "ゾ",
	'ダ': "ダ", 'ヂ': "ヂ", 'ヅ': "ヅ", 'デ': "デ", 'ド': "ド", 'バ': "バ", 'ビ': "ビ", 'ブ': "ブ", 'ベ': "ベ", 'ボ': "ボ",
	'パ': "パ", 'ピ': "ピ", 'プ': "プ", 'ペ': "ペ", 'ポ': "ポ",
}
