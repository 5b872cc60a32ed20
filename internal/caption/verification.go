package caption

// verifications finds the statements about verifying in a sentence. Each is
// an act (verify, confirmation, unverified), in a clause that may deny it,
// about something.
func (t *text) verifications(s sentence, inCredit []bool, r *Reading) {
	g := t.grammar(s)
	for i := s.start; i < s.end; i++ {
		k := t.kinds[i]
		if !k.Has(Verify, Verification, Unverified) || inCredit[i] || t.continued(s, i) {
			continue
		}
		a := act{start: i, end: int(t.phrase[i]), kinds: k}
		var stated bool
		a.lo, a.hi, stated = t.clause(s, a, inCredit)
		if !stated {
			continue
		}
		denied := k.Has(Unverified) || t.denied(a, g)
		if denied && t.cutOff(s, a, g) {
			continue
		}
		about := t.object(s, a, g)
		r.Verifications = append(r.Verifications, Verified{
			Span:         t.span(a.lo, a.hi),
			Denied:       denied,
			AboutPicture: about == picture || about == aspect,
		})
	}
}

// act is a word that means verifying, and the clause that it stands in; all
// are tokens.
type act struct {
	start, end int
	kinds      Set
	lo, hi     int
}

// maxClause is how far a clause may reach from its act, in tokens. No sentence
// that anybody reads is that long; a hostile one must not take long.
const maxClause = 120

// continued says whether token i belongs to the phrase of the one before.
func (t *text) continued(s sentence, i int) bool {
	return i > s.start && t.phrase[i-1] == t.phrase[i] && t.kinds[i-1] == t.kinds[i]
}

// clause returns the clause around the act. It is no statement behind "if".
func (t *text) clause(s sentence, a act, inCredit []bool) (lo, hi int, stated bool) {
	stated = true
	apart := false // a comma lies between
	lo, hi = max(s.start, a.start-maxClause), min(s.end, a.end+maxClause)
	for j := a.start - 1; j >= lo; j-- {
		apart = apart || t.is(j, ",")
		if t.is(j, ":") || t.is(j, "\"") || inCredit[j] || t.parts(j) {
			lo = j + 1
			break
		}
		if !apart && t.kinds[j].Has(If) && !t.kinds[j].Has(In, By, Which, And) { // but: "ob das Video echt ist, konnte nicht geprüft werden"
			stated = false
		}
	}
	for j := a.start + 1; j < hi; j++ {
		if t.is(j, "(") || t.is(j, "[") || t.is(j, "/") && t.tokens[j].spaced || inCredit[j] || t.creditBegins(s, j) || t.parts(j) {
			hi = max(j, a.end)
			break
		}
	}
	return lo, hi, stated
}

// parts says whether a new thought begins at token j.
func (t *text) parts(j int) bool {
	return t.is(j, ";") || t.is(j, "-") && t.tokens[j].spaced || t.kinds[j].Has(But) && !t.kinds[j].Has(Adverb, Of, In, By, Aux)
}

// creditBegins says whether "Photo:" stands at token j.
func (t *text) creditBegins(s sentence, j int) bool {
	next := int(t.phrase[j])
	return t.kinds[j].Has(PhotoBy) && next < s.end && t.is(next, ":")
}

// denied says whether the act is denied in its clause: by what precedes it,
// or in some languages by what follows it.
func (t *text) denied(a act, g Grammar) bool {
	denials := 0
	for j := a.lo; j < a.start; j++ {
		if !t.kinds[j].Has(Not, Unable) || j > a.lo && t.phrase[j] == t.phrase[j-1] {
			continue
		}
		if t.otherVerb(int(t.phrase[j]), a.start) || t.inserted(j, a) {
			continue
		}
		if denials > 0 && !g.OneDenial && t.kinds[j].Has(Unable) && t.kinds[j-1].Has(Not) {
			denials-- // not impossible
			continue
		}
		denials++
	}
	if denials > 0 {
		return true
	}
	after := g.VerbLast || g.DenialBoth || a.kinds.Has(Verification)
	asserted := t.asserted(a, g)
	for j := a.end; j < a.hi; j++ {
		k := t.kinds[j]
		switch {
		case t.digresses(j, a, g):
			return false
		case k.Has(Unable) && (!asserted || j == a.end) || k.Has(Not) && (after || j == a.end): // "was verified by no one", "could confirm neither"
			return true
		case k.Has(Verify) && !k.Has(Aux, Able, Verification) && (!g.VerbLast || t.has(a.end, j, Picture, Aspect, Other)): // 本物と確認したが、規模は判断できていない
			return false
		}
	}
	return false
}

// asserted says whether the act is a verb that says that something was done:
// has verified, AP verified. What somebody is unable to behind it is another
// matter: "AP verified the video of a man unable to move".
func (t *text) asserted(a act, g Grammar) bool {
	if g.VerbLast || g.AgentCase || a.kinds.Has(Verification, Unverified) || a.start == a.lo {
		return false
	}
	return t.kinds[a.start-1].Has(Aux) && (g.HeadFirst || !t.kinds[a.start-1].Has(Able)) || t.party(a.start-1)
}

