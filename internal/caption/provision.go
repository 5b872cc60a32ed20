package caption

import "bytes"

// provisions finds the statements that somebody provided something.
func (t *text) provisions(s sentence, inCredit []bool, r *Reading) {
	g := t.grammar(s)
	for i := s.start; i < s.end; i++ {
		k := t.kinds[i]
		if inCredit[i] || i > s.start && t.phrase[i] == t.phrase[i-1] && t.kinds[i-1] == k {
			continue
		}
		if k.Has(Posted) {
			end := max(int(t.phrase[i]), i+1)
			t.findNames(end, min(end+3, s.end), true)
			from := end
			if g.OwnerFirst || g.DenialBoth && !g.HeadFirst { // Xに投稿された, auf Instagram gepostet
				from = max(s.start, i-3)
				t.findNames(from, i, true)
			}
			for j := from; j < min(end+3, s.end); j++ {
				if t.name[j] > 0 && t.lexicon.Sources[t.name[j]-1].Kind == "social" && !t.shown(s, i) {
					r.Social = append(r.Social, t.span(i, j+1))
					break
				}
			}
		}
		switch {
		case k.Has(Provided, Handout, Posted):
			r.Provisions = append(r.Provisions, t.provision(s, i, g))
		case k.Has(Picture):
			if p, found := t.whose(s, i, g); found {
				r.Provisions = append(r.Provisions, p)
			}
		}
	}
}

func (t *text) provision(s sentence, i int, g Grammar) Provision {
	end := max(int(t.phrase[i]), i+1)
	p := Provision{Span: t.span(i, end), Word: t.span(i, end), By: Party{Source: -1}}
	p.Handed = t.kinds[i].Has(Handout) && (i-s.start <= 5 || t.pointed(s, i+1)) || end < s.end && t.kinds[end].Has(By) && t.has(end+1, min(s.end, end+4), Nobody)
	p.Picture, p.This = t.provides(s, i, end, g)
	p.By = t.provider(s, i, end, g)
	if t.kinds[i].Has(Obtained) {
		p.By, p.Got = t.giver(s, i, end, p.By, g)
	}
	if owner := t.owner(s, i, end, p.By, g); owner.Class != Nameless {
		p.By = owner
	}
	if p.By.Span.End > p.By.Span.Start {
		p.Span.Start, p.Span.End = min(p.Span.Start, p.By.Span.Start), max(p.Span.End, p.By.Span.End)
	}
	return p
}

// provides says whether it is a picture that was provided, and whether the
// words point at the picture itself.
func (t *text) provides(s sentence, i, end int, g Grammar) (isPicture, this bool) {
	at := -1
	if t.kinds[i].Has(Picture) {
		at = i
	}
	behind, before := 14, 22
	if t.tokens[i].class == dense {
		behind, before = 40, 60
	}
	adjacent := true
	for j := i - 1; at < 0 && j >= max(s.start, i-before); j-- {
		k := t.kinds[j]
		switch {
		case k.Has(Picture):
			at = j
		case t.isMark(j) && (t.is(j, ";") || t.is(j, ":")):
			j = s.start
		case k.Has(Taken, Provided, Adverb, And, Aux, Modifier, In, Hedge, Which, Undated, Of, By, The) || t.isMark(j) || t.tokens[j].class == number || t.months[j] > 0 || t.weekdays[j] > 0:
		case adjacent && t.tokens[j].class == word && !t.tokens[j].upper && t.name[j] == 0 && !g.VerbLast && !g.DenialBoth && !k.Has(Say):
			if k == 0 && g.HeadFirst && j-2 >= s.start && t.kinds[j-1].Has(Of) && !t.kinds[j-1].Has(The) && t.kinds[j-2].Has(Picture) {
				continue // vidéo de surveillance
			}
			if k.Has(Other, Screen) || k == 0 {
				return false, false // "panels provided by"
			}
		default:
			adjacent = false
		}
	}
	for j := end; at < 0 && j < min(s.end, end+behind); j++ {
		if t.kinds[j].Has(Picture) {
			at = j
		}
	}
	if at < 0 {
		return false, false
	}
	for j := at - 1; j >= max(s.start, at-6); j-- {
		if t.kinds[j].Has(This) || t.kinds[j].Has(In) && t.kinds[at].Has(Picture) && !t.kinds[j].Has(By) && !t.isWith(j) || j == s.start && t.begun(s, at) {
			this = true
		}
		if t.kinds[j].Has(Screen) {
			this = false
			break
		}
		if g.NounsUpper && t.kinds[j] == 0 && t.name[j] == 0 && t.tokens[j].upper { // "in Berlin Bilder"
			break
		}
	}
	this = this || g.VerbLast && (t.kinds[at].Has(In) || t.ends(s, at)) || at-s.start <= 2 && t.begun(s, at) || t.kinds[i].Has(Handout)
	if t.shown(s, at) { // "holds a rifle in a photo released by" may be either
		return t.frames(s, at), false
	}
	if !t.pointed(s, at+1) && (at > i && !g.VerbLast && t.agentive(s, i) || // the army later released photos
		at < i && g.VerbLast && t.tokens[i].class == word && end+1 >= s.end && t.agentive(s, at)) {
		return true, false
	}
	return true, this
}

