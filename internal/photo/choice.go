package photo

import (
	"strings"
)

// Choice is the caption among the fields that may hold one.
type Choice struct {
	Caption   Field   // zero when there is none
	Others    []Field // say something else
	Truncated []Field // hold only the beginning of the caption
}

// ChooseCaption chooses the newest complete caption. As the Metadata Working
// Group's guidelines (2.0, 3.3.1) have it, XMP goes before IPTC-IIM unless the
// digest says that IIM is the newer. EXIF, which they put first, comes last:
// that is where cameras write, and desks do not. Texts that agree count once,
// and one that was cut short gives way to the whole. A sidecar is newer than the picture and takes
// the place of what the picture says. The file's own name, a camera's, and
// what placeholder knows for a default text are no captions.
func (m Metadata) ChooseCaption(filename string, placeholder func(string) bool) Choice {
	var c Choice
	candidates := m.captions(filename, placeholder)
	if len(candidates) == 0 {
		return c
	}
	if c.Caption = candidates[0]; len(candidates) == 1 {
		return c
	}
	says := make([]said, len(candidates))
	for i, f := range candidates {
		says[i] = saying(f.Value)
	}
	best := 0
	for i, f := range candidates {
		if m.preference(f) < m.preference(candidates[best]) {
			best = i
		}
	}
	for i := range candidates { // the whole text before its beginning, letters before what became of them
		if i != best && !fromSidecar(candidates[best]) && (isCut(says[best], says[i]) || garbled(says[best], says[i])) {
			best = i
		}
	}
	c.Caption = candidates[best]
	for i, f := range candidates {
		switch {
		case i == best || sameText(says[i], says[best]):
		case isCut(says[i], says[best]):
			c.Truncated = append(c.Truncated, f)
		case f.Lang != "" && c.Caption.Lang != "" && f.Lang != c.Caption.Lang: // a translation
		case fromSidecar(c.Caption) && !fromSidecar(f): // what it corrects
		default:
			c.Others = append(c.Others, f)
		}
	}
	return c
}

// maxCaptions is how many texts of one picture are weighed against each other:
// more than there are languages to write one in.
const maxCaptions = 64

// captions returns the texts that somebody wrote for this picture. A user
// comment is one of them only where there is no other, and it reads like one.
func (m Metadata) captions(filename string, placeholder func(string) bool) []Field {
	var captions, comments []Field
	for _, f := range m.Fields {
		switch {
		case f.Name != Caption && f.Name != UserComment || !meant(f.Value, filename) || placeholder != nil && placeholder(f.Value):
		case f.Name == Caption:
			if captions = append(captions, f); len(captions) == maxCaptions {
				return captions
			}
		case len(comments) == 0 && isProse(f.Value):
			comments = append(comments, f)
		}
	}
	if len(captions) == 0 {
		return comments
	}
	return captions
}

func fromSidecar(f Field) bool { return strings.HasPrefix(f.From, "sidecar:") }

// preference is lower for what is newer or more complete.
func (m Metadata) preference(f Field) int {
	block, _, _ := strings.Cut(f.From, ":")
	standard := f.Lang == "" || f.Lang == "x-default"
	switch {
	case block == "sidecar" && standard:
		return 0
	case block == "sidecar":
		return 1
	case block == "iptc" && m.IIMEdited:
		return 2
	case block == "xmp" && standard:
		return 3
	case block == "iptc":
		return 4
	case block == "xmp":
		return 5
	case block == "exif":
		return 6
	}
	return 7
}
