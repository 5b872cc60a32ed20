package rules

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"cutline/internal/caption"
)

// Every start of a function loads the rules, and parsing half a megabyte of
// YAML and making tries of its words takes fifty times as long as it should.
// So the built-in packs are compiled: words.cbor holds the lexicons, rules.cbor
// all else. A desk's own packs stay YAML, and go over them.
//
//go:generate go run generate.go
var (
	//go:embed builtin/words.cbor
	builtInWords []byte
	//go:embed builtin/rules.cbor
	builtInRules []byte
)

// compiledWords is what words.cbor holds.
type compiledWords struct {
	Digest    string             // SHA-256 of the YAML, in hex
	Languages map[string]Lexicon // without their words
	Words     cbor.RawMessage    // the lexicons with them, for people
	Table     []byte             // caption.Lexicon.Compiled
}

// compiledRules is what rules.cbor holds.
type compiledRules struct {
	Digest string
	Pack   Pack   // all of the packs but the lexicons
	Names  []byte // caption.Lexicon.Compiled
}

// Compile turns a pack that stands on its own into what is embedded. What is
// wrong with it is an error as Load's.
func Compile(files []File) (words, rules []byte, err error) {
	m := newMerged()
	layers, err := m.load(files)
	if err != nil {
		return nil, nil, err
	}
	w, err := m.compileWords(layers)
	if err != nil {
		return nil, nil, err
	}
	r, err := m.compileRules(layers)
	if err != nil {
		return nil, nil, err
	}
	mode, err := cbor.CanonicalEncOptions().EncMode() // sorted, so that the same packs give the same bytes
	if err != nil {
		return nil, nil, err
	}
	if words, err = mode.Marshal(w); err != nil {
		return nil, nil, err
	}
	rules, err = mode.Marshal(r)
	return words, rules, err
}

func (m *merged) compileWords(layers []*layer) (compiledWords, error) {
	c := compiledWords{Languages: map[string]Lexicon{}, Digest: digestOf(layers, true)}
	lex := caption.NewLexicon(nil)
	for i, code := range slices.Sorted(maps.Keys(m.lexicons)) {
		l := m.lexicons[code]
		if err := addWords(lex, i, l); err != nil {
			return c, fmt.Errorf("lexicon %s: %w", code, err)
		}
		l.Function, l.Words, l.Months, l.Weekdays = nil, nil, nil, nil
		c.Languages[code] = l
	}
	mode, err := cbor.CanonicalEncOptions().EncMode()
	if err != nil {
		return c, err
	}
	if c.Words, err = mode.Marshal(m.lexicons); err != nil {
		return c, err
	}
	err = lex.Ready()
	c.Table = lex.Compiled()
	return c, err
}

func (m *merged) compileRules(layers []*layer) (compiledRules, error) {
	c := compiledRules{Digest: digestOf(layers, false), Pack: Pack{
		Sources: m.sources, Findings: m.findings, Exceptions: m.exceptions, Suggestions: m.suggestions,
		Placeholders: m.placeholders, Programs: m.programs, Examples: m.examples, Whole: &m.whole,
	}}
	for _, name := range m.names {
		c.Pack.Name = name
	}
	lex := caption.NewLexicon(nil)
	for i, s := range m.sources {
		if err := lex.Names(i, s.listed(), s.Credit); err != nil {
			return c, fmt.Errorf("source %s: %w", s.ID, err)
		}
	}
	err := lex.Ready()
	c.Names = lex.Compiled()
	return c, err
}