// ends says whether the sentence is no more than what the picture at token i
// is: 国防省が公開した映像.
func (t *text) ends(s sentence, i int) bool {
	end := max(int(t.phrase[i]), i+1)
	return end >= s.end || t.isMark(end) && (t.is(end, ".") || t.is(end, "="))
}

// begun says whether the sentence begins with the picture at token i: at most
// one word that no list has stands before it. "A volunteer hands out pictures"
// has more.
func (t *text) begun(s sentence, i int) bool {
	strange := 0
	for j := s.start; j < i; j++ {
		if t.tokens[j].class == word && (t.kinds[j] == 0 && t.name[j] == 0 || t.kinds[j].Has(Screen)) {
			strange++
		}
	}
	return strange <= 1
}

// isWith says whether token i means what is beside something, and not where the
// scene is seen: with photos from the army.
func (t *text) isWith(i int) bool { return withs[string(t.wordAt(i))] }

var withs = map[string]bool{"with": true, "mit": true, "avec": true, "con": true, "com": true, "met": true, "med": true, "dengan": true}

// frames says whether the picture at token i is where the scene is seen: "in a
// photo", and not "holds a photo".
func (t *text) frames(s sentence, i int) bool {
	if t.kinds[i].Has(In) { // fotoğrafta
		return true
	}
	for j := i - 1; j >= max(s.start, i-4); j-- {
		k := t.kinds[j]
		switch {
		case k.Has(In) && !k.Has(By, Screen) && !t.isWith(j):
			return true
		case t.arabic(i) && !k.Has(This): // adjectives follow: "في سيول تعرض صورة"
			return false
		case t.isMark(j), k.Has(Screen, Aux, Provided, Which, And, Picture), t.name[j] > 0:
			return false
		}
	}
	return false
}

// agentive says whether the word of providing at token i is a verb in the
// active, whose subject provides what follows it.
func (t *text) agentive(s sentence, i int) bool {
	if t.has(s.start, i, By, Picture, This) || t.kinds[i].Has(Handout) {
		return false
	}
	for j := s.start; j < i; j++ {
		if t.name[j] > 0 || t.kinds[j].Has(State, Body, Group) {
			return true
		}
	}
	return false
}

// shown says whether what stands at token i is seen on a screen or the like
// in the picture, and is not the picture itself.
func (t *text) shown(s sentence, i int) bool {
	if t.pointed(s, i+1) {
		return false
	}
	for j := s.start; j < i; j++ {
		if t.screens(j) {
			return true
		}
	}
	g := t.grammar(s)
	for j := i + 1; j < s.end; j++ {
		if !t.screens(j) {
			continue
		}
		if g.VerbLast { // the photo that the agency released showing television
			return true
		}
		if i-s.start > 2 && t.has(max(i, j-3), j, In) { // people see a photo on a screen
			return true
		}
	}
	return false
}

// screens says whether token i is a word for a screen, and no part of a
// broadcaster's name.
func (t *text) screens(i int) bool { return t.kinds[i].Has(Screen) && t.name[i] == 0 }

// provider returns who provided: behind the verb with a preposition or in a
// case, before it as its subject, or before it with a particle.
func (t *text) provider(s sentence, i, end int, g Grammar) Party {
	if g.VerbLast {
		if p := t.partyBefore(s.start, i); p.Class != Nameless {
			return p
		}
		if p := t.agentBefore(s.start, i); p.Class != Nameless {
			return p
		}
	}
	if p, found := t.providerBehind(s, end, g); found {
		return p
	}
	for j := i - 1; j >= max(s.start, i-16); j-- { // von der Agentur verbreitet
		if t.kinds[j].Has(By) && (g.DenialBoth || !g.HeadFirst) {
			if j > s.start && t.kinds[j].Has(Of) && t.kinds[j-1].Has(State, Body) { // der Armee von Mali
				continue
			}
			if p := t.partyIn(j+1, i); p.Class != Nameless {
				return p
			}
		}
	}
	if g.DenialBoth { // das Foto, das die Polizei verbreitet hat
		if p := t.partyBefore(max(s.start, i-8), i); p.Class != Nameless {
			return p
		}
	}
	if !g.VerbLast && i > s.start {
		return t.subject(s, i)
	}
	return Party{Source: -1}
}

