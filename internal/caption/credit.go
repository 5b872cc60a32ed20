package caption

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Credit is a credit line: who made a picture, who provided it, through whom
// it came.
type Credit struct {
	Span    Span
	Parts   []Part
	Handout bool // says that it was handed out or provided, or by courtesy
	Given   bool // says provided and no more, as of an agency's own: AP提供
	Pool    bool // made for several media
	Via     bool // came through somebody
	Passed  bool // an agency or a paper stands before "via": it is theirs
	Photo   bool // says "photo by" or the like
	File    bool
	AI      bool

	via int // index of the first part behind "via"
}

// Part is one party of a credit line.
type Part struct {
	Party
	Role Role

	first int // token of the name's first word
}

// Role is what a party of a credit line did.
type Role uint8

// The roles.
const (
	Maker       Role = iota // took the picture, or nobody knows
	Provider                // handed it out
	Distributor             // an agency that passed it on, or whose photographer took it
)

// maxCredit is how much of a field is read as a credit line, in tokens: far more
// than any has.
const maxCredit = 400

// ReadCredit reads a text that is a credit line as a whole: a credit, source
// or by-line field.
func (l *Lexicon) ReadCredit(original string) Credit {
	t := l.take(original)
	defer t.done()
	return t.credit(0, min(len(t.tokens), maxCredit))
}

// credit parses the chain between two tokens.
func (t *text) credit(a, b int) Credit {
	if a >= b {
		return Credit{}
	}
	t.findNames(a, b, true)
	kinds, phrases := slices.Clone(t.kinds[a:b]), slices.Clone(t.phrase[a:b])
	t.creditKinds(a, b)
	defer func() {
		copy(t.kinds[a:], kinds)
		copy(t.phrase[a:], phrases)
	}()
	c := Credit{Span: t.span(a, b), Parts: make([]Part, 0, 4)}
	via := false
	from := a
	part := func(to int) {
		if to > from {
			t.creditPart(from, to, via, &c)
		}
	}
	for i := a; i < b; i++ {
		switch {
		case t.nameEnd[i] > 0 && int(t.nameEnd[i]) <= b:
			i = int(t.nameEnd[i]) - 1
		case t.is(i, "@"):
			if end := t.accountEnd(i, b); end > i {
				i = end - 1
			}
		case t.isVia(i):
			part(i)
			if !c.Via {
				c.via = len(c.Parts)
			}
			c.Via, via, from = true, true, i+1
		case t.legalSlash(i):
		case t.joins(i), t.is(i, ","), t.is(i, "-") && (t.tokens[i].spaced || i > a && t.name[i-1] > 0), t.is(i, "("), t.is(i, ")"), t.is(i, ":"):
			part(i)
			from = i + 1
			if !t.is(i, "/") && !t.is(i, "=") {
				via = false
			}
		}
	}
	part(b)
	t.roles(&c)
	return c
}

// joins says whether token i is a mark that joins the links of a chain.
func (t *text) joins(i int) bool {
	switch string(t.wordAt(i)) {
	case "/", "=", "|", "+", "•", "·", "・", "&":
		return t.isMark(i)
	}
	return false
}

// isVia says whether token i is the via of a chain. Prepositions that mean
// more than that are left out.
func (t *text) isVia(i int) bool {
	return t.is(i, "via") || t.kinds[i].Has(Via) && !t.kinds[i].Has(By, Of, In)
}

// inCredits are the kinds of words that a credit line is read by.
var inCredits = set(Via, PhotoBy, Nobody, Pool, Handout, Provided, File, Taken, Notice, Social, Press, Body, State, Satellite, Artwork, AI, By, Of, The, And, In, Journalist, Kill)

// creditKinds reads the words between two tokens again as those of a credit
// line: credits are written in another language than their sentence, and
// their names are not to be taken for words with a letter wrong.
func (t *text) creditKinds(a, b int) {
	langs := t.languagesAt(a)
	named := a // where the last name ends
	for i := a; i < b; {
		longest, kinds, to := i+1, Set(0), b
		if t.nameEnd[i] > 0 {
			named = int(t.nameEnd[i])
		} else if i < named { // 新華社 and 提供, not 新華 and 社提供
			to = named
		}
		for h := t.hitAt(i); h < len(t.hits) && int(t.hits[h].start) == i; h++ {
			hit, sense := t.hits[h], &t.lexicon.senses[t.hits[h].sense]
			if sense.function || sense.month > 0 || sense.weekday > 0 || int(hit.end) > to || set(sense.kind)&inCredits == 0 ||
				sense.langs&langs == 0 && !t.foreign(sense.kind, hit) {
				continue
			}
			switch end := int(hit.end); {
			case end > longest:
				longest, kinds = end, set(sense.kind)
			case end == longest:
				kinds |= set(sense.kind)
			}
		}
		for j := i; j < longest; j++ {
			t.kinds[j], t.phrase[j] = kinds|t.kinds[j]&overlays, int32(longest)
		}
		i = longest
	}
}

