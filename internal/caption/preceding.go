package caption

import "bytes"

// What stands between an object and its verb without being one.
var verbGroup = set(Aux, Not, Unable, Able, Adverb, Independent, Verify, Unverified)

// before returns what precedes the act: its subject in the passive, or its
// object where that comes first. Where something stands behind, no relative
// clause is looked through: "no source that confirmed the sum".
func (t *text) before(s sentence, a act, g Grammar, behind subject) subject {
	start := t.groupStart(a)
	trimmed := start
	for trimmed > a.lo && (t.is(trimmed-1, ",") || t.kinds[trimmed-1].Has(And) && !t.kinds[trimmed-1].Has(Of, The)) {
		trimmed--
	}
	if trimmed <= a.lo {
		return nothing
	}
	from, which := a.lo, -1
	infinitive := t.infinitive(a, g)
	for j := trimmed; j > a.lo; j-- {
		if t.relative(j-1) && !((infinitive || j-1 == a.lo) && t.kinds[j-1].Has(The)) { // not "Die dpa konnte"
			from, which = j, j-1
			break
		}
		if t.kinds[j-1].Has(Say) && !t.kinds[j-1].Has(The, It, This, Of, In, By) && !t.aside(j-1, a.lo, start) {
			if j == trimmed && trimmed == start && g.DenialBoth { // "das Bild eigenen Angaben zufolge nicht prüfen"
				trimmed, start = j-1, j-1
				continue
			}
			from = j
			break
		}
	}
	if g.VerbLast || g.OwnerFirst {
		about := t.lastPhrase(from, trimmed, g)
		if about == unknown && trimmed < start { // "반군이 공개한, 검증되지 않은 영상"
			return nothing
		}
		return about
	}
	if trimmed < start { // "the image is as provided and cannot be verified"
		for j := trimmed - 1; j >= from; j-- {
			if t.kinds[j].Has(Aux) {
				trimmed = j
			}
		}
		for j := trimmed - 1; j > from+1; j-- {
			if t.is(j, ",") && t.kinds[j+1].Has(Provided) && t.kinds[j-1].Has(Picture) { // "this picture, handed out by his office and not checked"
				return picture
			}
		}
		return weigh(t.nounPhrases(from, trimmed, g))
	}
	about := t.nearest(from, trimmed, g, infinitive)
	if g.AgentCase && which > a.lo+1 && t.is(which-2, ",") && (t.kinds[which-1] == 0 && t.name[which-1] == 0 || t.kinds[which-1].Has(Other)) {
		return other // "фото сына, судьбу которого"
	}
	if which >= 0 && which+1 < trimmed && headOf(t.kinds[which+1]) == other { // "men whose names police could not verify"
		return other
	}
	if which >= 0 && (behind == nothing || g.AgentCase) && (about == nothing || about == unknown) { // "a photo that analysts could not verify"
		if said := t.antecedent(which); said != nothing {
			return said
		}
	}
	if about == aspect && which > s.start && !t.has(s.start, which, Picture, Aspect) { // "the painting, whose authenticity"
		return other
	}
	if about == nothing || about == unknown {
		if asked := t.fronted(a, trimmed, g); asked != nothing {
			return asked
		}
	}
	return about
}

// fronted returns what the clause is about that begins with whether and ends
// with a comma before the act: "czy zdjęcie jest nowe, PAP nie zdołała ustalić".
func (t *text) fronted(a act, to int, g Grammar) subject {
	if !t.kinds[a.lo].Has(Question) && !(t.kinds[a.lo].Has(Of, In) && a.lo+1 < to && t.kinds[a.lo+1].Has(Question)) { // "di quando sia, "
		return nothing
	}
	for j := a.lo + 1; j < to; j++ {
		if !t.is(j, ",") {
			continue
		}
		if about := weigh(t.nounPhrases(a.lo, j, g)); about != nothing {
			return about
		}
		return t.antecedent(a.lo)
	}
	return nothing
}

// infinitive says whether the act is one whose object is no relative clause,
// though its article may look like the beginning of one: "keine Möglichkeit,
// die Brandursache zu prüfen".
func (t *text) infinitive(a act, g Grammar) bool {
	if !g.DenialBoth || g.HeadFirst || g.VerbLast {
		return false
	}
	return t.is(a.start-1, "zu") || t.is(a.start-1, "te") || g.NounsUpper && bytes.Contains(t.wordAt(a.start), []byte("zu"))
}

