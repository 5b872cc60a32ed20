package caption

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what a word does in a caption. The lexicons of the rules explain
// each of them.
type Kind uint8

// The kinds, in the order of their names.
const (
	Picture Kind = iota
	Aspect
	Other
	Screen
	Verify
	Verification
	Unverified
	Not
	Unable
	Able
	Aux
	Independent
	Adverb
	Of
	By
	In
	This
	The
	It
	And
	But
	Which
	If
	Say
	Modifier
	Provided
	Handout
	Via
	Taken
	Journalist
	Access
	Watermark
	Reads
	File
	Kill
	Hedge
	AI
	Technology
	Artwork
	Social
	Witness
	Posted
	Satellite
	State
	Group
	Body
	Press
	PhotoBy
	Nobody
	Pool
	Notice
	Undated
	Obtained
	Channel
	Question
	Leader
	Own
	When
	Plain
	kinds
)

var kindNames = [kinds]string{
	"picture", "aspect", "other", "screen", "verify", "verification", "unverified", "not", "unable", "able",
	"aux", "independent", "adverb", "of", "by", "in", "this", "the", "it", "and", "but", "which", "if", "say",
	"modifier", "provided", "handout", "via", "taken", "journalist", "access", "watermark", "reads", "file",
	"kill", "hedge", "ai", "technology", "artwork", "social", "witness", "posted", "satellite", "state", "group", "body", "press", "photo_by",
	"nobody", "pool", "notice", "undated", "obtained", "channel", "question", "leader", "own", "when", "plain",
}

func (k Kind) String() string { return kindNames[k] }

// KindNamed returns the kind of that name.
func KindNamed(name string) (Kind, bool) {
	i := slices.Index(kindNames[:], name)
	return Kind(max(i, 0)), i >= 0
}

// KindNames returns the names of all kinds.
func KindNames() []string { return slices.Clone(kindNames[:]) }

// Set is a set of kinds.
type Set uint64

func set(list ...Kind) Set {
	var s Set
	for _, k := range list {
		s |= 1 << k
	}
	return s
}

// Has says whether any of the kinds is in the set.
func (s Set) Has(k Kind, more ...Kind) bool { return s != 0 && s&(1<<k|set(more...)) != 0 }

// Grammar is how a language builds its phrases.
type Grammar struct {
	HeadFirst  bool // the head of a noun phrase is its first noun
	OwnerFirst bool // what something belongs to precedes it: 写真の内容, 图片的内容
	VerbLast   bool // the object precedes its verb, the denial follows it
	DenialBoth bool // the denial may precede its verb or follow it
	OneDenial  bool // two denials are one
	NounsUpper bool // nouns begin with a capital: German
	MonthFirst bool // 3/4 is March 4
	AgentCase  bool // who did it stands in a case, without a preposition
	OwnerCase  bool // so does what something belongs to
}

// Language is one language of a lexicon.
type Language struct {
	Code    string   // ISO 639-1
	Script  string   // "latin", "cyrillic", "arabic", "han", "kana", "hangul"
	Related []string // codes of languages so near that their words count as well
	Grammar Grammar
}

// Source is one party that captions may name.
type Source struct {
	ID   string
	Kind string // "state", "agency", "distributor", "handout", "social", "satellite"
}

// Lexicon finds words and names in folded text. It is made once and then
// only read: words and names are added (or Compiled ones, which costs next to
// nothing), and then it is made Ready.
type Lexicon struct {
	Languages []Language
	Sources   []Source

	words  layers   // of all languages; values are indexes of senses
	ends   layers   // of words that are known by their endings, reversed
	names  layers   // of sources
	slips  []layers // by language: words worth finding with a letter wrong
	senses []sense

	spelling [len(rareLetters)]uint32 // bits of Languages

	english uint32 // its bit of Languages: credit lines are in English everywhere

	added struct {
		words, ends, names []entry
		slips              [][]entry // by language
	} // since it was last ready
}

// Ready makes what was added be found.
func (l *Lexicon) Ready() error {
	for _, list := range []struct {
		added *[]entry
		to    *layers
	}{{&l.added.words, &l.words}, {&l.added.ends, &l.ends}, {&l.added.names, &l.names}} {
		if len(*list.added) == 0 {
			continue
		}
		t := newTrie(*list.added, l.join())
		if len(t.sets) > maxSets {
			return fmt.Errorf("%d sets of senses; at most %d can be told apart", len(t.sets), maxSets)
		}
		*list.to, *list.added = append(*list.to, t), nil
	}
	for lang, added := range l.added.slips {
		if len(added) > 0 {
			t := newTrie(added, l.join())
			t.indexSlips()
			l.slips[lang], l.added.slips[lang] = append(l.slips[lang], t), nil
		}
	}
	return nil
}

// join returns how senses are put together that languages share: what is found
// most often is found once.
func (l *Lexicon) join() func([]int32) []int32 {
	known := map[sense]int32{}
	for i, s := range l.senses {
		known[s] = int32(i)
	}
	return func(senses []int32) []int32 {
		var joined []int32
		for _, id := range senses {
			s := l.senses[id]
			at := slices.IndexFunc(joined, func(other int32) bool {
				o := l.senses[other]
				o.langs = s.langs
				return o == s
			})
			if at < 0 {
				joined = append(joined, id)
				continue
			}
			s.langs |= l.senses[joined[at]].langs
			both, there := known[s]
			if !there {
				both = int32(len(l.senses))
				known[s], l.senses = both, append(l.senses, s)
			}
			joined[at] = both
		}
		return joined
	}
}

