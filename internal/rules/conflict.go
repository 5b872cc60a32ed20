package rules

import (
	"slices"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// findCreditConflict compares the parties of the caption's credit line with
// those of the credit and source fields.
func (c *assessment) findCreditConflict(rep *report.Report) {
	var inCaption, inFields []string
	var spans []report.Span
	for _, cr := range c.reading.Credits {
		for _, p := range cr.Parts {
			if p.Class == caption.Known {
				inCaption = append(inCaption, c.Rules.sources[p.Source].ID)
				spans = append(spans, c.spanOf(p.Span))
			}
		}
	}
	for _, f := range c.fields {
		if f.field.Name == photo.Byline {
			continue
		}
		for _, p := range f.credit.Parts {
			if p.Class == caption.Known {
				inFields = append(inFields, c.Rules.sources[p.Source].ID)
				spans = append(spans, wholeField(f.field))
			}
		}
	}
	conflict := len(inCaption) > 0 && len(inFields) > 0 && !c.share(inCaption, inFields)
	a, b := c.providers(inCaption), c.providers(inFields)
	if len(a) > 0 && len(b) > 0 && !c.share(a, b) {
		conflict = true
	}
	if conflict {
		c.add(rep, "credit.conflict", spans, "")
	}
}

func (c *assessment) providers(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { k := c.kind(id); return k == "agency" || k == "social" })
}

// share says whether the lists have a party in common, or one of the one
// passes on pictures of one of the other, or both are of one country's state.
func (c *assessment) share(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			sx, sy := c.Rules.sources[c.index[x]], c.Rules.sources[c.index[y]]
			if x == y || slices.Contains(sx.Distributors, y) || slices.Contains(sy.Distributors, x) ||
				sx.Kind == "state" && sy.Kind == "state" && sx.Country != "" && sx.Country == sy.Country {
				return true
			}
		}
	}
	return false
}
