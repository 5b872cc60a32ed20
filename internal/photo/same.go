package photo

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// iimLimit is how many bytes a caption may have in IPTC-IIM (4.2, dataset
// 2:120).
const iimLimit = 2000

// meant says whether somebody wrote the text for this picture: it is neither
// empty nor the name of a file.
func meant(text, filename string) bool {
	t := strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == 0 })
	base := path.Base(filename)
	switch {
	case t == "":
		return false
	case filename != "" && (t == filename || t == base || t == strings.TrimSuffix(base, path.Ext(base))):
		return false
	}
	return !isFileName(t)
}

// isFileName recognizes the names that cameras and programs give: one word of
// ASCII with a digit in it, or with the extension of a picture.
func isFileName(t string) bool {
	digit := false
	for _, c := range []byte(t) {
		switch {
		case c >= '0' && c <= '9':
			digit = true
		case c <= ' ' || c >= 0x7F:
			return false
		}
	}
	if digit {
		return true
	}
	switch strings.ToLower(path.Ext(t)) {
	case ".jpg", ".jpeg", ".tif", ".tiff", ".png", ".webp", ".heic", ".avif", ".dng", ".nef", ".cr2", ".arw", ".raw":
		return true
	}
	return false
}

// isProse says whether a comment may be a caption: it has several words or
// letters of a script without spaces, and is no list of a program's values.
func isProse(t string) bool {
	letters, others, words := 0, 0, len(strings.Fields(t))
	for _, r := range t {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			letters++
			words++
		case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsSpace(r):
			letters++
		default:
			others++
		}
	}
	return words >= 4 && letters >= 4*others && strings.Count(t, ": ") < 3
}

// said is a text and what it says, which is made once: there may be a thousand
// captions, and one of them a million letters long.
type said struct{ text, says string }

func saying(text string) said { return said{text, squeeze(text)} }

// sameText compares what two captions say: white space, what cannot be seen,
// upper and lower case and the form of quotes and dashes aside. A letter that
// a character set had no place for stands as a question mark.
func sameText(a, b said) bool {
	return a.says == b.says || sameLetters(a.says, b.says) || garbled(a, b) || garbled(b, a)
}

// garbled says whether a is b after a program took its UTF-8 for Windows 1252
// and wrote that in UTF-8: "TromsÃ¸".
func garbled(a, b said) bool {
	// Each letter that is not ASCII became two to four, of two or three bytes.
	if len(a.says) <= len(b.says) || len(a.says) > 4*len(b.says) || !strings.ContainsFunc(a.text, func(r rune) bool { return r >= 0xC2 && r <= 0xF4 }) {
		return false
	}
	once := make([]byte, 0, len(a.text))
	for _, r := range a.text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			if r > 0xFF {
				return false
			}
			c = byte(r) // #nosec G115 -- at most 0xFF
		}
		once = append(once, c)
	}
	return utf8.Valid(once) && squeeze(string(once)) == b.says
}

func sameLetters(a, b string) bool {
	if len(a) > utf8.UTFMax*len(b) || len(b) > utf8.UTFMax*len(a) { // not as many letters
		return false
	}
	x, y := []rune(a), []rune(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && !(lost(x[i]) && y[i] >= 0x80) && !(lost(y[i]) && x[i] >= 0x80) {
			return false
		}
	}
	return true
}

func lost(r rune) bool { return r == '?' || r == unicode.ReplacementChar }

var forms = strings.NewReplacer("‘", "'", "’", "'", "‚", "'", "`", "'", "´", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‐", "-", "‑", "-", "–", "-", "—", "-", "…", "...")

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == 0 || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, forms.Replace(norm.NFC.String(s)))
}

// isCut says whether short is the beginning of whole, cut where a field was
// full: at IIM's limit, or in the midst of a sentence. A beginning that is a
// sentence says something else: that there is no more to say.
func isCut(short, whole said) bool {
	a, b := short.says, whole.says
	if marked := strings.TrimSuffix(a, "..."); marked != a && len(marked) >= 20 {
		return len(marked) < len(b) && strings.HasPrefix(b, marked)
	}
	if len(a) < 20 || len(a) >= len(b) {
		return false
	}
	full := len(short.text) >= iimLimit-4
	if full { // the last letters may have been cut inside
		a = strings.TrimRight(a, "?\uFFFD")
	}
	if !strings.HasPrefix(b, a) {
		return false
	}
	return full || !strings.HasSuffix(strings.TrimRight(a, `"')]）」』】`), ".") && !strings.ContainsAny(a[len(a)-1:], "!?)") && !strings.HasSuffix(a, "。")
}
