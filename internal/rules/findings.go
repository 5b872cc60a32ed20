package rules

import (
	"fmt"
	"slices"
	"time"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// find adds all findings to the report.
func (c *assessment) find(rep *report.Report) {
	for _, p := range c.picture.Metadata.Problems {
		if p.Fatal {
			c.add(rep, "metadata.unreadable", nil, p.Message)
			break
		}
	}
	if c.text == "" {
		c.add(rep, "caption.missing", nil, "")
	}
	for _, o := range c.choice.Others {
		f := c.add(rep, "caption.conflict", []report.Span{{Field: c.choice.Caption.From, Start: 0, End: len(c.text)}}, "")
		f.Related = append(f.Related, report.Related{Span: wholeField(o), Message: o.From + " says something else."})
		break
	}
	if spans := c.unfilled(c.text); len(spans) > 0 {
		c.add(rep, "caption.unfilled", c.spansOf(spans), "")
	}
	if len(c.choice.Truncated) > 0 {
		c.add(rep, "caption.truncated", []report.Span{wholeField(c.choice.Truncated[0])}, "")
	}
	c.findSource(rep)
	c.findVerification(rep)
	c.findAI(rep)
	c.findDates(rep)
	c.findCreditConflict(rep)
	c.findProvenance(rep)
}

// findSource looks for who stands behind the picture, and for the elements of
// a proper caption. Which of them an origin needs is for the rules to say.
func (c *assessment) findSource(rep *report.Report) {
	e := &rep.Elements
	if !c.named {
		c.add(rep, "source.missing", c.evidence, "")
	} else if !c.inText {
		c.add(rep, "source.misplaced", c.evidence, "")
	}
	if !e.Provided.Present && !(c.origin == report.Handout && c.handedInFields()) {
		c.add(rep, "provided.missing", nil, "")
	}
	if !e.Access.Present {
		c.add(rep, "access.missing", nil, "")
	}
	if !e.Watermark.Present {
		c.add(rep, "watermark.missing", nil, "")
	}
	if !e.Credit.Present {
		c.add(rep, "credit.missing", nil, "")
	}
}

// handedInFields says whether a by-line title or a credit field says that the
// picture was handed out.
func (c *assessment) handedInFields() bool {
	for _, f := range c.fields {
		if f.credit.Via || f.credit.Handout {
			return true
		}
	}
	switch c.picture.Metadata.First(photo.BylineTitle).Value {
	case "HO", "HOGP", "HOEP", "HANDOUT":
		return true
	}
	return false
}

// findVerification looks for the disclaimer. Where nobody has a stake in the
// picture, a word that it was verified is as good.
func (c *assessment) findVerification(rep *report.Report) {
	if rep.Elements.Verification.Present {
		return
	}
	if c.origin != report.State && slices.ContainsFunc(c.reading.Verifications, func(v caption.Verified) bool { return v.AboutPicture }) {
		return
	}
	if misplaced, _ := c.severity("verification.misplaced"); misplaced != report.SeverityOff {
		if spans := c.hiddenDisclaimer(); spans != nil {
			c.add(rep, "verification.misplaced", spans, "")
			return
		}
	}
	c.add(rep, "verification.missing", c.evidence, "")
}

// hiddenDisclaimer looks for one in fields that readers never see.
func (c *assessment) hiddenDisclaimer() []report.Span {
	for _, f := range c.picture.Metadata.Fields {
		switch f.Name {
		case photo.Instructions, photo.UsageTerms, photo.Headline, photo.Title, photo.UserComment:
			for _, v := range c.lexicon.Read(f.Value).Verifications {
				if v.Denied && v.AboutPicture {
					return []report.Span{{Field: f.From, Start: v.Span.Start, End: v.Span.End}}
				}
			}
		}
	}
	return nil
}

func (c *assessment) findAI(rep *report.Report) {
	if len(c.reading.AI) > 0 {
		return
	}
	if spans := c.syntheticFields(); len(spans) > 0 || c.syntheticCredentials() {
		c.add(rep, "ai.undisclosed", spans, "")
	}
}

const farApart = 10 * 24 * time.Hour

func (c *assessment) findDates(rep *report.Report) {
	var taken, provided *caption.Date
	for i := range c.reading.Dates {
		d := &c.reading.Dates[i]
		span := []report.Span{c.spanOf(d.Span)}
		if d.Impossible() {
			c.add(rep, "date.impossible", span, "There is no such day.")
			return
		}
		if d.Year > 0 && d.Weekday > 0 {
			if is := weekday(d.Time()); is != d.Weekday {
				c.add(rep, "date.weekday", span, fmt.Sprintf("%s was a %s.", d.Time().Format("January 2, 2006"), d.Time().Weekday()))
			}
		}
		if d.Year > 0 && d.Provided && provided == nil {
			provided = d
		}
		if d.Year > 0 && !d.Provided && taken == nil {
			taken = d
		}
	}
	if taken != nil && provided != nil && provided.Time().Before(taken.Time()) && taken.Span.Start < provided.Span.Start {
		c.add(rep, "date.impossible", []report.Span{c.spanOf(taken.Span), c.spanOf(provided.Span)}, "It was provided before it was taken.")
	}
	c.findDateConflict(rep)
}

func weekday(t time.Time) int {
	if d := int(t.Weekday()); d > 0 {
		return d
	}
	return 7
}

// findDateConflict compares the caption's days with the fields'. One day of
// the caption near a field's is enough.
func (c *assessment) findDateConflict(rep *report.Report) {
	if len(c.reading.File) > 0 || len(c.reading.Dates) == 0 {
		return
	}
	for _, f := range c.picture.Metadata.All(photo.DateCreated) {
		day, ok := fieldDay(f.Value)
		if !ok {
			continue
		}
		near, dated := false, false
		var spans []report.Span
		for _, d := range c.reading.Dates {
			if d.Year == 0 {
				continue
			}
			dated = true
			spans = append(spans, c.spanOf(d.Span))
			near = near || d.Time().Sub(day).Abs() <= farApart
		}
		if dated && !near {
			c.add(rep, "date.conflict", append(spans, wholeField(f)), "")
			return
		}
	}
}

func fieldDay(value string) (time.Time, bool) {
	if len(value) < 8 {
		return time.Time{}, false
	}
	for _, layout := range []string{"2006-01-02", "2006:01:02", "20060102"} {
		if len(value) >= len(layout) {
			if day, err := time.Parse(layout, value[:len(layout)]); err == nil && day.Year() > 1826 {
				return day, true
			}
		}
	}
	return time.Time{}, false
}

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
