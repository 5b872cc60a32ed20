package rules

import (
	"slices"
	"strings"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// evidence is where a testimony of a picture's origin stands.
type evidence int

const (
	creditLine evidence = iota // of the caption
	pointing                   // a statement that points at this picture: "this photo, provided by"
	telling                    // a statement about some picture: "photos released by"
	wording                    // words for satellites, social media and AI
	inFields                   // credit, source, by-line, by-line title, instructions
	evidences
)

func (e evidence) String() string {
	return [...]string{"credit line", "statement about this picture", "statement about a picture", "words", "metadata field"}[e]
}

// testimony is one piece of evidence and what it says.
type testimony struct {
	evidence evidence
	claim
}

// claim is what evidence says of where a picture comes from.
type claim struct {
	origin report.Origin // "" when it says nothing
	ids    []string      // of sources
	names  []string      // of parties that are no known source
	named  bool          // somebody is named
	maker  bool          // a photographer is named
	makers []string      // by these names
	agency bool          // an agency or a paper is named
	handed bool          // in so many words: handout, provided by officials
	got    bool          // an agency got it from somebody
	pool   bool          // it is a pool's
	spans  []report.Span // the words
}

// stronger orders origins where one piece of evidence claims several: the one
// that asks more of a caption first.
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
	a.maker, a.agency, a.handed = a.maker || b.maker, a.agency || b.agency, a.handed || b.handed
	a.got, a.pool = a.got || b.got, a.pool || b.pool
	a.makers = append(a.makers, b.makers...)
}

// hear gathers all testimonies.
func (c *assessment) hear() []testimony {
	var all []testimony
	for _, cr := range c.reading.Credits {
		all = append(all, testimony{creditLine, c.creditClaim(cr, c.text, c.choice.Caption.From)})
	}
	for _, p := range c.reading.Provisions {
		switch {
		case p.Picture && p.This:
			all = append(all, testimony{pointing, c.provisionClaim(p, c.text, c.choice.Caption.From)})
		case p.Picture:
			all = append(all, testimony{telling, c.provisionClaim(p, c.text, c.choice.Caption.From)})
		}
	}
	if len(c.reading.Satellite) > 0 {
		all = append(all, testimony{wording, claim{origin: report.Satellite, spans: c.spansOf(c.reading.Satellite)}})
	}
	if len(c.reading.Social) > 0 {
		all = append(all, testimony{wording, claim{origin: report.Social, spans: c.spansOf(c.reading.Social)}})
	}
	if len(c.reading.Accounts) > 0 {
		said := claim{origin: report.Social, named: true, spans: c.spansOf(c.reading.Accounts)}
		for _, s := range c.reading.Accounts {
			said.names = append(said.names, c.text[s.Start:s.End])
		}
		all = append(all, testimony{wording, said})
	}
	return append(all, c.fieldClaims()...)
}

// By-line titles of those who took a picture for the agency, and of those who
// handed it out (IPTC-IIM 2:85).
var (
	staffTitles   = []string{"STF", "STAFF", "STR", "STRINGER", "CON", "CONTRIBUTOR", "POOL"}
	handoutTitles = []string{"HO", "HOGP", "HOEP", "HANDOUT"}
)

// fieldClaims says what the metadata fields say, as one testimony a field. The
// by-line title says what the other fields mean: with HO, "Acme" has handed
// the picture out; with STF, it has taken it.
func (c *assessment) fieldClaims() []testimony {
	title := c.picture.Metadata.First(photo.BylineTitle)
	held := strings.Fields(strings.ToUpper(title.Value))
	handed := len(held) > 0 && slices.Contains(handoutTitles, held[0])
	staff := len(held) > 0 && slices.Contains(staffTitles, held[0])
	var all []testimony
	var sum claim
	for _, f := range c.fields {
		said := c.creditClaim(f.credit, f.field.Value, f.field.From)
		if f.field.Name == photo.Byline && said.origin == "" && said.named {
			said.maker = true
		}
		if f.field.Name != photo.Byline && said.origin == "" && len(said.names) > 0 && handed {
			said.origin = report.Handout
		}
		if said.spans == nil && said.named {
			said.spans = []report.Span{wholeField(f.field)}
		}
		sum.merge(said)
		all = append(all, testimony{inFields, said})
	}
	for _, f := range c.picture.Metadata.All(photo.Instructions) {
		r := c.lexicon.Read(f.Value)
		for _, p := range r.Provisions {
			if said := c.provisionClaim(p, f.Value, f.From); p.Picture && p.This && said.named {
				sum.merge(said)
				all = append(all, testimony{inFields, said})
			}
		}
	}
	byTitle := claim{named: sum.named && !handed}
	if title.Value != "" {
		byTitle.spans = []report.Span{wholeField(title)}
	}
	switch {
	case handed:
		byTitle.origin = report.Handout
	case sum.origin == "" && (staff || sum.maker) && sum.named:
		byTitle.origin = report.Own
	}
	if byTitle.origin != "" {
		all = append(all, testimony{inFields, byTitle})
	}
	return all
}

