// Package caption reads what a caption says: who the picture is from, what is
// said of its verification, of who provided it, of access to the event, when
// it was taken. It knows the words of a language only by what they do (see
// Kind), and puts them together sentence by sentence: a wording that nobody
// listed is understood from its parts.
//
// Imports: nothing.
package caption

// Span is a place in the text that was read: bytes Start to End, half-open.
type Span struct {
	Start, End int
}

// Reading is what one text says.
type Reading struct {
	Lang string // ISO 639-1; "" when unknown

	Verifications []Verified  // what is said of verifying
	Provisions    []Provision // what is said of providing
	Credits       []Credit
	Dates         []Date

	Access    []Span // reporters had none
	Watermark []Span // what a mark in the picture says
	File      []Span // FILE
	Kill      []Span // a kill notice
	AI        []Span // AI made the picture, or changed it
	Social    []Span // it is user-generated
	Satellite []Span // it was taken by a satellite
	Accounts  []Span // on social media
	Hedges    []Span // purportedly
	Undated   []Span
}

// Verified is a statement about verifying something.
type Verified struct {
	Span         Span
	Denied       bool // it was not verified
	AboutPicture bool // the picture, its content, authenticity, date or place
}

// Provision is a statement that somebody provided something.
type Provision struct {
	Span    Span
	Word    Span  // "provided"
	By      Party // zero when nobody is named
	Picture bool  // it is the picture itself
	This    bool  // and the words point at it: "in this photo"
	Got     bool  // an agency got it, and is named as no more than that
	Handed  bool  // in so many words: "handout", or "provided by" somebody who is not named
}

// Class is the sort of party that a name stands for.
type Class uint8

// The classes of parties.
const (
	Nameless Class = iota // nobody: "uncredited", "officials"
	Known                 // a source of the rules
	AState                // unknown, but a state, army or armed group by its words
	ABody                 // unknown, but a company, police, family by its words
	APress                // unknown, but a newspaper or agency by its words
	Somebody              // a name that nothing is known of
	Account               // on social media
)

// Party is somebody who is named.
type Party struct {
	Span   Span
	Class  Class
	Source int // index of the lexicon's Sources if Known
}

// Read reads the text. It is safe for concurrent use.
func (l *Lexicon) Read(original string) Reading {
	if original == "" {
		return Reading{}
	}
	t := l.take(original)
	defer t.done()
	r := Reading{}
	if t.lang >= 0 {
		r.Lang = l.Languages[t.lang].Code
	}
	r.Provisions, r.Dates = make([]Provision, 0, 4), make([]Date, 0, 4) // most captions have some
	t.credits(&r)
	inCredit := t.inCredit
	for _, s := range t.sentences {
		t.verifications(s, inCredit, &r)
		t.provisions(s, inCredit, &r)
		t.access(s, &r)
	}
	t.simple(inCredit, &r)
	t.killed(&r)
	t.dates(&r)
	return r
}

func (t *text) span(start, end int) Span {
	if end <= start {
		return Span{t.tokens[start].start, t.tokens[start].start}
	}
	return Span{t.tokens[start].start, t.tokens[end-1].end}
}

// simple collects what single phrases say.
func (t *text) simple(inCredit []bool, r *Reading) {
	for _, s := range t.sentences {
		t.kill(s, r)
		screened := false
		for i := s.start; i < s.end; i++ {
			k := t.kinds[i]
			if k.Has(Screen) && !t.pointed(s, i) {
				screened = true
			}
			if screened && k.Has(Picture) && t.frames(s, i) {
				screened = false
			}
			if k == 0 || i > s.start && t.phrase[i] == t.phrase[i-1] && t.kinds[i-1] == k {
				if t.is(i, "@") {
					t.account(s, i, r)
				}
				continue
			}
			span := t.span(i, max(int(t.phrase[i]), i+1))
			if k.Has(File) && (i == s.start || inCredit[i] || t.is(i-1, ",") || t.is(i-1, "/") || k.Has(Picture)) {
				r.File = append(r.File, span)
			}
			if !screened && (k.Has(AI) && t.has(s.start, s.end, Picture, Artwork) || k.Has(Technology) && t.near(s, i, int(t.phrase[i]), 4, Picture, Artwork, Taken)) {
				r.AI = append(r.AI, span)
			}
			if k.Has(Witness) && !k.Has(Social) && !screened && t.filmed(s, i) {
				r.Social = append(r.Social, span)
			}
			if k.Has(Social) && !screened {
				r.Social = append(r.Social, span)
			}
			if k.Has(Satellite) && !screened && !t.verifiedBy(s, i) {
				r.Satellite = append(r.Satellite, span)
			}
			if k.Has(Hedge) {
				r.Hedges = append(r.Hedges, span)
			}
			if k.Has(Channel) {
				t.channel(s, i, r)
			}
			if k.Has(Undated) {
				r.Undated = append(r.Undated, span)
			}
			if k.Has(Watermark) && t.ahead(s, i, Reads) {
				r.Watermark = append(r.Watermark, t.span(s.start, s.end))
			}
			if t.is(i, "@") {
				t.account(s, i, r)
			}
		}
	}
}

