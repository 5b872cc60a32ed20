package photo

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// graphicSet is a set of characters that ISO 2022 can designate: of one byte
// each, or of two. The zero value is ASCII.
type graphicSet struct {
	one *charmap.Charmap  // read with the high bit set
	two encoding.Encoding // of EUC, read with the high bits set
}

// The sets by the final byte of their escape sequence (ISO-IR, the
// International Register of Coded Character Sets).
var (
	sets96 = map[byte]*charmap.Charmap{
		'A': charmap.Windows1252, 'B': charmap.ISO8859_2, 'C': charmap.ISO8859_3, 'D': charmap.ISO8859_4, 'F': charmap.ISO8859_7,
		'G': charmap.ISO8859_6, 'H': charmap.ISO8859_8, 'L': charmap.ISO8859_5, 'M': charmap.ISO8859_9, 'V': charmap.ISO8859_10,
		'Y': charmap.ISO8859_13, '_': charmap.ISO8859_14, 'b': charmap.ISO8859_15, 'f': charmap.ISO8859_16,
	}
	setsTwo = map[byte]encoding.Encoding{'@': japanese.EUCJP, 'B': japanese.EUCJP, 'A': simplifiedchinese.GBK, 'C': korean.EUCKR}
)

// iso2022 reads text by designations: those that IIM's dataset 1:90 declares
// and those in the text itself (ECMA-35, chapters 8 to 14). Where a set is
// declared for the right half, bytes with the high bit are of it, whether it
// was invoked or not: no writer of IIM invokes.
type iso2022 struct {
	g       [4]graphicSet
	set     [4]bool
	left    int    // which of the sets bytes without the high bit are of
	whole   string // "utf-8", "utf-16" or "utf-32": another coding altogether
	unknown bool   // something was designated that is not known here
}

// escape reads one escape sequence at the beginning of b, and returns its
// length; 0 when it is none.
func (s *iso2022) escape(b []byte) int {
	n := 1
	for n < len(b) && b[n] >= 0x20 && b[n] < 0x30 {
		n++
	}
	if n >= len(b) || b[n] < 0x30 || b[n] > 0x7E {
		return 0
	}
	between, final := string(b[1:n]), b[n]
	n++
	two := false
	if between != "" && between[0] == '$' {
		two = true
		if between = between[1:]; between == "" {
			between = "("
		}
	}
	switch {
	case between == "%" || between == "%/":
		s.whole = map[byte]string{'G': "utf-8", 'H': "utf-8", 'I': "utf-8", '@': "utf-16", 'C': "utf-16", 'E': "utf-16", 'J': "utf-16", 'K': "utf-16", 'L': "utf-16",
			'A': "utf-32", 'D': "utf-32", 'F': "utf-32"}[final]
		if between == "%" && final == '@' { // back to ISO 2022
			s.whole = ""
		}
	case len(between) == 1 && strings.Contains("()*+", between):
		set := graphicSet{}
		if two {
			set.two = setsTwo[final]
			s.unknown = s.unknown || set.two == nil
		}
		i := strings.Index("()*+", between)
		s.g[i], s.set[i] = set, true
	case len(between) == 1 && strings.Contains(",-./", between) && !two:
		set := graphicSet{one: sets96[final]}
		s.unknown = s.unknown || set.one == nil
		i := strings.Index(",-./", between)
		s.g[i], s.set[i] = set, true
	case between == "" && final == 'n':
		s.left = 2
	case between == "" && final == 'o':
		s.left = 3
	}
	return n
}

// right is the set of bytes with the high bit.
func (s *iso2022) right() graphicSet {
	for _, i := range []int{1, 2, 3, 0} {
		if s.set[i] && s.g[i] != (graphicSet{}) {
			return s.g[i]
		}
	}
	return graphicSet{one: charmap.Windows1252}
}

// decode reads a text; ok is false when it is not of the declared sets.
func (s iso2022) decode(b []byte) (text string, ok bool) {
	switch s.whole {
	case "utf-8":
		n, ok := utf8Length(b)
		if !ok { // cut in the first letter that is not ASCII
			n = len(b)
			for n > 0 && len(b)-n < utf8.UTFMax && !utf8.Valid(b[:n]) {
				n--
			}
			ok = n > 0 && utf8.Valid(b[:n]) && !utf8.FullRune(b[n:])
		}
		return string(b[:max(0, n)]), ok
	case "utf-16":
		return utf16Text(b, false), len(b)%2 == 0
	case "utf-32":
		return utf32Text(b, false), len(b)%4 == 0
	}
	if s.g[0].two != nil && (bytes.IndexByte(b, 0x1B) >= 0 || latinWords(b)) {
		s.g[0] = graphicSet{}
	}
	var out strings.Builder
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == 0x1B:
			n := s.escape(b[i:])
			if n == 0 {
				return "", false
			}
			i += n
		case c == 0x0E:
			s.left = 1
			i++
		case c == 0x0F:
			s.left = 0
			i++
		case c <= 0x20 || c == 0x7F:
			out.WriteByte(c)
			i++
		case c < 0x80:
			i += s.letter(&out, s.g[s.left], b[i:], c)
		case c == 0x8E && s.right().two == japanese.EUCJP && i+1 < len(b): // a katakana of half width
			out.WriteRune(0xFF61 + rune(b[i+1]) - 0xA1)
			i += 2
		case c < 0xA0:
			out.WriteRune(latin1Rune(c))
			i++
		default:
			i += s.letter(&out, s.right(), b[i:], c)
		}
	}
	text = out.String()
	return text, !s.unknown && !strings.ContainsRune(text, utf8.RuneError)
}

// letter writes the letter at the beginning of b, and returns its length.
func (s *iso2022) letter(out *strings.Builder, set graphicSet, b []byte, c byte) int {
	switch {
	case set.one != nil:
		out.WriteRune(set.one.DecodeByte(c | 0x80))
		return 1
	case set.two != nil:
		if len(b) < 2 { // the text was cut in the midst of a letter
			return 1
		}
		text, err := set.two.NewDecoder().Bytes([]byte{c | 0x80, b[1] | 0x80})
		if err != nil {
			text = []byte(string(utf8.RuneError))
		}
		out.Write(text)
		return 2
	}
	out.WriteByte(c)
	return 1
}

// latinWords says whether bytes without the high bit are letters, digits and
// spaces, as in codes and dates: those stay in ASCII where a set of two bytes
// is declared for the left half, whose texts are full of signs if read so.
func latinWords(b []byte) bool {
	for _, c := range b {
		switch {
		case c == ' ':
			return true
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
		default:
			return false
		}
	}
	return true
}
