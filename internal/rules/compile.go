package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"cutline/internal/caption"
)

// compiledRules is what rules.cbor holds.
type compiledRules struct {
	Digest string // SHA-256 of the YAML, in hex: of the rules and of the words
	Pack   Pack   // all of the packs but the sources and the lexicons' words
}

// Compile turns a pack that stands on its own into the files that are
// embedded, by their names. What is wrong with it is an error as Load's.
//
//	rules.cbor     findings, texts, and what is known of each language
//	sources.table  the sources, as packSources writes them
//	names.table    their names, as caption.Lexicon.Compiled writes them
//	words.table    the words of all languages, in the same form
//	lexicons.cbor  the same words as they are written, for people
func Compile(files []File) (map[string][]byte, error) {
	m := newMerged()
	layers, err := m.load(files)
	if err != nil {
		return nil, err
	}
	mode, err := cbor.CanonicalEncOptions().EncMode() // sorted, so that the same packs give the same bytes
	if err != nil {
		return nil, err
	}
	compiled := map[string][]byte{}
	if compiled["lexicons.cbor"], err = mode.Marshal(m.lexicons); err != nil {
		return nil, err
	}
	if compiled["words.table"], err = m.compileWords(); err != nil {
		return nil, err
	}
	if compiled["names.table"], err = m.compileNames(); err != nil {
		return nil, err
	}
	if compiled["sources.table"], err = packSources(mode, m.sources); err != nil {
		return nil, err
	}
	r := compiledRules{Digest: digestOf(layers, false) + digestOf(layers, true), Pack: Pack{
		Lexicons: map[string]Lexicon{}, Findings: m.findings, Exceptions: m.exceptions, Suggestions: m.suggestions,
		Placeholders: m.placeholders, Programs: m.programs, Examples: m.examples, Whole: &m.whole,
	}}
	for _, name := range m.names {
		r.Pack.Name = name
	}
	for code, l := range m.lexicons {
		l.Function, l.Words, l.Months, l.Weekdays = nil, nil, nil, nil
		r.Pack.Lexicons[code] = l
	}
	compiled["rules.cbor"], err = mode.Marshal(r)
	return compiled, err
}

func (m *merged) compileWords() ([]byte, error) {
	lex := caption.NewLexicon(make([]caption.Language, len(m.lexicons)))
	for i, code := range slices.Sorted(maps.Keys(m.lexicons)) {
		if err := addWords(lex, i, m.lexicons[code]); err != nil {
			return nil, fmt.Errorf("lexicon %s: %w", code, err)
		}
	}
	err := lex.Ready()
	return lex.Compiled(), err
}

func (m *merged) compileNames() ([]byte, error) {
	lex := caption.NewLexicon(nil)
	for i, s := range m.sources {
		if err := lex.Names(i, s.listed(), s.Credit); err != nil {
			return nil, fmt.Errorf("source %s: %w", s.ID, err)
		}
	}
	err := lex.Ready()
	return lex.Compiled(), err
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
