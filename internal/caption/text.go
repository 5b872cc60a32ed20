package caption

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// text is a caption taken apart: its tokens, what each does, and where its
// sentences lie.
type text struct {
	folded
	original string
	lexicon  *Lexicon

	hits      []hit
	hitFrom   []int32 // by token: the first hit there or later
	kinds     []Set   // by token, in its sentence's language
	phrase    []int32 // by token: where the phrase that gave it its kinds ends
	months    []int8  // by token
	weekdays  []int8
	name      []int32 // by token: 1 + index of the source whose name covers it
	nameEnd   []int32 // by token: where that name ends; only at its first token
	sentences []sentence
	lang      int    // index of the caption's language, or -1
	wrapped   bool   // its lines are broken at a width, not where something ends
	inCredit  []bool // by token: it belongs to a credit line

	found   []match      // space for findWords and findNames
	scores  []int        // space for chooseLanguages
	phrases []nounPhrase // space for nounPhrases
}

// texts are kept for reuse: most of what a reading needs is space.
var texts = sync.Pool{New: func() any { return new(text) }}

// done gives the text's space back. Nothing of it may be used any more.
func (t *text) done() {
	if cap(t.tokens) > 1<<14 { // seldom needed again
		return
	}
	t.original, t.lexicon = "", nil
	texts.Put(t)
}

