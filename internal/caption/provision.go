package caption

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
		case k.Has(Obtained) && k.Has(Able) && i > s.start && t.kinds[i-1].Has(Not, Adverb): // 无法获得确认
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
	if p.By.Class == Somebody && t.depicts(i, end, p.By, g) {
		p.By = Party{Source: -1}
	}
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

// depicts says whether the words for a handout between i and end are a noun for
// the picture, and the party behind it is whom it shows: a handout photo of Jon
// Berg, Handout-Foto der Bergsteigerin.
func (t *text) depicts(i, end int, shown Party, g Grammar) bool {
	if !t.kinds[i].Has(Handout) || t.kinds[i].Has(Provided) || shown.Span.Start < t.tokens[i].end {
		return false
	}
	if !t.has(end-1, min(end+1, len(t.tokens)), Picture) && !(g.AgentCase && i > 0 && t.kinds[i-1].Has(Picture)) {
		return false
	}
	for j := end; j < len(t.tokens) && t.tokens[j].start < shown.Span.Start; j++ {
		single := j+2 >= len(t.tokens) || !t.tokens[j+2].upper || t.kinds[j+2] != 0 // a company's name: Handout-Foto von Siemens
		if t.isFrom(j) || t.kinds[j].Has(By) && (!t.kinds[j].Has(Of) || single && t.tokens[j+1].upper) {
			return false
		}
	}
	return true
}

// provides says whether it is a picture that was provided, and whether the
// words point at the picture itself.
func (t *text) provides(s sentence, i, end int, g Grammar) (isPicture, this bool) {
	at := -1
	if t.kinds[i].Has(Picture) || t.tokens[i].class == dense && t.hasHit(i+1, end, set(Picture)) { // 제공 사진
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
			if k == 0 && g.HeadFirst && j-1 >= s.start && t.kinds[j-1].Has(State, Body, Group, Press) {
				continue // l'armée rebelle a diffusé
			}
			if k.Has(Other, Screen) || k == 0 {
				if t.is(i-1, ",") && t.depicted(s, j) { // a picture of a parade, provided by
					adjacent = false
					continue
				}
				return false, false // "panels provided by"
			}
			adjacent = !k.Has(State, Body, Group, Press) // "the rebel army released"
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

// depicted says whether the sentence begins with a picture, and what stands up
// to token i is what that is of.
func (t *text) depicted(s sentence, i int) bool {
	for p := s.start; p < min(i-1, s.start+6); p++ {
		if t.kinds[p].Has(Picture) && t.is(p+1, "of") {
			return t.begun(s, p) && !t.has(p+2, i, Aux, Which, Provided, Screen) && !t.shown(s, p)
		}
	}
	return false
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
func (t *text) screens(i int) bool {
	if !t.kinds[i].Has(Screen) {
		return false
	}
	for i > 0 && t.phrase[i-1] == t.phrase[i] && t.kinds[i-1] == t.kinds[i] {
		i--
	}
	return t.name[i] == 0
}
