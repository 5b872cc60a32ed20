package caption

import (
	"bytes"
	"slices"
)

// whose reads who a picture is said to be from where no word of providing is:
// "in this KCNA photo", "Une photo de l'agence KCNA montre". Token i is the
// word for the picture. Where the scene is seen on it, or the sentence begins
// with it, it is the one under the caption.
func (t *text) whose(s sentence, i int, g Grammar) (p Provision, found bool) {
	end := max(int(t.phrase[i]), i+1)
	if end+1 < s.end && t.isFrom(end) { // a photo from the army
		p = t.provision(s, end, g)
		if p.By.Class == Nameless {
			p.By = t.partyIn(end+1, s.end) // a photo from the rebel army
		}
		if p.By.Class == AState || p.By.Class == ABody || p.By.Class == Known {
			return p, true
		}
	}
	by, from := t.ownerBefore(s, i, g)
	if by.Class == Nameless {
		by, from = t.ownerBehind(s, end, g), i
	}
	if by.Class == Nameless || by.Class == Known && t.platform(from) {
		by, from = t.poster(s, i, end, g), i
	}
	if by.Class == Nameless {
		return Provision{}, false
	}
	framed := t.frames(s, from) || t.pointed(s, i+1)
	if !framed && (t.shown(s, i) || !t.opens(s, from) && !g.VerbLast && !t.is(from-1, ",")) {
		return Provision{}, false
	}
	word := t.span(i, end)
	p = Provision{Word: word, Span: word, By: by, Picture: true, This: t.has(max(s.start, from-4), i, This)}
	p.Span.Start, p.Span.End = min(word.Start, by.Span.Start), max(word.End, by.Span.End)
	return p, true
}

// isFrom says whether token i means where something comes from, and not what
// it shows: a photo from the army.
func (t *text) isFrom(i int) bool {
	return t.is(i, "from") || t.is(i, "fra") || t.is(i, "från") || t.is(i, "fran")
}

// ownerBefore returns who is named directly before the picture at token i, or
// in one word with it, and the first token of that.
func (t *text) ownerBefore(s sentence, i int, g Grammar) (by Party, from int) {
	if p := t.ownerWithin(i); p.Class != Nameless { // KCNA-Foto
		return p, i
	}
	j := i - 1
	for g.VerbLast && j > s.start && t.name[j] == 0 && (t.kinds[j].Has(This, Of) || t.kinds[j].Has(Screen) && !t.screens(j)) { // KCNA'nın bu fotoğrafı
		j--
	}
	switch {
	case j < s.start:
	case t.name[j] > 0:
		for j > s.start && t.nameEnd[j] == 0 {
			j--
		}
		if p := t.known(j); t.interested(p) {
			return p, j
		}
	case t.kinds[j].Has(State) && !t.kinds[j].Has(In) && !g.HeadFirst && !g.VerbLast:
		from = j
		for from > s.start && t.phrase[from-1] == t.phrase[j] {
			from--
		}
		return Party{Span: t.span(from, j+1), Class: AState, Source: -1}, from
	}
	return Party{Source: -1}, i
}

// ownerWithin returns whose name the word at token i begins with, before a
// hyphen.
func (t *text) ownerWithin(i int) Party {
	at := bytes.IndexByte(t.wordAt(i), '-')
	if at < 0 {
		return Party{Source: -1}
	}
	for _, n := range t.lexicon.names.exact(t.wordAt(i)[:at]) {
		if n := t.lexicon.senses[n]; !n.credit {
			if p := (Party{Span: t.span(i, i+1), Class: Known, Source: int(n.source)}); t.interested(p) {
				return p
			}
		}
	}
	return Party{Source: -1}
}

// ownerBehind returns whose name follows the picture that ends at token end.
// "A picture of the Kremlin" shows it; "una foto de KCNA", "de la agencia TASS"
// is theirs.
func (t *text) ownerBehind(s sentence, end int, g Grammar) Party {
	press := false
	for j := end; j < min(s.end, end+5); j++ {
		k := t.kinds[j]
		if t.nameEnd[j] > 0 {
			p := t.known(j)
			if t.interested(p) && (press || t.acronym(j) || j == end && g.HeadFirst) {
				return p
			}
			break
		}
		press = press || k.Has(Press, Channel) || t.arabic(j) && j == end && t.is(j, "من") // صورة من الدعم السريع
		if t.is(j, "of") || !k.Has(Of, By, The, Press, Channel) && !t.is(j, "\"") && !(g.AgentCase && j == end && k.Has(In)) {
			break
		}
	}
	if g.AgentCase && end < s.end && t.opens(s, end-1) && s.end-end <= 8 && !t.kinds[end].Has(In, By, Of, Channel) && !t.platform(end) && t.has(end, s.end, State) && !t.hasVerb(end, s.end) { // "Видео народной милиции."
		return t.partyIn(end, s.end)
	}
	return Party{Source: -1}
}

// acronym says whether the name at token i is one in capitals.
func (t *text) acronym(i int) bool {
	return slices.ContainsFunc(t.lexicon.names.exact(t.wordAt(i)), func(n int32) bool { return t.lexicon.senses[n].acronym })
}

// interested says whether a known party is no agency: one that has a stake in
// its pictures.
func (t *text) interested(p Party) bool { return rank(t.lexicon.Sources[p.Source].Kind) > 1 }

// opens says whether nothing but articles and the like stand before token i of
// the sentence.
func (t *text) opens(s sentence, i int) bool {
	for j := s.start; j < i; j++ {
		if !t.kinds[j].Has(The, This, Undated, Modifier, In, Picture) && t.tokens[j].class != number {
			return false
		}
	}
	return true
}