// giver returns who gave what was obtained, as far as an agency or a paper got
// it: obtained by Reuters from the army. Whoever got it is neither its maker
// nor its provider.
func (t *text) giver(s sentence, i, end int, by Party, g Grammar) (giver Party, got bool) {
	switch {
	case by.Class == APress, by.Class == Known && rank(t.lexicon.Sources[by.Source].Kind) == 1:
	case by.Class == Nameless && t.agencyNear(s, i, end):
		return by, true
	case by.Class == Somebody && t.agencyIn(by.Span): // "агентством AFP"
	default:
		return by, false
	}
	for j := end; j < s.end; j++ {
		if t.tokens[j].start >= by.Span.End {
			if p, found := t.providerBehind(s, j, g); found && p.Class != APress {
				return p, true
			}
			break
		}
	}
	return Party{Source: -1}, true
}

// agencyIn says whether an agency is named in the span.
func (t *text) agencyIn(at Span) bool {
	for j := range t.tokens {
		if t.tokens[j].start >= at.Start && t.tokens[j].end <= at.End && t.tokens[j].upper {
			if n, source := t.nameAt(j, len(t.tokens), true); n > 0 && t.lexicon.Sources[source].Kind == "agency" {
				return true
			}
		}
	}
	return false
}

// agencyNear says whether an agency is named around the word between i and
// end, by a name of credit lines or not.
func (t *text) agencyNear(s sentence, i, end int) bool {
	for j := max(s.start, i-10); j < min(s.end, end+6); j++ {
		if t.name[j] == 0 && !t.tokens[j].upper || j >= i && j < end {
			continue
		}
		if n, source := t.nameAt(j, s.end, true); n > 0 && t.lexicon.Sources[source].Kind == "agency" {
			return true
		}
	}
	return false
}

// providerBehind returns who is named behind the verb that ends at token end.
func (t *text) providerBehind(s sentence, end int, g Grammar) (Party, bool) {
	for j := end; j < min(s.end, end+18); j++ {
		k := t.kinds[j]
		if t.elided(j) { // dall'agenzia
			if p := t.partyIn(j, s.end); p.Class != Nameless {
				return p, true
			}
			continue
		}
		if k.Has(By) || j == end && k.Has(Of) || t.isFrom(j) {
			if p := t.partyIn(j+1, s.end); p.Class != Nameless {
				return p, true
			}
			continue
		}
		if t.name[j] > 0 && t.nameEnd[j] > 0 {
			return t.known(j), true
		}
		if k.Has(In, Adverb, And, The) && !k.Has(State, Body, Group) || t.isMark(j) && !t.is(j, "(") || t.tokens[j].class == number || t.months[j] > 0 || t.weekdays[j] > 0 || k.Has(Provided, Aux) {
			continue
		}
		if k.Has(State, Group) || (g.AgentCase || g.HeadFirst && k.Has(Press)) && j == end {
			if p := t.partyIn(j, s.end); p.Class != Nameless {
				return p, true
			}
		}
		break
	}
	return Party{}, false
}

// subject returns who provides as the subject of the verb at token i: the
// police have released this picture.
func (t *text) subject(s sentence, i int) Party {
	j := i - 1
	for j > s.start && t.kinds[j].Has(Aux, Adverb) && t.name[j] == 0 {
		j--
	}
	if t.name[j] > 0 && t.lexicon.Sources[t.name[j]-1].Kind != "agency" {
		for j > s.start && t.nameEnd[j] == 0 {
			j--
		}
		return t.known(j)
	}
	if j-s.start > 6 || t.has(s.start, j+1, Picture, Provided, Taken, By, In) || !t.ahead(s, i, Picture) {
		return Party{Source: -1}
	}
	if j == i-1 && !t.kinds[j].Has(State, Body, Group) { // "Photo", "Undated": no subject
		return Party{Source: -1}
	}
	return t.partyIn(s.start, j+1)
}

func (t *text) has(a, b int, kinds ...Kind) bool {
	for i := a; i < b; i++ {
		if t.kinds[i].Has(kinds...) {
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
	upper, body, state, group := false, -1, -1, -1
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
	case group >= 0 && !upper:
		return t.meant(a, p.Span)
	case all.Has(Social) || all.Has(Nobody):
		p.Class = Nameless
	case all.Has(Press):
		p.Class = APress
	case upper:
		p.Class = Somebody
	}
	return p
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
	if from == b {
		return Party{Source: -1}
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