// digestOf hashes the files that hold lexicons, or those that do not.
func digestOf(layers []*layer, lexicons bool) string {
	hash := sha256.New()
	for _, l := range layers {
		if len(l.Lexicons) > 0 == lexicons {
			digest(hash, []File{l.file})
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// base is the built-in packs as they are embedded.
type base struct {
	merged  *merged
	digest  string
	words   compiledWords
	names   []byte
	sources []Source // in the order of names
}

func readBuiltIn() (*base, error) {
	var r compiledRules
	if err := cbor.Unmarshal(builtInRules, &r); err != nil {
		return nil, fmt.Errorf("built-in rules: %w", err)
	}
	b := &base{merged: newMerged(), names: r.Names, sources: r.Pack.Sources}
	if err := cbor.Unmarshal(builtInWords, &b.words); err != nil {
		return nil, fmt.Errorf("built-in words: %w", err)
	}
	b.digest = r.Digest + b.words.Digest
	r.Pack.Lexicons = b.words.Languages
	b.merged.merge(&r.Pack)
	return b, nil
}

// lexicon puts what a desk's packs add to the words and names over the
// built-in ones, if there are such packs. The lexicons hold only what was added.
func (b *base) lexicon(m *merged, own bool) (*caption.Lexicon, error) {
	codes := slices.Sorted(maps.Keys(b.words.Languages)) // their order is that of the table
	for _, code := range slices.Sorted(maps.Keys(m.lexicons)) {
		if _, known := b.words.Languages[code]; !known {
			codes = append(codes, code)
		}
	}
	var languages []caption.Language
	for _, code := range codes {
		languages = append(languages, m.lexicons[code].language(code))
	}
	lex := caption.NewLexicon(languages)
	if err := lex.AddCompiled(b.words.Table, nil); err != nil {
		return nil, err
	}
	places, before := make([]int, len(b.sources)), make([]Source, len(m.sources))
	for i, s := range b.sources {
		places[i] = -1
		if at, on := m.index[s.ID]; on {
			places[i], before[at] = at, s
		}
	}
	if err := lex.AddCompiled(b.names, places); err != nil {
		return nil, err
	}
	for i, code := range codes {
		if err := addWords(lex, i, m.lexicons[code]); err != nil {
			return nil, fmt.Errorf("lexicon %s: %w", code, err)
		}
	}
	for i, s := range m.sources {
		lex.Sources = append(lex.Sources, caption.Source{ID: s.ID, Kind: s.Kind})
		if !own {
			continue
		}
		added := s.beyond(before[i])
		if err := lex.Names(i, added.listed(), added.Credit); err != nil {
			return nil, fmt.Errorf("source %s: %w", s.ID, err)
		}
	}
	return lex, lex.Ready()
}

// Language returns the lexicon of a language, with all its words.
func (r *Rules) Language(code string) (Lexicon, bool) {
	l, known := r.lexicons[code]
	if !known {
		return Lexicon{}, false
	}
	var words compiledWords
	var all map[string]Lexicon
	if cbor.Unmarshal(builtInWords, &words) == nil && cbor.Unmarshal(words.Words, &all) == nil {
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
		MonthFirst: l.DateOrder == "mdy",
	}}
}

// listed returns the source's names in all languages.
func (s Source) listed() []string {
	var names []string
	for _, lang := range slices.Sorted(maps.Keys(s.Names)) {
		names = append(names, s.Names[lang]...)
	}
	return names
}

func addWords(lex *caption.Lexicon, lang int, l Lexicon) error {
	for _, name := range slices.Sorted(maps.Keys(l.Words)) {
		kind, known := caption.KindNamed(name)
		if !known {
			return fmt.Errorf("no kind of word %q", name)
		}
		for _, w := range l.Words[name] {
			if err := lex.Word(lang, kind, w); err != nil {
				return err
			}
			if kind == caption.Obtained { // what somebody got, somebody provided
				if err := lex.Word(lang, caption.Provided, w); err != nil {
					return err
				}
			}
		}
	}
	for _, w := range l.Function {
		if err := lex.Function(lang, w); err != nil {
			return err
		}
	}
	for m, names := range l.Months {
		for _, w := range names {
			if err := lex.Month(lang, m+1, w); err != nil {
				return err
			}
		}
	}
	for d, names := range l.Weekdays {
		for _, w := range names {
			if err := lex.Weekday(lang, d+1, w); err != nil {
				return err
			}
		}
	}
	return nil
}
