package photo

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decodeText reads text of no declared coding: UTF-16 by its mark, UTF-8
// where it is valid, else Latin-1, unless the letters say otherwise.
func decodeText(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return utf16Text(b[2:], false)
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return utf16Text(b[2:], true)
	}
	if n, ok := utf8Length(b); ok {
		return string(bytes.TrimPrefix(b[:n], []byte("\xEF\xBB\xBF")))
	}
	if e := undeclared(b); e != charmap.Windows1252 {
		if text, err := e.NewDecoder().Bytes(b); err == nil {
			return string(text)
		}
	}
	return latin1(b)
}

// utf8Length says whether the text is UTF-8, and how many bytes of it are
// whole letters: a field's limit may have cut the last one. A Latin-1 text
// that ends in such a byte has no other letters of UTF-8 before it.
func utf8Length(b []byte) (n int, ok bool) {
	if utf8.Valid(b) {
		return len(b), true
	}
	for cut := 1; cut < utf8.UTFMax && cut < len(b); cut++ {
		n = len(b) - cut
		if utf8.RuneStart(b[n]) && b[n] >= 0xC2 && !utf8.FullRune(b[n:]) && utf8.Valid(b[:n]) && !ascii(b[:n]) {
			return n, true
		}
	}
	return 0, false
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// latin1 reads ISO 8859-1, with Windows' letters where that has none.
func latin1(b []byte) string {
	var s strings.Builder
	s.Grow(len(b) + len(b)/8)
	for _, c := range b {
		s.WriteRune(latin1Rune(c))
	}
	return s.String()
}

func latin1Rune(c byte) rune {
	if c >= 0x80 && c < 0xA0 {
		return windows[c-0x80]
	}
	return rune(c)
}

var windows = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ',
}

// utf16Text reads up to the first NUL.
func utf16Text(b []byte, little bool) string {
	var s strings.Builder
	s.Grow(len(b) / 2)
	unit := func(i int) rune {
		if little {
			return rune(b[i]) | rune(b[i+1])<<8
		}
		return rune(b[i])<<8 | rune(b[i+1])
	}
	for i := 0; i+1 < len(b); i += 2 {
		r := unit(i)
		if r == 0 {
			break
		}
		if r >= 0xD800 && r < 0xDC00 && i+3 < len(b) {
			if low := unit(i + 2); low >= 0xDC00 && low < 0xE000 {
				r = (r-0xD800)<<10 | (low - 0xDC00) + 0x10000
				i += 2
			}
		}
		s.WriteRune(r) // a half of a pair alone becomes U+FFFD
	}
	return s.String()
}

// utf32Text leaves out what is no character.
func utf32Text(b []byte, little bool) string {
	var s strings.Builder
	s.Grow(len(b) / 4)
	for ; len(b) >= 4; b = b[4:] {
		r := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		if little {
			r = uint32(b[3])<<24 | uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
		}
		if r != 0 && r <= utf8.MaxRune {
			s.WriteRune(rune(r))
		}
	}
	return s.String()
}

// clean makes valid UTF-8 without NUL at its end.
func clean(s string) string {
	return strings.ToValidUTF8(strings.TrimRight(s, "\x00"), "\uFFFD")
}
