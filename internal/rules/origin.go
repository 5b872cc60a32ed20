package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cutline/internal/report"
)

// hearing is what all the evidence says, put together by where it stands.
type hearing struct {
	credit, pointing, telling, wording, fields claim

	decided claim // the one that was believed

	ai      bool // by metadata or content credentials
	aiWords bool // by the caption
}

// trust is one reason to believe that a picture has an origin.
type trust struct {
	why   string
	holds func(h *hearing) *claim // nil when it does not
}

// order says which evidence is believed: the first that holds decides where
// the picture comes from. Being from a party with a stake is believed before
// all else but AI; the caption is believed before the fields; a named
// photographer before what is told of other pictures.
var order = []trust{
	{"The metadata or the content credentials say that AI made the picture or changed it.", func(h *hearing) *claim {
		return when(h.ai, claim{origin: report.Synthetic})
	}},
	{"The credit line names a party with a stake in what the picture shows.", func(h *hearing) *claim {
		return is(report.State, h.credit)
	}},
	{"The caption says that this picture comes from a party with a stake in what it shows.", func(h *hearing) *claim {
		return is(report.State, h.pointing)
	}},
	{"The caption says that AI made the picture or changed it.", func(h *hearing) *claim {
		return when(h.aiWords, claim{origin: report.Synthetic})
	}},
	{"The caption calls it a handout, and the credit line names somebody beside the agency.", func(h *hearing) *claim {
		if !h.pointing.handed || h.pointing.named || h.credit.origin != report.Own || len(h.credit.makers) == 0 {
			return nil
		}
		said := h.pointing
		said.named, said.names = true, h.credit.makers
		return &said
	}},
	{"The credit line calls it a pool's, and a metadata field names a party with a stake: its photographer is in the pool.", func(h *hearing) *claim {
		return when(h.credit.pool && h.credit.origin == report.Own && h.fields.origin == report.State, h.fields)
	}},
	{"The credit line names a photographer of an agency or a paper, and nothing says that somebody else provided the picture.", func(h *hearing) *claim {
		return when(h.credit.origin == report.Own && h.credit.maker && !h.pointing.named, h.credit)
	}},
	{"A metadata field names a party with a stake, and the credit line no photographer.", func(h *hearing) *claim {
		return when(h.fields.origin == report.State && !(h.credit.origin == report.Own && h.credit.maker), h.fields)
	}},
	{"The caption speaks of pictures from a party with a stake, and the credit line names no photographer.", func(h *hearing) *claim {
		return when(h.telling.origin == report.State && !(h.credit.origin == report.Own && h.credit.maker), h.telling)
	}},
	{"The caption says that a satellite took it.", func(h *hearing) *claim {
		return is(report.Satellite, h.credit, h.pointing, h.wording)
	}},
	{"The caption says that it comes from social media or an unknown witness.", func(h *hearing) *claim {
		if h.credit.origin == report.Own && h.credit.maker {
			return nil
		}
		return is(report.Social, h.credit, h.pointing, h.wording)
	}},
	{"The caption says that somebody else provided this picture.", func(h *hearing) *claim {
		return when(h.pointing.origin == report.Handout && h.pointing.named, h.pointing)
	}},
	{"The credit line says that somebody else provided it.", func(h *hearing) *claim {
		return is(report.Handout, h.credit)
	}},
	{"The fields say that it was handed out, and the credit line names no photographer.", func(h *hearing) *claim {
		return when(h.credit.origin == report.Own && !h.credit.maker && h.fields.origin == report.Handout, h.fields)
	}},
	{"The caption says that this picture was handed out, and the credit line names no photographer.", func(h *hearing) *claim {
		return when(h.pointing.origin == report.Handout && h.pointing.handed && h.credit.origin == report.Own && !h.credit.maker, h.pointing)
	}},
	{"The caption says that an agency got the picture from somebody, and the credit line names no photographer.", func(h *hearing) *claim {
		for _, said := range []claim{h.pointing, h.telling} {
			if said.origin == report.Handout && said.got && !h.credit.maker {
				return &said
			}
		}
		return nil
	}},
	{"The credit line names an agency or a paper, and nothing says that somebody else provided the picture.", func(h *hearing) *claim {
		return is(report.Own, h.credit)
	}},
	{"The caption says that this picture was provided.", func(h *hearing) *claim {
		return when(h.pointing.origin != "" && !(h.fields.origin == report.Own && h.fields.maker), h.pointing)
	}},
	{"The caption speaks of pictures that were provided.", func(h *hearing) *claim {
		return when(h.telling.origin != "" && h.telling.named, h.telling)
	}},
	{"Only the metadata fields say where it comes from.", func(h *hearing) *claim {
		return when(h.fields.origin != "", h.fields)
	}},
	{"The caption speaks of a picture that was provided.", func(h *hearing) *claim {
		return when(h.telling.origin != "", h.telling)
	}},
}

