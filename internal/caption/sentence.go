package caption

import "unicode/utf8"

// abbreviated words are followed by a stop that ends no sentence.
var abbreviated = map[string]bool{
	"gen": true, "lt": true, "col": true, "sgt": true, "cpl": true, "capt": true, "maj": true, "adm": true, "cmdr": true, "cmdre": true,
	"mr": true, "mrs": true, "ms": true, "dr": true, "st": true, "no": true, "vs": true, "jr": true, "sr": true, "gov": true, "sen": true,
	"rep": true, "prof": true, "u.s": true, "rev": true, "pfc": true, "spc": true, "mt": true, "ft": true, "ca": true, "bzw": true, "nr": true,
	"cf": true, "rp": true, "fot": true, "im": true, "sw": true, "ul": true, "wash": true, "calif": true, "conn": true, "mass": true, "fla": true, "ariz": true, "tech": true,
	"ap": false, "dok": true, "mat": true, "fotogr": true,
	"sp": true, "szer": true, "kpr": true, "plut": true, "sierz": true, "chor": true, "ppor": true, "por": true, "kpt": true, "mjr": true, "pplk": true, "plk": true,
	"sgto": true, "cabo": true, "uffz": true, "fw": true, "hptm": true, "oblt": true, "spec": true, "msgt": true, "ssgt": true, "tsgt": true, "cmdt": true,
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
		if tok.line && !t.wrapped && tok.upper && i > start && t.tokens[i-1].class == word && t.begins(i) && !t.capitals(i, i+1) && !t.openBefore(start, i) { // a line without its stop
			cut(i)
		}
		if tok.class != mark {
			continue
		}
		switch t.text[tok.from] {
		case '.', '!', '?':
			if t.endsSentence(i) && !(t.goesOn(i+1) && t.openBefore(start, i)) {
				end := i + 1
				for end < len(t.tokens) && t.tokens[end].class == mark && !t.tokens[end].spaced && (t.is(end, "\"") || t.is(end, "'") || t.is(end, ".") || t.is(end, ")") && t.openBefore(start, end)) {
					end++
				}
				cut(end)
			}
		case ':':
			if start == 0 && 2 < i && i < 16 && t.hasHit(0, 2, set(Picture)) && t.hasHit(1, i, set(Provided, Handout)) && !t.hasHit(0, i, set(Verify, Verification)) { // Fotografía cedida por ...: a scene, in any language
				cut(i + 1)
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
			} else if t.is(i, "/") && tok.spaced && i+1 < len(t.tokens) && t.tokens[i+1].spaced && t.closes(i-1) && !t.openBefore(start, i) {
				cut(i)
			}
		}
	}
	cut(len(t.tokens))
}

// goesOn says whether what begins at token i may go on behind an abbreviation
// in brackets: (... de EE.UU. via AP).
func (t *text) goesOn(i int) bool {
	return i < len(t.tokens) && (t.is(i, "/") || t.is(i, ",") || t.tokens[i].class == word && !t.tokens[i].upper && !t.arabic(i))
}

// maxBracket is how far back a bracket may be open, in tokens.
const maxBracket = 60

func (t *text) openBefore(start, i int) bool {
	for j := i - 1; j >= max(start, i-maxBracket) && !t.is(j, ")"); j-- {
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
	if end < len(t.tokens) && end-i <= 12 && t.bylineIn(i+1, end) { // （李明摄）
		return true
	}
	last := end+1 >= len(t.tokens) || t.tokens[end+1].line || t.is(end+1, ".") || t.is(end+1, "[")
	if !last || end == i+1 || end >= len(t.tokens) && !t.is(i, "(") && !t.is(i, "[") {
		return false
	}
	if t.tokens[i+1].class == dense && t.hasHit(i+1, i+4, set(PhotoBy)) && t.nameFrom(min(i+4, end)) { // （写真はロイター）
		return true
	}
	if t.hasHit(i+1, end, set(Channel)) && t.platformIn(i+1, end) { // (صفحة أخبار دمشق على فيسبوك)
		return true
	}
	if t.nameFrom(i+1) && !t.sameName(i-1, i+1) && (t.tokens[i-1].class == dense || t.is(i, "[") || !t.tokens[i+1].upper || end+1 >= len(t.tokens) && !t.nameBefore(i)) {
		return true
	}
	return t.tokens[end-1].class == dense && t.hasHit(i+1, end, set(Provided, Handout, Taken, Pool, Press))
}

// bylineIn says whether the words between two tokens, or up to a comma, are who
// took a picture, in a script without spaces: 鈴木花子撮影、OSK102.
func (t *text) bylineIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.is(i, ",") {
			b = i
		}
	}
	return b-a >= 2 && t.tokens[b-1].class == dense && t.hasHit(max(a+1, b-2), b, set(Taken, Journalist))
}

// sameName says whether the name at token j, behind a bracket, is that of the
// party named before it: an agency's short name behind its long one.
func (t *text) sameName(before, j int) bool {
	if before < 0 || t.name[before] == 0 {
		return false
	}
	n, source := t.nameAt(j, len(t.tokens), true)
	return n > 0 && source == t.name[before]-1
}

// platformIn says whether a platform is named between two tokens.
func (t *text) platformIn(a, b int) bool {
	for i := a; i < b; i++ {
		if n, source := t.nameAt(i, b, true); n > 0 && t.lexicon.Sources[source].Kind == "social" {
			return true
		}
	}
	return false
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
	if i == 0 || t.name[i] > 0 && t.name[i+1] == t.name[i] && t.nameEnd[i+1] == 0 { // a name's own stop
		return false
	}
	prev := &t.tokens[i-1]
	full := t.original[t.tokens[i].start] != '.' // 。！？
	if full || prev.class == dense {
		return true
	}
	if !next.spaced {
		// "verified.(KCNA" has lost its space; "U.S" and "3.5" have not.
		return next.class == mark && (t.is(i+1, "(") || t.is(i+1, "[") || t.is(i+1, "\"")) || next.class == word && (next.upper || t.arabic(i+1)) && !prev.upper && prev.class == word && prev.to-prev.from > 3
	}
	if t.is(i, "!") || t.is(i, "?") {
		return true
	}
	w := string(t.wordAt(i - 1))
	if abbreviated[w] || t.is(i+1, "via") { // ACME LTD. VIA AP
		return false
	}
	if prev.class == word && utf8.RuneCountInString(w) == 1 {
		year := i > 1 && t.tokens[i-2].class == number // 8 stycznia 2025 r.
		switch {
		case year && next.class == word && !next.upper:
			return false
		case !t.begins(i+1) && !(year && w == "r"): // an initial
			return false
		}
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
	for at := t.hitAt(i); at < len(t.hits) && int(t.hits[at].start) == i; at++ {
		if s := t.lexicon.senses[t.hits[at].sense]; s.function && t.tokens[i].to-t.tokens[i].from > 1 {
			return true
		}
	}
	return false
}

func (t *text) monthNear(i int) bool {
	for at := t.hitAt(i); at < len(t.hits) && int(t.hits[at].start) == i; at++ {
		if t.lexicon.senses[t.hits[at].sense].month > 0 {
			return true
		}
	}
	return false
}
