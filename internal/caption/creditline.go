package caption

import "slices"

// credits finds the credit lines, and marks the tokens that lie in them.
func (t *text) credits(r *Reading) {
	in := t.inCredit
	for si, s := range t.sentences {
		from, to := s.start, s.end
		for to > from && t.is(to-1, ".") {
			to--
		}
		if to-from < 1 {
			continue
		}
		bracketed := (t.is(from, "(") || t.is(from, "[")) && (t.is(to-1, ")") || t.is(to-1, "]") || !t.closed(from, to))
		if bracketed {
			a, b := from+1, to
			if t.is(to-1, ")") || t.is(to-1, "]") {
				b--
			}
			if b > a && b-a <= 60 && t.isCredit(a, b, si) {
				t.addCredit(a, b, in, r)
			}
			continue
		}
		t.bareCredits(s, in, r)
	}
}

// closed says whether a bracket is closed between two tokens. One that is not
// has another sentence in it: [조선중앙TV 화면 캡처. 국내에서만 사용가능].
func (t *text) closed(a, b int) bool {
	for i := a; i < b; i++ {
		if t.is(i, ")") || t.is(i, "]") {
			return true
		}
	}
	return false
}

func (t *text) addCredit(a, b int, in []bool, r *Reading) {
	c := t.credit(a, b)
	if len(c.Parts) == 0 && !c.Handout && !c.Pool {
		return
	}
	for i := a; i < b; i++ {
		in[i] = true
	}
	r.Credits = append(r.Credits, c)
}

// isCredit says whether the brackets' contents are a credit line rather than
// an aside.
func (t *text) isCredit(a, b, si int) bool {
	chain, verbs := false, 0
	for i := a; i < b; i++ {
		if t.is(i, "/") || t.is(i, "=") || t.isVia(i) || i == a && t.kinds[i].Has(PhotoBy) || t.is(i, "@") || t.is(i, "©") {
			chain = true
		}
		if t.kinds[i].Has(Verify, Verification) {
			verbs++
		}
	}
	if verbs > 0 {
		return false
	}
	if chain {
		return true
	}
	// Alone behind a sentence, or at the text's end.
	before := a - 2
	standsAlone := before < 0 || t.closes(before) || t.is(a-1, "[")
	s := t.sentences[si]
	given := t.grammar(s).OwnerFirst && b-a <= 16 && (t.tokens[b-1].class == dense && t.kinds[b-1].Has(Provided) || // 無人機(防衛省提供)。
		t.bylineIn(a, b) || t.tokens[a].class == dense && t.is(s.end-1, ".") && t.wholeName(a, b))
	if s.end < len(t.tokens) && !standsAlone && !given {
		return false
	}
	known := false
	t.findNames(a, b, true)
	for i := a; i < b; i++ {
		if t.name[i] > 0 || t.kinds[i].Has(Handout, PhotoBy, Provided, Press, Pool, Nobody) || before < 0 && b-a <= 8 && t.tokens[a].upper && t.kinds[i].Has(Body, State) || i == b-1 && i > a && t.tokens[i].class == dense && t.kinds[i].Has(Taken, Journalist) {
			known = true
		}
	}
	if known && !standsAlone && t.sameName(before, a) && !t.has(a, b, Pool, Provided, Handout) {
		return false // an agency's short name behind its long one
	}
	return known && (b-a <= 16 || b-a <= 32 && t.tokens[b-1].class == dense) || standsAlone && b-a <= 8 && t.tokens[a].upper && s.end == len(t.tokens)
}

