package rules

import (
	"crypto/sha256"
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

// Rules are packs put together, ready to judge. They are read-only, and safe
// for concurrent use.
type Rules struct {
	*merged
	digest  string
	lexicon *caption.Lexicon
	all     func() []Source
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
	base, err := readBuiltIn()
	if err != nil {
		return nil, err
	}
	m := base.merged
	hash := sha256.New()
	io.WriteString(hash, base.digest)
	for _, pack := range own {
		if _, err := m.load(pack); err != nil {
			return nil, err
		}
		digest(hash, pack)
	}
	if len(own) > 0 {
		m.on()
	}
	lexicon, err := base.lexicon(m, len(own) > 0)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return &Rules{merged: m, digest: hex.EncodeToString(hash.Sum(nil)), lexicon: lexicon, all: sync.OnceValue(m.fullSources)}, nil
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

// Digest identifies the rules: the SHA-256 of the packs' contents, in hex, as
// reports have it.
func (r *Rules) Digest() string { return r.digest }

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
	m.sources = m.fullSources()
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

// Source returns the source of an id.
func (r *Rules) Source(id string) (Source, bool) {
	at, known := r.index[id]
	if !known {
		return Source{}, false
	}
	return r.sources[at].full(), true
}

// Languages returns the codes of the languages that captions are read in,
// sorted.
func (r *Rules) Languages() []string { return slices.Sorted(maps.Keys(r.lexicons)) }

// Exceptions returns all exceptions, in the order of the packs.
func (r *Rules) Exceptions() []Exception { return r.exceptions }

// Sources returns all sources, in the order of the packs.
func (r *Rules) Sources() []Source { return r.all() }

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
