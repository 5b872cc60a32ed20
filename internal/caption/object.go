package caption

import "bytes"

// subject is what something is about.
type subject uint8

const (
	nothing subject = iota // nothing was found
	picture
	aspect  // of a picture, unless something else is named
	other   // known to be something else
	unknown // a word in no list: something else as well
	shown   // what shows pictures itself: a screen, a newspaper
)

// object returns what the act is about: what stands where its language puts
// the object of a verb, or the subject of one in the passive; else what "it"
// stands for.
func (t *text) object(s sentence, a act, g Grammar) subject {
	if g.OwnerFirst && t.kinds[a.end-1].Has(Verify) && a.end < a.hi && !g.VerbLast && t.kinds[a.end].Has(Of) && !t.has(a.end+1, min(a.hi, a.end+7), Picture, Aspect) { // 来源无法确认的船只
		if about := t.lastPhrase(a.end+1, t.phraseEnd(a.end+1, a.hi), g); about == unknown || about == other {
			return about
		}
	}
	if a.kinds.Has(Unverified) {
		if g.VerbLast && a.start > a.lo && t.tokens[a.start-1].class == dense && t.kinds[a.start-1] == set(In) { // 국적이 확인되지 않은 선박
			if about := t.before(s, a, g, nothing); about == unknown || about == other {
				return about
			}
		}
		if about := t.described(a, g); about != nothing {
			return about
		}
	}
	if g.VerbLast {
		if about := t.before(s, a, g, nothing); about != nothing {
			return about
		}
	}
	if g.OwnerFirst || g.VerbLast { // 検証した動画, 核实的视频
		if about := t.described(a, g); about != nothing && (g.VerbLast || t.kinds[a.end].Has(Of)) {
			return about
		}
	}
	behind := t.behind(a, g)
	if behind != nothing && behind != unknown {
		return behind
	}
	before := t.before(s, a, g, behind)
	switch {
	case behind == unknown && !(g.OneDenial && !t.arabic(a.start) && (before == picture || before == aspect)):
		return behind // but word order is free: "подлинность подтвердили свидетели"
	case before != nothing:
		return before
	}
	if a.start > a.lo && t.kinds[a.start-1].Has(Not, Independent, Adverb) { // "das nicht verifizierte, von der Armee verbreitete Foto"
		for j := a.end; j < min(a.hi, a.end+10); j++ {
			if t.kinds[j].Has(Picture) {
				return picture
			}
		}
	}
	if a.lo-1 > s.start && t.is(a.lo-1, ":") && t.groupStart(a) == a.lo { // "the toll: not verified"
		if about := weigh(t.nounPhrases(max(s.start, a.lo-12), a.lo-1, g)); about != nothing {
			return about
		}
	}
	if about := t.asked(a, g); about != nothing {
		return about
	}
	if about := t.antecedent(a.start); about != nothing {
		return about
	}
	for j := a.end; j < min(a.hi, a.end+4); j++ { // "without verification, the image"
		if t.is(j, ",") {
			return weigh(t.nounPhrases(j+1, a.hi, g))
		}
	}
	return nothing
}

// asked returns what the question behind a comma is about: "nicht zu prüfen war
// für die dpa, ob die Bilder aktuell sind".
func (t *text) asked(a act, g Grammar) subject {
	for j := a.end; j+1 < a.hi; j++ {
		if t.is(j, ",") && t.kinds[j+1].Has(Question) {
			return weigh(t.nounPhrases(j+1, a.hi, g))
		}
	}
	return nothing
}

// described returns the noun beside an adjective: an unverified video, vídeo
// no verificado.
func (t *text) described(a act, g Grammar) subject {
	if a.start > a.lo {
		switch k := t.kinds[a.start-1]; {
		case k.Has(Picture) && !k.Has(Aux):
			return picture
		case k.Has(Other):
			return other
		case t.is(a.start-1, ",") && a.start-1 > a.lo && t.kinds[a.start-2].Has(Picture): // "un tanque en una imagen, no verificada, "
			return picture
		}
	}
	for j := a.end; j < min(a.hi, a.end+5); j++ {
		k := t.kinds[j]
		switch {
		case t.name[j] > 0:
		case k.Has(Picture):
			return picture
		case k.Has(Other):
			return other
		case t.isMark(j) || !g.OwnerFirst && k.Has(In, By, Of, Aux, Which) && !k.Has(Adverb) || !g.VerbLast && k.Has(In, By):
			return nothing
		}
	}
	return nothing
}