// near says whether a word of the kinds stands within reach tokens of the
// phrase between start and end.
func (t *text) near(s sentence, start, end, reach int, kinds ...Kind) bool {
	if t.tokens[start].class == dense {
		reach *= 3
	}
	return t.has(max(s.start, start-reach), start, kinds...) || t.has(end, min(s.end, end+reach), kinds...)
}

// filmed says whether the witness at token i is who made a picture: a video by
// a witness, an eyewitness's video, filmed by a witness.
func (t *text) filmed(s sentence, i int) bool {
	if next := int(t.phrase[i]); next < s.end && t.kinds[next].Has(Picture) {
		return true
	}
	for j := i - 1; j >= max(s.start, i-6); j-- {
		k := t.kinds[j]
		switch {
		case t.name[j] > 0 || t.party(j): // obtained by Reuters from a witness
		case k.Has(Picture):
			return t.has(j, i, By, Of) || t.tokens[i].class == dense || t.grammar(s).AgentCase
		case k.Has(Taken) && (t.has(j+1, i, By) || t.grammar(s).AgentCase):
			return t.has(s.start, s.end, Picture)
		case !k.Has(By, Of, The, Adverb, Taken, Provided, In) && t.tokens[j].class == word:
			return false
		}
	}
	if !t.grammar(s).OwnerFirst && !t.grammar(s).VerbLast {
		return false
	}
	for j := i + 1; j < min(s.end, i+8) && t.name[j] == 0 && !t.kinds[j].Has(Screen, State, Body); j++ { // 目撃者が撮影した映像
		if t.kinds[j].Has(Taken, Provided) {
			return t.has(s.start, s.end, Picture)
		}
	}
	return false
}

// pointed says whether "this picture" lies in the sentence before i or behind
// it: then the picture itself is spoken of.
func (t *text) pointed(s sentence, at int) bool {
	for i := s.start; i < s.end-1; i++ {
		if t.kinds[i].Has(This) && !t.kinds[i].Has(It) || t.kinds[i].Has(This) && t.kinds[i+1].Has(Picture, Satellite) {
			for j := i + 1; j < min(i+4, s.end); j++ {
				if t.kinds[j].Has(Picture, Satellite) && i < at {
					return true
				}
			}
		}
	}
	return false
}

func (t *text) ahead(s sentence, i int, k Kind) bool {
	for j := i; j < s.end; j++ {
		if t.kinds[j].Has(k) {
			return true
		}
	}
	return false
}

// verifiedBy says whether the picture at token i is what something else was
// verified with: confirmed the location from road signs and satellite imagery.
func (t *text) verifiedBy(s sentence, i int) bool {
	if !t.has(s.start, s.end, Verify, Verification) || t.has(s.start, s.end, Not, Unable, Unverified) {
		return false
	}
	if t.grammar(s).VerbLast {
		return t.has(i, min(s.end, int(t.phrase[i])+2), In, By)
	}
	for j := i - 1; j >= max(s.start, i-6) && !t.kinds[j].Has(Verify, Picture); j-- {
		if t.kinds[j].Has(In, By) || t.isWith(j) {
			return true
		}
	}
	return false
}

func (t *text) account(s sentence, i int, r *Reading) {
	if end := t.accountEnd(i, s.end); end > i {
		r.Accounts = append(r.Accounts, t.span(i, end))
	}
}

// accountEnd returns where the account that begins with the @ at i ends, or i:
// also where it is the middle of an e-mail address.
func (t *text) accountEnd(i, limit int) int {
	j := i + 1
	mail := i > 0 && !t.tokens[i].spaced && (t.tokens[i-1].class == word || t.tokens[i-1].class == number)
	if j >= limit || t.tokens[j].spaced || t.tokens[j].class == mark {
		return i
	}
	for j < limit && !t.tokens[j].spaced && (t.tokens[j].class != mark || t.is(j, ".") && j+1 < limit && !t.tokens[j+1].spaced && t.tokens[j+1].class != mark) {
		j++
	}
	for k := i; mail && k < j; k++ {
		if t.is(k, ".") {
			return i
		}
	}
	return j
}

// access finds that reporters had none: journalists, a denial, access.
func (t *text) access(s sentence, r *Reading) {
	var journalist, denial, access bool
	for i := s.start; i < s.end; i++ {
		k := t.kinds[i]
		journalist = journalist || k.Has(Journalist)
		denial = denial || k.Has(Not, Unable)
		access = access || k.Has(Access)
	}
	if journalist && access && denial {
		r.Access = append(r.Access, t.span(s.start, s.end))
	}
}
