package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// A Derivation is how a verdict came about, as plain steps in the order in
// which they were taken: what each piece of evidence says, where the picture
// was then believed to come from and why, which elements the caption has, and
// what follows from the house rules. Whoever prints it needs no more than the
// steps' own words.
type Derivation struct {
	Steps []Step `json:"steps"`
}

// A Step is one line of a derivation.
type Step struct {
	About Subject     `json:"about"`
	From  string      `json:"from,omitempty"`  // the sort of evidence: "credit line", "metadata field"
	Span  report.Span `json:"span,omitzero"`   // where it stands
	Words string      `json:"words,omitempty"` // the words there
	Says  string      `json:"says"`            // what it means, or what was decided
	Why   string      `json:"why,omitempty"`   // of a decision
}

// A Subject is what a step is about.
type Subject string

// The subjects, in the order of the steps.
const (
	AboutEvidence Subject = "evidence" // a testimony of the origin
	AboutOrigin   Subject = "origin"   // the decision
	AboutSource   Subject = "source"   // who is named
	AboutElement  Subject = "element"  // what the caption has or lacks
	AboutFinding  Subject = "finding"
	AboutVerdict  Subject = "verdict"
)

// Explain judges the picture as Judge does, and says how.
func (r *Rules) Explain(p Picture) (report.Report, Derivation) {
	c := r.read(p)
	rep := c.report()
	if rep.Verdict != report.Pass {
		c.suggest(&rep)
	}
	return rep, c.derive(&rep)
}

func (c *assessment) derive(rep *report.Report) Derivation {
	var d Derivation
	step := func(about Subject, from, says, why string, spans []report.Span) {
		s := Step{About: about, From: from, Says: says, Why: why}
		if len(spans) > 0 {
			s.Span, s.Words = spans[0], c.words(spans[0])
		}
		d.Steps = append(d.Steps, s)
	}
	for _, t := range c.heard {
		if says := c.says(t.claim); says != "" {
			step(AboutEvidence, t.evidence.String(), says, "", t.spans)
		}
	}
	if len(c.reading.AI) > 0 {
		step(AboutEvidence, wording.String(), "AI made the picture or changed it.", "", c.spansOf(c.reading.AI))
	}
	if spans := c.syntheticFields(); len(spans) > 0 {
		step(AboutEvidence, inFields.String(), "AI made the picture or changed it.", "", spans)
	}
	reason := c.reason
	if reason == "" {
		reason = "Nothing says where the picture comes from."
	}
	step(AboutOrigin, "", fmt.Sprintf("The origin is %s.", c.origin), reason, c.evidence)
	switch {
	case c.inText:
		step(AboutSource, "", "The caption names the source"+c.sourceNames()+".", "", nil)
	case c.named:
		step(AboutSource, "", "Only the metadata names the source"+c.sourceNames()+".", "", nil)
	default:
		step(AboutSource, "", "Nobody is named as the source.", "", nil)
	}
	e := rep.Elements
	for _, el := range []struct {
		name string
		report.Element
	}{{"provided", e.Provided}, {"verification", e.Verification}, {"access", e.Access}, {"watermark", e.Watermark}, {"credit", e.Credit}, {"date", e.Date}} {
		if el.Present {
			step(AboutElement, el.name, "The caption has it.", "", el.Spans)
		} else {
			step(AboutElement, el.name, "The caption lacks it.", "", nil)
		}
	}
	for _, x := range c.excepted {
		step(AboutFinding, x.code, fmt.Sprintf("An exception holds: %s is %s here.", x.code, x.by.Severity), x.by.Why, nil)
	}
	for _, f := range rep.Findings {
		rule := c.findings[f.Code]
		says := fmt.Sprintf("%s (%s): %s", f.Code, f.Severity, f.Message)
		if by, differs := rule.By[c.origin]; differs && by == f.Severity {
			says += fmt.Sprintf(" So severe because the origin is %s.", c.origin)
		}
		step(AboutFinding, f.Code, says, rule.Why, f.Spans)
	}
	why := "No finding changes the verdict."
	if rep.Verdict != report.Pass {
		why = "The worst finding decides: " + rep.Findings[0].Code + "."
	}
	step(AboutVerdict, "", fmt.Sprintf("The verdict is %s.", rep.Verdict), why, nil)
	return d
}

// says puts a claim into words; "" when it says nothing.
func (c *assessment) says(said claim) string {
	var parties []string
	for _, id := range said.ids {
		s := c.Rules.sources[c.index[id]]
		parties = append(parties, fmt.Sprintf("%s (%s)", s.Name(), s.Kind))
	}
	for _, n := range said.names {
		if !slices.Contains(parties, n) {
			parties = append(parties, n)
		}
	}
	var says string
	switch {
	case said.origin == report.Own && said.maker:
		says = "Own picture, by a named photographer or a pool"
	case said.origin == report.Own:
		says = "Own picture of an agency or a paper"
	case said.origin == report.State:
		says = "From a party with a stake in what the picture shows"
	case said.origin == report.Handout:
		says = "Handed out by somebody"
	case said.origin == report.Social:
		says = "From social media or an unknown witness"
	case said.origin == report.Satellite:
		says = "Taken by a satellite"
	case said.named:
		says = "Names somebody, and nothing else"
	default:
		return ""
	}
	if len(parties) > 0 {
		return says + ": " + strings.Join(parties, ", ") + "."
	}
	return says + "."
}

func (c *assessment) sourceNames() string {
	if names := cmp.Or(c.called(c.sources), c.provider); names != "" {
		return ": " + names
	}
	return ""
}

// words returns what stands in a span.
func (c *assessment) words(s report.Span) string {
	text := ""
	if s.Field == c.choice.Caption.From {
		text = c.text
	} else if i := slices.IndexFunc(c.picture.Metadata.Fields, func(f photo.Field) bool { return f.From == s.Field && len(f.Value) >= s.End }); i >= 0 {
		text = c.picture.Metadata.Fields[i].Value
	}
	if s.End > len(text) || s.Start > s.End {
		return ""
	}
	return text[s.Start:s.End]
}
