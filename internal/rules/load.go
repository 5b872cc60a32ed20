package rules

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"cutline/internal/caption"
)

//go:embed packs
var builtIn embed.FS

// Rules are packs put together, ready to judge. They are read-only, and safe
// for concurrent use.
type Rules struct {
	*merged
	digest  string
	lexicon *caption.Lexicon
}

// File is one file of a pack.
type File struct {
	Name string // for errors: as the user can open it
	Text []byte
}

// BuiltIn returns the default house rules.
var BuiltIn = sync.OnceValues(func() (*Rules, error) { return Load() })

// Load puts the built-in pack and a desk's own ones together, each over those
// before it, as merge says. An error names the file, the line and the column
// of everything that is wrong (see Problem); nothing is loaded then.
func Load(own ...[]File) (*Rules, error) {
	packs, err := fs.Sub(builtIn, "packs")
	if err != nil {
		return nil, err
	}
	files, err := Folder(packs, "packs")
	if err != nil {
		return nil, err
	}
	r := &Rules{merged: newMerged()}
	hash := sha256.New()
	for _, pack := range append([][]File{files}, own...) {
		if _, err := r.load(pack); err != nil {
			return nil, err
		}
		digest(hash, pack)
	}
	r.on()
	r.digest = hex.EncodeToString(hash.Sum(nil))
	if r.lexicon, err = r.compile(); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return r, nil
}

// Folder reads the files of a pack: all that end in .yaml or .yml, in order of
// their names. The name of the folder goes before theirs.
func Folder(dir fs.FS, name string) ([]File, error) {
	var files []File
	size := 0
	err := fs.WalkDir(dir, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !IsPackFile(file) {
			return err
		}
		raw, err := readSome(dir, file)
		if err != nil {
			return err
		}
		files = append(files, File{path.Join(name, file), raw})
		if size += len(raw); len(files) > maxFiles || size > maxPack {
			return fmt.Errorf("%s: a pack has at most %d files and %d bytes", name, maxFiles, maxPack)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return files, nil
}

// IsPackFile says whether a file of this name is part of a pack.
func IsPackFile(name string) bool {
	return path.Ext(name) == ".yaml" || path.Ext(name) == ".yml"
}

// readSome reads a file, of one too large just enough to see that it is.
func readSome(dir fs.FS, name string) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// digest hashes a pack's files: what they are called and what they say.
func digest(hash io.Writer, files []File) {
	for _, f := range files {
		fmt.Fprintf(hash, "%s %d\n", path.Base(f.Name), len(f.Text))
		hash.Write(f.Text)
	}
}

// load puts one pack over what is there, whole or not at all, and returns its
// files.
func (m *merged) load(files []File) ([]*layer, error) {
	var layers []*layer
	var broken problems
	for _, f := range files {
		l, err := decode(f)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		layers = append(layers, l)
	}
	if len(broken) > 0 {
		return nil, broken.err()
	}
	if err := validate(layers, m); err != nil {
		return nil, err
	}
	for _, l := range layers {
		m.merge(&l.Pack)
	}
	return layers, nil
}

// compile makes the words and names ready to be found in captions.
func (m *merged) compile() (*caption.Lexicon, error) {
	codes := slices.Sorted(maps.Keys(m.lexicons))
	var languages []caption.Language
	for _, code := range codes {
		l := m.lexicons[code]
		languages = append(languages, caption.Language{Code: code, Script: l.Script, Related: l.Related, Grammar: caption.Grammar{
			HeadFirst:  l.Grammar.Head == "first",
			OwnerFirst: l.Grammar.Compound,
			VerbLast:   l.Grammar.Object == "before",
			DenialBoth: l.Grammar.Negation == "both",
			OneDenial:  l.Grammar.Double == "one",
			AgentCase:  l.Grammar.Agent == "case",
			MonthFirst: l.DateOrder == "mdy",
		}})
	}
	lex := caption.NewLexicon(languages)
	for i, code := range codes {
		if err := addWords(lex, i, m.lexicons[code]); err != nil {
			return nil, fmt.Errorf("lexicon %s: %w", code, err)
		}
	}
	for _, s := range m.sources {
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

// Source returns the source of an id.
func (r *Rules) Source(id string) (Source, bool) {
	at, known := r.index[id]
	if !known {
		return Source{}, false
	}
	return r.sources[at], true
}

// Languages returns the codes of the languages that captions are read in,
// sorted.
func (r *Rules) Languages() []string { return slices.Sorted(maps.Keys(r.lexicons)) }

// Language returns the lexicon of a language.
func (r *Rules) Language(code string) (Lexicon, bool) {
	l, ok := r.lexicons[code]
	return l, ok
}

// Exceptions returns all exceptions, in the order of the packs.
func (r *Rules) Exceptions() []Exception { return r.exceptions }

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