// cleared returns n zeros, in the space of s where it suffices.
func cleared[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

type sentence struct {
	start, end int // tokens
	lang       int // index of the language, or -1
}

// hit is a word of the lexicon that was found.
type hit struct {
	start, end int32 // tokens
	sense      int32
	stem       bool // found by its beginning
}

// Kinds that credit lines need whatever the language of the sentence.
var everywhere = set(Via, PhotoBy, Nobody, Pool, Handout, File, Notice, Social, Press, Body, State, Satellite, Artwork)

// Phrases of these kinds are whole sentences or their beginnings: what stands
// in them keeps its own kinds.
var overlays = set(Notice, Kill, Social)

// Words of these kinds say whose something is, or when it was, and are else
// what they would be without: looked up where they count.
var silent = set(Leader, Own, When)

func (l *Lexicon) take(original string) *text {
	t := texts.Get().(*text)
	t.original, t.lexicon, t.lang = original, l, -1
	t.hits, t.sentences = t.hits[:0], t.sentences[:0]
	t.fold(original)
	n := len(t.tokens)
	t.kinds, t.phrase = cleared(t.kinds, n), cleared(t.phrase, n)
	t.months, t.weekdays = cleared(t.months, n), cleared(t.weekdays, n)
	t.name, t.nameEnd = cleared(t.name, n), cleared(t.nameEnd, n)
	t.inCredit = cleared(t.inCredit, n)
	t.findWords()
	t.indexHits()
	t.wrapped = t.isWrapped()
	t.findNames(0, n, false)
	t.split()
	t.chooseLanguages()
	for _, s := range t.sentences {
		t.setKinds(s)
	}
	return t
}

// isWrapped says whether a line ends within a sentence: before a small letter,
// or, where all is in capitals, behind a word that no sentence ends with.
func (t *text) isWrapped() bool {
	if t.isTabbed() {
		return true
	}
	for i := 1; i < len(t.tokens); i++ {
		tok, before := &t.tokens[i], t.tokens[i-1].class
		if !tok.line {
			continue
		}
		if tok.class == word && !tok.upper && before != mark || tok.class == dense && before == dense {
			return true
		}
		if tok.class == word && before == word && t.tokens[i-1].upper && (t.begins(i-1) || t.hasHit(i-1, i, set(Of, The, This, By, In, Aux, Not, Unable))) && t.capitals(i-1, i+1) {
			return true
		}
	}
	return false
}

// isTabbed says whether all the text's spaces are tabs.
func (t *text) isTabbed() bool {
	return strings.IndexByte(t.original, '\t') >= 0 && strings.IndexByte(t.original, ' ') < 0 && !strings.ContainsAny(t.original, "\r\n")
}

func (t *text) findWords() {
	for i := range t.tokens {
		tok := &t.tokens[i]
		if tok.class == mark && t.text[tok.from] != '@' && t.text[tok.from] != '&' {
			continue
		}
		found := t.lexicon.words.find(&t.folded, i, tok.from, t.found[:0])
		if tok.class == word {
			whole := t.wordAt(i)
			if ends, n := clitics(whole); len(found) == 0 || n > 0 && whole[0] < utf8.RuneSelf {
				for _, from := range ends[:n] {
					before := len(found)
					if found = t.lexicon.words.find(&t.folded, i, tok.from+from, found); len(found) > before {
						break
					}
				}
			}
			for _, s := range t.lexicon.ends.ending(whole) {
				t.hits = append(t.hits, hit{int32(i), int32(i + 1), s, true})
			}
		}
		for _, m := range found {
			for _, s := range m.senses {
				if m.tokens == 2 && t.apart(i+1) && !set(Not, Unable).Has(t.lexicon.senses[s].kind) {
					continue
				}
				t.hits = append(t.hits, hit{int32(i), int32(i + m.tokens), s, m.stem})
			}
		}
		t.found = found
	}
}

// apart says whether a Korean word begins at token i, so that a word of two
// syllables can't go on there: "4일 보도했다" has no 일보.
func (t *text) apart(i int) bool {
	tok := &t.tokens[i]
	return tok.class == dense && tok.spaced && t.text[tok.from] >= 0xEA && t.text[tok.from] <= 0xED
}

// clitics returns where the small words end that are written in one with the
// next: l'image, dell'immagine; the conjunction, preposition and article of an
// Arabic word.
func clitics(w []byte) (ends [3]int, n int) {
	if len(w) < 6 {
		return ends, 0
	}
	if w[0] != 0xD8 && w[0] != 0xD9 {
		if i := bytes.IndexByte(w[:min(7, len(w))], '\''); 0 < i && len(w)-i > 4 {
			ends[0] = i + 1
			return ends, 1
		}
		return ends, 0
	}
	at := 0
	add := func(size int) {
		at += size
		ends[n] = at
		n++
	}
	for _, letters := range [2]string{"وف", "بلك"} {
		if len(w)-at >= 6 && strings.Contains(letters, string(w[at:at+2])) {
			add(2)
		}
	}
	switch rest := w[at:]; {
	case bytes.HasPrefix(rest, []byte("ال")) && len(rest) > 4:
		add(4)
	case at > 0 && bytes.HasPrefix(rest, []byte("ل")) && len(rest) > 2:
		add(2)
	}
	return ends, n
}

// findNames marks the names of sources between two tokens, the longest first.
// Names that count only in credit lines are left out unless credit.
func (t *text) findNames(from, to int, credit bool) {
	for i := from; i < to; {
		best, source := t.nameAt(i, to, credit)
		if best == 0 {
			i++
			continue
		}
		for j := range best {
			t.name[i+j] = source + 1
		}
		t.nameEnd[i] = int32(i + best)
		i += best
	}
}

// nameAt returns how many tokens the longest name at token i has, and whose it
// is.
func (t *text) nameAt(i, to int, credit bool) (tokens int, source int32) {
	at := t.tokens[i].from
	found := t.lexicon.names.find(&t.folded, i, at, t.found[:0])
	if len(found) == 0 && t.tokens[i].class == word {
		ends, n := clitics(t.wordAt(i))
		for _, c := range ends[:n] {
			if found = t.lexicon.names.find(&t.folded, i, at+c, found); len(found) > 0 {
				break
			}
		}
	}
	for _, m := range found {
		for _, s := range m.senses {
			if n := t.lexicon.senses[s]; m.tokens > tokens && i+m.tokens <= to && (!n.credit || credit && !t.helpsVerb(i)) {
				tokens, source = m.tokens, n.source
			}
		}
	}
	t.found = found
	if w := t.wordAt(i); len(found) == 0 && t.tokens[i].upper && len(w) > 5 && w[len(w)-1] == 's' {
		for _, s := range t.lexicon.names.exact(w[:len(w)-1]) { // Talibans informasjonskontor
			if n := t.lexicon.senses[s]; !n.credit && rank(t.lexicon.Sources[n.source].Kind) == 3 {
				return 1, n.source
			}
		}
	}
	if tokens == 0 && t.tokens[i].class == word {
		if n := t.fighters(i); n >= 0 {
			return 1, n
		}
	}
	return tokens, source
}

// helpsVerb says whether what a credit would name at token i is a sentence's
// own auxiliary verb: AFP IS NOT, but not IS/AFP.
func (t *text) helpsVerb(i int) bool {
	return t.kinds[i].Has(Aux) && i+1 < len(t.tokens) && t.tokens[i+1].class == word && !t.isVia(i+1)
}

// fighters returns the party with a stake whose troops the word at token i
// means: Houthi-opprørerne, Taliban-Kämpfer; not Kreml-Kritiker. -1 when it
// is no such word.
func (t *text) fighters(i int) int32 {
	first, second, joined := bytes.Cut(t.wordAt(i), []byte("-"))
	if !joined || len(second) < 5 {
		return -1
	}
	for _, s := range t.lexicon.names.exact(first) {
		n := t.lexicon.senses[s]
		if n.credit || rank(t.lexicon.Sources[n.source].Kind) < 3 {
			continue
		}
		for _, w := range slices.Concat(t.lexicon.words.exact(second), t.lexicon.ends.ending(second)) {
			if is := t.lexicon.senses[w]; is.kind == State && !is.function && is.month == 0 && is.weekday == 0 {
				return n.source
			}
		}
	}
	return -1
}

func (t *text) is(i int, s string) bool {
	if i < 0 || i >= len(t.tokens) {
		return false
	}
	tok := &t.tokens[i]
	return tok.to-tok.from == len(s) && string(t.text[tok.from:tok.to]) == s
}

func (t *text) wordAt(i int) []byte { return t.text[t.tokens[i].from:t.tokens[i].to] }

// hitAt returns the index of the first hit that begins at token i or later.
func (t *text) hitAt(i int) int { return int(t.hitFrom[min(max(i, 0), len(t.tokens))]) }

func (t *text) indexHits() {
	t.hitFrom = cleared(t.hitFrom, len(t.tokens)+1)
	h := 0
	for i := range t.hitFrom {
		for h < len(t.hits) && int(t.hits[h].start) < i {
			h++
		}
		t.hitFrom[i] = int32(h)
	}
}
