package caption

// kill finds the words of a kill notice: an order to stop using a picture, or
// news that it was withdrawn. Troops are withdrawn and meetings cancelled as
// well, so the words have to speak of a picture, carry the reference of a
// transmission, or be an order that stands alone.
func (t *text) kill(s sentence, r *Reading) {
	reference, from := false, s.start
	for from > max(0, s.start-40) && !t.is(from-1, ".") { // a byline in brackets is a sentence of its own
		from--
	}
	for i := from; i < s.end; i++ {
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
		return t.kinds[i].Has(Of, The, This, Aux, Adverb, Picture, By) || t.tokens[i].class != word || t.agencyAt(i, s.end) > 0
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

// killed reads whose the picture is that a kill notice speaks of, where it has
// no credit line: AFP photo 34JK2LX, by Sepah News; dpa-Foto FRA207 von Jon Berg.
func (t *text) killed(r *Reading) {
	if len(r.Kill) == 0 || len(r.Credits) > 0 {
		return
	}
	for _, s := range t.sentences {
		agency := Party{Source: -1}
		described := false
		for i := s.start; i+1 < s.end; i++ {
			described = described || t.isReference(i) || t.hasHit(i, i+1, set(Picture))
			if source := t.namedAt(i); source >= 0 && t.lexicon.Sources[source].Kind == "agency" {
				agency = Party{Span: t.span(i, i+1), Class: Known, Source: int(source)}
			}
			if !described || !t.kinds[i].Has(By) {
				continue
			}
			switch p := t.partyIn(i+1, s.end); {
			case p.Class == AState, p.Class == Known && t.stakes(int32(p.Source)):
				r.Provisions = append(r.Provisions, Provision{Span: p.Span, Word: p.Span, By: p, Picture: true, This: true})
				return
			case p.Class == Somebody:
				if end := t.personEnd(i+1, s.end); end > i+1 {
					t.credited(Party{Span: t.span(i+1, end), Class: Somebody, Source: -1}, agency, r)
					return
				}
			}
		}
		if described && agency.Class == Known {
			t.credited(agency, Party{}, r)
			return
		}
	}
}

// credited adds a credit line of a maker and of the agency, if there is one.
func (t *text) credited(maker, agency Party, r *Reading) {
	c := Credit{Span: maker.Span, Parts: []Part{{Party: maker}}}
	if agency.Class == Known {
		c.Parts = append(c.Parts, Part{Party: agency})
	}
	t.roles(&c)
	r.Credits = append(r.Credits, c)
}

// isReference says whether token i is the reference of a transmission: TOK801,
// RC2AB12, 34JK2LX.
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
	numbered := i > 0 && t.tokens[i-1].class == number && !t.tokens[i].spaced
	return letters >= 2 && letters <= 4 && digits >= 3 || letters == 2 && digits >= 1 && (numbered || len(t.wordAt(i)) >= 6)
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
