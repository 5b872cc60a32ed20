package rules

import (
	"slices"
	"strings"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// claim is what one piece of evidence says of where a picture comes from.
type claim struct {
	origin report.Origin // "" when it says nothing
	ids    []string
	names  []string      // of parties that are no known source
	named  bool          // somebody is named
	maker  bool          // a photographer is named
	spans  []report.Span // the words
}

// stronger orders origins where several are claimed: the one that asks more
// of a caption first.
var stronger = []report.Origin{report.State, report.Satellite, report.Social, report.Handout, report.Own}

func (a *claim) merge(b claim) {
	if b.origin != "" && (a.origin == "" || slices.Index(stronger, b.origin) < slices.Index(stronger, a.origin)) {
		a.origin, a.spans = b.origin, b.spans
	}
	for _, id := range b.ids {
		if !slices.Contains(a.ids, id) {
			a.ids = append(a.ids, id)
		}
	}
	a.names = append(a.names, b.names...)
	a.named = a.named || b.named
	a.maker = a.maker || b.maker
}

// decideOrigin weighs what speaks: AI first; then the credit lines of the
// caption, and statements that point at this picture; then other statements;
// then the fields.
func (c *assessment) decideOrigin() {
	var credit, pointed, told, fields claim
	for _, cr := range c.reading.Credits {
		credit.merge(c.creditClaim(cr, c.text, c.choice.Caption.From))
	}
	for _, p := range c.reading.Provisions {
		if !p.Picture {
			continue
		}
		said := c.provisionClaim(p)
		if p.This {
			pointed.merge(said)
		} else {
			told.merge(said)
		}
	}
	title := ""
	for _, f := range c.picture.Metadata.All(photo.BylineTitle) {
		title = strings.ToUpper(strings.TrimSpace(f.Value))
	}
	handed := title == "HO" || title == "HOGP" || title == "HOEP" || strings.HasPrefix(title, "HANDOUT")
	for _, f := range c.fields {
		said := c.creditClaim(f.credit, f.field.Value, f.field.From)
		if f.field.Name == photo.Byline && said.origin == "" && said.named {
			said.maker = true
		}
		if f.field.Name != photo.Byline && said.origin == "" && said.named && len(said.names) > 0 && handed {
			said.origin = report.Handout
		}
		fields.merge(said)
	}
	if fields.origin == report.Own && handed {
		fields.origin = report.Handout
	}
	if fields.origin == "" && handed {
		fields.origin = report.Handout
	}
	if fields.origin == "" && (fields.maker || title == "STF" || title == "STAFF" || title == "STR" || title == "CON") && fields.named {
		fields.origin = report.Own
	}

	decided := credit
	switch {
	case pointed.origin == report.State, pointed.origin == report.Handout && pointed.named, credit.origin == "", credit.origin == report.Own && !credit.maker, credit.origin == report.Handout && pointed.origin != "":
		if !(credit.origin == report.Own && pointed.origin == report.Handout && !pointed.named) {
			decided.merge(pointed)
		}
	}
	if decided.origin == "" {
		decided.merge(told)
	}
	c.words(&decided, credit)
	c.inText = decided.named || credit.named || pointed.named || told.named && decided.origin != report.Own
	switch {
	case decided.origin == "":
		c.inText = c.inText && decided.named
		decided.merge(fields)
	case fields.origin == report.State && decided.origin != report.State && !(credit.origin == report.Own && credit.maker):
		c.inText = false
		decided = claim{}
		decided.merge(fields)
	case decided.origin == report.Own && fields.origin == report.Handout && !credit.maker,
		!decided.named && fields.named:
		decided.merge(fields)
	default:
		for _, id := range fields.ids {
			if !slices.Contains(decided.ids, id) && c.kind(id) == string(decided.origin) {
				decided.ids = append(decided.ids, id)
			}
		}
	}
	c.origin, c.evidence = decided.origin, decided.spans
	c.named = decided.named || fields.named || credit.named
	if c.origin == report.Handout || c.origin == report.Social {
		c.named = c.thirdParty(decided, fields)
	}
	if c.origin == "" {
		c.origin = report.Unknown
		c.named = false
	}
	// Who passed the picture on is no source of it, unless nobody else is known.
	c.sources = slices.DeleteFunc(slices.Clone(decided.ids), func(id string) bool { return c.kind(id) == "agency" || c.kind(id) == "distributor" })
	if len(c.sources) == 0 {
		c.sources = decided.ids
	}
	if len(c.picture.Metadata.Fields) > 0 && c.isSynthetic() {
		c.origin = report.Synthetic
		c.named = c.named || decided.named || fields.named
	}
	c.handedBy = c.partyName(decided, fields)
}

// words lets the caption's own words for satellites and social media decide,
// where no party with a stake is named.
func (c *assessment) words(decided *claim, credit claim) {
	r := c.reading
	if decided.origin == report.State || credit.origin == report.Own && credit.maker {
		return
	}
	if len(r.Satellite) > 0 {
		decided.origin = report.Satellite
		decided.spans = c.spansOf(r.Satellite)
		return
	}
	if decided.origin == report.Satellite {
		return
	}
	if len(r.Social) > 0 || len(r.Accounts) > 0 && decided.origin != report.Handout {
		decided.origin = report.Social
		decided.spans = c.spansOf(append(slices.Clone(r.Social), r.Accounts...))
	}
}

// thirdParty says whether anybody but agencies and platforms is named.
func (c *assessment) thirdParty(list ...claim) bool {
	for _, l := range list {
		if len(l.names) > 0 {
			return true
		}
		for _, id := range l.ids {
			switch c.kind(id) {
			case "agency":
			case "social":
			case "distributor":
				return true
			default:
				return true
			}
		}
	}
	return len(c.reading.Accounts) > 0
}

func (c *assessment) kind(id string) string {
	if i, ok := c.index[id]; ok {
		return c.Rules.sources[i].Kind
	}
	return ""
}

func (c *assessment) partyName(list ...claim) string {
	for _, l := range list {
		for _, id := range l.ids {
			if k := c.kind(id); k != "agency" && k != "distributor" {
				return c.Rules.sources[c.index[id]].Name()
			}
		}
		if len(l.names) > 0 {
			return l.names[0]
		}
	}
	return ""
}

// creditClaim says what a credit line says.
func (c *assessment) creditClaim(cr caption.Credit, text, field string) claim {
	var out claim
	span := func(s caption.Span) []report.Span { return []report.Span{{Field: field, Start: s.Start, End: s.End}} }
	agency, nameless, press := false, false, false
	for _, p := range cr.Parts {
		said := claim{spans: span(p.Span)}
		switch p.Class {
		case caption.Known:
			s := c.Rules.sources[p.Source]
			said.ids, said.named = []string{s.ID}, true
			switch s.Kind {
			case "state", "handout", "social", "satellite":
				said.origin = report.Origin(s.Kind)
			case "agency":
				agency = true
			case "distributor":
				said.origin = c.distributed(s.ID)
			}
		case caption.AState:
			said.origin, said.named, said.names = report.State, true, []string{text[p.Span.Start:p.Span.End]}
		case caption.ABody:
			said.origin, said.named, said.names = report.Handout, true, []string{text[p.Span.Start:p.Span.End]}
		case caption.Account:
			said.origin, said.named, said.names = report.Social, true, []string{text[p.Span.Start:p.Span.End]}
		case caption.APress:
			press, said.named = true, true
		case caption.Nameless:
			nameless = true
		case caption.Somebody:
			said.named = true
			if p.Role == caption.Provider {
				said.origin = report.Handout
				said.names = []string{text[p.Span.Start:p.Span.End]}
			} else {
				said.maker = true
			}
		}
		out.merge(said)
	}
	own := claim{origin: report.Own, spans: span(cr.Span)}
	switch {
	case out.origin == report.State, out.origin == report.Satellite, out.origin == report.Social:
	case cr.Pool, press:
		own.ids, own.named, own.maker = out.ids, true, true
		return own
	case cr.Handout:
		out.merge(claim{origin: report.Handout, spans: own.spans})
		if out.maker {
			for _, p := range cr.Parts {
				if p.Class == caption.Somebody {
					out.names = append(out.names, text[p.Span.Start:p.Span.End])
				}
			}
		}
	case out.origin == report.Handout:
	case out.maker && (agency || cr.Photo):
		out.merge(own)
	case agency && nameless && cr.Via:
		out.merge(claim{origin: report.Handout, spans: own.spans})
	case agency && !cr.Via:
		out.merge(own)
	case out.maker && field == c.choice.Caption.From:
		out.merge(own)
	}
	return out
}

// distributed returns the origin of what a distributor passes on: that of the
// sources that name it.
func (c *assessment) distributed(id string) report.Origin {
	for _, s := range c.Rules.sources {
		if slices.Contains(s.Distributors, id) {
			return report.Origin(s.Kind)
		}
	}
	return report.Social
}

// provisionClaim says what a statement of providing says.
func (c *assessment) provisionClaim(p caption.Provision) claim {
	out := claim{origin: report.Handout, spans: []report.Span{c.spanOf(p.Span)}}
	name := c.text[p.By.Span.Start:p.By.Span.End]
	switch p.By.Class {
	case caption.Known:
		s := c.Rules.sources[p.By.Source]
		out.ids, out.named = []string{s.ID}, true
		switch s.Kind {
		case "state", "social", "satellite":
			out.origin = report.Origin(s.Kind)
		case "agency":
			return claim{ids: nil, named: false}
		case "distributor":
			out.origin = c.distributed(s.ID)
		}
	case caption.AState:
		out.origin, out.named, out.names = report.State, true, []string{name}
	case caption.ABody, caption.APress, caption.Somebody:
		out.named, out.names = true, []string{name}
	case caption.Account:
		out.origin, out.named, out.names = report.Social, true, []string{name}
	}
	return out
}

// isSynthetic says whether AI made the picture, by its metadata, its content
// credentials, or its caption.
func (c *assessment) isSynthetic() bool {
	return len(c.syntheticFields()) > 0 || c.syntheticCredentials() || len(c.reading.AI) > 0 && c.origin != report.State
}

func synthetic(sourceType string) bool {
	name := sourceType[strings.LastIndexByte(sourceType, '/')+1:]
	switch name {
	case "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicallyEnhanced", "compositeSynthetic":
		return name != "algorithmicallyEnhanced"
	}
	return false
}

func (c *assessment) syntheticFields() []report.Span {
	var spans []report.Span
	for _, f := range c.picture.Metadata.Fields {
		if f.Name == photo.DigitalSourceType && synthetic(f.Value) || f.Name == photo.Prompt {
			spans = append(spans, wholeField(f))
		}
	}
	return spans
}

func (c *assessment) syntheticCredentials() bool {
	if c.picture.Credentials == nil {
		return false
	}
	for _, a := range c.picture.Credentials.Actions {
		if synthetic(a.DigitalSourceType) {
			return true
		}
	}
	return false
}
