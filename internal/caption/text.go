package caption

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"
)

// text is a caption taken apart: its tokens, what each does, and where its
// sentences lie.
type text struct {
	folded
	original string
	lexicon  *Lexicon

	hits      []hit
	kinds     []Set   // by token, in its sentence's language
	phrase    []int32 // by token: where the phrase that gave it its kinds ends
	months    []int8  // by token
	weekdays  []int8
	name      []int32 // by token: 1 + index of the source whose name covers it
	nameEnd   []int32 // by token: where that name ends; only at its first token
	sentences []sentence
	lang      int // index of the caption's language, or -1
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
var overlays = set(Notice, Kill)

func (l *Lexicon) take(original string) *text {
	t := &text{original: original, lexicon: l, lang: -1}
	t.fold(original)
	n := len(t.tokens)
	t.kinds, t.phrase = make([]Set, n), make([]int32, n)
	t.months, t.weekdays = make([]int8, n), make([]int8, n)
	t.name, t.nameEnd = make([]int32, n), make([]int32, n)
	t.findWords()
	t.findNames(0, n, false)
	t.split()
	t.chooseLanguages()
	for _, s := range t.sentences {
		t.setKinds(s)
	}
	return t
}

func (t *text) findWords() {
	var found []match
	for i := range t.tokens {
		tok := &t.tokens[i]
		if tok.class == mark || tok.class == number {
			if tok.class == mark && t.text[tok.from] != '@' && t.text[tok.from] != '&' {
				continue
			}
		}
		found = t.lexicon.words.find(&t.folded, i, tok.from, found[:0])
		if tok.class == word {
			whole := t.text[tok.from:tok.to]
			for _, from := range clitics(whole) {
				if len(found) > 0 {
					break
				}
				found = t.lexicon.words.find(&t.folded, i, tok.from+from, found[:0])
			}
			for _, s := range t.lexicon.ends.ending(whole) {
				t.hits = append(t.hits, hit{int32(i), int32(i + 1), s, true})
			}
		}
		for _, m := range found {
			for _, s := range m.senses {
				t.hits = append(t.hits, hit{int32(i), int32(i + m.tokens), s, m.stem})
			}
		}
	}
}

// clitics returns where the small words end that are written in one with the
// next: l'image, dell'immagine; the conjunction, preposition and article of an
// Arabic word.
func clitics(w []byte) []int {
	if i := bytes.IndexByte(w, '\''); 0 < i && i <= 6 && len(w)-i > 4 {
		return []int{i + 1}
	}
	if len(w) < 6 || w[0] != 0xD8 && w[0] != 0xD9 {
		return nil
	}
	var ends []int
	at := 0
	skip := func(letters string) {
		r, size := utf8.DecodeRune(w[at:])
		for _, l := range letters {
			if r == l && len(w)-at-size >= 4 {
				at += size
				ends = append(ends, at)
				return
			}
		}
	}
	skip("وف")
	skip("بلك")
	if at+4 < len(w) && string(w[at:at+2]) == "ا" && string(w[at+2:at+4]) == "ل" {
		at += 4
		ends = append(ends, at)
	} else if at > 0 && at+2 < len(w) && string(w[at:at+2]) == "ل" {
		at += 2
		ends = append(ends, at)
	}
	return ends
}

// findNames marks the names of sources between two tokens, the longest first.
// Names that count only in credit lines are left out unless credit.
func (t *text) findNames(from, to int, credit bool) {
	var found []match
	for i := from; i < to; {
		best, source := 0, int32(-1)
		at := t.tokens[i].from
		found = t.lexicon.names.find(&t.folded, i, at, found[:0])
		if len(found) == 0 && t.tokens[i].class == word {
			for _, c := range clitics(t.text[at:t.tokens[i].to]) {
				if found = t.lexicon.names.find(&t.folded, i, at+c, found[:0]); len(found) > 0 {
					break
				}
			}
		}
		for _, m := range found {
			for _, s := range m.senses {
				if n := t.lexicon.senses[s]; m.tokens > best && i+m.tokens <= to && (credit || !n.credit) {
					best, source = m.tokens, n.source
				}
			}
		}
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

func (t *text) is(i int, s string) bool {
	return i >= 0 && i < len(t.tokens) && string(t.text[t.tokens[i].from:t.tokens[i].to]) == s
}

func (t *text) wordAt(i int) []byte { return t.text[t.tokens[i].from:t.tokens[i].to] }

// abbreviated words are followed by a stop that ends no sentence.
var abbreviated = map[string]bool{
	"gen": true, "lt": true, "col": true, "sgt": true, "cpl": true, "capt": true, "maj": true, "adm": true, "cmdr": true, "cmdre": true,
	"mr": true, "mrs": true, "ms": true, "dr": true, "st": true, "no": true, "vs": true, "jr": true, "sr": true, "gov": true, "sen": true,
	"rep": true, "prof": true, "u.s": true, "rev": true, "pfc": true, "spc": true, "mt": true, "ft": true, "ca": true, "bzw": true, "nr": true,
	"cf": true, "rp": true, "fot": true, "im": true, "sw": true, "ul": true, "wash": true, "calif": true, "conn": true, "mass": true, "fla": true, "ariz": true, "tech": true,
	"ap": false,
}

// split finds the sentences: at full stops that end one, at dashes between
// blocks, at empty lines, and around credit lines in brackets.
func (t *text) split() {
	start := 0
	cut := func(end int) {
		if end > start {
			t.sentences = append(t.sentences, sentence{start: start, end: end, lang: -1})
			start = end
		}
	}
	for i := range t.tokens {
		tok := &t.tokens[i]
		if tok.class != mark {
			continue
		}
		switch t.text[tok.from] {
		case '.', '!', '?':
			if t.endsSentence(i) {
				end := i + 1
				for end < len(t.tokens) && t.tokens[end].class == mark && !t.tokens[end].spaced && (t.is(end, "\"") || t.is(end, "'") || t.is(end, ".") || t.is(end, ")") && t.openBefore(start, end)) {
					end++
				}
				cut(end)
			}
		case '(', '[':
			if i > start && (t.closes(i-1) || t.bracketIsCredit(i)) {
				cut(i)
			}
		case ')', ']':
			if start < len(t.tokens) && (t.is(start, "(") || t.is(start, "[")) {
				end := i + 1
				if end < len(t.tokens) && t.is(end, ".") {
					end++
				}
				cut(end)
			}
		case '-', '/':
			if i+2 < len(t.tokens) && t.tokens[i+1].class == mark && t.text[t.tokens[i+1].from] == t.text[tok.from] && !t.tokens[i+1].spaced {
				cut(i)
			} else if t.is(i, "/") && tok.spaced && i+1 < len(t.tokens) && t.tokens[i+1].spaced && t.closes(i-1) {
				cut(i)
			}
		}
	}
	cut(len(t.tokens))
}

func (t *text) openBefore(start, i int) bool {
	for j := i - 1; j >= start; j-- {
		if t.is(j, "(") {
			return true
		}
	}
	return false
}

// closes says whether token i ends a sentence or a bracket.
func (t *text) closes(i int) bool {
	return t.is(i, ".") || t.is(i, "!") || t.is(i, "?") || t.is(i, "\"") && t.is(i-1, ".") || t.is(i, ")") || t.is(i, "]")
}

// bracketIsCredit says whether the bracket at i holds a credit line: a chain,
// somebody's photo, or, at the end of the text or a line, a source's name.
func (t *text) bracketIsCredit(i int) bool {
	end := i + 1
	for end < min(i+40, len(t.tokens)) && !t.is(end, ")") && !t.is(end, "]") {
		j := end
		if t.is(j, "/") && t.tokens[j-1].class != number || t.is(j, "=") || t.is(j, "via") {
			return true
		}
		if j == i+1 && (t.is(j, "photo") || t.is(j, "foto") || t.is(j, "photos") || t.is(j, "credit")) && !t.is(j+1, ")") {
			return true
		}
		end++
	}
	last := end+1 >= len(t.tokens) || t.tokens[end+1].line || t.is(end+1, ".") || t.is(end+1, "[")
	if !last || end == i+1 || end >= len(t.tokens) && !t.is(i, "(") && !t.is(i, "[") {
		return false
	}
	if t.nameFrom(i+1) && t.name[i-1] == 0 && (t.tokens[i-1].class == dense || t.is(i, "[") || !t.tokens[i+1].upper || end+1 >= len(t.tokens) && !t.nameBefore(i)) {
		return true
	}
	return t.tokens[end-1].class == dense && t.hasHit(i+1, end, set(Provided, Handout, Taken, Pool, Press))
}

// hasHit says whether a word of the kinds lies between two tokens.
func (t *text) hasHit(a, b int, kinds Set) bool {
	for h := t.hitAt(a); h < len(t.hits) && int(t.hits[h].start) < b; h++ {
		if s := &t.lexicon.senses[t.hits[h].sense]; !s.function && s.month == 0 && s.weekday == 0 && kinds.Has(s.kind) && int(t.hits[h].end) <= b {
			return true
		}
	}
	return false
}

func (t *text) endsSentence(i int) bool {
	if i+1 == len(t.tokens) {
		return true
	}
	next := &t.tokens[i+1]
	if i == 0 {
		return false
	}
	prev := &t.tokens[i-1]
	full := t.original[t.tokens[i].start] != '.' // 。！？
	if full || prev.class == dense {
		return true
	}
	if !next.spaced {
		// "verified.(KCNA" has lost its space; "U.S" and "3.5" have not.
		return next.class == mark && (t.is(i+1, "(") || t.is(i+1, "[") || t.is(i+1, "\"")) || next.class == word && next.upper && !prev.upper && prev.class == word && prev.to-prev.from > 3
	}
	if t.is(i, "!") || t.is(i, "?") || next.line && prev.class != number {
		return true
	}
	w := string(t.wordAt(i - 1))
	if abbreviated[w] {
		return false
	}
	if prev.class == word && utf8.RuneCountInString(w) == 1 && !t.begins(i+1) { // an initial
		return false
	}
	if t.monthNear(i-1) && prev.class == word && next.class == number {
		return false // Jan. 8
	}
	if prev.class == number { // am 9. September, 9. dubna
		if next.class == number && t.is(i+2, ".") || t.is(i-2, ".") && next.class == number { // 2024. 3. 14.
			return false
		}
		return !t.monthNear(i+1) || prev.to-prev.from > 2
	}
	return true
}

// begins says whether a word that no name begins with stands at token i: the,
// it, this.
func (t *text) begins(i int) bool {
	at, _ := slices.BinarySearchFunc(t.hits, int32(i), func(h hit, i int32) int { return cmp.Compare(h.start, i) })
	for ; at < len(t.hits) && int(t.hits[at].start) == i; at++ {
		if s := t.lexicon.senses[t.hits[at].sense]; s.function && t.tokens[i].to-t.tokens[i].from > 1 {
			return true
		}
	}
	return false
}

// hitAt returns the index of the first hit that begins at token i or later.
func (t *text) hitAt(i int) int {
	at, _ := slices.BinarySearchFunc(t.hits, int32(i), func(h hit, i int32) int { return cmp.Compare(h.start, i) })
	return at
}

func (t *text) monthNear(i int) bool {
	for at := t.hitAt(i); at < len(t.hits) && int(t.hits[at].start) == i; at++ {
		if t.lexicon.senses[t.hits[at].sense].month > 0 {
			return true
		}
	}
	return false
}

// chooseLanguages finds the language of each sentence: by its function words
// most, by its other words less, by its script first.
func (t *text) chooseLanguages() {
	n := len(t.lexicon.Languages)
	whole := make([]int, n)
	each := make([][]int, len(t.sentences))
	h := 0
	for si := range t.sentences {
		s := &t.sentences[si]
		scores := make([]int, n)
		for ; h < len(t.hits) && int(t.hits[h].start) < s.end; h++ {
			sense := &t.lexicon.senses[t.hits[h].sense]
			weight := 1
			if sense.function {
				weight = 3
			}
			if t.name[t.hits[h].start] > 0 {
				weight = 0
			}
			for li := range n {
				if sense.langs&(1<<li) != 0 {
					scores[li] += weight * int(t.hits[h].end-t.hits[h].start)
				}
			}
		}
		kana, hangul := 0, 0
		for i := s.start; i < s.end; i++ {
			if t.tokens[i].class == dense {
				switch b := t.wordAt(i); {
				case b[0] == 0xE3:
					kana++
				case b[0] >= 0xEA && b[0] <= 0xED:
					hangul++
				}
			}
		}
		for li, l := range t.lexicon.Languages {
			switch l.Code {
			case "ja":
				scores[li] += 6 * kana
				if kana == 0 && hangul > 0 {
					scores[li] = 0
				}
			case "ko":
				scores[li] += 6 * hangul
			case "zh":
				if hangul > 0 {
					scores[li] = 0
				}
				scores[li]++
			}
		}
		for li := range whole {
			whole[li] += scores[li]
		}
		each[si] = scores
	}
	t.lang = best(whole)
	for si := range t.sentences {
		if t.lang >= 0 { // short sentences lean on their neighbours
			each[si][t.lang] += 2 + each[si][t.lang]/4
		}
		t.sentences[si].lang = best(each[si])
	}
}

func best(scores []int) int {
	at, most := -1, 1
	for i, s := range scores {
		if s > most {
			at, most = i, s
		}
	}
	return at
}

// related returns the languages whose words count as well as those of this
// one.
func (t *text) related(lang int) uint32 {
	var langs uint32
	for _, code := range t.lexicon.Languages[lang].Related {
		for i, l := range t.lexicon.Languages {
			if l.Code == code {
				langs |= 1 << i
			}
		}
	}
	return langs
}

// setKinds says what each token of the sentence does: by the longest phrase
// that begins there, in the sentence's language.
func (t *text) setKinds(s sentence) {
	english := slices.IndexFunc(t.lexicon.Languages, func(l Language) bool { return l.Code == "en" })
	var own, always uint32
	if s.lang >= 0 {
		own |= 1<<s.lang | t.related(s.lang)
	}
	always = own
	if t.lang >= 0 {
		always |= 1 << t.lang
	}
	if english >= 0 {
		always |= 1 << english
	}
	h, _ := slices.BinarySearchFunc(t.hits, int32(s.start), func(h hit, i int32) int { return cmp.Compare(h.start, i) })
	for i := s.start; i < s.end; {
		longest, kinds, covered := i, Set(0), i+1
		for ; h < len(t.hits) && int(t.hits[h].start) < i; h++ {
		}
		for k := h; k < len(t.hits) && int(t.hits[k].start) == i; k++ {
			hit, sense := t.hits[k], &t.lexicon.senses[t.hits[k].sense]
			allowed := own
			if everywhere.Has(sense.kind) && !sense.function {
				allowed = always
			}
			if sense.langs&allowed == 0 {
				continue
			}
			if sense.month > 0 {
				t.months[i] = sense.month
				continue
			}
			if sense.weekday > 0 {
				t.weekdays[i] = sense.weekday
				continue
			}
			if sense.function || int(hit.end) > s.end || overlays.Has(sense.kind) && hit.end-hit.start > 1 {
				continue
			}
			switch end := int(hit.end); {
			case end > longest:
				longest, kinds = end, set(sense.kind)
			case end == longest:
				kinds |= set(sense.kind)
			}
			covered = longest
		}
		if kinds&^set(Modifier) == 0 && s.lang >= 0 {
			kinds |= t.slipped(i, own)
		}
		for j := i; j < covered; j++ {
			t.kinds[j], t.phrase[j] = kinds, int32(covered)
		}
		i = covered
	}
	for h, _ := slices.BinarySearchFunc(t.hits, int32(s.start), func(h hit, i int32) int { return cmp.Compare(h.start, i) }); h < len(t.hits) && int(t.hits[h].start) < s.end; h++ {
		sense := &t.lexicon.senses[t.hits[h].sense]
		if overlays.Has(sense.kind) && sense.source < 0 && !sense.function && sense.month == 0 && sense.weekday == 0 && sense.langs&always != 0 && int(t.hits[h].end) <= s.end {
			for j := t.hits[h].start; j < t.hits[h].end; j++ {
				t.kinds[j] |= set(sense.kind)
			}
		}
	}
}

// slipped returns the kinds of an unknown long word that is one letter away
// from a known one.
func (t *text) slipped(i int, langs uint32) Set {
	tok := &t.tokens[i]
	if tok.class != word || utf8.RuneCount(t.wordAt(i)) < 6 || t.name[i] > 0 || t.months[i] > 0 || t.weekdays[i] > 0 {
		return 0
	}
	var kinds Set
	wanted := func(senses []int32) bool {
		return slices.ContainsFunc(senses, func(s int32) bool { return t.lexicon.senses[s].langs&langs != 0 })
	}
	for _, s := range t.lexicon.slips.slip(t.wordAt(i), wanted) {
		if sense := &t.lexicon.senses[s]; sense.langs&langs != 0 {
			kinds |= set(sense.kind)
		}
	}
	return kinds
}

// languageOf returns the grammar of a sentence.
func (t *text) grammar(s sentence) Grammar {
	if s.lang < 0 {
		return Grammar{}
	}
	return t.lexicon.Languages[s.lang].Grammar
}
