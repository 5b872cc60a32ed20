package caption

// Credit is a credit line: who made a picture, who provided it, through whom
// it came.
type Credit struct {
	Span    Span
	Parts   []Part
	Handout bool // says that it was handed out, or by courtesy
	Pool    bool // made for several media
	Via     bool // came through somebody
	Photo   bool // says "photo by" or the like
	File    bool
	AI      bool

	via int // index of the first part behind "via"
}

// Part is one party of a credit line.
type Part struct {
	Party
	Role Role
}

// Role is what a party of a credit line did.
type Role uint8

// The roles.
const (
	Maker       Role = iota // took the picture, or nobody knows
	Provider                // handed it out
	Distributor             // an agency that passed it on, or whose photographer took it
)

// ReadCredit reads a text that is a credit line as a whole: a credit, source
// or by-line field.
func (l *Lexicon) ReadCredit(original string) Credit {
	t := l.take(original)
	t.findNames(0, len(t.tokens), true)
	return t.credit(0, len(t.tokens))
}

// credits finds the credit lines, and returns which tokens lie in them.
func (t *text) credits(r *Reading) []bool {
	in := make([]bool, len(t.tokens))
	for si, s := range t.sentences {
		from, to := s.start, s.end
		for to > from && t.is(to-1, ".") {
			to--
		}
		if to-from < 1 {
			continue
		}
		bracketed := (t.is(from, "(") || t.is(from, "[")) && (t.is(to-1, ")") || t.is(to-1, "]") || s.end == len(t.tokens))
		if bracketed {
			a, b := from+1, to
			if t.is(to-1, ")") || t.is(to-1, "]") {
				b--
			}
			if b > a && b-a <= 60 && t.isCredit(a, b, si) {
				t.findNames(a, b, true)
				t.addCredit(a, b, in, r)
			}
			continue
		}
		t.bareCredits(s, in, r)
	}
	return in
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
		if t.is(i, "/") || t.is(i, "=") || t.kinds[i].Has(Via) || i == a && t.kinds[i].Has(PhotoBy) || t.is(i, "@") || t.is(i, "©") {
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
	if t.sentences[si].end < len(t.tokens) && !standsAlone {
		return false
	}
	known := false
	t.findNames(a, b, true)
	for i := a; i < b; i++ {
		if t.name[i] > 0 || t.kinds[i].Has(Handout, PhotoBy, Provided, Press, Pool) {
			known = true
		}
	}
	if known && !standsAlone && before >= 0 && t.name[before] > 0 {
		return false // an agency's short name behind its long one
	}
	return known && b-a <= 16 || standsAlone && b-a <= 8 && t.tokens[a].upper && t.sentences[si].end == len(t.tokens)
}

// bareCredits finds credit lines without brackets: KCNA via REUTERS.
func (t *text) bareCredits(s sentence, in []bool, r *Reading) {
	for i := s.start; i < s.end; i++ {
		switch {
		case t.kinds[i].Has(PhotoBy) && i+1 < s.end && t.is(int(t.phrase[i]), ":"), t.is(i, "©"),
			t.kinds[i].Has(PhotoBy) && !t.kinds[i].Has(Notice) && i == s.start && i+2 < s.end && t.kinds[i+1].Has(By, Of) && t.tokens[i+2].upper:
			a := i
			if !t.is(i, "©") && t.kinds[i].Has(PhotoBy) && t.is(int(t.phrase[i]), ":") {
				a = int(t.phrase[i]) + 1
			}
			b := t.creditEnd(a, s.end)
			t.findNames(a, b, true)
			t.addCredit(a, b, in, r)
			if b > i {
				i = b - 1
			}
		case t.anchors(i, s):
			a := t.creditStart(i, s.start, in)
			t.findNames(i, min(i+8, s.end), true)
			b := t.creditEnd(i, s.end)
			t.findNames(a, b, true)
			t.addCredit(a, b, in, r)
			if b > i {
				i = b - 1
			}
		}
	}
	// A sentence that is nothing but a name.
	if s.start > 0 && t.closes(s.start-1) && s.end-s.start <= 5 && !in[s.start] && !t.kinds[s.start].Has(Notice) {
		t.findNames(s.start, s.end, true)
		if t.name[s.start] > 0 && (int(t.nameEnd[s.start]) >= s.end-1) {
			t.addCredit(s.start, int(t.nameEnd[s.start]), in, r)
		}
	}
}

// anchors says whether a chain is joined at token i.
func (t *text) anchors(i int, s sentence) bool {
	if i == s.start || i+1 >= s.end {
		return false
	}
	if t.kinds[i].Has(Via) && !t.kinds[i].Has(In, By, Of) {
		next := i + 1
		return t.tokens[next].class != mark && (t.nameFrom(next) || t.tokens[next].upper)
	}
	if t.is(i, "/") || t.is(i, "=") {
		return t.nameFrom(i+1) || t.nameBefore(i) || t.kinds[i+1].Has(Handout, Pool) && !t.is(i+1, "this")
	}
	return false
}

// nameFrom says whether a source's name begins at i, also one that counts in
// credit lines only.
func (t *text) nameFrom(i int) bool {
	if i >= len(t.tokens) {
		return false
	}
	if t.nameEnd[i] > 0 {
		return true
	}
	for _, m := range t.lexicon.names.find(&t.folded, i, t.tokens[i].from, nil) {
		if m.tokens > 0 {
			return true
		}
	}
	return false
}

func (t *text) nameBefore(i int) bool {
	for j := max(0, i-8); j < i; j++ {
		for _, m := range t.lexicon.names.find(&t.folded, j, t.tokens[j].from, nil) {
			if j+m.tokens == i {
				return true
			}
		}
	}
	return false
}

// creditStart returns where the chain around i begins: at the sentence's
// start, or, where a full stop is missing, at the last word that is no name.
func (t *text) creditStart(i, start int, in []bool) int {
	a := start
	for j := i - 1; j >= start; j-- {
		if in[j] {
			a = j + 1
			break
		}
	}
	if i-a <= 9 && !t.hasVerb(a, i) {
		return a
	}
	j := i
	for j > a {
		p := j - 1
		tok := &t.tokens[p]
		joined := t.is(p, "/") || t.is(p, "-") && !tok.spaced || t.is(p, "@") || t.is(p, ".") && !t.tokens[j].spaced
		if joined || t.name[p] > 0 || tok.class == word && tok.upper && t.months[p] == 0 && i-p <= 8 || t.kinds[p].Has(Handout, Pool) || t.kinds[p].Has(Of, And, The) && i-p <= 8 && p > a && t.tokens[p-1].upper && t.tokens[p-1].class == word {
			j = p
			continue
		}
		if tok.class == word && i-p <= 4 && t.accountLike(p, a) {
			j = p
			continue
		}
		break
	}
	return j
}

func (t *text) accountLike(p, a int) bool {
	for j := p; j >= max(a, p-5); j-- {
		if t.is(j, "@") {
			return true
		}
		if t.tokens[j].spaced {
			return false
		}
	}
	return false
}

// hasVerb says whether words lie there that no credit line has.
func (t *text) hasVerb(a, b int) bool {
	for i := a; i < b; i++ {
		if t.kinds[i].Has(Aux, Which, Verify, Not, This, Provided, Taken) && !t.kinds[i].Has(Of, The, By, PhotoBy, Handout, Pool) || t.months[i] > 0 {
			return true
		}
	}
	lower := 0
	for i := a; i < b; i++ {
		if t.tokens[i].class == word && !t.tokens[i].upper && t.name[i] == 0 && !t.kinds[i].Has(Of, The, And, Via, By, PhotoBy, Handout, Pool, State, Body, Press) && !t.accountLike(i, a) {
			lower++
		}
	}
	return lower >= 3
}

// creditEnd returns where the chain from i on ends: behind the last name that
// is joined to it.
func (t *text) creditEnd(i, end int) int {
	j := i
	for j < end {
		switch {
		case t.is(j, "(") || t.is(j, "[") || t.is(j, ";") || t.is(j, ":") && j > i, t.is(j, "-") && t.is(j+1, "-"):
			return j
		case t.is(j, ".") && (j+1 >= end || t.tokens[j+1].spaced) && j > 0 && t.tokens[j-1].to-t.tokens[j-1].from > 2:
			return j
		case j > i && t.kinds[j].Has(Notice) && !t.kinds[j].Has(Pool, Handout) || j > i && t.tokens[j].line && !t.is(j, "/"):
			return j
		case t.nameEnd[j] > 0:
			next := int(t.nameEnd[j])
			if next < end && t.distributes(j) && !t.continues(next) {
				return next
			}
			j = next
			continue
		}
		if j > i+24 {
			return j
		}
		j++
	}
	return end
}

func (t *text) distributes(i int) bool {
	kind := t.lexicon.Sources[t.name[i]-1].Kind
	return kind == "agency" || kind == "distributor"
}

// continues says whether a chain goes on at j.
func (t *text) continues(j int) bool {
	return t.is(j, "/") || t.is(j, "-") || t.is(j, "=") || t.is(j, ",") || t.kinds[j].Has(Via, Pool, Handout, PhotoBy, File) && !t.kinds[j].Has(Notice) || t.nameFrom(j) && !t.is(j, string(t.wordAt(j-1)))
}

// credit parses the chain between two tokens.
func (t *text) credit(a, b int) Credit {
	if a >= b {
		return Credit{}
	}
	c := Credit{Span: t.span(a, b)}
	via := false
	from := a
	part := func(to int) {
		if to > from {
			t.creditPart(from, to, via, &c)
		}
	}
	for i := a; i < b; i++ {
		k := t.kinds[i]
		switch {
		case t.nameEnd[i] > 0 && int(t.nameEnd[i]) <= b:
			i = int(t.nameEnd[i]) - 1
		case t.is(i, "@"):
			if end := t.accountEnd(i, b); end > i {
				i = end - 1
			}
		case k.Has(Via) && !k.Has(By, Of, In):
			part(i)
			if !c.Via {
				c.via = len(c.Parts)
			}
			c.Via, via, from = true, true, i+1
		case t.is(i, "/"), t.is(i, "="), t.is(i, ","), t.is(i, "|"), t.is(i, "+"), t.is(i, "•"), t.is(i, "·"),
			t.is(i, "-") && (t.tokens[i].spaced || i > a && t.name[i-1] > 0), t.is(i, "("), t.is(i, ")"), t.is(i, ":"):
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

// creditPart reads one link of the chain.
func (t *text) creditPart(a, b int, via bool, c *Credit) {
	var known int32 = -1
	var all Set
	nameless, words, upper := 0, 0, false
	for i := a; i < b; i++ {
		k := t.kinds[i]
		if t.is(i, "@") {
			if end := t.accountEnd(i, b); end > i {
				c.Parts = append(c.Parts, Part{Party: Party{Span: t.span(i, end), Class: Account, Source: -1}})
				return
			}
		}
		if end := int(t.nameEnd[i]); end > 0 && end <= b {
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
		all |= k
		c.Handout = c.Handout || k.Has(Handout, Provided)
		c.Pool = c.Pool || k.Has(Pool)
		c.File = c.File || k.Has(File)
		c.AI = c.AI || k.Has(AI)
		c.Photo = c.Photo || k.Has(PhotoBy)
		if t.isMark(i) || t.tokens[i].class == number || k.Has(PhotoBy, By, Of, The, Handout, Pool, File, Provided, Taken, And, In, Artwork) && !k.Has(Press, State, Body) {
			continue
		}
		if k.Has(Nobody) {
			nameless++
			continue
		}
		words++
		upper = upper || t.tokens[i].upper || t.tokens[i].class == dense
	}
	p := Party{Span: t.span(a, b), Source: int(known)}
	switch {
	case known >= 0:
		p.Class = Known
	case all.Has(State) && words > 0:
		p.Class = AState
	case all.Has(Body) && words > 0 && !all.Has(Press):
		p.Class = ABody
	case all.Has(Social, Satellite) && words > 0:
		p.Class = Nameless
	case all.Has(Press) && words > 1:
		p.Class = APress
	case words > 0 && nameless == 0:
		p.Class = Somebody
	case words == 0 && nameless == 0:
		return
	case words > nameless:
		p.Class = Somebody
	}
	c.Parts = append(c.Parts, Part{Party: p})
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

// roles says what each party did: the agencies passed on, parties with a
// picture to hand out provided, others made.
func (t *text) roles(c *Credit) {
	for i := range c.Parts {
		p := &c.Parts[i]
		switch p.Class {
		case Known:
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
			if (c.Handout || c.Via && !c.Photo && i+1 == c.via) && !c.Pool {
				p.Role = Provider
			}
		}
	}
}
