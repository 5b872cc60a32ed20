package caption

import (
	"unicode"
	"unicode/utf8"
)

// token is the smallest thing the reader looks at: a word, a number, a
// punctuation mark, or one character of a script that is written without
// spaces.
type token struct {
	start, end int // bytes of the original text
	from, to   int // bytes of the folded text
	class      class
	spelling   spelling // of the letters that tell one
	upper      bool     // begins with a capital
	spaced     bool     // white space before it
	line       bool     // a line break before it
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
	hint   spelling // of the word that is being read
}

// fold reads the text once. It is reused by later calls.
func (f *folded) fold(text string) {
	f.text, f.tokens = f.text[:0], f.tokens[:0]
	var spaced, line bool
	for i := 0; i < len(text); {
		if text[i] == ' ' { // what most tokens are followed by
			spaced = true
			i++
			continue
		}
		l, size := letterAt(text, i)
		if l.flags&(hidden|space) != 0 {
			if l.flags&hidden == 0 {
				spaced, line = true, line || l.flags&lineBreak != 0
			}
			i += size
			continue
		}
		t := token{start: i, class: l.class, upper: l.flags&upperCase != 0, spaced: spaced, line: line}
		spaced, line = false, false
		if n := len(f.tokens); n > 0 && !(l.class == dense && f.tokens[n-1].class == dense) {
			f.text = append(f.text, ' ')
		}
		t.from = len(f.text)
		switch l.class {
		case dense, mark:
			f.text = append(f.text, l.folded...)
			i += size
		default:
			f.hint = 0
			i = max(f.word(text, i, l.class), i+size)
			t.spelling = f.hint
		}
		t.end, t.to = i, len(f.text)
		if t.to == t.from { // it folded to nothing
			f.text = f.text[:max(t.from-1, 0)]
			continue
		}
		f.tokens = append(f.tokens, t)
	}
}

func letterAt(text string, i int) (l *letter, size int) {
	r, size := rune(text[i]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRuneInString(text[i:])
	}
	return letterOf(r), size
}

// word folds the letters or digits from i on, and returns where they end.
// Words go on behind an apostrophe, and behind a hyphen at a line's end.
func (f *folded) word(text string, i int, c class) int {
	for i < len(text) {
		if c == word { // small letters are most of most texts
			from := i
			for i < len(text) && 'a' <= text[i] && text[i] <= 'z' {
				i++
			}
			if f.text = append(f.text, text[from:i]...); i == len(text) {
				break
			}
		}
		l, size := letterAt(text, i)
		switch {
		case l.flags&hidden != 0:
		case l.flags&apostrophe != 0:
			if c != word || !f.letterFollows(text, i+size) {
				return i
			}
			f.text = append(f.text, '\'')
		case l.flags&hyphen != 0:
			if c != word {
				return i
			}
			if rest, broken := lineEnd(text, i+size); broken {
				i = rest
				continue
			}
			if !f.letterFollows(text, i+size) {
				return i
			}
			f.text = append(f.text, '-')
		case l.class == c || c == word && l.class == number, l.flags&combining != 0:
			f.text = append(f.text, l.folded...)
			f.hint = max(f.hint, l.hint)
		default:
			return i
		}
		i += size
	}
	return i
}

// letterFollows says whether a letter of a word stands at i, whatever is
// hidden before it.
func (f *folded) letterFollows(text string, i int) bool {
	for i < len(text) {
		l, size := letterAt(text, i)
		if l.flags&hidden == 0 {
			return l.class == word
		}
		i += size
	}
	return false
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