func when(holds bool, c claim) *claim {
	if !holds {
		return nil
	}
	kept := c // only what holds costs space
	return &kept
}

// is puts together what those say that claim the origin; nil if none does.
func is(origin report.Origin, list ...claim) *claim {
	var all *claim
	for _, c := range list {
		if c.origin == origin {
			if all == nil {
				all = new(claim)
			}
			all.merge(c)
		}
	}
	return all
}

// decideOrigin hears all evidence and believes the first reason that holds.
func (c *assessment) decideOrigin() {
	c.heard = c.hear()
	h := hearing{ai: c.madeByAI(), aiWords: len(c.reading.AI) > 0}
	for _, t := range c.heard {
		[evidences]*claim{&h.credit, &h.pointing, &h.telling, &h.wording, &h.fields}[t.evidence].merge(t.claim)
	}
	c.origin = report.Unknown
	for i := range order {
		if said := order[i].holds(&h); said != nil {
			c.origin, c.reason, c.evidence, h.decided = said.origin, order[i].why, said.spans, *said
			break
		}
	}
	c.nameParties(&h)
}

// nameParties says who is named as the source, and whether in the caption.
func (c *assessment) nameParties(h *hearing) {
	inText := []claim{h.credit, h.pointing, h.wording, h.telling}
	var caption, fields claim // what agrees with the origin
	for i, said := range inText {
		if said.origin == c.origin || c.origin == report.Synthetic || said.origin == "" && i < 2 {
			caption.merge(said)
		}
	}
	if h.fields.origin == c.origin || h.fields.origin == "" || c.origin != report.State {
		fields.merge(h.fields)
	}
	switch c.origin {
	case report.Unknown:
	case report.Handout, report.Social, report.Satellite:
		// Agencies pass on, and platforms name nobody.
		c.inText = c.thirdParty(caption, h.credit, h.pointing, h.decided) || len(c.reading.Accounts) > 0 ||
			c.origin == report.Social && len(h.credit.makers) > 0
		c.named = c.inText || c.thirdParty(h.fields)
	default:
		c.inText = caption.named
		c.named = caption.named || fields.named
	}
	ids := slices.Clone(caption.ids)
	for _, id := range append(slices.Clone(fields.ids), h.credit.ids...) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	c.handedBy = c.partyName(caption, h.decided, fields)
	// Who passed the picture on is no source of it, unless nobody else is known.
	c.sources = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return c.kind(id) == "agency" || c.kind(id) == "distributor" })
	switch {
	case len(c.sources) > 0:
	case c.provided() && isName(c.handedBy):
		c.provider = c.handedBy
	default:
		c.sources = ids
	}
}

// provided says whether somebody made the picture who is no agency.
func (c *assessment) provided() bool {
	return slices.Contains([]report.Origin{report.State, report.Handout, report.Social, report.Satellite}, c.origin)
}

// isName tells a name from words such as "his" or "the army": it has a capital,
// is an account, or is of a script without capitals and longer than a letter.
func isName(words string) bool {
	return strings.ContainsFunc(words, unicode.IsUpper) || strings.HasPrefix(words, "@") ||
		!strings.ContainsFunc(words, unicode.IsLower) && utf8.RuneCountInString(words) > 1
}

// thirdParty says whether anybody but agencies and platforms is named.
func (c *assessment) thirdParty(list ...claim) bool {
	for _, l := range list {
		if len(l.names) > 0 || slices.ContainsFunc(l.ids, func(id string) bool { return c.kind(id) != "agency" && c.kind(id) != "social" }) {
			return true
		}
	}
	return false
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
