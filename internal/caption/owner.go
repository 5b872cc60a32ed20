package caption

import "bytes"

// owner returns whose the channel is on which something was posted, by the
// word between i and end: the Telegram channel of the army, na kanale ruchu
// Huti, Husilerin Telegram kanalında. Nobody, where it is nobody's with a
// stake, or somebody else is known to have posted it.
func (t *text) owner(s sentence, i, end int, by Party, g Grammar) Party {
	if by.Class != Nameless && (by.Class != Known || t.lexicon.Sources[by.Source].Kind != "social") {
		return Party{Source: -1}
	}
	if p := t.channelOwner(end, min(s.end, end+10), g); p.Class != Nameless {
		return p
	}
	if g.DenialBoth && !g.HeadFirst && !g.VerbLast { // op het kanaal van het leger geplaatst
		if p := t.channelOwner(max(s.start, i-10), i, g); p.Class != Nameless {
			return p
		}
	}
	if by.Class == Known {
		if p := t.uploader(s, i, g); p.Class == AState || p.Class == Known && t.stakes(int32(p.Source)) {
			return p
		}
	}
	if p := t.possessor(s, max(s.start, i-10), min(s.end, end+10)); p.Class != Nameless || !g.VerbLast {
		return p
	}
	for j := i - 1; j > s.start && j >= i-6; j-- {
		if t.platform(j) {
			return t.ownerOfPlatform(s, j)
		}
	}
	return Party{Source: -1}
}

// ownerOfPlatform returns the party with a stake that is named before the
// platform at token i, as its owner or as the subject of the sentence.
func (t *text) ownerOfPlatform(s sentence, i int) Party {
	for j := i - 1; j >= max(s.start, i-6); j-- {
		k := t.kinds[j]
		switch {
		case t.name[j] > 0 && t.stakes(t.name[j]-1):
			return Party{Span: t.span(j, j+1), Class: Known, Source: int(t.name[j] - 1)}
		case k.Has(State):
			return Party{Span: t.span(j, j+1), Class: AState, Source: -1}
		case k.Has(Group):
			return t.meant(j, t.span(j, j+1))
		case !t.is(j, ",") && !k.Has(This, Picture, Of):
			return Party{Source: -1}
		}
	}
	return Party{Source: -1}
}

// uploader returns who put something on a platform, as the subject of the verb
// at token i: "que el Ejército colgó en X", "die het leger op Telegram plaatste".
func (t *text) uploader(s sentence, i int, g Grammar) Party {
	if g.VerbLast || i == s.start {
		return Party{Source: -1}
	}
	if p := t.subject(s, i); !g.DenialBoth || p.Class != Nameless && (p.Class != Known || t.stakes(int32(p.Source))) {
		return p
	}
	for j := i - 1; j >= max(s.start, i-8); j-- {
		k := t.kinds[j]
		switch {
		case t.platform(j), k.Has(Aux, Adverb, Of), k == 0 && t.tokens[j].upper && t.name[j] == 0:
		case k.Has(State):
			return Party{Span: t.span(j, j+1), Class: AState, Source: -1}
		case t.name[j] > 0:
			for j > s.start && t.nameEnd[j] == 0 {
				j--
			}
			return t.known(j)
		case k.Has(In) && t.platform(j+1):
		default:
			return Party{Source: -1}
		}
	}
	return Party{Source: -1}
}

// possessor returns the party with a stake that the platform or channel between
// two tokens belongs to by what stands before it: President Zelensky's Telegram
// channel, в его телеграм-канале, ゼレンスキー大統領のテレグラム.
func (t *text) possessor(s sentence, from, to int) Party {
	for j := from; j < to; j++ {
		if !t.platform(j) && !t.kinds[j].Has(Channel) {
			continue
		}
		if t.silently(j, Own) { // قناته
			return t.leaderBefore(j)
		}
		particle := false
		for b := j - 1; b >= max(s.start, j-4); b-- {
			k := t.kinds[b]
			switch {
			case !particle && t.tokens[b].class == dense && k == set(In): // 若开军在Telegram
				particle = true
			case t.silently(b, Own):
				return t.leaderBefore(b)
			case t.name[b] > 0 && t.stakes(t.name[b]-1):
				return Party{Span: t.span(b, b+1), Class: Known, Source: int(t.name[b] - 1)}
			case k.Has(State) || t.silently(b, Leader):
				return Party{Span: t.span(b, b+1), Class: AState, Source: -1}
			case !t.platform(b) && !k.Has(Of, Channel, Social, Posted) && !t.is(b, "'"):
				b = 0
			}
		}
	}
	return Party{Source: -1}
}

