package caption

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is the smallest thing the reader looks at: a word, a number, a
// punctuation mark, or one character of a script that is written without
// spaces.
type token struct {
	start, end int // bytes of the original text
	from, to   int // bytes of the folded text
	class      class
	upper      bool // begins with a capital
	spaced     bool // white space before it
	line       bool // a line break before it
}

type class uint8

const (
	word class = iota
	number
	dense // a character of Han, Kana or Hangul: each is a token
	mark  // punctuation and symbols: each is a token
)

// folded is a text evened out for comparison: lower case, without accents,
// ligatures, full-width forms and invisible characters; one space between
// words, none beside dense characters.
type folded struct {
	text   []byte
	tokens []token
}

// fold reads the text once. It is reused by later calls.
func (f *folded) fold(text string) {
	f.text, f.tokens = f.text[:0], f.tokens[:0]
	var spaced, line bool
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if invisible(r) {
			i += size
			continue
		}
		if unicode.IsSpace(r) {
			spaced = true
			line = line || r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029'
			i += size
			continue
		}
		c, upper := classOf(r), unicode.IsUpper(r)
		t := token{start: i, class: c, upper: upper, spaced: spaced, line: line}
		spaced, line = false, false
		if n := len(f.tokens); n > 0 && !(c == dense && f.tokens[n-1].class == dense) {
			f.text = append(f.text, ' ')
		}
		t.from = len(f.text)
		switch c {
		case dense, mark:
			f.text = appendFolded(f.text, r)
			i += size
		default:
			i = max(f.word(text, i, c), i+size)
		}
		t.end, t.to = i, len(f.text)
		if t.to == t.from { // it folded to nothing
			f.text = f.text[:max(t.from-1, 0)]
			continue
		}
		f.tokens = append(f.tokens, t)
	}
}

// word folds the letters or digits from i on, and returns where they end.
// Words go on behind an apostrophe, and behind a hyphen at a line's end.
func (f *folded) word(text string, i int, c class) int {
	for i < len(text) {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case invisible(r):
		case apostrophe(r):
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if c != word || !unicode.IsLetter(next) || classOf(next) != word {
				return i
			}
			f.text = append(f.text, '\'')
		case hyphen(r):
			if c != word {
				return i
			}
			rest, broken := lineEnd(text, i+size)
			if !broken {
				next, _ := utf8.DecodeRuneInString(text[i+size:])
				if classOf(next) != word || next == utf8.RuneError {
					return i
				}
				f.text = append(f.text, '-')
				i += size
				continue
			}
			i = rest
			continue
		case classOf(r) == c || c == word && classOf(r) == number, unicode.Is(unicode.Mn, r):
			f.text = appendFolded(f.text, r)
		default:
			return i
		}
		i += size
	}
	return i
}

// lineEnd says whether a line ends at i and the next goes on with a small
// letter, and where.
func lineEnd(text string, i int) (int, bool) {
	broken := false
	for j, r := range text[i:] {
		switch {
		case r == '\n':
			broken = true
		case unicode.IsSpace(r) || invisible(r):
		default:
			return i + j, broken && unicode.IsLetter(r)
		}
	}
	return i, false
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
	case apostrophe(r): // also U+02BC, which counts as a letter
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

// invisible are characters that no reader sees and no word is parted by.
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

func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '‛', 'ʼ', '´', '`', '\uff07', '′':
		return true
	}
	return false
}

func hyphen(r rune) bool {
	return r == '-' || r == '‐' || r == '\u2011' || r == '\uff0d'
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
	'。': ".", '．': ".", '｡': ".", '！': "!", '？': "?", '؟': "?", '؛': ";", '،': ",", '@': "@", '＠': "@",
	'ヴ': "ヴ", 'ガ': "ガ", 'ギ': "ギ", 'グ': "グ", 'ゲ': "ゲ", 'ゴ': "ゴ", 'ザ': "ザ", 'ジ': "ジ", 'ズ': "ズ", 'ゼ': "ゼ", 'ゾ': "ゾ",
	'ダ': "ダ", 'ヂ': "ヂ", 'ヅ': "ヅ", 'デ': "デ", 'ド': "ド", 'バ': "バ", 'ビ': "ビ", 'ブ': "ブ", 'ベ': "ベ", 'ボ': "ボ",
	'パ': "パ", 'ピ': "ピ", 'プ': "プ", 'ペ': "ペ", 'ポ': "ポ",
}