func (t *text) isMark(i int) bool { return i < len(t.tokens) && t.tokens[i].class == mark }

// behind returns what follows as the object of the act.
func (t *text) behind(a act, g Grammar) subject {
	j := a.end
	for j < a.hi && (t.kinds[j].Has(Adverb, Independent, Verify) || g.OneDenial && t.kinds[j].Has(Not) && !t.kinds[j].Has(And) || t.kinds[j].Has(And) && j+1 < a.hi && t.kinds[j+1].Has(Verify, Adverb, Independent, Able, Question) || t.kinds[j].Has(Able) && !t.kinds[j].Has(In, Of, By)) {
		j++
	}
	if !g.OneDenial && j < a.hi && t.kinds[j] == set(Not) { // "confirm neither the date nor the place"
		j++
	}
	for a.start == a.lo && g.DenialBoth && j < a.hi && t.kinds[j].Has(Aux) { // "nachprüfen lässt sich das Bild nicht"
		j++
	}
	if j+2 < a.hi && t.is(j, ",") && t.kinds[j+1].Has(And) && t.kinds[j+2].Has(Verify, Able) { // "ani potwierdzić, ani wykluczyć"
		j += 3
	}
	if j+1 < a.hi && t.is(j, ",") && (t.kinds[j+1].Has(Aspect, Other) || t.conjunction(j+1) || j+2 < a.hi && t.kinds[j+2] == set(If)) {
		j++ // "установить, где", "ustalić, ilu", "bestätigen, dass", "проверить, сделан ли"
	}
	if j < a.hi && t.conjunction(j) && !(a.kinds.Has(Verification) && t.kinds[j].Has(Of)) { // not "belägg för att"
		for j++; j < a.hi && t.kinds[j] == set(Adverb); j++ {
		}
		if j+3 < a.hi && t.kinds[j].Has(In) && t.kinds[j+1].Has(Picture) && t.person(j+2, a.hi) { // "что на снимке Ким Чжу Э"
			return other
		}
		if j+1 < a.hi && t.kinds[j].Has(In) && t.kinds[j+1].Has(Picture) { // "что на снимке"
			return picture
		}
	}
	if g.HeadFirst && j < a.hi && t.party(j) { // who did it: "تحققت فرانس برس من"
		for j++; j < a.hi && t.name[j] > 0; j++ {
		}
		if j < a.hi && t.kinds[j].Has(Of) {
			return weigh(t.nounPhrases(j+1, a.hi, g))
		}
		return nothing
	}
	if j < a.hi && t.is(j, ":") { // "not verified: the toll"
		return weigh(t.nounPhrases(j+1, a.hi, g))
	}
	if j >= a.hi || t.isMark(j) && !t.is(j, "\"") {
		return nothing
	}
	if t.kinds[j].Has(It) && !t.kinds[j].Has(Picture, Aspect) && (j+1 == a.hi || t.isMark(j+1) || t.arabic(j) && !t.kinds[j].Has(This) || (g.AgentCase || g.NounsUpper) && t.kinds[j+1].Has(Not, Unable)) {
		return t.antecedent(a.start)
	}
	if t.kinds[j].Has(Of) && j+2 < a.hi && t.kinds[j+1].Has(Which) && t.kinds[j+2].Has(Taken) { // "التأكد من أنها التقطت"
		return t.antecedent(a.start)
	}
	if a.kinds.Has(Verification) {
		if about := t.complement(j, a, g); about != nothing || !a.kinds.Has(Verify) {
			return about
		}
	}
	k := t.kinds[j]
	switch {
	case k.Has(Aux, Not, Unable, Verify) && !k.Has(Picture, Aspect, The, This, And):
		return nothing
	case k.Has(And) && k.Has(Not) && !t.has(j+1, min(a.hi, j+2), The, This, Picture, Aspect, Other):
		return nothing // "neither confirmed nor ruled out"
	case g.HeadFirst && k.Has(Of) && !k.Has(The, This, Aspect, If, It) && !a.kinds.Has(Unverified):
		return weigh(t.nounPhrases(j+1, a.hi, g)) // "s'assurer de l'authenticité"
	case k.Has(And, But, Which) && !k.Has(Aspect, The, It, Not):
		return nothing
	case k.Has(In, By, Of) && !k.Has(The, This, Aspect, If, It):
		// German "dieses", Russian "от": of something only behind a noun.
		return nothing
	case g.OwnerFirst:
		return t.lastPhrase(j, t.phraseEnd(j, a.hi), g)
	}
	if t.arabic(a.start) {
		if about := t.behindAgent(j, a.hi, g); about != nothing {
			return about
		}
	}
	about := weigh(t.nounPhrases(j, a.hi, g))
	for k := j; about == aspect && g.AgentCase && k+1 < a.hi; k++ { // "место, где он скрывался"
		if t.is(k, ",") && t.kinds[k+1].Has(Aspect) {
			if said := weigh(t.nounPhrases(k+1, a.hi, g)); said == unknown || said == other {
				return said
			}
			break
		}
	}
	return about
}