// digresses says whether something else than a verb of the act's follows the
// comma at token j: a clause that tells of what is verified.
func (t *text) digresses(j int, a act, g Grammar) bool {
	if g.VerbLast || g.AgentCase || a.kinds.Has(Verification) || j+1 >= a.hi || !t.is(j, ",") {
		return false
	}
	return !t.kinds[j+1].Has(Aux, Unable, Not, Adverb, Independent, And, Verify, Able)
}

// inserted says whether the denial at token j is one of a clause between two
// commas that ends before the act, which has a verb of its own: "the video, not
// published before, was verified". Not "could not, AP said, be verified".
func (t *text) inserted(j int, a act) bool {
	commas, finite := 0, false
	for k := j + 1; k < a.start; k++ {
		if t.is(k, ",") {
			commas++
		}
		finite = commas > 0 && (finite || t.kinds[k].Has(Aux) && !infinitives[string(t.wordAt(k))])
	}
	if commas == 0 {
		return false
	}
	for k := j; k > a.lo; k-- {
		if t.is(k-1, ",") {
			return t.relative(k) && (finite || commas == 1) ||
				finite && (k == j || t.kinds[k].Has(Adverb) && int(t.phrase[k]) == j)
		}
	}
	return false
}

var infinitives = map[string]bool{"be": true, "been": true, "ser": true, "sido": true, "etre": true, "essere": true, "zijn": true, "worden": true, "werden": true, "vaere": true, "vare": true, "vara": true, "bli": true, "blive": true}

// otherVerb says whether another statement lies between a denial and the
// act: "did not say that analysts verified"; not in "no media that could
// verify".
func (t *text) otherVerb(from, to int) bool {
	for j := from; j < to; j++ {
		k := t.kinds[j]
		if k.Has(Say) && !t.aside(j, from, to) || j > from && k.Has(Which) && !k.Has(The, It, Of, In) && t.groupStart(act{lo: from, start: to}) > j+1 {
			return true
		}
	}
	return false
}

// aside says whether what somebody says at token j stands between two commas:
// "could not, AP said, be verified".
func (t *text) aside(j, from, to int) bool {
	for before := j; before >= from; before-- {
		if t.is(before, ",") {
			for behind := j; behind < to; behind++ {
				if t.is(behind, ",") {
					return true
				}
			}
			return false
		}
	}
	return false
}

// cutOff says whether the text stops before the statement is complete: with
// a word that wants another behind it, or in the middle of a word.
func (t *text) cutOff(s sentence, a act, g Grammar) bool {
	last := s.end - 1
	if s.end < len(t.tokens) || a.hi < s.end || t.tokens[last].class == mark {
		return false
	}
	if t.tokens[last].class == word && t.unfinished(s, last) || t.bare(a, g) {
		return true
	}
	k := t.kinds[last]
	if k.Has(Aspect) && t.arabic(last) && !t.definite(last) && last >= a.end && t.kinds[last-1].Has(Of) { // "التحقق من صحة"
		return true
	}
	if g.DenialBoth && k.Has(Aux) { // "kann nicht verifiziert werden"
		return false
	}
	if g.HeadFirst && last == a.end && k.Has(The) && !k.Has(This, Picture, Aspect) { // "vérifier le"
		return true
	}
	return last >= a.end && !g.VerbLast && k.Has(The, This, Of, In, By, And, Aux, Not) && !k.Has(Picture, Aspect, Independent, Verify, It, Unable)
}

// unfinished says whether token i is no word, but the beginning of one.
func (t *text) unfinished(s sentence, i int) bool {
	if t.name[i] > 0 || t.tokens[i].upper && t.kinds[i] == 0 && !t.shouts(s) {
		return false
	}
	if i > s.start && t.kinds[i-1].Has(In, Of, By, Adverb) && t.lexicon.words.goesOn(t.text[t.tokens[i-1].from:t.tokens[i].to]) { // "de forma"
		return true
	}
	own := ^uint32(0)
	if s.lang >= 0 {
		own = 1<<s.lang | t.related(s.lang)
	}
	for _, h := range t.hits {
		if int(h.end) == i+1 && !h.stem && t.lexicon.senses[h.sense].langs&own != 0 {
			return false
		}
	}
	return t.lexicon.words.begins(t.wordAt(i))
}

// bare says whether the act ends its sentence as a verb in the active, in a
// clause that names who did it and nothing else: "AP could not verify".
func (t *text) bare(a act, g Grammar) bool {
	start := t.groupStart(a)
	return a.end == a.hi && !g.VerbLast && !a.kinds.Has(Verification, Unverified) &&
		start > a.lo && t.party(start-1) && !t.has(a.lo, a.start, Picture, Aspect, It, Which, Question)
}

// shouts says whether the sentence is all in capitals.
func (t *text) shouts(s sentence) bool {
	for i := s.start; i < s.end; i++ {
		if t.tokens[i].class == word && !t.tokens[i].upper {
			return false
		}
	}
	return true
}