// languagesAt returns the languages that a credit line at token i may be
// written in: its sentence's, the caption's, and English.
func (t *text) languagesAt(i int) uint32 {
	langs := t.lexicon.english
	if t.lang >= 0 {
		langs |= 1 << t.lang
	}
	at, _ := slices.BinarySearchFunc(t.sentences, i, func(s sentence, i int) int { return s.end - 1 - i })
	if at < len(t.sentences) && t.sentences[at].lang >= 0 {
		langs |= 1 << t.sentences[at].lang
	}
	return langs
}

// foreign says whether a word of any language counts in a credit line: one
// for a party, long enough not to be somebody's name.
func (t *text) foreign(k Kind, h hit) bool {
	if k != State && k != Body && k != Handout {
		return false
	}
	return t.tokens[h.end-1].to-t.tokens[h.start].from >= 7
}

// creditPart reads one link of the chain.
func (t *text) creditPart(a, b int, via bool, c *Credit) {
	var known int32 = -1
	var all Set
	nameless, words, upper, first := 0, 0, false, a
	for i := a; i < b; i++ {
		k := t.kinds[i]
		if i > a && i+1 < b && t.is(i, "で") && t.tokens[i+1].class == number { // 首相官邸で2025年10月3日
			return
		}
		if t.is(i, "@") {
			if end := t.accountEnd(i, b); end > i {
				c.Parts = append(c.Parts, Part{Party: Party{Span: t.span(i, end), Class: Account, Source: -1}})
				return
			}
		}
		if end := int(t.nameEnd[i]); end > 0 && end <= b && !t.isPerson(i, a, b) {
			// "Sputnik, Kremlin Pool": the party with a stake outweighs.
			if known < 0 || rank(t.lexicon.Sources[t.name[i]-1].Kind) > rank(t.lexicon.Sources[known].Kind) {
				if known >= 0 {
					c.Parts = append(c.Parts, Part{Party: Party{Span: t.span(a, b), Class: Known, Source: int(known)}})
				}
				known = t.name[i] - 1
			} else if known != t.name[i]-1 {
				c.Parts = append(c.Parts, Part{Party: Party{Span: t.span(i, end), Class: Known, Source: int(t.name[i] - 1)}})
			}
			for j := i; j < end; j++ {
				all |= t.kinds[j] & set(Handout, Pool)
			}
			i = end - 1
			continue
		}
		if joined := t.hyphened(i); joined != nil { // KCNA-Yonhap
			for _, source := range joined {
				c.Parts = append(c.Parts, Part{Party: Party{Span: t.span(i, i+1), Class: Known, Source: int(source)}})
			}
			continue
		}
		if i == a && !k.Has(Handout) && t.handedPrefix(i) {
			c.Handout = true
			words++
			upper = true
			continue
		}
		if k.Has(PhotoBy) && (i == a || all.Has(Body, State, Handout) || i+1 < b && t.kinds[i+1].Has(Handout)) {
			k &^= set(Press) // "Photo", "Family Photo", "Handout photo", not "News Photo"
		}
		all |= k
		c.Given = (c.Given || !c.Handout) && k.Has(Provided) && !k.Has(Handout) || c.Given && !k.Has(Handout)
		c.Handout = c.Handout || k.Has(Handout, Provided)
		c.Pool = c.Pool || k.Has(Pool)
		c.File = c.File || k.Has(File)
		c.AI = c.AI || k.Has(AI)
		c.Photo = c.Photo || k.Has(PhotoBy, Taken)
		if t.isMark(i) || t.tokens[i].class == number || k.Has(PhotoBy, By, Of, The, Handout, Pool, File, Provided, Taken, And, In, Artwork, Journalist) && !k.Has(Press, State, Body) {
			continue
		}
		if k.Has(Nobody) {
			nameless++
			continue
		}
		if words++; words == 1 {
			first = i
		}
		upper = upper || t.tokens[i].upper || t.tokens[i].class == dense
	}
	from, to := max(a, min(first, b-1)), b
	for known < 0 && to > from+1 && t.kinds[to-1].Has(Handout, Provided, PhotoBy, Taken) && !t.kinds[to-1].Has(State, Body, Press) {
		to-- // "Norrland Trucks Handout", 東京消防庁提供
	}
	p := Party{Span: t.span(from, to), Source: int(known)}
	switch {
	case known >= 0:
		p.Class = Known
	case all.Has(State) && words > 0:
		p.Class = AState
	case !all.Has(Press) && words > 0 && (all.Has(Body) || t.firm(a, b)):
		p.Class = ABody
	case all.Has(Social, Satellite) && words > 0:
		p.Class = Nameless
	case all.Has(Press) && (words > 1 || t.kinds[a].Has(The)), words > 0 && nameless == 0 && t.paper(a, c):
		p.Class = APress
	case words > 0 && nameless == 0:
		p.Class = Somebody
	case words == 0 && nameless == 0:
		return
	case words > nameless:
		p.Class = Somebody
	}
	c.Parts = append(c.Parts, Part{Party: p, first: first})
}

