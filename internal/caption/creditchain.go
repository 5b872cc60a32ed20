package caption

// anchors says whether a chain is joined at token i.
func (t *text) anchors(i int, s sentence) bool {
	if i == s.start || i+1 >= s.end {
		return false
	}
	if t.isVia(i) {
		next := i + 1
		return t.tokens[next].class != mark && (t.nameFrom(next) || t.tokens[next].upper)
	}
	if t.is(i, "/") || t.is(i, "=") {
		return t.nameFrom(i+1) || t.nameBefore(i) || t.kinds[i+1].Has(Handout, Pool) && !t.is(i+1, "this") ||
			i-1 == s.start && t.kinds[i-1].Has(Handout, Nobody) && t.tokens[i-1].upper && t.tokens[i+1].upper // DR/Ville de Nantes
	}
	return false
}

// nameFrom says whether a source's name begins at i, also one that counts in
// credit lines only.
func (t *text) nameFrom(i int) bool {
	if i >= len(t.tokens) {
		return false
	}
	if t.nameEnd[i] > 0 {
		return true
	}
	for _, m := range t.lexicon.names.find(&t.folded, i, t.tokens[i].from, nil) {
		if m.tokens > 0 {
			return !t.helpsVerb(i)
		}
	}
	return false
}

func (t *text) nameBefore(i int) bool {
	for j := max(0, i-8); j < i; j++ {
		for _, m := range t.lexicon.names.find(&t.folded, j, t.tokens[j].from, nil) {
			if j+m.tokens == i {
				return true
			}
		}
	}
	return false
}

// creditStart returns where the chain around i begins: at the sentence's
// start, or, where a full stop is missing, at the last word that is no name.
func (t *text) creditStart(i, start int, in []bool) int {
	a := start
	for j := i - 1; j >= start; j-- {
		if in[j] {
			a = j + 1
			break
		}
	}
	if i-a <= 9 && !t.hasVerb(a, i) {
		return a
	}
	j := i
	for j > a {
		p := j - 1
		tok := &t.tokens[p]
		if t.name[p] == 0 && t.kinds[p].Has(Verify, Verification, Unverified, Not, Unable, Independent, Aspect, Aux, Adverb) && !t.kinds[p].Has(Of, And, The, Handout, Pool) {
			break
		}
		joined := t.is(p, "/") || t.is(p, "-") && !tok.spaced || t.is(p, "@") || t.is(p, ".") && !t.tokens[j].spaced
		if joined || t.name[p] > 0 || tok.class == word && tok.upper && t.months[p] == 0 && i-p <= 8 || t.kinds[p].Has(Handout, Pool) || t.kinds[p].Has(Of, And, The) && i-p <= 8 && p > a && t.tokens[p-1].upper && t.tokens[p-1].class == word {
			j = p
			continue
		}
		if tok.class == word && i-p <= 4 && t.accountLike(p, a) {
			j = p
			continue
		}
		break
	}
	return j
}

func (t *text) accountLike(p, a int) bool {
	for j := p; j >= max(a, p-5); j-- {
		if t.is(j, "@") {
			return true
		}
		if t.tokens[j].spaced {
			return false
		}
	}
	return false
}

// hasVerb says whether words lie there that no credit line has.
func (t *text) hasVerb(a, b int) bool {
	for i := a; i < b; i++ {
		if t.is(i-1, "/") && t.kinds[i].Has(Provided) { // X/نشرة
			continue
		}
		if t.kinds[i].Has(Aux, Which, Verify, Verification, Unverified, Not, Unable, This, Provided, Taken) && !t.kinds[i].Has(Of, The, By, PhotoBy, Handout, Pool) || t.months[i] > 0 {
			return true
		}
	}
	if t.arabic(a) && t.kinds[a].Has(State, Body, Press) { // no capitals show a name's words there
		return false
	}
	lower := 0
	for i := a; i < b; i++ {
		if t.tokens[i].class == word && !t.tokens[i].upper && t.name[i] == 0 && !t.kinds[i].Has(Of, The, And, Via, By, PhotoBy, Handout, Pool, State, Body, Press) && !t.accountLike(i, a) {
			lower++
		}
	}
	return lower >= 3
}

// creditEnd returns where the chain from i on ends: behind the last name that
// is joined to it.
func (t *text) creditEnd(i, end int) int {
	j := i
	for j < end {
		switch {
		case t.is(j, "(") || t.is(j, "[") || t.is(j, ";") || t.is(j, ":") && j > i, t.is(j, "-") && t.is(j+1, "-"):
			return j
		case t.is(j, ".") && (j+1 >= end || t.tokens[j+1].spaced) && j > 0 && t.tokens[j-1].to-t.tokens[j-1].from > 2 && !abbreviated[string(t.wordAt(j-1))]:
			return j
		case j > i && t.kinds[j].Has(Notice) && !t.kinds[j].Has(Pool, Handout) || j > i && t.tokens[j].line && !t.wrapped && !t.is(j, "/") && !t.is(j-1, "/") && !(end-j <= 6 && t.firm(i, end)):
			return j
		case j > i && t.is(j, ",") && j+1 < end && t.kinds[j+1].Has(Not, Unable, Unverified, Verify) && !t.kinds[j+1].Has(Nobody):
			return j
		case t.is(j, ",") && j > i && j+1 < end && t.tokens[j+1].class == word && !t.tokens[j+1].upper && !t.nameFrom(j+1) && t.kinds[j+1]&^set(Provided, Taken, Modifier, In, Adverb) == 0: // EFE/ Luis Calvo, transmitida ayer
			return j
		case t.nameEnd[j] > 0:
			next := int(t.nameEnd[j])
			if next < end && t.distributes(j) && !t.continues(next) {
				return next
			}
			j = next
			continue
		}
		if j > i+24 {
			return j
		}
		j++
	}
	return end
}

func (t *text) distributes(i int) bool {
	kind := t.lexicon.Sources[t.name[i]-1].Kind
	return kind == "agency" || kind == "distributor"
}

// continues says whether a chain goes on at j.
func (t *text) continues(j int) bool {
	return t.is(j, "/") || t.is(j, "-") || t.is(j, "=") || t.is(j, ",") || t.kinds[j].Has(Via, Pool, Handout, PhotoBy, File) && !t.kinds[j].Has(Notice) || t.nameFrom(j) && !t.is(j, string(t.wordAt(j-1)))
}

// chained says whether the sentence ends the text and is nothing but names
// that are joined, though in no list: LP/Olivier Lejeune, Femi Adu for The
// Washington Post, NASA, ESA, STScI. Where all is in capitals, words that every
// sentence has tell one from names.
func (t *text) chained(s sentence) bool {
	if s.end < len(t.tokens) || s.start == 0 || s.end-s.start > 14 || !t.tokens[s.start].upper || !t.closes(s.start-1) || t.is(s.end-1, ".") {
		return false
	}
	joined, shouts := false, t.capitals(0, s.start)
	for i := s.start; i < s.end; i++ {
		switch tok := &t.tokens[i]; {
		case t.is(i, "/"), t.is(i, ",") && t.nameFrom(s.start):
			joined = joined || i > s.start && i+1 < s.end
		case t.is(i, "for"):
			joined = joined || t.has(i, s.end, Press)
		case t.is(i, "."), t.is(i, "&"), t.is(i, "-"):
		case tok.class != word, t.months[i] > 0, !tok.upper && !t.kinds[i].Has(Of, The, And), shouts && !t.is(i, "the") && (t.begins(i) || t.kinds[i].Has(The)):
			return false
		}
	}
	return joined
}