// bareCredits finds credit lines without brackets: KCNA via REUTERS.
func (t *text) bareCredits(s sentence, in []bool, r *Reading) {
	if s.start > 0 && (t.tokens[s.start].upper && s.end-s.start <= 3 || t.tokens[s.start].class == dense) && t.kinds[s.start].Has(Handout) && int(t.phrase[s.start]) >= s.end-1 { // "Handout."
		t.addCredit(s.start, s.end, in, r)
		return
	}
	for i := s.start; i < s.end; i++ {
		if a, b := t.bylined(i, s); a >= 0 {
			t.addCredit(a, b, in, r)
			i = b - 1
			continue
		}
		if a, from := t.announced(i, s); a >= 0 {
			t.findNames(from, min(from+12, s.end), true)
			b := t.creditEnd(from, s.end)
			t.addCredit(a, b, in, r)
			if b > i {
				i = b - 1
			}
			continue
		}
		if t.anchors(i, s) {
			a := t.creditStart(i, s.start, in)
			t.findNames(i, min(i+8, s.end), true)
			b := t.creditEnd(i, s.end)
			t.addCredit(a, b, in, r)
			if b > i {
				i = b - 1
			}
		}
	}
	if from, to := t.signed(s, in); to > from {
		t.addCredit(from, to, in, r)
		return
	}
	// A sentence that is nothing but a name.
	a := s.start
	if t.year(a) > 0 && t.is(a-1, ")") && t.is(a-2, "c") && a+1 < s.end { // (c)2024 Maxar
		a++
	}
	a = t.alone(a, s)
	if from := t.reporter(s); from >= 0 {
		for from < s.end && in[from] { // ⓒ News1 김도윤 기자
			from++
		}
		if from < s.end {
			t.addCredit(from, s.end, in, r)
			return
		}
	}
	if a < s.end && a > 0 && (t.closes(a-1) || a > s.start) && (s.end-a <= nameTokens(t.tokens[a].class) || t.wholeName(a, s.end)) && !in[a] && !t.kinds[a].Has(Notice) {
		name := a
		for name+1 < s.end && t.kinds[name].Has(Handout) { // Press service of ...
			name++
		}
		t.findNames(name, s.end, true)
		for name < s.end && (t.nameEnd[name] > 0 || name > a && t.joins(name)) { // 노동신문·뉴스1
			name = max(int(t.nameEnd[name]), name+1)
		}
		named := t.name[name-1] > 0
		if named && name < s.end && t.tokens[name].class == dense && s.end-name <= 5 && t.kinds[s.end-1].Has(Picture) { // 조선중앙TV 화면 캡처
			name = s.end
		}
		if t.agencyAt(a, s.end) == name {
			name = t.personEnd(name, s.end)
		}
		if named && name >= s.end-1 {
			t.addCredit(a, name, in, r)
			return
		}
	}
	if t.chained(s) && !slices.Contains(in[s.start:s.end], true) {
		t.addCredit(s.start, s.end, in, r)
	}
}

// personEnd returns where a photographer's name ends that stands behind an
// agency's without a mark between them: BELGA PHOTO PIETER CLAES.
func (t *text) personEnd(from, to int) int {
	end := from
	for end < to && t.tokens[end].class == word && t.tokens[end].upper && t.name[end] == 0 && (t.kinds[end] == 0 || t.kinds[end].Has(Of, The)) {
		end++
	}
	if end-from < 2 { // a place: AFP Brussels
		return from
	}
	return end
}

// alone returns where a name may stand alone in the sentence: behind a date
// ("2025.3.7 연합뉴스"), a slash, or the last dash ("الرياض - واس").
func (t *text) alone(a int, s sentence) int {
	from := a
	for from < s.end && (t.tokens[from].class == number || t.is(from, ".") || t.is(from, "/") || t.is(from, "-")) {
		from++
	}
	if from > a {
		return from
	}
	for j := a + 1; j < min(a+7, s.end) && t.tokens[a].class == dense && !t.nameFrom(a); j++ { // 런던 로이터 연합뉴스
		if t.tokens[j].spaced && t.namesTo(j, s.end) {
			return j
		}
	}
	for j := s.end - 2; j > max(a, s.end-8); j-- {
		if t.is(j, "-") && t.tokens[j].spaced && t.tokens[j+1].spaced {
			return j + 1
		}
	}
	return a
}

// wholeName says whether one name is all that stands between two tokens, and a
// stop: Casa de S.M. el Rey.
func (t *text) wholeName(a, b int) bool {
	n, _ := t.nameAt(a, b, true)
	return n > 0 && a+n >= b-1
}

