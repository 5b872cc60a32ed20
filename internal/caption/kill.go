package caption

// kill finds the words of a kill notice: an order to stop using a picture, or
// news that it was withdrawn. Troops are withdrawn and meetings cancelled as
// well, so the words have to speak of a picture, carry the reference of a
// transmission, or be an order that stands alone.
func (t *text) kill(s sentence, r *Reading) {
	reference := false
	for i := s.start; i < s.end; i++ {
		reference = reference || t.isReference(i)
	}
	for i := s.start; i < s.end; {
		end := i
		for end < s.end && t.kinds[end].Has(Kill) {
			end++
		}
		if end == i {
			i++
			continue
		}
		if reference || t.hasHit(i, end, set(Picture)) || t.besidePicture(s, i, end) || end-i > 1 && t.ordered(s, i) {
			r.Kill = append(r.Kill, t.span(i, end))
		}
		i = end
	}
}

// ordered says whether what begins at token i is an order that stands alone,
// and not what is quoted, or written on a sign.
func (t *text) ordered(s sentence, i int) bool {
	switch {
	case i == s.start || t.kinds[i-1].Has(Notice):
		return true
	case t.kinds[s.start].Has(Notice):
		return true
	case !t.isMark(i-1) || t.is(i-1, ","):
		return false
	case t.opensQuote(i - 1):
		return i-1 == s.start && t.closesQuote(s.end-1)
	case t.is(i-1, ":"):
		return i-1 == s.start || !t.kinds[i-2].Has(Reads, Say)
	}
	return true
}

// besidePicture says whether the words between two tokens have a picture for
// their subject or object: the words for it stand next to them.
func (t *text) besidePicture(s sentence, start, end int) bool {
	reach := 3
	if t.tokens[start].class == dense {
		reach = 10
	}
	small := func(i int) bool {
		return t.kinds[i].Has(Of, The, This, Aux, Adverb, Picture, By) || t.tokens[i].class != word
	}
	if t.subjected(s, start) {
		return true
	}
	for i := start - 1; i >= max(s.start, start-reach) && (small(i) || reach > 3); i-- {
		if t.kinds[i].Has(Picture) {
			return true
		}
	}
	for i := end; i < min(s.end, end+reach) && (small(i) || reach > 3); i++ {
		if t.kinds[i].Has(Picture) {
			return true
		}
	}
	return false
}

// isReference says whether token i is the reference of a transmission: TOK801,
// RC2AB12.
func (t *text) isReference(i int) bool {
	if t.tokens[i].class != word || !t.tokens[i].upper {
		return false
	}
	letters, digits := 0, 0
	for _, b := range t.wordAt(i) {
		switch {
		case '0' <= b && b <= '9':
			digits++
		case 'a' <= b && b <= 'z' && digits == 0:
			letters++
		case 'a' <= b && b <= 'z':
		default:
			return false
		}
	}
	return letters >= 2 && letters <= 4 && digits >= 3 || letters == 2 && digits >= 1 && len(t.wordAt(i)) >= 6
}

// subjected says whether the sentence up to token end speaks of a picture and
// nothing else: "the photo of the street fair has been withdrawn".
func (t *text) subjected(s sentence, end int) bool {
	i := s.start
	for j := s.start; j < end; j++ {
		if t.is(j, ":") {
			i = j + 1
		}
	}
	for i < end && t.kinds[i].Has(The, This, Notice) && !t.kinds[i].Has(Picture) || i < end && t.isMark(i) {
		i++
	}
	if i >= end || !t.kinds[i].Has(Picture) {
		return false
	}
	for i++; i < end; i++ {
		if t.is(i, ",") || t.kinds[i].Has(Which, Modifier, Provided, Say) && !t.kinds[i].Has(Of, The, In, Picture) {
			return false
		}
	}
	return true
}