// creditClaim says what a credit line says.
func (c *assessment) creditClaim(cr caption.Credit, text, field string) claim {
	var out claim
	span := func(s caption.Span) []report.Span { return []report.Span{{Field: field, Start: s.Start, End: s.End}} }
	agency, nameless, press := false, false, false
	for _, p := range cr.Parts {
		said := claim{spans: span(p.Span)}
		name := text[p.Span.Start:p.Span.End]
		switch p.Class {
		case caption.Known:
			said.ids, said.named = []string{c.Rules.sources[p.Source].ID}, true
			said.origin = c.originOf(p.Source)
			said.agency = c.Rules.sources[p.Source].Kind == "agency"
			agency = agency || said.agency
		case caption.AState:
			said.origin, said.named, said.names = report.State, true, []string{name}
		case caption.ABody:
			said.origin, said.named, said.names = report.Handout, true, []string{name}
		case caption.Account:
			said.origin, said.named, said.names = report.Social, true, []string{name}
		case caption.APress:
			press, said.named, said.agency = true, true, true
		case caption.Nameless:
			nameless = true
		case caption.Somebody:
			said.named = true
			if p.Role == caption.Provider {
				said.origin, said.names = report.Handout, []string{name}
			} else {
				said.maker, said.makers = true, []string{name}
			}
		}
		out.merge(said)
	}
	own := claim{origin: report.Own, spans: span(cr.Span)}
	switch {
	case out.origin == report.State, out.origin == report.Satellite, out.origin == report.Social:
	case cr.Pool, press && !cr.Handout:
		own.ids, own.named, own.maker, own.agency, own.pool = out.ids, true, true, out.agency, cr.Pool
		return own
	case cr.Given && agency && !nameless && out.origin == "" && len(out.names) == 0: // "AP提供"
		out.merge(own)
	case cr.Handout:
		out.merge(claim{origin: report.Handout, spans: own.spans})
		for _, p := range cr.Parts {
			if p.Class == caption.Somebody && p.Role == caption.Maker {
				out.names = append(out.names, text[p.Span.Start:p.Span.End])
			}
		}
	case out.origin == report.Handout:
	case out.maker && (agency || cr.Photo || field == c.choice.Caption.From):
		out.merge(own)
	case agency && cr.Via && cr.Passed:
		out.merge(own)
	case agency && nameless && cr.Via:
		out.merge(claim{origin: report.Handout, spans: own.spans})
	case agency && !cr.Via:
		out.merge(own)
	}
	return out
}

// originOf returns the origin of what a source provides; "" for agencies, who
// pass on others' pictures as well as their own.
func (c *assessment) originOf(source int) report.Origin {
	switch s := c.Rules.sources[source]; s.Kind {
	case "agency":
		return ""
	case "distributor":
		return c.distributed(s.ID)
	default:
		return report.Origin(s.Kind)
	}
}

// distributed returns the origin of what a distributor passes on: that of the
// sources that name it, else a company's.
func (c *assessment) distributed(id string) report.Origin {
	for _, s := range c.Rules.sources {
		if slices.Contains(s.Distributors, id) {
			return report.Origin(s.Kind)
		}
	}
	return report.Handout
}

// provisionClaim says what a statement of providing says.
func (c *assessment) provisionClaim(p caption.Provision, text, field string) claim {
	out := claim{origin: report.Handout, handed: p.Handed, got: p.Got, spans: []report.Span{{Field: field, Start: p.Span.Start, End: p.Span.End}}}
	name := text[p.By.Span.Start:p.By.Span.End]
	switch p.By.Class {
	case caption.Known:
		out.origin = c.originOf(p.By.Source)
		if out.origin == "" { // "made available by EPA" says nothing of its maker
			return claim{}
		}
		out.ids, out.named = []string{c.Rules.sources[p.By.Source].ID}, true
	case caption.AState:
		out.origin, out.named, out.names = report.State, true, []string{name}
	case caption.ABody, caption.APress, caption.Somebody:
		out.named, out.names = true, []string{name}
	case caption.Account:
		out.origin, out.named, out.names = report.Social, true, []string{name}
	}
	return out
}
