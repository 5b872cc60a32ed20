package photo

import (
	"path"
	"strings"
	"unicode"
)

// Choice is the caption among the fields that may hold one.
type Choice struct {
	Caption   Field   // zero when there is none
	Others    []Field // say something else
	Truncated []Field // hold only the beginning of the caption
}

// iimLimit is how many bytes a caption may have in IPTC-IIM (4.2, dataset
// 2:120).
const iimLimit = 2000

// ChooseCaption chooses as the Metadata Working Group's guidelines (2.0,
// section 5.2) and IPTC's advise: XMP and IPTC-IIM before EXIF, texts that
// agree count once, and one that was cut short gives way to the whole. A
// camera's default text and the file's own name are no captions.
func (m Metadata) ChooseCaption(filename string) Choice {
	var c Choice
	var candidates []Field
	for _, f := range m.Fields {
		if f.Name == Caption && meant(f.Value, filename) {
			candidates = append(candidates, f)
		}
	}
	if len(candidates) == 0 {
		for _, f := range m.Fields {
			if f.Name == UserComment && meant(f.Value, filename) {
				candidates = append(candidates, f)
				break
			}
		}
	}
	if len(candidates) == 0 {
		return c
	}
	best := 0
	for i, f := range candidates {
		if preference(f) < preference(candidates[best]) {
			best = i
		}
	}
	for i, f := range candidates { // the whole text before its beginning
		if i != best && isCut(candidates[best].Value, f.Value) {
			best = i
		}
	}
	c.Caption = candidates[best]
	for i, f := range candidates {
		switch {
		case i == best || sameText(f.Value, c.Caption.Value):
		case isCut(f.Value, c.Caption.Value):
			c.Truncated = append(c.Truncated, f)
		case f.Lang != "" && c.Caption.Lang != "" && f.Lang != c.Caption.Lang: // a translation
		default:
			c.Others = append(c.Others, f)
		}
	}
	return c
}

func preference(f Field) int {
	switch {
	case strings.HasPrefix(f.From, "iptc:"):
		return 1
	case strings.HasPrefix(f.From, "xmp:") && (f.Lang == "" || f.Lang == "x-default"):
		return 0
	case strings.HasPrefix(f.From, "xmp:"):
		return 2
	case strings.HasPrefix(f.From, "exif:"):
		return 3
	}
	return 4
}

// meant says whether somebody wrote the text for this picture.
func meant(text, filename string) bool {
	t := strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == 0 })
	if t == "" || t == filename || filename != "" && (t == path.Base(filename) || t == strings.TrimSuffix(path.Base(filename), path.Ext(filename))) {
		return false
	}
	if !strings.ContainsAny(t, " \u3000") { // a name of a file
		ext := strings.ToLower(path.Ext(t))
		switch ext {
		case ".jpg", ".jpeg", ".tif", ".tiff", ".png", ".webp", ".heic", ".avif", ".dng", ".nef", ".cr2", ".arw", ".raw":
			return false
		}
	}
	return true
}

// sameText compares two captions white space and what cannot be seen aside.
func sameText(a, b string) bool { return squeeze(a) == squeeze(b) }

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == 0 || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// isCut says whether short is the beginning of whole, cut where a field was
// full: at IIM's limit, or at another length in the midst of a sentence.
func isCut(short, whole string) bool {
	a, b := squeeze(strings.TrimSuffix(strings.TrimRight(short, " "), "...")), squeeze(whole)
	return len(a) >= 20 && len(a) < len(b) && strings.HasPrefix(b, a) || len(short) >= iimLimit-4 && len(b) > len(a) && strings.HasPrefix(b, strings.ToValidUTF8(a[:max(0, len(a)-3)], ""))
}
