// Package rules decides what is right and wrong about a caption. What it
// decides by (sources, lexicons, severities, texts) is data: packs of YAML
// files, the built-in ones first and a desk's own after them.
//
// Imports: caption, photo, report.
package rules

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"cutline/internal/caption"
	"cutline/internal/report"
)

//go:embed packs
var builtIn embed.FS

// Pack is what one YAML file of a pack may hold. Every part is optional.
type Pack struct {
	Name        string                 `yaml:"name"`
	Sources     []Source               `yaml:"sources"`
	Lexicons    map[string]Lexicon     `yaml:"lexicons"`
	Findings    map[string]Rule        `yaml:"findings"`
	Suggestions map[string]Suggestions `yaml:"suggestions"`
	Placeholder []string               `yaml:"placeholders"` // texts that are no captions
}

// Source is a party that pictures come from.
type Source struct {
	ID           string              `yaml:"id" json:"id"`
	Kind         string              `yaml:"kind" json:"kind"`
	Country      string              `yaml:"country" json:"country,omitempty"`
	Names        map[string][]string `yaml:"names" json:"names"`
	Credit       []string            `yaml:"credit" json:"credit,omitempty"`
	Distributors []string            `yaml:"distributors" json:"distributors,omitempty"`
	Watermark    string              `yaml:"watermark" json:"watermark,omitempty"`
	Note         string              `yaml:"note" json:"note,omitempty"`
}

// Name returns what people call the source.
func (s Source) Name() string {
	if en := s.Names["en"]; len(en) > 0 {
		return en[0]
	}
	for _, lang := range slices.Sorted(maps.Keys(s.Names)) {
		if len(s.Names[lang]) > 0 {
			return s.Names[lang][0]
		}
	}
	if len(s.Credit) > 0 {
		return s.Credit[0]
	}
	return s.ID
}

// Lexicon holds the words of one language, as packs/lexicons/en.yaml explains.
type Lexicon struct {
	Name      string              `yaml:"name"`
	Script    string              `yaml:"script"`
	Grammar   map[string]any      `yaml:"grammar"`
	DateOrder string              `yaml:"date_order"`
	Function  []string            `yaml:"function"`
	Words     map[string][]string `yaml:"words"`
	Months    [][]string          `yaml:"months"`
	Weekdays  [][]string          `yaml:"weekdays"`
}

// Rule says how bad a finding is, and why.
type Rule struct {
	Severity report.Severity                   `yaml:"severity"`
	By       map[report.Origin]report.Severity `yaml:"by"` // where an origin differs
	Message  string                            `yaml:"message"`
	Why      string                            `yaml:"why"`
}

// Suggestions are the sentences that are added to captions of a language. In
// Provided, {source} stands for the party's name.
type Suggestions struct {
	Verification string `yaml:"verification"`
	Provided     string `yaml:"provided"`
	AI           string `yaml:"ai"`
}

// Rules are packs put together, ready to judge. They are read-only, and safe
// for concurrent use.
type Rules struct {
	names       []string
	digest      string
	sources     []Source
	index       map[string]int
	findings    map[string]Rule
	suggestions map[string]Suggestions
	placeholder []string
	lexicon     *caption.Lexicon
}

// BuiltIn returns the default house rules.
var BuiltIn = sync.OnceValues(func() (*Rules, error) { return Load() })

// Load puts the built-in packs and the given ones together; later ones
// override earlier ones by id, code or language. An error names the file, the
// line and the column; nothing is loaded then.
func Load(packs ...fs.FS) (*Rules, error) {
	r := &Rules{index: map[string]int{}, findings: map[string]Rule{}, suggestions: map[string]Suggestions{}}
	lexicons := map[string]Lexicon{}
	hash := sha256.New()
	own, err := fs.Sub(builtIn, "packs")
	if err != nil {
		return nil, err
	}
	for _, pack := range append([]fs.FS{own}, packs...) {
		err := fs.WalkDir(pack, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml" {
				return err
			}
			raw, err := fs.ReadFile(pack, name)
			if err != nil {
				return err
			}
			fmt.Fprintf(hash, "%s %d\n", name, len(raw))
			hash.Write(raw)
			return r.merge(name, raw, lexicons)
		})
		if err != nil {
			return nil, fmt.Errorf("rules: %w", err)
		}
	}
	r.digest = hex.EncodeToString(hash.Sum(nil))
	if r.lexicon, err = compile(lexicons, r.sources); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return r, nil
}

