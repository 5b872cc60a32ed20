package caption

// subject is what a statement is about.
type subject uint8

const (
	nothing subject = iota // nothing was found
	picture
	aspect // of a picture, unless something else is named
	other
	shown // what shows pictures itself: a screen, a newspaper
)

// verifications finds the statements about verifying in a sentence.
func (t *text) verifications(s sentence, r *Reading) {
	g := t.grammar(s)
	for i := s.start; i < s.end; i++ {
		k := t.kinds[i]
		if !k.Has(Verify, Verification, Unverified) || i > s.start && t.kinds[i-1] == k && t.phrase[i-1] == t.phrase[i] {
			continue
		}
		lo, hi, stated := t.clause(s, i)
		if !stated {
			continue
		}
		end := int(t.phrase[i])
		denied := t.denied(i, end, lo, hi, g)
		if k.Has(Unverified) {
			denied = true
		}
		about := t.verified(s, i, end, lo, hi, g)
		if denied && t.cutOff(s, i, end) {
			continue
		}
		r.Verifications = append(r.Verifications, Verified{
			Span:         t.span(lo, hi),
			Denied:       denied,
			AboutPicture: about == picture || about == aspect,
		})
	}
}

// clause returns the clause around token i. It is no statement behind "if".
func (t *text) clause(s sentence, i int) (lo, hi int, stated bool) {
	lo, hi, stated = s.start, s.end, true
	for j := i - 1; j >= s.start; j-- {
		if t.is(j, ";") || t.is(j, ":") || t.is(j, "\"") || t.is(j, "-") && t.tokens[j].spaced || t.kinds[j].Has(But) && !t.kinds[j].Has(Adverb, Of, In, By) {
			lo = j + 1
			break
		}
		if t.kinds[j].Has(If) && !t.kinds[j].Has(In, By, Which, And) {
			stated = false
		}
	}
	for j := i; j < s.end; j++ {
		if t.is(j, ";") || t.is(j, "(") || t.is(j, "[") || t.is(j, "/") && t.tokens[j].spaced || t.is(j, "-") && t.tokens[j].spaced || j > i && t.kinds[j].Has(But) && !t.kinds[j].Has(Adverb, Of, In, By) {
			hi = j
			break
		}
	}
	return lo, hi, stated
}

// denied says whether the verifying at i is denied in its clause.
func (t *text) denied(i, end, lo, hi int, g Grammar) bool {
	denials := 0
	for j := lo; j < i; j++ {
		if !t.kinds[j].Has(Not, Unable) || j > lo && t.phrase[j] == t.phrase[j-1] {
			continue
		}
		if t.verbBetween(int(t.phrase[j]), i) {
			continue
		}
		if denials > 0 && !g.OneDenial && t.kinds[j].Has(Unable) && j > lo && t.kinds[j-1].Has(Not) {
			denials-- // not impossible
			continue
		}
		denials++
	}
	if denials > 0 {
		return true
	}
	after := g.VerbLast || g.DenialBoth || t.kinds[i].Has(Verification)
	for j := end; j < hi; j++ {
		if t.kinds[j].Has(Unable) || after && t.kinds[j].Has(Not) {
			return true
		}
		if t.kinds[j].Has(Verify) && !t.kinds[j].Has(Aux, Able) && !g.VerbLast {
			return false
		}
	}
	return false
}

// verbBetween says whether another statement lies between a denial and the
// verifying: "did not say that analysts verified".
func (t *text) verbBetween(from, to int) bool {
	for j := from; j < to; j++ {
		if t.kinds[j].Has(Say) || t.kinds[j].Has(Which) && !t.kinds[j].Has(The, It, Of, In) {
			return true
		}
	}
	return false
}