// namesTo says whether names of sources and nothing else lie between two
// tokens, but for the stop at the end.
func (t *text) namesTo(a, b int) bool {
	for a < b {
		n, _ := t.nameAt(a, b, true)
		if n == 0 {
			return t.is(a, ".") && a+1 == b
		}
		a += n
	}
	return true
}

// nameTokens is how long a name that stands alone may be.
func nameTokens(c class) int {
	if c == dense {
		return 12
	}
	return 6
}

// announced says whether a word at token i announces a credit line (Foto: ...,
// 사진제공=..., ©): where that begins, -1 when none does, and where its first
// name stands.
func (t *text) announced(i int, s sentence) (a, from int) {
	if t.is(i, "©") {
		return i, i
	}
	if !t.kinds[i].Has(PhotoBy, Handout) || i+1 >= s.end {
		return -1, 0
	}
	end := int(t.phrase[i])
	switch {
	case end+1 < s.end && t.is(end, ":") && t.kinds[end+1].Has(Not, Unable, Unverified) && !t.kinds[end+1].Has(Nobody): // "the image: not verified"
	case t.is(end, ":") || t.is(end, "=") || t.bar(i, end, s):
		if t.kinds[i].Has(Handout) { // Pressefoto: Vestas
			return i, end + 1
		}
		return end + 1, end + 1
	case i == s.start && t.kinds[i].Has(Handout) && !t.kinds[i].Has(Picture, Notice) && t.nameOnly(i, end, s.end): // Courtesy of the museum
		return i, end
	case !t.kinds[i].Has(PhotoBy):
	case t.lens(i, end, s):
		return end, end
	case t.is(end, ".") && abbreviated[string(t.wordAt(i))] && end+1 < s.end && (i == s.start || t.isMark(i-1)): // Fot. Jan Nowak
		return end + 1, end + 1
	case end < s.end && t.kinds[end].Has(Provided, Handout):
		if next := int(t.phrase[end]); next < s.end && (t.is(next, ":") || t.is(next, "=")) {
			return i, next + 1
		}
	case i > s.start && end < s.end && t.agencyAt(s.start, i+1) == i && t.hasHit(end-1, end, set(By)) && t.tokens[end].upper: // AP Photo by Jon Berg
		return s.start, s.start
	case !t.kinds[i].Has(Notice) && i == s.start && i+2 < s.end && t.kinds[i+1].Has(By, Of) && t.tokens[i+2].upper && !t.kinds[i+2].Has(Channel):
		return i, i
	}
	return -1, 0
}

// bar says whether a bar or slash that announces a name stands at token end:
// 사진 | 김도윤, 摄影/王雷.
func (t *text) bar(i, end int, s sentence) bool {
	return end+1 < s.end && (i == s.start || t.isMark(i-1)) && (t.is(end, "|") || t.tokens[i].class == dense && (t.is(end, "/") || t.is(end, "ㅣ")))
}

// lens says whether an Arabic word for who took the picture stands at token i,
// with no more behind it than a name: تصوير سمير حداد.
func (t *text) lens(i, end int, s sentence) bool {
	if !t.arabic(i) || t.kinds[i].Has(Picture) || i > s.start && !t.isMark(i-1) {
		return false
	}
	to := s.end
	for to > end && t.isMark(to-1) {
		to--
	}
	return end < to && to-end <= 5 && t.tokens[end].class == word && !t.has(end, to, In, Of, Which, Picture, Verify, Verification, Not)
}

// nameOnly says whether all that stands between from and to is of whom the
// words between i and from speak: a few words, none of them a verb.
func (t *text) nameOnly(i, from, to int) bool {
	for to > from && t.is(to-1, ".") {
		to--
	}
	joined := t.kinds[from-1].Has(Of, By)
	for from < to && t.kinds[from].Has(Of, By, The) {
		joined, from = true, from+1
	}
	return joined && from < to && to-from <= 8 && !t.hasVerb(from, to)
}