// sense is what one spelling means.
type sense struct {
	kind     Kind
	langs    uint32 // bits of Languages
	month    int8   // 1 to 12
	weekday  int8   // 1 (Monday) to 7
	function bool   // only tells the language
	source   int32  // index of Sources, or -1
	credit   bool   // a source's name for credit lines only
	acronym  bool   // a source's name in capitals
}

// NewLexicon returns an empty lexicon of these languages, at most 32.
func NewLexicon(languages []Language) *Lexicon {
	l := &Lexicon{Languages: languages, slips: make([]layers, len(languages))}
	l.added.slips = make([][]entry, len(languages))
	if i := slices.IndexFunc(languages, func(l Language) bool { return l.Code == "en" }); i >= 0 {
		l.english = 1 << i
	}
	for i, s := range rareLetters {
		for li, lang := range languages {
			if slices.Contains(strings.Fields(s.languages), lang.Code) {
				l.spelling[i] |= 1 << li
			}
		}
	}
	return l
}

// Word adds a word of a language, written as the rules' lexicons describe.
func (l *Lexicon) Word(lang int, kind Kind, written string) error {
	return l.add(written, sense{kind: kind, langs: 1 << lang, source: -1})
}

// Function adds a word that only tells the language.
func (l *Lexicon) Function(lang int, written string) error {
	return l.add(written, sense{function: true, langs: 1 << lang, source: -1})
}

// Month adds a name of a month, 1 to 12.
func (l *Lexicon) Month(lang, month int, written string) error {
	return l.add(written, sense{month: int8(month), langs: 1 << lang, source: -1})
}

// Weekday adds a name of a weekday, 1 (Monday) to 7.
func (l *Lexicon) Weekday(lang, day int, written string) error {
	return l.add(written, sense{weekday: int8(day), langs: 1 << lang, source: -1})
}

// Names adds names of the party at an index of Sources, in any language and
// script: those that mean it anywhere, and those that do in credit lines and
// fields only.
func (l *Lexicon) Names(source int, anywhere, inCredits []string) error {
	for i, names := range [][]string{anywhere, inCredits} {
		for _, name := range names {
			n := sense{langs: ^uint32(0), source: int32(source), credit: i == 1, acronym: strings.ToUpper(name) == name && strings.ToLower(name) != name}
			for _, spelled := range spellings(name) {
				if spelled == "" {
					return fmt.Errorf("a name without letters: %q", name)
				}
				l.added.names = append(l.added.names, entry{spelled, l.sense(n)})
			}
		}
	}
	return nil
}

func (l *Lexicon) sense(s sense) int32 {
	if i := slices.Index(l.senses[max(0, len(l.senses)-8):], s); i >= 0 {
		return int32(max(0, len(l.senses)-8) + i)
	}
	l.senses = append(l.senses, s)
	return int32(len(l.senses) - 1)
}

// Words that carry a disclaimer are found with a letter wrong, and long ones
// of who provided a picture.
const (
	slipped     = 1<<Verify | 1<<Verification | 1<<Unverified | 1<<Independent | 1<<Provided | 1<<Obtained | 1<<Aspect | 1<<Picture | 1<<Not | 1<<Unable
	slippedLong = 1<<State | 1<<Body | 1<<Social | 1<<Satellite | 1<<Journalist | 1<<Screen | 1<<AI | 1<<Artwork
)

func (l *Lexicon) add(written string, s sense) error {
	ending := strings.HasPrefix(written, "~")
	for _, spelled := range spellings(strings.TrimPrefix(written, "~")) {
		if strings.Trim(spelled, "\x01") == "" {
			return fmt.Errorf("a word without letters: %q", written)
		}
		id := l.sense(s)
		if ending {
			bytes := []byte(spelled)
			slices.Reverse(bytes)
			l.added.ends = append(l.added.ends, entry{string(bytes), id})
			continue
		}
		l.added.words = append(l.added.words, entry{spelled, id})
		stem := strings.TrimSuffix(spelled, "\x01")
		letters := utf8.RuneCountInString(stem)
		slips := set(s.kind)&slipped != 0 && letters >= 6 || set(s.kind)&slippedLong != 0 && letters >= 9
		if slips && s.source < 0 && !s.function && s.month == 0 && s.weekday == 0 && !strings.ContainsAny(stem, " \x01") && stem[0] < 0xE3 {
			lang := bits.TrailingZeros32(s.langs)
			l.added.slips[lang] = append(l.added.slips[lang], entry{spelled, id})
		}
	}
	return nil
}

// spellings returns a word as folded text is written: with ä both as a and as
// ae. The mark \x01 stands for any further letters.
func spellings(written string) []string {
	plain := foldPattern(written)
	full := foldPattern(umlauts.Replace(strings.ToLower(written)))
	if full == plain {
		return []string{plain}
	}
	return []string{plain, full}
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa")

func foldPattern(written string) string {
	var f folded
	var b strings.Builder
	for i, part := range strings.Split(written, "~") {
		f.fold(part)
		if i > 0 {
			b.WriteByte(anything)
			if strings.HasPrefix(part, " ") {
				b.WriteByte(' ')
			}
		}
		b.Write(f.text)
	}
	return b.String()
}