// verified returns what the verifying at i is about.
func (t *text) verified(s sentence, i, end, lo, hi int, g Grammar) subject {
	if t.kinds[i].Has(Unverified) {
		if about := t.about(end, min(hi, end+4), g); about != nothing && end < hi && !t.kinds[end].Has(In, By) && !t.isMark(end) {
			return about
		}
		if about := t.before(s, i, lo, g); about != nothing {
			return about
		}
		return t.antecedent(i)
	}
	if g.VerbLast {
		if about := t.before(s, i, lo, g); about != nothing {
			return about
		}
	}
	if about := t.behind(i, end, hi, g); about != nothing {
		return about
	}
	if about := t.before(s, i, lo, g); about != nothing {
		return about
	}
	if i > lo && t.kinds[i-1].Has(Not, Independent, Adverb) { // "das nicht verifizierte, von der Armee verbreitete Foto"
		for j := end; j < min(hi, end+10); j++ {
			if t.kinds[j].Has(Picture) {
				return picture
			}
		}
	}
	return t.antecedent(i)
}

func (t *text) isMark(i int) bool { return i < len(t.tokens) && t.tokens[i].class == mark }

var verbGroup = set(Aux, Not, Unable, Able, Adverb, Independent, Verify, Unverified)

// behind returns what follows as the object of the verifying.
func (t *text) behind(i, end, hi int, g Grammar) subject {
	j := end
	for j < hi && (t.kinds[j].Has(Adverb, Independent, Verify) || t.kinds[j].Has(And) && j+1 < hi && t.kinds[j+1].Has(Verify, Adverb, Independent) || t.kinds[j].Has(Able) && !t.kinds[j].Has(In, Of)) {
		j++
	}
	if j >= hi || t.isMark(j) && !t.is(j, "\"") {
		return nothing
	}
	k := t.kinds[j]
	nominal := t.kinds[i].Has(Verification)
	if nominal {
		for j < hi && t.kinds[j].Has(By) && !t.kinds[j].Has(Of) { // by independent media of the picture
			j = t.skipParty(j+1, hi)
		}
		if j < hi && t.kinds[j].Has(Of, In) {
			return t.about(j+1, hi, g)
		}
		if j < hi && (g.HeadFirst || t.kinds[j].Has(The, This)) && !t.kinds[j].Has(verbGroupKinds...) {
			return t.about(j, hi, g)
		}
		return nothing
	}
	if k.Has(verbGroupKinds...) && !k.Has(Picture, Aspect, The, This) || k.Has(And, But, Which) && !k.Has(Aspect, The, It) {
		return nothing
	}
	if k.Has(In, By, Of) && !k.Has(The, This, Aspect, If, It) {
		// German "dieses", Russian "от": of something only behind a noun.
		return nothing
	}
	return t.about(j, hi, g)
}

var verbGroupKinds = []Kind{Aux, Not, Unable, Verify}

// skipParty returns where the name that begins at j ends.
func (t *text) skipParty(j, hi int) int {
	for j < hi && !t.isMark(j) && !t.kinds[j].Has(Of, In, By, Aux, Not, Unable, Verify, Which) {
		j++
	}
	return j
}

// before returns what precedes the verifying: its subject, or its object
// where that comes first.
func (t *text) before(s sentence, i, lo int, g Grammar) subject {
	start := i
	for start > lo {
		k := t.kinds[start-1]
		switch {
		case k&verbGroup != 0 && !k.Has(Picture, Aspect, Other):
			start--
			continue
		case t.name[start-1] > 0: // by the agency
			j := start - 1
			for j > lo && t.name[j-1] > 0 {
				j--
			}
			if j > lo && t.kinds[j-1].Has(By) {
				start = j - 1
				continue
			}
		}
		break
	}
	trimmed := start
	for trimmed > lo && (t.is(trimmed-1, ",") || t.kinds[trimmed-1].Has(And) && !t.kinds[trimmed-1].Has(Of, The)) {
		trimmed--
	}
	if trimmed <= lo {
		return nothing
	}
	shared := trimmed < start
	from := lo
	for j := trimmed - 1; j > lo; j-- {
		if t.kinds[j-1].Has(Which, Say) && !t.kinds[j-1].Has(The, It, This, Of, In, By) {
			from = j
			break
		}
	}
	if g.VerbLast {
		return t.lastPhrase(from, trimmed, g)
	}
	if shared { // "the image is as provided and cannot be verified"
		for j := trimmed - 1; j >= from; j-- {
			if t.kinds[j].Has(Aux) {
				trimmed = j
			}
		}
		return t.about(from, trimmed, g)
	}
	// A finite verb ends what was spoken of before: take what follows it.
	for j := trimmed - 1; j >= from; j-- {
		if t.kinds[j].Has(Aux) && !t.kinds[j].Has(Picture, Aspect, Of, The, In) {
			if about := t.lastChunk(j+1, trimmed, g, true); about != nothing {
				return about
			}
			break
		}
	}
	return t.lastChunk(from, trimmed, g, false)
}

