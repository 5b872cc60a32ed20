package rules

import (
	"slices"
	"strings"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// Picture is what is known of a picture when it is judged.
type Picture struct {
	Metadata   photo.Metadata
	Provenance report.Provenance // what its file proves, as far as it was read
	Filename   string            // its file name or key; "" for a caption alone
}

// Judge reads the caption, decides where the picture comes from, and finds
// what is wrong. It fills everything of a report but the photo, the time and
// the version.
func (r *Rules) Judge(p Picture) report.Report {
	c := r.read(p)
	rep := c.report()
	if rep.Verdict != report.Pass {
		c.suggest(&rep)
	}
	return rep
}

// assessment is one picture under judgement.
type assessment struct {
	*Rules
	picture Picture
	choice  photo.Choice
	text    string
	reading caption.Reading
	fields  []fieldCredit

	heard    []testimony
	origin   report.Origin
	reason   string // why it is believed; "" when nothing says
	sources  []string
	provider string        // who it comes from, where no source is known; "" otherwise
	named    bool          // somebody is named, in caption or fields
	inText   bool          // the caption names the source
	evidence []report.Span // what decided the origin
	handedBy string        // the party's name for a suggestion

	excepted []excepted     // exceptions that held, in the order of the findings
	off      report.Finding // what is switched off is written here, and not read
}

// fieldCredit is a metadata field read as a credit line.
type fieldCredit struct {
	field  photo.Field
	credit caption.Credit
}

func (r *Rules) read(p Picture) *assessment {
	c := &assessment{Rules: r, picture: p, choice: p.Metadata.ChooseCaption(p.Filename, r.isPlaceholder)}
	c.text = c.choice.Caption.Value
	c.reading = r.lexicon.Read(c.text)
	for _, f := range p.Metadata.Fields {
		switch f.Name {
		case photo.Credit, photo.Source, photo.Byline:
			c.fields = append(c.fields, fieldCredit{f, r.lexicon.ReadCredit(f.Value)})
		}
	}
	c.decideOrigin()
	return c
}

func (r *Rules) isPlaceholder(text string) bool {
	t := strings.TrimSpace(text)
	for _, p := range r.placeholders {
		if strings.EqualFold(t, p) {
			return true
		}
	}
	return !strings.ContainsFunc(t, func(c rune) bool { return c > 'A' })
}

func (c *assessment) spanOf(s caption.Span) report.Span {
	return report.Span{Field: c.choice.Caption.From, Start: s.Start, End: s.End}
}

func (c *assessment) spansOf(list []caption.Span) []report.Span {
	var spans []report.Span
	for _, s := range list {
		spans = append(spans, c.spanOf(s))
	}
	return spans
}

func wholeField(f photo.Field) report.Span {
	return report.Span{Field: f.From, Start: 0, End: len(f.Value)}
}

func (c *assessment) report() report.Report {
	rep := c.judge()
	rep.Schema = report.Schema
	rep.Origin, rep.Provider = c.origin, c.provider
	rep.Caption = report.Caption{Lang: c.reading.Lang, Others: c.choice.Others}
	if c.text != "" {
		rep.Caption.Text, rep.Caption.Field = c.text, c.choice.Caption.From
	}
	if rep.Sources = c.sources; rep.Sources == nil {
		rep.Sources = []string{}
	}
	if rep.Metadata = c.picture.Metadata.Fields; rep.Metadata == nil {
		rep.Metadata = []photo.Field{}
	}
	rep.Problems = c.picture.Metadata.Problems
	if !c.picture.Provenance.Empty() {
		known := c.picture.Provenance
		rep.Provenance = &known
	}
	rep.Rules = report.Rules{Packs: c.names, Digest: c.digest}
	return rep
}

// judge returns a report of what is there, what was found, and the verdict.
func (c *assessment) judge() report.Report {
	rep := report.Report{Elements: c.elements(), Findings: make([]report.Finding, 0, 8)}
	c.find(&rep)
	slices.SortStableFunc(rep.Findings, func(a, b report.Finding) int {
		return weight(b.Severity) - weight(a.Severity)
	})
	rep.Verdict = report.Worst(rep.Findings)
	return rep
}

func weight(s report.Severity) int {
	return slices.Index([]report.Severity{report.SeverityOff, report.SeverityAdvice, report.SeverityReview, report.SeverityFail}, s)
}

// add reports a finding, as severe as the rules say for this picture.
func (c *assessment) add(rep *report.Report, code string, spans []report.Span, detail string) *report.Finding {
	severity, except := c.severity(code)
	if except != nil {
		c.excepted = append(c.excepted, excepted{code, except})
	}
	if severity == report.SeverityOff {
		c.off = report.Finding{}
		return &c.off
	}
	message := c.findings[code].Message
	if detail != "" {
		message += " " + detail
	}
	rep.Findings = append(rep.Findings, report.Finding{Code: code, Severity: severity, Message: message, Spans: spans, URL: "/rules/" + code})
	return &rep.Findings[len(rep.Findings)-1]
}

func (c *assessment) elements() report.Elements {
	var e report.Elements
	r := c.reading
	element := func(spans []report.Span) report.Element {
		return report.Element{Present: len(spans) > 0, Spans: spans}
	}
	var disclaimers, provided, credits, dates, sources []report.Span
	for _, v := range r.Verifications {
		if v.Denied && v.AboutPicture {
			disclaimers = append(disclaimers, c.spanOf(v.Span))
		}
	}
	for _, p := range r.Provisions {
		if p.Picture || p.By.Class != caption.Nameless {
			provided = append(provided, c.spanOf(p.Word))
		}
		if p.By.Class != caption.Nameless {
			sources = append(sources, c.spanOf(p.By.Span))
		}
	}
	for _, cr := range r.Credits {
		credits = append(credits, c.spanOf(cr.Span))
		if cr.Handout || cr.Via {
			provided = append(provided, c.spanOf(cr.Span))
		}
		for _, p := range cr.Parts {
			if p.Class != caption.Nameless {
				sources = append(sources, c.spanOf(p.Span))
			}
		}
	}
	for _, d := range r.Dates {
		dates = append(dates, c.spanOf(d.Span))
	}
	e.Source = element(sources)
	e.Source.Present = c.inText
	e.Provided = element(provided)
	e.Verification = element(disclaimers)
	e.Access = element(c.spansOf(r.Access))
	e.Watermark = element(c.spansOf(r.Watermark))
	e.Credit = element(credits)
	e.Date = element(dates)
	if !e.Date.Present && len(r.Undated) > 0 {
		e.Date = element(c.spansOf(r.Undated))
	}
	return e
}
