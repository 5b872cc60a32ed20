package caption

import (
	"math/bits"
	"unicode/utf8"
)

// chooseLanguages finds the language of each sentence: by its function words
// most, by its other words less, by its script first.
func (t *text) chooseLanguages() {
	n := len(t.lexicon.Languages)
	t.scores = cleared(t.scores, n*(len(t.sentences)+1))
	whole := t.scores[:n]
	of := func(si int) []int { return t.scores[n*(si+1):][:n] }
	h := 0
	for si := range t.sentences {
		s := &t.sentences[si]
		scores := of(si)
		shouts, named := t.shouts(*s), false // is it a name's part?
		last, functions, words := int32(-1), uint32(0), uint32(0)
		for ; h < len(t.hits) && int(t.hits[h].start) < s.end; h++ {
			if t.name[t.hits[h].start] > 0 {
				continue
			}
			hit, sense := &t.hits[h], &t.lexicon.senses[t.hits[h].sense]
			if hit.start != last { // "a" and "à" are one word here
				last, functions, words = hit.start, 0, 0
				named = !shouts && t.tokens[last].upper && int(last) > s.start
			}
			weight, langs := int(hit.end-hit.start), sense.langs
			switch {
			case sense.function && named: // Kim Jong Un
				continue
			case sense.function:
				weight *= 3
				langs, functions = langs&^functions, functions|langs
			case weight == 1:
				langs, words = langs&^words, words|langs
			}
			for ; langs != 0; langs &= langs - 1 {
				scores[bits.TrailingZeros32(langs)] += weight
			}
		}
		t.scoreScript(s, scores)
		for li := range whole {
			whole[li] += scores[li]
		}
	}
	t.lang = t.best(whole)
	for si := range t.sentences {
		scores := of(si)
		if t.lang >= 0 { // short sentences lean on their neighbours
			scores[t.lang] += 2 + scores[t.lang]/4
		}
		t.sentences[si].lang = t.best(scores)
	}
}

// scoreScript lets the script speak, and letters that few languages have.
func (t *text) scoreScript(s *sentence, scores []int) {
	kana, hangul, han, arabic, cyrillic := 0, 0, 0, 0, 0
	for i := s.start; i < s.end; i++ {
		if t.tokens[i].class != dense {
			for langs := t.lexicon.spelling[t.tokens[i].spelling]; langs != 0; langs &= langs - 1 {
				scores[bits.TrailingZeros32(langs)] += 2
			}
			switch b := t.text[t.tokens[i].from]; {
			case 0xD8 <= b && b <= 0xDB:
				arabic++
			case 0xD0 <= b && b <= 0xD3:
				cyrillic++
			}
			continue
		}
		switch b := t.text[t.tokens[i].from]; {
		case b == 0xE3:
			kana++
		case b >= 0xEA && b <= 0xED:
			hangul++
		case b >= 0xE4 && b <= 0xE9:
			han++
		}
	}
	if kana+hangul+han+arabic+cyrillic == 0 { // Latin, which tells no language
		return
	}
	for li := range t.lexicon.Languages {
		switch t.lexicon.Languages[li].Code {
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
			scores[li] += min(han, 1)
		case "ar":
			scores[li] += 2 * arabic
		case "ru", "uk":
			scores[li] += cyrillic
		}
	}
}

// best returns the language of the highest score; of several English, which
// most captions are in.
func (t *text) best(scores []int) int {
	at, most := -1, 1
	for i, s := range scores {
		if s > most || s == most && at >= 0 && t.lexicon.english == 1<<i {
			at, most = i, s
		}
	}
	return at
}

// setKinds says what each token of the sentence does: by the longest phrase
// that begins there, in the sentence's language.
func (t *text) setKinds(s sentence) {
	var own, always uint32
	if s.lang >= 0 {
		own |= 1<<s.lang | t.related(s.lang)
	}
	always = own
	if t.lang >= 0 {
		always |= 1 << t.lang
	}
	always |= t.lexicon.english
	capitals := t.grammar(s).NounsUpper || t.shouts(s)
	h := t.hitAt(s.start)
	for i := s.start; i < s.end; {
		longest, kinds, covered := i, Set(0), i+1
		stems := Set(0) // of the kinds, those by a beginning or an ending
		shows := false  // a word for a picture begins here, whatever the phrase: "foto de"
		for ; h < len(t.hits) && int(t.hits[h].start) < i; h++ {
		}
		for k := h; k < len(t.hits) && int(t.hits[k].start) == i; k++ {
			hit, sense := t.hits[k], &t.lexicon.senses[t.hits[k].sense]
			allowed := own
			if everywhere.Has(sense.kind) && !sense.function {
				allowed = always
				if sense.kind == PhotoBy && (t.is(int(hit.end), ":") || t.is(int(hit.end), ".") && i == s.start) { // Foto: and Fot. tell enough
					allowed = ^uint32(0)
				}
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
			if sense.function || silent.Has(sense.kind) || int(hit.end) > s.end || overlays.Has(sense.kind) && hit.end-hit.start > 1 {
				continue
			}
			shows = shows || sense.kind == Picture
			switch end := int(hit.end); {
			case end > longest:
				longest, kinds, stems = end, set(sense.kind), 0
			case end == longest:
				kinds |= set(sense.kind)
			}
			if hit.stem && int(hit.end) == longest {
				stems |= set(sense.kind)
			}
			covered = longest
		}
		if shows && kinds.Has(PhotoBy, File) { // foto de archivo
			kinds |= set(Picture)
		}
		if kinds&^set(Modifier) == 0 && s.lang >= 0 && (!t.tokens[i].upper || i == s.start || capitals) { // else it is a name
			kinds |= t.slipped(i, own)
		}
		if kinds.Has(Plain) {
			kinds &^= set(Plain) | stems
		}
		for j := i; j < covered; j++ {
			t.kinds[j], t.phrase[j] = kinds, int32(covered)
		}
		i = covered
	}
	for h := t.hitAt(s.start); h < len(t.hits) && int(t.hits[h].start) < s.end; h++ {
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
	tok, w := &t.tokens[i], t.wordAt(i)
	if ends, n := clitics(w); n > 0 && w[0] < utf8.RuneSelf {
		w = w[ends[0]:]
	}
	if tok.class != word || utf8.RuneCount(w) < 6 || t.name[i] > 0 || t.months[i] > 0 || t.weekdays[i] > 0 {
		return 0
	}
	var kinds Set
	for ; langs != 0 && kinds == 0; langs &= langs - 1 {
		for _, s := range t.lexicon.slips[bits.TrailingZeros32(langs)].slip(w) {
			kinds |= set(t.lexicon.senses[s].kind)
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
