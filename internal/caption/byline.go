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