// behindAgent returns what an Arabic verb is about whose agent stands between
// the two: "لم تتحقق الوكالة من صحة الصورة".
func (t *text) behindAgent(j, hi int, g Grammar) subject {
	for k := j; k < min(hi, j+6) && !t.isMark(k) && headOf(t.kinds[k]) == nothing; k++ {
		if t.kinds[k].Has(Of) {
			return weigh(t.nounPhrases(k+1, hi, g))
		}
	}
	return nothing
}

// party says whether a source's name begins at token j, also one that is
// read as such in credit lines only: AP.
func (t *text) party(j int) bool {
	return t.name[j] > 0 || t.kinds[j] == 0 && ((t.tokens[j].upper || t.arabic(j)) && t.nameFrom(j) || t.elidedName(j))
}

// elidedName says whether token j is a source's name behind an article that has
// lost its vowel: l'AFP.
func (t *text) elidedName(j int) bool {
	article, name, elided := bytes.Cut(t.wordAt(j), []byte("'"))
	return elided && len(article) <= 4 && len(name) > 1 && len(t.lexicon.names.exact(name)) > 0
}

// arabic says whether token j is in a script that has no capitals.
func (t *text) arabic(j int) bool {
	b := t.text[t.tokens[j].from]
	return 0xD8 <= b && b <= 0xDB
}

// conjunction says whether token j begins what is or is not the case: that,
// whether.
func (t *text) conjunction(j int) bool {
	k := t.kinds[j]
	return !k.Has(Picture, Aspect) && (k.Has(If, Question) || k.Has(Which) && !k.Has(The, It, This, Of, In, By))
}

// complement returns what a noun of verifying is about, which follows at j:
// "confirmation by independent media of the picture".
func (t *text) complement(j int, a act, g Grammar) subject {
	for j < a.hi && t.kinds[j].Has(By) && !t.kinds[j].Has(Of) {
		for j++; j < a.hi && !t.isMark(j) && !t.kinds[j].Has(Of, In, By, Aux, Not, Unable, Verify, Which); j++ {
		}
	}
	for j < a.hi && t.kinds[j].Has(Unable, Adverb) && !t.kinds[j].Has(Of, In) { // "vérification impossible du bilan"
		j++
	}
	if j >= a.hi {
		return nothing
	}
	k := t.kinds[j]
	switch {
	case k.Has(Of, In):
		return weigh(t.nounPhrases(j+1, a.hi, g))
	case g.HeadFirst && !t.isMark(j) && !k.Has(Aux, Not, Unable, Verify), k.Has(The, This) && !k.Has(Aux, Not, Unable, Verify):
		return weigh(t.nounPhrases(j, a.hi, g))
	}
	return nothing
}

// phraseEnd returns where the phrase that begins at j is ended by a verb or a
// mark.
func (t *text) phraseEnd(j, hi int) int {
	for j < hi && !t.isMark(j) && !t.kinds[j].Has(Aux, Not, Unable, Verify, Which, Say, But) {
		j++
	}
	return j
}

