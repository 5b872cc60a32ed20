package rules

import (
	"slices"

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
	c.findEvidence(rep)
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
	if c.origin != report.State && slices.ContainsFunc(c.reading.Verifications, func(v caption.Verified) bool { return v.AboutPicture || !v.Denied }) {
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