// paper says whether the link at token a is a paper's, by its article and the
// photographer before it: Hector Amezcua/The Sacramento Bee.
func (t *text) paper(a int, c *Credit) bool {
	n := len(c.Parts)
	return n > 0 && c.Parts[n-1].Class == Somebody && !c.Handout && t.is(a, "the") && t.tokens[a].upper
}

// isPerson says whether the source's name at token i is part of a person's:
// Sana Malik, Petra Novak. Short names and those that count in credit lines
// only have to stand alone in their link of the chain, or behind the person as
// an acronym: Olga Kim TASS.
func (t *text) isPerson(i, a, b int) bool {
	if int(t.nameEnd[i]) != i+1 || t.tokens[i].class != word {
		return false
	}
	before, after := false, false
	for j := a; j < b; j++ {
		if j == i || t.tokens[j].class != word || !t.tokens[j].upper || t.name[j] > 0 || t.kinds[j]&inCredits != 0 {
			continue
		}
		before, after = before || j < i, after || j > i
	}
	if !before && !after {
		return false
	}
	var is sense
	for _, s := range t.lexicon.names.exact(t.wordAt(i)) {
		if n := t.lexicon.senses[s]; n.source == t.name[i]-1 {
			is = n
		}
	}
	written := t.original[t.tokens[i].start:t.tokens[i].end]
	return is.credit || utf8.RuneCount(t.wordAt(i)) <= 5 && (after || is.acronym && strings.ToUpper(written) != written)
}

// hyphened returns the sources that are named in one hyphenated word.
func (t *text) hyphened(i int) []int32 {
	w := t.wordAt(i)
	if t.tokens[i].class != word || bytes.IndexByte(w, '-') < 0 {
		return nil
	}
	var sources []int32
	for _, piece := range bytes.Split(w, []byte("-")) {
		senses := t.lexicon.names.exact(piece)
		if len(senses) == 0 {
			return nil
		}
		sources = append(sources, t.lexicon.senses[senses[0]].source)
	}
	return sources
}

// handedPrefix says whether token i is a name written in one with the mark of
// a handout: HO-Basarnas.
func (t *text) handedPrefix(i int) bool {
	w := t.wordAt(i)
	return len(w) > 3 && string(w[:3]) == "ho-" || len(w) > 8 && string(w[:8]) == "handout-"
}

func rank(kind string) int {
	switch kind {
	case "state":
		return 3
	case "satellite", "handout", "social":
		return 2
	}
	return 1
}

// somebody returns the party that is in no list, where there is one alone.
func (c *Credit) somebody() (one *Part) {
	for i := range c.Parts {
		switch {
		case c.Parts[i].Class != Somebody:
		case one != nil:
			return nil
		default:
			one = &c.Parts[i]
		}
	}
	return one
}

// roles says what each party did: the agencies passed on, parties with a
// picture to hand out provided, others made.
func (t *text) roles(c *Credit) {
	if one := c.somebody(); one != nil && t.initials(one.first) {
		one.Class = ABody
	}
	for i := range c.Parts {
		p := &c.Parts[i]
		switch p.Class {
		case Known:
			c.Passed = c.Passed || c.Via && i < c.via && t.lexicon.Sources[p.Source].Kind == "agency"
			switch t.lexicon.Sources[p.Source].Kind {
			case "agency", "distributor":
				p.Role = Distributor
			default:
				p.Role = Provider
			}
		case AState, Account:
			p.Role = Provider
		case ABody:
			p.Role = Provider
		case Somebody:
			if (c.Handout || c.Via && !c.Photo && !c.Passed && i+1 == c.via) && !c.Pool {
				p.Role = Provider
			}
		}
	}
}
