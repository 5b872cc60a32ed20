package rules

import (
	"strings"

	"cutline/internal/caption"
	"cutline/internal/photo"
)

// form is a caption that is still to be written: who, what, where and when,
// as far as the metadata say; and the credit that stands at its end.
func (c *assessment) form(words Suggestions) (text, credit string) {
	m := c.picture.Metadata
	place := joined(", ", m.First(photo.Sublocation).Value, m.First(photo.City).Value, m.First(photo.State).Value, m.First(photo.Country).Value)
	date := ""
	if day, ok := fieldDay(m.First(photo.DateCreated).Value); ok && words.Date != "" {
		date = day.Format(words.Date)
	}
	text = words.Form
	for _, part := range []struct{ slot, known, unknown string }{{"{scene}", "", words.Marks.Scene}, {"{place}", place, words.Marks.Place}, {"{date}", date, words.Marks.Date}} {
		known := part.known
		if known == "" {
			if part.unknown == "" {
				return "", ""
			}
			known = mark(part.unknown)
		}
		text = strings.Replace(text, part.slot, known, 1)
	}
	if by := c.creditOfFields(); by != "" {
		credit = " (" + by + ")"
	}
	return text, credit
}

// creditOfFields is a credit line of the by-line and the credit field, of
// those that name somebody.
func (c *assessment) creditOfFields() string {
	var parts []string
	for _, name := range []photo.Name{photo.Byline, photo.Credit, photo.Source} {
		for _, f := range c.fields {
			value := plain(f.field.Value)
			if f.field.Name != name || value == "" || !somebody(f.credit) || strings.Contains(strings.Join(parts, "/"), value) {
				continue
			}
			if parts = append(parts, value); len(parts) == 2 {
				return strings.Join(parts, "/")
			}
			break
		}
	}
	return strings.Join(parts, "/")
}

// somebody says whether a credit names anybody.
func somebody(cr caption.Credit) bool {
	for _, p := range cr.Parts {
		if p.Class != caption.Nameless {
			return true
		}
	}
	return false
}

// joined joins the texts that are not empty.
func joined(by string, texts ...string) string {
	var list []string
	for _, t := range texts {
		if t = plain(t); t != "" {
			list = append(list, t)
		}
	}
	return strings.Join(list, by)
}

// plain is a field's text in one line, without brackets, which mean something
// in a form.
func plain(text string) string {
	if text == "" {
		return ""
	}
	return strings.Join(strings.Fields(withoutBrackets.Replace(text)), " ")
}

var withoutBrackets = strings.NewReplacer("[", "", "]", "", "(", "", ")", "")