// lastPhrase returns what the last noun phrase is about, where the head comes
// last: 写真の内容は.
func (t *text) lastPhrase(from, to int, g Grammar) subject {
	agent := false
	for j := to - 1; j >= from; j-- {
		k := t.kinds[j]
		agent = k.Has(By) && !k.Has(In) || agent && k == 0 && !t.isMark(j)
		if t.isMark(j) || agent || k.Has(And, Of, In, By, The, This, It, Adverb, Independent, Able) && !k.Has(Picture, Aspect, Other) || t.party(j) {
			continue
		}
		switch {
		case k.Has(Aspect) && !k.Has(Other):
			if t.ownedByOther(from, j) {
				return other
			}
			return picture
		case k.Has(Picture):
			return picture
		case k.Has(Other):
			return other
		case t.tokens[j].class == number, k != 0, t.hiragana(j):
			continue
		}
		if by := t.agentOf(from, j); !g.VerbLast && by >= 0 { // 由提供方提供
			j = by
			continue
		}
		return unknown
	}
	return nothing
}

// agentOf returns where the preposition of who did it stands before the word
// at token j, or -1.
func (t *text) agentOf(from, j int) int {
	for p := j - 1; p >= max(from, j-8) && !t.isMark(p); p-- {
		k := t.kinds[p]
		if k.Has(By) {
			return p
		}
		if k.Has(In, Picture, Aspect, Other, Of) {
			break
		}
	}
	return -1
}

// ownedByOther says whether the aspect at token j is one of something else:
// 主張の内容, 会谈地点. Where something was filmed is one of the picture.
func (t *text) ownedByOther(from, j int) bool {
	for j > from && t.phrase[j-1] == t.phrase[j] && t.kinds[j-1] == t.kinds[j] {
		j--
	}
	p, stranger := j-1, false
	for ; p >= from && !t.isMark(p) && t.name[p] == 0; p-- {
		k := t.kinds[p]
		switch {
		case k.Has(Picture, Taken):
			return false
		case k.Has(Other):
			return true
		case k.Has(Of, The, This, And, Aspect, Modifier) && !(k.Has(In, By) && stranger):
		case k == 0 && t.genitive(p): // "seçimin tarihi"
			return true
		case k == 0 && t.tokens[p].class == dense && !t.hiragana(p) || k.Has(Artwork):
			stranger = stranger || !t.hasHit(j, int(t.phrase[j]), set(Taken))
		default:
			return stranger
		}
	}
	return stranger
}

// genitive says whether the Turkish word at token i is an owner.
func (t *text) genitive(i int) bool {
	w := t.wordAt(i)
	return t.tokens[i].class == word && len(w) > 4 && (bytes.HasSuffix(w, []byte("in")) || bytes.HasSuffix(w, []byte("un")))
}

// hiragana says whether token i is of the script that Japanese writes its
// endings and particles with.
func (t *text) hiragana(i int) bool {
	w := t.wordAt(i)
	return t.tokens[i].class == dense && w[0] == 0xE3 && (w[1] == 0x81 || w[1] == 0x82 && w[2] < 0xA0)
}

// antecedent returns what "it" or "which" at token i stands for: what was
// spoken of last, and nothing if that is what somebody said.
func (t *text) antecedent(i int) subject {
	for j := i - 1; j >= max(0, i-60); j-- {
		k := t.kinds[j]
		switch {
		case t.name[j] > 0, k.Has(Say) && t.attributed(j):
		case k.Has(Say):
			return other
		case k.Has(Picture):
			return picture
		case k.Has(Other) && !(j > 1 && t.kinds[j-1].Has(Of) && t.kinds[j-2].Has(State)): // "the Ministry of Information"
			return other
		}
	}
	return nothing
}

// attributed says whether the words between two commas at token j say no more
// than whose account it is: "taken, according to the army, on Sunday".
func (t *text) attributed(j int) bool {
	for j > 0 && t.phrase[j-1] == t.phrase[j] {
		j--
	}
	if !t.is(j-1, ",") {
		return false
	}
	for end := int(t.phrase[j]); end < min(len(t.tokens), j+7) && !t.kinds[end].Has(Which, Aux); end++ {
		if t.is(end, ",") {
			return true
		}
	}
	return false
}

// person says whether a name of two words begins at token i, behind adverbs.
func (t *text) person(i, limit int) bool {
	for i < limit && t.kinds[i].Has(Adverb, Aux, This) {
		i++
	}
	return i+1 < limit && t.tokens[i].upper && t.tokens[i+1].upper && t.kinds[i] == 0 && t.kinds[i+1] == 0 && t.name[i] == 0 && !t.isMark(i) && !t.isMark(i+1)
}
