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
		return t.channelOwner(max(s.start, i-10), i, g)
	}
	for j := i - 1; g.VerbLast && j > s.start && j >= i-6; j-- {
		if !t.platform(j) {
			continue
		}
		if t.name[j-1] > 0 && t.stakes(t.name[j-1]-1) {
			return Party{Span: t.span(j-1, j), Class: Known, Source: int(t.name[j-1] - 1)}
		}
		if t.kinds[j-1].Has(State) {
			return Party{Span: t.span(j-1, j), Class: AState, Source: -1}
		}
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
		joined := bytes.HasPrefix(t.wordAt(j), []byte("dell'"))
		bare := g.HeadFirst && (t.name[j] > 0 || k.Has(State, Group))
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
