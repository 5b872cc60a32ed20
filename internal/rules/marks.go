package rules

import (
	"strings"

	"cutline/internal/caption"
)

// A mark stands in a suggestion for what is not known, a doubt behind words
// that cannot be right: "[name of the source]", "[April 31, 2026 – which day?]".
// Both are in square brackets, so that an editor sees what is to be done, and
// so does the next check.

// doubtful stands between the words and the doubt.
const doubtful = " – "

func mark(text string) string { return "[" + text + "]" }

func doubt(words, question string) string { return mark(words + doubtful + question) }

func (m Marks) all() []string {
	return []string{m.Source, m.Author, m.Account, m.Scene, m.Place, m.Date, m.Caption}
}

func (d Doubts) all() []string { return []string{d.Date, d.Conflict, d.Credit, d.Source} }

// stuff is what marks are filled with to see whether a suggestion passes.
func (m Marks) stuff() []string {
	return []string{"Acme Corporation", "Joan Baird", "@harbourwatch", "Acme", "Oban", "2026", ""}
}

// unfilled returns the marks and doubts of any language in a text.
func (r *Rules) unfilled(text string) []caption.Span {
	var spans []caption.Span
	for at := 0; ; {
		open := strings.IndexByte(text[at:], '[')
		if open < 0 {
			return spans
		}
		open += at
		end := strings.IndexByte(text[open:], ']')
		if end < 0 {
			return spans
		}
		end += open + 1
		if r.isMark(text[open+1 : end-1]) {
			spans = append(spans, caption.Span{Start: open, End: end})
		}
		at = open + 1
	}
}

func (r *Rules) isMark(inside string) bool {
	_, question, asked := cutLast(inside, doubtful)
	for _, s := range r.suggestions {
		for _, m := range s.Marks.all() {
			if m != "" && m == inside {
				return true
			}
		}
		if !asked {
			continue
		}
		for _, d := range s.Doubts.all() {
			before, after, _ := strings.Cut(d, "{")
			_, after, _ = strings.Cut(after, "}")
			if d != "" && strings.HasPrefix(question, before) && strings.HasSuffix(question, after) {
				return true
			}
		}
	}
	return false
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// fill fills the marks of a language in.
func (s Suggestions) fill(text string) string {
	for i, m := range s.Marks.all() {
		if m != "" && strings.Contains(text, m) {
			text = strings.ReplaceAll(text, mark(m), s.Marks.stuff()[i])
		}
	}
	return text
}