// lastChunk returns what the last part between commas is about.
func (t *text) lastChunk(from, to int, g Grammar, joined bool) subject {
	end := to
	for j := to - 1; j >= from; j-- {
		separated := t.is(j, ",") || joined && t.kinds[j].Has(And) && !t.kinds[j].Has(Of, The)
		if !separated {
			continue
		}
		if about := t.about(j+1, end, g); about != nothing && j+1 < end && !t.kinds[j+1].Has(Which, In, And) && !t.is(j+1, "as") {
			if about == aspect && !joined {
				// "the authenticity, date and place of the claims" is one list
				return t.about(from, end, g)
			}
			return about
		}
		end = j
	}
	return t.about(from, end, g)
}

// lastPhrase returns what the last noun phrase is about, where the head comes
// last: 写真の内容は.
func (t *text) lastPhrase(from, to int, g Grammar) subject {
	for j := to - 1; j >= from; j-- {
		k := t.kinds[j]
		if t.isMark(j) || k.Has(And, Of, In, By, The, This, It, Adverb, Independent, Able) && !k.Has(Picture, Aspect, Other) {
			continue
		}
		if t.name[j] > 0 {
			continue
		}
		switch {
		case k.Has(Aspect) && !k.Has(Other):
			head := j
			for head > from && t.phrase[head-1] == t.phrase[j] && t.kinds[head-1] == k {
				head--
			}
			p := head - 1
			for p >= from && t.kinds[p].Has(Of, The, This, And, Aspect) && !t.kinds[p].Has(Other) {
				p--
			}
			if p >= from && t.kinds[p].Has(Other) && !t.kinds[p].Has(Picture) {
				return other
			}
			return picture
		case k.Has(Picture):
			return picture
		case k.Has(Other):
			return other
		case t.tokens[j].class == number, k != 0:
			continue
		}
		return other
	}
	return nothing
}

// phrase is a noun phrase by its head.
type nounPhrase struct {
	head subject
	join Set // what stands before it
}