// leaderBefore returns the party that the pronoun at token i means: whose
// leader, or who itself, was named last before it.
func (t *text) leaderBefore(i int) Party {
	strange := false // somebody else is the subject: "A farmer posted it on his page"
	for j := i - 1; j >= max(0, i-60); j-- {
		k := t.kinds[j]
		switch source := t.name[j] - 1; {
		case strange && t.is(j, "."):
			return Party{Source: -1}
		case source >= 0 && t.stakes(source):
			return Party{Span: t.span(i, i+1), Class: Known, Source: int(source)}
		case k.Has(State) || t.silently(j, Leader):
			return Party{Span: t.span(i, i+1), Class: AState, Source: -1}
		case k.Has(Body, Witness):
			return Party{Source: -1}
		}
		strange = strange || k == 0 && t.name[j] == 0 && (t.tokens[j].class == word || t.tokens[j].class == dense)
	}
	return Party{Source: -1}
}

// poster returns on whose channel the picture between i and end is: a frame
// from a video on the president's Telegram channel.
func (t *text) poster(s sentence, i, end int, g Grammar) Party {
	for j := end; j < min(s.end, end+8); j++ {
		if t.platform(j) || t.kinds[j].Has(Channel) {
			if p := t.channelOwner(j, min(s.end, j+8), g); p.Class != Nameless {
				return p
			}
			return t.possessor(s, j, j+1)
		}
		if !t.kinds[j].Has(In, Of, By, The, Picture, State, Provided, Social, Posted) && !t.tokens[j].upper && !t.silently(j, Own) && !t.silently(j, Leader) {
			break
		}
	}
	if g.OwnerFirst || g.VerbLast {
		return t.possessor(s, max(s.start, i-4), i)
	}
	return Party{Source: -1}
}

// channelOwner returns the party with a stake that is named behind a platform
// or a channel between two tokens.
func (t *text) channelOwner(from, to int, g Grammar) Party {
	at := -1
	for j := from; j < to; j++ {
		k := t.kinds[j]
		if t.platform(j) || k.Has(Channel) {
			at = j
			continue
		}
		if t.is(j, "@") {
			break
		}
		if at >= 0 && j > at && j <= at+2 && t.silently(j, Own) { // в телеграм-канале его пресс-службы
			return t.leaderBefore(j)
		}
		joined := bytes.HasPrefix(t.wordAt(j), []byte("dell'"))
		bare := g.HeadFirst && (t.name[j] > 0 || k.Has(State, Group) || t.silently(j, Leader) || g.AgentCase && j+1 < to && t.tokens[j].upper && t.silently(j+1, Leader))
		if at < 0 || j > at+4 || !k.Has(Of, Group) && !joined && !bare {
			continue
		}
		if !joined && !bare && !k.Has(Group) {
			for j+1 < to && t.kinds[j+1].Has(Of, The) && !t.kinds[j+1].Has(State) {
				j++
			}
			j++
		}
		if j < to && t.platform(j) { // no canal de Telegram do grupo
			at = j
			continue
		}
		if j >= to {
			break
		}
		if p := t.partyIn(j, len(t.tokens)); p.Class == AState || p.Class == Known && t.stakes(int32(p.Source)) {
			return p
		}
		break
	}
	return Party{Source: -1}
}

// stakes says whether the source has a stake in what its pictures show.
func (t *text) stakes(source int32) bool { return rank(t.lexicon.Sources[source].Kind) == 3 }

// silently says whether token i belongs to a word of the silent kind in the
// caption's language.
func (t *text) silently(i int, k Kind) bool {
	if t.lang < 0 {
		return false
	}
	for h := t.hitAt(max(0, i-6)); h < len(t.hits) && int(t.hits[h].start) <= i; h++ {
		sense := &t.lexicon.senses[t.hits[h].sense]
		if sense.kind == k && !sense.function && sense.month == 0 && sense.weekday == 0 && int(t.hits[h].end) > i && sense.langs>>t.lang&1 != 0 {
			return true
		}
	}
	return false
}