// relative says whether token j begins a relative clause. Many such words are
// articles and pronouns as well: "das Foto, das die Agentur".
func (t *text) relative(j int) bool {
	k := t.kinds[j]
	switch {
	case !k.Has(Which):
		return false
	case !k.Has(The, It, This, Of, In, By):
		return true
	case j > 0 && t.kinds[j-1].Has(Aux) && !t.kinds[j-1].Has(Picture, Aspect): // "konnte die dpa"
		return false
	case j+1 < len(t.tokens) && (t.kinds[j+1].Has(The, Press, State, Body) || t.name[j+1] > 0),
		j > 0 && !k.Has(The, Of) && t.kinds[j-1].Has(Aspect, Of, In): // "the contents of which"
		return true
	}
	return j > 0 && !k.Has(Of) && (t.is(j-1, ",") || t.kinds[j-1].Has(Picture) || t.kinds[j-1].Has(And) && !k.Has(The))
}

// groupStart returns where the verbs and adverbs begin that the act belongs
// to, with whom it was done by.
func (t *text) groupStart(a act) int {
	start := a.start
	for start > a.lo {
		k := t.kinds[start-1]
		if k&verbGroup != 0 && !k.Has(Picture, Aspect, Other) {
			start--
			continue
		}
		if c := t.asideStart(start, a.lo); c > a.lo && t.kinds[c-1]&verbGroup != 0 && !t.kinds[c-1].Has(Picture, Aspect, Other) {
			start = c // "could not, AP said, be verified"
			continue
		}
		if t.name[start-1] == 0 {
			break
		}
		j := start - 1
		for j > a.lo && t.name[j-1] > 0 {
			j--
		}
		if j == a.lo || !t.kinds[j-1].Has(By) {
			break
		}
		start = j - 1
	}
	return start
}

// nearest returns what was spoken of last. A finite verb ends what was
// spoken of before, so what follows it comes first; but where and by whom is
// no object.
func (t *text) nearest(from, to int, g Grammar, infinitive bool) subject {
	for j := to - 1; j >= from; j-- {
		if t.kinds[j].Has(Aux) && !t.kinds[j].Has(Picture, Aspect, Of, The, In) {
			if about := t.lastChunk(j+1, to, g, true, infinitive); about != nothing {
				return about
			}
			to = j
			break
		}
	}
	return t.lastChunk(from, to, g, false, infinitive)
}

// lastChunk returns what the last part between commas is about, of a list
// behind a verb if joined. A part that begins with a relative is none, but for
// the object of an infinitive.
func (t *text) lastChunk(from, to int, g Grammar, joined, infinitive bool) subject {
	about := func(a, b int) subject {
		list := t.nounPhrases(a, b, g)
		if joined {
			list = withoutAdverbials(list)
		}
		return weigh(list)
	}
	end := to
	for j := to - 1; j >= from; j-- {
		separated := t.is(j, ",") || joined && t.kinds[j].Has(And) && !t.kinds[j].Has(Of, The)
		if !separated {
			continue
		}
		if end < to && t.has(j+1, end, Say) { // ", said the agency,"
			end = j
			continue
		}
		if end == to && !joined && t.outside(j+1, end, g) { // ", nikt spoza rządu nie mógł"
			end = j
			continue
		}
		relative := t.kinds[j+1].Has(Which) && !(infinitive && end == to && t.kinds[j+1].Has(The)) || g.AgentCase && t.kinds[j+1].Has(Provided) // "видео, распространенного армией,"
		if said := about(j+1, end); said != nothing && j+1 < end && !relative && !t.kinds[j+1].Has(And) && (end == to || !t.kinds[j+1].Has(In)) && !t.is(j+1, "as") {
			if said == aspect && !joined {
				// "the authenticity, date and place of the claims" is one list
				if whole := about(from, end); whole != unknown {
					return whole
				}
			}
			return said
		}
		end = j
	}
	return about(from, end)
}

// outside says whether nothing but where or by whom stands between two tokens,
// and no picture.
func (t *text) outside(from, to int, g Grammar) bool {
	list := t.nounPhrases(from, to, g)
	return len(list) > 0 && list[0].join.Has(In) && weigh(list) == unknown
}

// asideStart returns where a clause between two commas begins that ends before
// token end, or 0.
func (t *text) asideStart(end, lo int) int {
	if !t.is(end-1, ",") {
		return 0
	}
	for c := end - 2; c > lo && c > end-12; c-- {
		if t.is(c, ",") {
			return c
		}
	}
	return 0
}
