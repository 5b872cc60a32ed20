package caption

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
		from := max(s.start, i-8)
		for j := i - 1; g.AgentCase && j >= from; j-- { // not "военные на фото, предоставленном"
			if t.kinds[j].Has(Picture) {
				from = j
			}
		}
		if p := t.partyBefore(from, i); p.Class != Nameless {
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
	if end > 0 && t.hasHit(end-1, end, set(By, Of)) && t.kinds[end-1].Has(Provided, Handout) { // "circulated by"
		if p := t.partyIn(end, s.end); p.Class != Nameless {
			return p, true
		}
	}
	platform := Party{Source: -1}
	inverted := g.NounsUpper && end < s.end && t.kinds[end].Has(Aux) // "zur Verfügung gestellt hat das Foto die Armee"
	for j := end; j < min(s.end, end+18); j++ {
		k := t.kinds[j]
		if t.elided(j) { // dall'agenzia
			if p := t.partyIn(j, s.end); p.Class != Nameless {
				return p, true
			}
			continue
		}
		if k.Has(By) || j == end && k.Has(Of) && !(k.Has(This) && !k.Has(In)) || t.isFrom(j) {
			if p := t.partyIn(j+1, s.end); p.Class != Nameless {
				return p, true
			}
			continue
		}
		if t.platform(j) && t.nameEnd[j] > 0 { // "posted to Telegram by the army"
			platform = t.known(j)
			continue
		}
		if t.name[j] > 0 && t.nameEnd[j] > 0 {
			return t.known(j), true
		}
		if inverted && k.Has(Picture) {
			continue
		}
		if j+1 < s.end && (t.kinds[j+1].Has(By, Press, Journalist) || t.elided(j+1)) && k.Has(Press, Journalist) && !k.Has(State, Body, Group) {
			continue // "handed to news agencies by the army"
		}
		if k.Has(In, Via) {
			if by := t.behindPlace(j+1, s.end); by > j {
				j = by - 1
				continue
			}
		}
		if k.Has(In, Adverb, And, The, This, Social) && !k.Has(State, Body, Group) || t.isMark(j) && !t.is(j, "(") || t.timed(j, s.end) || k.Has(Provided, Aux) {
			continue
		}
		if k.Has(State, Group) || (g.AgentCase || g.HeadFirst && k.Has(Press, Body) && !k.Has(Picture)) && j <= end+1 {
			if p := t.partyIn(j, s.end); p.Class != Nameless {
				return p, true
			}
		}
		break
	}
	return platform, platform.Class != Nameless
}

// behindPlace returns where "by" stands behind the few words that tell where
// or how, from token j on: (on) its own website by the army, (at) a briefing by
// the ministry. 0 when it does not.
func (t *text) behindPlace(j, end int) int {
	for to := min(end, j+4); j < to; j++ {
		switch k := t.kinds[j]; {
		case k.Has(By) && !k.Has(The, In) || t.elided(j):
			return j
		case t.isMark(j), k.Has(State, Body, Group, Picture, Which, Provided, Taken, Aux, Verify), t.name[j] > 0 && !t.platform(j):
			return 0
		}
	}
	return 0
}

// timed says whether the token is of words that tell when: late on Tuesday, le
// 9 janvier, на прошлой неделе, (9/1).
func (t *text) timed(j, end int) bool {
	when := func(j int) bool {
		return t.tokens[j].class == number || t.months[j] > 0 || t.weekdays[j] > 0 || t.silently(j, When)
	}
	switch k := t.kinds[j]; {
	case when(j):
		return true
	case t.isMark(j):
		return j > 0 && j+1 < end && when(j-1) && when(j+1) || t.is(j, "(") && j+1 < end && t.tokens[j+1].class == number
	case k.Has(Of, In, The):
		return j+1 < end && (when(j+1) || j+2 < end && t.kinds[j+1].Has(The) && when(j+2))
	default:
		return k == 0 && j > 0 && t.tokens[j-1].class == number && !t.tokens[j].upper // 2024 года
	}
}

// subject returns who provides as the subject of the verb at token i: the
// police have released this picture.
func (t *text) subject(s sentence, i int) Party {
	j := i - 1
	for j > s.start && t.name[j] == 0 && (t.kinds[j].Has(Aux, Adverb) || t.timed(j, i)) {
		j--
	}
	for j > s.start && t.tokens[j-1].class == dense && t.closesQuote(j) {
		j--
	}
	for p := j; p > max(s.start, j-14) && t.tokens[p].class == dense && t.name[p] == 0; p-- {
		if t.kinds[p].Has(In) && (t.name[p-1] > 0 || t.kinds[p-1].Has(State)) { // 若开军在社交媒体发布
			j = p - 1
			break
		}
	}
	if t.name[j] > 0 && t.lexicon.Sources[t.name[j]-1].Kind != "agency" {
		for j > s.start && t.nameEnd[j] == 0 {
			j--
		}
		return t.known(j)
	}
	for w := j; w > s.start && w > j-9; w-- { // an image that the army has released
		if t.relative(w-1) && t.kinds[w-1].Has(Which) && t.has(max(s.start, w-5), w-1, Picture) {
			return t.partyIn(w, j+1)
		}
	}
	start, most := s.start, 6
	if t.tokens[j].class == dense { // 图为卢里塔尼亚国防部9日发布的照片
		most = 18
		for b := j; b > s.start; b-- {
			if t.isMark(b-1) || t.kinds[b-1].Has(Picture) {
				start = b
				break
			}
		}
	}
	for b := start; b <= j; b++ {
		if t.kinds[b].Has(Picture, Provided, Taken, In) || t.kinds[b].Has(By) && !t.kinds[b].Has(Of) {
			return Party{Source: -1}
		}
	}
	if j-start > most || !t.ahead(s, i, Picture) {
		return Party{Source: -1}
	}
	if j == i-1 && !(t.kinds[j].Has(State, Body, Group) || t.has(start, j, State, Body, Group) && !t.kinds[i].Has(Handout)) { // "Photo", "Undated": no subject
		return Party{Source: -1}
	}
	return t.partyIn(start, j+1)
}
