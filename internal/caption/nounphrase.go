package caption

import (
	"bytes"
	"slices"
	"strings"
)

// nounPhrase is a noun phrase by its head.
type nounPhrase struct {
	head subject
	join Set // what stands before it: And (with Which: a comma), Of, In, or nothing
}

// phraseParser puts the words between two tokens together to noun phrases.
type phraseParser struct {
	headFirst bool
	cases     bool // a noun's owner follows it without a preposition
	owned     bool // the open phrase has an owner, or can't have one: "تاريخها"
	joined    bool // two nouns are one word, or the first stands in the genitive
	genitive  bool // the open phrase has an owner that is no picture: "the minister's"
	list      []nounPhrase
	join      Set
	head      subject // of the phrase that is open
	open      bool
}

func (p *phraseParser) close() {
	if p.open {
		p.list = append(p.list, nounPhrase{p.head, p.join})
		p.join = 0
	}
	p.head, p.open, p.genitive = nothing, false, false
}

func (p *phraseParser) joinedBy(k Kind) {
	p.close()
	p.join |= set(k)
}

// noun adds a noun to the open phrase, whose head is its first or its last.
func (p *phraseParser) noun(head subject) {
	switch {
	case !p.open || p.head == nothing:
		p.head = head
	case !p.headFirst:
		if head == aspect && (p.head == other || p.genitive) { // "claim details", "the minister's location"
			head = other
		}
		p.head = head
	case p.head == aspect && head != aspect && !p.owned: // "صحة الصورة", "keaslian foto"
		p.head = head
	case p.head == unknown:
		p.head = head
	}
	p.open = true
}

// stranger adds a word of no list: an adjective, or a noun that is something
// else. Where nouns are put together in one word, what follows one that is
// not in the genitive is an adverb.
func (p *phraseParser) stranger(dense, genitive bool) {
	switch {
	case p.cases && p.open && p.head == aspect && !p.owned: // "дата выборов", "تاريخ المباراة"
		p.head = unknown
	case (p.headFirst || p.joined && !genitive) && p.open && p.head != nothing: // an adjective
	case !p.open || p.head == nothing:
		p.open, p.head = true, unknown
	case !p.headFirst && !dense:
		p.head = unknown
	}
}

// maxPhrases bounds what is read of a clause without a verb.
const maxPhrases = 8

// nounPhrases returns the noun phrases between two tokens, up to a verb, until
// it is called again.
func (t *text) nounPhrases(from, to int, g Grammar) []nounPhrase {
	p := phraseParser{headFirst: g.HeadFirst, cases: g.OwnerCase, joined: g.DenialBoth && !g.VerbLast && !g.NounsUpper, list: slices.Grow(t.phrases[:0], maxPhrases+1)}
	t.phrases = p.list
	for j := from; j < to && len(p.list) < maxPhrases; j++ {
		k := t.kinds[j]
		switch head := headOf(k); {
		case head != nothing && !t.isMark(j):
			p.noun(head)
			j = max(j, int(t.phrase[j])-1)
			if k.Has(Question) { // "when the storm passes" is no date of a picture
				p.joinedBy(Of)
				continue
			}
			p.owned = p.cases && t.arabic(j) && t.definite(j)
		case t.isMark(j):
			switch {
			case t.is(j, ","), t.is(j, "/"):
				p.close()
				p.join = set(And, Which)
			case t.is(j, "("):
				for j+1 < to && !t.is(j, ")") {
					j++
				}
			}
		case t.party(j), k.Has(Journalist), g.AgentCase && k.Has(Press):
			p.open = true
		case k.Has(Independent):
			if !g.AgentCase { // "لم تؤكد جهة مستقلة صحة الصورة"
				p.close()
			} else if next := int(t.phrase[j]); p.open && next < to && t.kinds[next] == 0 && t.tokens[next].class == word && !t.arabic(next) {
				j = next // "подлинность независимым наблюдателям"
			}
		case k.Has(Aux) && !p.open && j > from && t.kinds[j-1].Has(Question): // "cuándo se abrirá la línea"
		case k.Has(Which, Aux, Verify) && !k.Has(The, Of, In, By):
			if len(p.list) > 0 || p.open {
				p.close()
				return p.list
			}
		case g.AgentCase && k.Has(Not) && !k.Has(And) && p.open: // its verb follows: "не увенчались успехом"
			p.close()
			return p.list
		case k.Has(Of) && k.Has(By, In) && !p.open && len(p.list) == 0: // "von zwei Zeugen bestätigt"
			p.joinedBy(In)
		case k.Has(Of):
			p.joinedBy(Of)
		case k.Has(In, By) && !k.Has(The):
			p.joinedBy(In)
		case k.Has(And):
			p.joinedBy(And)
		case k.Has(The, This):
			if p.open { // "Echtheit dieses Bildes"
				p.joinedBy(Of)
			}
		case k.Has(Say):
			p.close()
		case k == set(Modifier) && j > from && j+1 < to && t.kinds[j-1].Has(The) && t.kinds[j+1].Has(Of): // "de hoogte van"
			p.stranger(false, false)
		case k.Has(It, If, Not, Unable, Adverb, Able, Modifier, Undated, Hedge, Provided, Handout, Unverified, Taken),
			t.months[j] > 0, t.weekdays[j] > 0, t.tokens[j].class == number:
		case g.NounsUpper && t.tokens[j].class == word && !t.tokens[j].upper: // an adjective or a verb
		default:
			w := t.wordAt(j)
			p.genitive = k == 0 && (bytes.HasSuffix(w, []byte("'s")) || p.joined && len(w) > 4 && w[len(w)-1] == 's') // gärningsmännens motiv
			p.stranger(t.tokens[j].class == dense, j > from && bytes.HasSuffix(t.wordAt(j-1), []byte("s")))
		}
	}
	p.close()
	return p.list
}

