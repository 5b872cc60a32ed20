package rules

import (
	"slices"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// findCreditConflict compares the parties of the caption's credit line with
// those of the credit and source fields. They conflict as well where the
// caption credits an agency's photographer, and a field somebody who provides.
func (c *assessment) findCreditConflict(rep *report.Report) {
	var ofCaption, ofFields []string
	var spans []report.Span
	for _, cr := range c.reading.Credits {
		ofCaption = append(ofCaption, c.knownOf(cr)...)
		for _, p := range cr.Parts {
			if p.Class == caption.Known {
				spans = append(spans, c.spanOf(p.Span))
			}
		}
	}
	for _, f := range c.fields {
		if f.field.Name == photo.Byline {
			continue
		}
		if ids := c.knownOf(f.credit); ids != nil {
			ofFields, spans = append(ofFields, ids...), append(spans, wholeField(f.field))
		}
	}
	conflict := len(ofCaption) > 0 && len(ofFields) > 0 && !c.share(ofCaption, ofFields)
	a, b := c.providers(ofCaption), c.providers(ofFields)
	if len(a) > 0 && len(b) > 0 && !c.share(a, b) {
		conflict = true
	}
	if c.origin == report.Own && !c.share(a, b) {
		for _, f := range c.fields {
			if f.field.Name != photo.Byline && slices.Contains(provided, c.creditClaim(f.credit, f.field.Value, f.field.From).origin) {
				conflict, spans = true, append(spans, wholeField(f.field))
			}
		}
	}
	if conflict {
		c.add(rep, "credit.conflict", spans, "")
	}
}

// provided are the origins of pictures that somebody else provides.
var provided = []report.Origin{report.State, report.Handout, report.Satellite}

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
