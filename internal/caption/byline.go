package caption

import "bytes"

// bylined returns the words behind "by" at token i that name the agency of who
// took the picture in running text: by AP photographer Tom Harker, du
// photographe de l'AFP Jean Dupont, by Tom Harker of The Associated Press. -1
// where they don't, or where nothing says that it is about a picture.
func (t *text) bylined(i int, s sentence) (a, b int) {
	if !t.kinds[i].Has(By) || i+2 >= s.end || !t.taken(s, i) {
		return -1, 0
	}
	a = i + 1
	for a+1 < s.end && t.kinds[a].Has(The) && t.name[a] == 0 {
		a++
	}
	if end := t.agencyAt(a, s.end); end > 0 && end+1 < s.end && t.photographer(end) && t.tokens[end+1].upper {
		return a, end + 2
	}
	if t.photographer(a) { // photographe de l'AFP
		j := a + 1
		for j < s.end && t.kinds[j].Has(Of, The) && !t.tokens[j].upper {
			j++
		}
		if end := t.agencyAt(j, s.end); end > 0 {
			return a, end
		}
		first, _, joined := bytes.Cut(t.wordAt(a), []byte("-")) // dpa-Fotograf
		if senses := t.lexicon.names.exact(first); joined && len(senses) > 0 && t.lexicon.Sources[t.lexicon.senses[senses[0]].source].Kind == "agency" {
			return a, a + 1
		}
		return -1, 0
	}
	j := a
	for j < min(s.end, a+5) && t.tokens[j].class == word && t.tokens[j].upper && t.name[j] == 0 {
		j++
	}
	if j == a || j+1 >= s.end || !t.kinds[j].Has(Of) {
		return -1, 0
	}
	for j++; j < s.end && t.kinds[j].Has(The) && t.name[j] == 0; j++ {
	}
	if end := t.agencyAt(j, s.end); end > 0 {
		return a, end
	}
	return -1, 0
}

// taken says whether a picture, a word for taking one, or the order to kill one
// precedes token i.
func (t *text) taken(s sentence, i int) bool {
	for j := i - 1; j >= max(s.start, i-16); j-- {
		if t.kinds[j].Has(Picture, Taken, Kill) {
			return true
		}
		if t.kinds[j].Has(Provided) {
			return false
		}
	}
	return false
}

// agencyAt returns where the name of an agency that begins at token i ends; 0
// when none does.
func (t *text) agencyAt(i, limit int) int {
	if i >= limit || !t.tokens[i].upper && t.name[i] == 0 {
		return 0
	}
	if n, source := t.nameAt(i, limit, true); n > 0 && t.lexicon.Sources[source].Kind == "agency" {
		return i + n
	}
	return 0
}

// photographer says whether token i is one, also as the end of a word.
func (t *text) photographer(i int) bool {
	return t.hasHit(i, i+1, set(Journalist)) && (t.kinds[i].Has(Journalist, PhotoBy, Nobody) || t.kinds[i] == 0)
}

// reporter returns where a byline begins that is the whole sentence, but for a
// date before it: 김도윤 기자. -1 when there is none.
func (t *text) reporter(s sentence) int {
	end := t.mail(s)
	for end > s.start && t.is(end-1, ".") {
		end--
	}
	verb := end - 1
	if verb <= s.start || t.tokens[verb].class != dense || !t.kinds[verb].Has(Journalist) {
		return -1
	}
	for verb > s.start && t.kinds[verb-1].Has(Journalist) && int(t.phrase[verb-1]) == end {
		verb--
	}
	a := verb
	for a > s.start && !t.tokens[a].spaced {
		a--
	}
	if a == verb && a > s.start { // the name stands apart from what they are
		for a--; a > s.start && !t.tokens[a].spaced && t.tokens[a-1].class == dense; {
			a--
		}
	}
	if n := verb - a; n < 2 || n > 5 || t.kinds[a] != 0 && t.kinds[a].Has(Not, Picture) || t.tokens[a].class != dense {
		return -1
	}
	if a == s.start || t.isMark(a-1) || t.tokens[a-1].class == number {
		return a
	}
	for j := max(s.start, a-8); j < a; j++ { // 뉴시스 김도윤 기자
		if n, _ := t.nameAt(j, a, true); j+n == a && n > 0 && (j == s.start || t.isMark(j-1) || t.tokens[j-1].class == number) {
			return j
		}
	}
	return -1
}

// mail returns where the e-mail address begins that the sentence ends with, or
// the sentence's end.
func (t *text) mail(s sentence) int {
	for at := s.end - 1; at > max(s.start, s.end-10); at-- {
		if !t.is(at, "@") || t.tokens[at].spaced {
			continue
		}
		from := at - 1
		for from > s.start && !t.tokens[from].spaced && t.tokens[from].class != dense {
			from--
		}
		return from
	}
	return s.end
}

// signed returns the words at the sentence's end that say who took or provided
// the picture, in scripts that need neither brackets nor marks for it:
// 新华社记者 周明 摄, 佐藤健一撮影.
func (t *text) signed(s sentence, in []bool) (a, b int) {
	b = s.end
	for b > s.start && (t.is(b-1, ".") || t.is(b-1, ")")) {
		b--
	}
	if day := t.dateStart(s.start, b); day > s.start && day < b && t.kinds[day-1].Has(Taken) && t.tokens[day].spaced { // 記者王飛華攝 115年5月3日
		b = day
	}
	whole := b
	for j := b - 2; j > max(s.start, b-9); j-- { // 国防省提供、ロイター
		if t.is(j, ",") {
			if n, source := t.nameAt(j+1, b, true); j+1+n == b && t.lexicon.Sources[source].Kind == "agency" {
				b = j
			}
			break
		}
	}
	if b-s.start < 3 || in[b-1] || t.tokens[b-1].class != dense || t.kinds[b-1].Has(Aspect, Verify, Not, Unable) {
		return 0, 0
	}
	verb := b - 1
	for verb > s.start && b-verb <= 3 && !(t.hasHit(verb, b, set(Taken, Provided, Handout)) && int(t.phrase[verb]) == b) {
		verb--
	}
	if b-verb > 3 || verb == s.start || t.tokens[verb-1].class == dense && t.kinds[verb-1].Has(In, Of, By) && len(t.wordAt(verb-1)) == 3 && !t.kinds[verb-1].Has(Press) {
		return 0, 0
	}
	for a = verb; a > s.start && (!t.isMark(a-1) || t.is(a-1, "・")) && b-a <= 24; a-- {
	}
	if t.has(a, verb, Not, Unable, Verify, Aspect) || t.has(a, verb, In) && !t.has(a, verb, Journalist, Press) { // 5月3日在平壤拍摄
		return 0, 0
	}
	return a, whole
}

// dateStart returns where the numeric date begins that ends at token b, or b.
func (t *text) dateStart(from, b int) int {
	for b > from && (t.tokens[b-1].class == number || t.is(b-1, "年") || t.is(b-1, "月") || t.is(b-1, "日") || t.is(b-1, ".") || t.is(b-1, "/") || t.is(b-1, "-")) {
		b--
	}
	return b
}