// definite says whether the Arabic noun at token j has its article or the
// possessor in itself, so that what follows it is no owner.
func (t *text) definite(j int) bool {
	w := t.original[t.tokens[j].start:t.tokens[j].end]
	at := strings.Index(w, "ال")
	return at >= 0 && at <= 4 || strings.HasPrefix(w, "لل") || strings.HasSuffix(w, "ها") || strings.HasSuffix(w, "ه")
}

func headOf(k Set) subject {
	switch {
	case k.Has(Screen):
		return shown
	case k.Has(Picture):
		return picture
	case k.Has(Aspect):
		return aspect
	case k.Has(Other):
		return other
	}
	return nothing
}

// withoutAdverbials returns the phrases that tell neither where nor by whom.
func withoutAdverbials(list []nounPhrase) []nounPhrase {
	for len(list) > 0 && list[0].join.Has(In) {
		list = list[1:]
		for len(list) > 0 && list[0].join.Has(Of, And) {
			list = list[1:]
		}
	}
	return list
}

// weigh returns what noun phrases are about: the authenticity of the image,
// or of the claims.
func weigh(list []nounPhrase) subject {
	for len(list) > 0 && list[0].head == nothing {
		list = list[1:]
	}
	if len(list) > 0 && list[0].join.Has(In) { // where it was is not what it was, if something else is said
		for i, p := range list {
			if !p.join.Has(In, Of) && p.head != nothing {
				list = list[i:]
				break
			}
		}
	}
	if len(list) == 0 {
		return nothing
	}
	head, rest := list[0].head, list[1:]
	switch head {
	case picture:
		if len(rest) > 0 && rest[0].join.Has(In) && rest[0].head == shown {
			return other // the image on the screen
		}
		return picture
	case aspect:
		switch {
		case len(rest) == 0, rest[0].join.Has(In) && !rest[0].join.Has(Of):
			return aspect
		case rest[0].join.Has(Of):
			rest[0].join = 0
			if about := weigh(rest); about != nothing {
				return about
			}
			return aspect
		case rest[0].head == aspect, rest[0].head == picture:
			rest[0].join = 0
			return weigh(rest)
		}
		return aspect
	case other:
		// Particulars of a picture: "Angaben zu Ort und Zeit der Aufnahme".
		if len(rest) > 1 && rest[0].head == aspect && rest[0].join.Has(In, Of) {
			rest[0].join = 0
			if weigh(rest) == picture {
				return picture
			}
		}
	case shown:
		head = other
	}
	for k := 0; k < len(rest) && rest[k].join.Has(And) && !rest[k].join.Has(Which); k++ {
		if rest[k].head == picture || rest[k].head == aspect {
			return picture
		}
	}
	return head
}
