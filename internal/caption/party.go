package caption

import "bytes"

func (t *text) has(a, b int, kinds ...Kind) bool {
	wanted := set(kinds...)
	for i := a; i < b; i++ {
		if t.kinds[i]&wanted != 0 {
			return true
		}
	}
	return false
}

func (t *text) known(j int) Party {
	end := max(int(t.nameEnd[j]), j+1)
	return Party{Span: t.span(j, end), Class: Known, Source: int(t.name[j] - 1)}
}

// partyIn returns the party named by the noun phrase from a on.
func (t *text) partyIn(a, limit int) Party {
	b := a
	var all Set
	upper, body, state, group, leader := false, -1, -1, -1, -1
	for ; b < min(limit, a+14); b++ {
		k := t.kinds[b]
		if end := t.accountEnd(b, limit); t.is(b, "@") && end > b {
			return Party{Span: t.span(b, end), Class: Account, Source: -1}
		}
		owned := state >= 0 || body >= 0 || group >= 0 // the army's Telegram channel
		if owned && t.name[b] > 0 && t.lexicon.Sources[t.name[b]-1].Kind == "social" {
			continue
		}
		if t.nameEnd[b] > 0 && (b == a || rank(t.lexicon.Sources[t.name[b]-1].Kind) > 1 || b-a < 8) {
			return t.known(b)
		}
		if b > a && (k.Has(In, Which, Aux, Picture, Provided, Not) && !k.Has(Of, State, Body, Press, The, Group) || t.isMark(b) && !t.is(b, "'") && !t.is(b, "-") && !t.is(b, "&") && !t.is(b, ".") && !t.is(b, "\"") || t.months[b] > 0 || t.weekdays[b] > 0) {
			break
		}
		if t.is(b, ".") && b+1 < len(t.tokens) && t.tokens[b+1].spaced {
			break
		}
		all |= k
		switch {
		case k.Has(State):
			state = b
		case k.Has(Body):
			body = b
		case k.Has(Group):
			group = b
		case leader < 0 && b < a+4 && t.silently(b, Leader):
			leader = b
		}
		upper = upper || t.tokens[b].upper && !k.Has(The, Group)
	}
	if b == a {
		return Party{Source: -1}
	}
	p := Party{Span: t.span(a, b), Source: -1}
	switch {
	case state >= 0:
		p.Class = AState
	case body >= 0:
		p.Class = ABody
	case leader >= 0:
		p.Class = AState
	case group >= 0 && !upper:
		return t.meant(a, p.Span)
	case all.Has(Social) || all.Has(Nobody):
		p.Class = Nameless
	case upper && t.stakeholder(a, b) >= 0:
		p.Class, p.Source = Known, int(t.stakeholder(a, b))
	case all.Has(Press):
		p.Class = APress
	case upper && !(b == a+1 && all.Has(Picture)): // TAKEN FROM VIDEO
		p.Class = Somebody
	case all == 0 || all == set(The):
		return t.apposed(b, limit)
	}
	return p
}

// apposed returns who is named by first and last name behind the comma at token
// b: by her mother, Joan Pope.
func (t *text) apposed(b, limit int) Party {
	end := b + 1
	for end < limit && t.tokens[end].class == word && t.tokens[end].upper && t.kinds[end] == 0 && t.months[end]+t.weekdays[end] == 0 {
		end++
	}
	if !t.is(b, ",") || end < b+3 {
		return Party{Source: -1}
	}
	return Party{Span: t.span(b+1, end), Class: Somebody, Source: -1}
}

// stakeholder returns the source with a stake whose name of credit lines is
// the first that is written with a capital between two tokens: "by VTV", "by
// the agency AVN"; -1 when none is, or when the name goes on: Sana Novak.
func (t *text) stakeholder(a, b int) int32 {
	for j := a; j < b; j++ {
		if !t.tokens[j].upper || t.kinds[j].Has(The, Press) {
			continue
		}
		n, source := t.nameAt(j, b, true)
		if n > 0 && t.stakes(source) && (j+n >= len(t.tokens) || !t.tokens[j+n].upper || t.isMark(j+n)) {
			return source
		}
		break
	}
	return -1
}

// elided says whether token i begins with a preposition that has lost its
// vowel, and who did it.
func (t *text) elided(i int) bool {
	return bytes.HasPrefix(t.wordAt(i), []byte("dall'"))
}

// meant returns the party with a stake that was named last before token i:
// the one that "the group" means.
func (t *text) meant(i int, span Span) Party {
	for j := i - 1; j >= 0; j-- {
		if source := t.namedAt(j); source >= 0 && rank(t.lexicon.Sources[source].Kind) == 3 {
			return Party{Span: span, Class: Known, Source: int(source)}
		}
		if t.kinds[j].Has(State) {
			return Party{Span: span, Class: AState, Source: -1}
		}
	}
	return Party{Source: -1}
}

// namedAt returns the source whose name begins at token i, in credit lines or
// not, or the word's first part: Taliban-soldater. -1 when there is none.
func (t *text) namedAt(i int) int32 {
	if t.name[i] > 0 {
		return t.name[i] - 1
	}
	if n, source := t.nameAt(i, len(t.tokens), true); n > 0 {
		return source
	}
	if first, _, joined := bytes.Cut(t.wordAt(i), []byte("-")); joined {
		if senses := t.lexicon.names.exact(first); len(senses) > 0 {
			return t.lexicon.senses[senses[0]].source
		}
	}
	return -1
}

// agentBefore returns who stands before token i and a postposition, in words
// that are all written with a capital: Selçuk Kazı Ekibi tarafından.
func (t *text) agentBefore(a, i int) Party {
	b := i - 1
	if b <= a || !t.kinds[b].Has(By) || t.tokens[b].class != word {
		return Party{Source: -1}
	}
	from := b
	for from > a && t.tokens[from-1].class == word && t.tokens[from-1].upper && !t.kinds[from-1].Has(Nobody) {
		from--
	}
	switch {
	case from == b:
		return Party{Source: -1}
	case t.stakeholder(from, b) >= 0:
		return Party{Span: t.span(from, b), Class: Known, Source: int(t.stakeholder(from, b))}
	}
	for j := from; j < b; j++ {
		if t.silently(j, Leader) {
			return Party{Span: t.span(from, b), Class: AState, Source: -1}
		}
	}
	return Party{Span: t.span(from, b), Class: Somebody, Source: -1}
}

// partyBefore returns the party named last before token i, where particles
// and verbs follow their nouns.
func (t *text) partyBefore(a, i int) Party {
	for j := i - 1; j >= max(a, i-24); j-- {
		if t.name[j] > 0 {
			for j > a && t.nameEnd[j] == 0 {
				j--
			}
			return t.known(j)
		}
		switch {
		case t.kinds[j].Has(State):
			return Party{Span: t.span(j, j+1), Class: AState, Source: -1}
		case t.kinds[j].Has(Body):
			return Party{Span: t.span(j, j+1), Class: ABody, Source: -1}
		case t.kinds[j].Has(Group):
			if p := t.meant(j, t.span(j, j+1)); p.Class != Nameless {
				return p
			}
		}
	}
	return Party{Source: -1}
}
