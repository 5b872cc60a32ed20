package photo

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// decodeText reads text of no declared coding: UTF-16 by its mark, UTF-8
// where it is valid, else Latin-1.
func decodeText(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return utf16Text(b[2:], false)
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return utf16Text(b[2:], true)
	case isUTF8(b):
		return string(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")))
	}
	return latin1(b)
}

func isUTF8(b []byte) bool { return utf8.Valid(b) }

// latin1 reads ISO 8859-1, with Windows' letters where that has none.
func latin1(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		if c >= 0x80 && c < 0xA0 {
			s.WriteRune(windows[c-0x80])
			continue
		}
		s.WriteRune(rune(c))
	}
	return s.String()
}

var windows = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ',
}

// clean makes valid UTF-8 without NUL at its end.
func clean(s string) string {
	return strings.ToValidUTF8(strings.TrimRight(s, "\x00"), "\uFFFD")
}
