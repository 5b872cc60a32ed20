package rules

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"cutline/internal/caption"
)

// Every start of a function loads the rules, and parsing half a megabyte of
// YAML and making tries of its words takes a hundred times as long as it
// should. So the built-in packs are compiled (see Compile), into tables that
// are read where they lie, and what a start need not know is read when it is
// asked for. A desk's own packs stay YAML, and go over them.
//
//go:generate go run generate.go
var (
	//go:embed builtin/rules.cbor
	builtInRules []byte
	//go:embed builtin/lexicons.cbor
	builtInLexicons []byte
	//go:embed builtin/words.table
	builtInWords []byte
	//go:embed builtin/names.table
	builtInNames []byte
	//go:embed builtin/sources.table
	builtInSources string
)

// base is the built-in packs as they are embedded.
type base struct {
	merged    *merged
	digest    string
	languages map[string]Lexicon
	sources   []Source // in the order of names
}

func readBuiltIn() (*base, error) {
	var r compiledRules
	if err := cbor.Unmarshal(builtInRules, &r); err != nil {
		return nil, fmt.Errorf("built-in rules: %w", err)
	}
	b := &base{merged: newMerged(), digest: r.Digest, languages: r.Pack.Lexicons}
	b.merged.merge(&r.Pack)
	sources, err := unpackSources(builtInSources)
	if err != nil {
		return nil, fmt.Errorf("built-in sources: %w", err)
	}
	b.sources, b.merged.sources = sources, sources // load makes them full in another place
	b.merged.number()
	return b, nil
}

// lexicon puts what a desk's packs add to the words and names over the
// built-in ones, if there are such packs. The lexicons hold only what was added.
func (b *base) lexicon(m *merged, own bool) (*caption.Lexicon, error) {
	codes := slices.Sorted(maps.Keys(b.languages)) // their order is that of the table
	for _, code := range slices.Sorted(maps.Keys(m.lexicons)) {
		if _, known := b.languages[code]; !known {
			codes = append(codes, code)
		}
	}
	var languages []caption.Language
	for _, code := range codes {
		languages = append(languages, m.lexicons[code].language(code))
	}
	lex := caption.NewLexicon(languages)
	if err := lex.AddCompiled(builtInWords, nil); err != nil {
		return nil, err
	}
	places := make([]int, len(b.sources))
	for i := range b.sources {
		places[i] = -1
		if at, on := m.index[b.sources[i].ID]; on {
			places[i] = at
		}
	}
	if err := lex.AddCompiled(builtInNames, places); err != nil {
		return nil, err
	}
	lex.Sources = make([]caption.Source, len(m.sources))
	for i := range m.sources {
		lex.Sources[i] = caption.Source{ID: m.sources[i].ID, Kind: m.sources[i].Kind}
	}
	if own {
		if err := b.addOwn(lex, m, codes, places); err != nil {
			return nil, err
		}
	}
	return lex, lex.Ready()
}

// addOwn adds what a desk's packs say beyond the built-in ones. The source that
// was at index i of those is now at places[i].
func (b *base) addOwn(lex *caption.Lexicon, m *merged, codes []string, places []int) error {
	for i, code := range codes {
		if err := addWords(lex, i, m.lexicons[code]); err != nil {
			return fmt.Errorf("lexicon %s: %w", code, err)
		}
	}
	before := make([]Source, len(m.sources))
	for i, at := range places {
		if at >= 0 {
			before[at] = b.sources[i]
		}
	}
	for i, s := range m.sources {
		added := s.beyond(before[i].full())
		if err := lex.Names(i, added.listed(), added.Credit); err != nil {
			return fmt.Errorf("source %s: %w", s.ID, err)
		}
	}
	return nil
}

// Language returns the lexicon of a language, with all its words.
func (r *Rules) Language(code string) (Lexicon, bool) {
	l, known := r.lexicons[code]
	if !known {
		return Lexicon{}, false
	}
	var all map[string]Lexicon
	if cbor.Unmarshal(builtInLexicons, &all) == nil {
		l = all[code].over(l)
	}
	return l, true
}

func (l Lexicon) language(code string) caption.Language {
	return caption.Language{Code: code, Script: l.Script, Related: l.Related, Grammar: caption.Grammar{
		HeadFirst:  l.Grammar.Head == "first",
		OwnerFirst: l.Grammar.Compound,
		NounsUpper: l.Grammar.Capitals,
		VerbLast:   l.Grammar.Object == "before",
		DenialBoth: l.Grammar.Negation == "both",
		OneDenial:  l.Grammar.Double == "one",
		AgentCase:  l.Grammar.Agent == "case",
		OwnerCase:  l.Grammar.Agent == "case" || l.Grammar.Owner == "case",
		MonthFirst: l.DateOrder == "mdy",
	}}
}