func (r *Rules) merge(name string, raw []byte, lexicons map[string]Lexicon) error {
	var p Pack
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(&p); err != nil {
		return fmt.Errorf("%s: %s", name, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if p.Name != "" {
		r.names = append(r.names, p.Name)
	}
	for _, s := range p.Sources {
		if err := s.check(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if at, known := r.index[s.ID]; known {
			r.sources[at] = s
			continue
		}
		r.index[s.ID] = len(r.sources)
		r.sources = append(r.sources, s)
	}
	for code, f := range p.Findings {
		if old, known := r.findings[code]; known {
			if f.Severity == "" {
				f.Severity = old.Severity
			}
			if f.By == nil {
				f.By = old.By
			}
			if f.Message == "" {
				f.Message = old.Message
			}
			if f.Why == "" {
				f.Why = old.Why
			}
		}
		for _, s := range append(slices.Collect(maps.Values(f.By)), f.Severity) {
			if !slices.Contains([]report.Severity{report.SeverityOff, report.SeverityAdvice, report.SeverityReview, report.SeverityFail}, s) {
				return fmt.Errorf("%s: finding %s: no severity %q", name, code, s)
			}
		}
		r.findings[code] = f
	}
	for lang, l := range p.Lexicons {
		lexicons[lang] = l
	}
	for lang, s := range p.Suggestions {
		r.suggestions[lang] = s
	}
	r.placeholder = append(r.placeholder, p.Placeholder...)
	return nil
}

func (s Source) check() error {
	if s.ID == "" {
		return errors.New("a source without an id")
	}
	if !slices.Contains([]string{"state", "agency", "distributor", "handout", "social", "satellite"}, s.Kind) {
		return fmt.Errorf("source %s: no kind %q", s.ID, s.Kind)
	}
	return nil
}

func compile(lexicons map[string]Lexicon, sources []Source) (*caption.Lexicon, error) {
	codes := slices.Sorted(maps.Keys(lexicons))
	var languages []caption.Language
	for _, code := range codes {
		l := lexicons[code]
		is := func(key string, value any) bool { return fmt.Sprint(l.Grammar[key]) == fmt.Sprint(value) }
		languages = append(languages, caption.Language{Code: code, Script: l.Script, Grammar: caption.Grammar{
			HeadFirst:  is("head", "first"),
			Postposed:  is("adposition", "after"),
			VerbLast:   is("object", "before"),
			DenialBoth: is("negation", "both"),
			OneDenial:  is("double", "one"),
			MonthFirst: l.DateOrder == "mdy",
		}})
	}
	lex := caption.NewLexicon(languages)
	for i, code := range codes {
		l := lexicons[code]
		for _, name := range slices.Sorted(maps.Keys(l.Words)) {
			kind, known := caption.KindNamed(name)
			if !known {
				return nil, fmt.Errorf("lexicon %s: no kind of word %q", code, name)
			}
			for _, w := range l.Words[name] {
				if err := lex.Word(i, kind, w); err != nil {
					return nil, fmt.Errorf("lexicon %s: %s: %w", code, name, err)
				}
			}
		}
		for _, w := range l.Function {
			if err := lex.Function(i, w); err != nil {
				return nil, fmt.Errorf("lexicon %s: function: %w", code, err)
			}
		}
		for m, names := range l.Months {
			for _, w := range names {
				if err := lex.Month(i, m+1, w); err != nil {
					return nil, fmt.Errorf("lexicon %s: months: %w", code, err)
				}
			}
		}
		for d, names := range l.Weekdays {
			for _, w := range names {
				if err := lex.Weekday(i, d+1, w); err != nil {
					return nil, fmt.Errorf("lexicon %s: weekdays: %w", code, err)
				}
			}
		}
	}
	for _, s := range sources {
		var names []string
		for _, lang := range slices.Sorted(maps.Keys(s.Names)) {
			names = append(names, s.Names[lang]...)
		}
		if err := lex.Source(caption.Source{ID: s.ID, Kind: s.Kind, Names: names, CreditNames: s.Credit}); err != nil {
			return nil, err
		}
	}
	return lex, nil
}

// Sources returns all sources, in the order of the packs.
func (r *Rules) Sources() []Source { return r.sources }

// Finding returns the rule of a code.
func (r *Rules) Finding(code string) (Rule, bool) {
	f, ok := r.findings[code]
	return f, ok
}

// Codes returns the codes of all findings, sorted.
func (r *Rules) Codes() []string { return slices.Sorted(maps.Keys(r.findings)) }

// BuiltInLexicon returns the words and names of the built-in packs.
func BuiltInLexicon() (*caption.Lexicon, error) {
	r, err := BuiltIn()
	if err != nil {
		return nil, err
	}
	return r.lexicon, nil
}