// about returns what the noun phrases between two tokens are about: the
// authenticity of the image, or of the claims.
func (t *text) about(from, to int, g Grammar) subject {
	var phrases [8]nounPhrase
	n := 0
	var join, this Set
	run := nothing
	open := false
	flush := func() {
		if open && n < len(phrases) {
			phrases[n] = nounPhrase{run, join}
			n++
			join = 0
		}
		run, open = nothing, false
	}
	for j := from; j < to; j++ {
		k := t.kinds[j]
		noun := k.Has(Picture, Aspect, Other, Screen)
		switch {
		case t.isMark(j):
			if t.is(j, ",") || t.is(j, "/") {
				flush()
				join |= set(And)
			}
			continue
		case t.name[j] > 0 && !noun:
			if !open {
				open, run = true, nothing
			}
			continue
		case k.Has(Which, Aux, Verify) && !noun && !k.Has(The, Of, In, By):
			if n > 0 || open {
				flush()
				to = j
			}
			continue
		case (k.Has(This) || k.Has(The)) && !noun && k.Has(Of):
			flush()
			join |= set(Of)
			continue
		case k.Has(Of) && !noun:
			flush()
			join |= set(Of)
			continue
		case k.Has(In, By) && !noun:
			flush()
			join |= set(In)
			continue
		case k.Has(And) && !noun:
			flush()
			join |= set(And)
			continue
		case k.Has(The, This) && !noun:
			if open { // a new phrase: "Echtheit dieses Bildes"
				flush()
				join |= set(Of)
			}
			this |= k
			continue
		case k.Has(It) && !noun:
			continue
		case k.Has(Not, Unable, Adverb, Independent, Able, Modifier, Undated, Hedge, Provided, Handout, Unverified, Taken) && !noun:
			continue
		case t.months[j] > 0 || t.weekdays[j] > 0:
			continue
		case k.Has(Say) && !noun:
			if open {
				flush()
			}
			continue
		}
		head := other
		switch {
		case k.Has(Screen):
			head = shown
		case k.Has(Picture):
			head = picture
		case k.Has(Aspect):
			head = aspect
		case k.Has(Other):
			head = other
		case t.tokens[j].class == number:
			continue
		default:
			if g.HeadFirst && open && run != nothing { // an adjective
				continue
			}
			if !open || run == nothing {
				open, run = true, other
			} else if !g.HeadFirst && t.tokens[j].class != dense {
				run = other
			}
			continue
		}
		switch {
		case !open || run == nothing:
			run = head
		case g.HeadFirst:
			switch {
			case run == aspect && head != aspect: // "صحة الصورة", "keaslian foto"
				run = head
			case run == other && !t.knownOther(from, j):
				run = head
			}
		default:
			if head == aspect && run != nothing {
				if run == other && t.knownOther(from, j) {
					head = other
				} else {
					head = aspect
				}
			}
			run = head
		}
		open = true
		j = max(j, int(t.phrase[j])-1)
	}
	flush()
	return weigh(phrases[:n])
}

// knownOther says whether the word of the phrase before j is known to be
// something else, and not just unknown.
func (t *text) knownOther(from, j int) bool {
	return j > from && t.kinds[j-1].Has(Other)
}

func weigh(list []nounPhrase) subject {
	for len(list) > 0 && (list[0].head == nothing || list[0].join.Has(In) && len(list) > 1) {
		list = list[1:]
	}
	if len(list) == 0 {
		return nothing
	}
	switch list[0].head {
	case picture:
		if len(list) > 1 && list[1].join.Has(In) && list[1].head == shown {
			return other // the image on the screen
		}
		return picture
	case aspect:
		if len(list) == 1 || list[1].join.Has(In) && !list[1].join.Has(Of) {
			return aspect
		}
		rest := list[1:]
		if list[1].join.Has(Of) {
			rest[0].join = 0
			if about := weigh(rest); about != nothing {
				return about
			}
			return aspect
		}
		if list[1].head == aspect {
			rest[0].join = 0
			return weigh(rest)
		}
		return aspect
	}
	for k := 1; k < len(list) && list[k].join.Has(And); k++ {
		if list[k].head == picture || list[k].head == aspect {
			return picture
		}
	}
	return other
}

// antecedent returns what "it" or "which" at token i stands for: what was
// spoken of last, and nothing if that is what somebody said.
func (t *text) antecedent(i int) subject {
	for j := i - 1; j >= max(0, i-60); j-- {
		k := t.kinds[j]
		switch {
		case t.name[j] > 0:
		case k.Has(Say):
			return other
		case k.Has(Picture):
			return picture
		case k.Has(Other):
			return other
		}
	}
	return nothing
}

// cutOff says whether the text stops before the statement at i is complete.
func (t *text) cutOff(s sentence, i, end int) bool {
	last := s.end - 1
	if s.end < len(t.tokens) || last < i || t.tokens[last].class == mark {
		return false
	}
	return last >= end && t.kinds[last].Has(The, This, Of, In, By, And, Aux, Not) && !t.kinds[last].Has(Picture, Aspect, Independent, Verify, It) && !t.grammar(s).VerbLast
}
