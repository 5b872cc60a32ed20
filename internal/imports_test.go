// Package internal_test holds the packages to what their comments say of
// their imports.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Each package's comment has a paragraph such as
//
//	Imports: photo, report, AWS.
//
// that names the packages of Cutline it may import, and AWS if it may know of
// that. "Imports: nothing." is a package that stands alone.
var said = regexp.MustCompile(`^Imports: ([^.]*)\.$`)

func TestPackagesImportWhatTheySay(t *testing.T) {
	packages := map[string]*imports{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if packages[dir] == nil {
			packages[dir] = &imports{}
		}
		return packages[dir].read(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 10 {
		t.Fatalf("%d packages were found", len(packages))
	}
	for dir, p := range packages {
		if p.command {
			continue
		}
		if p.says == nil {
			t.Errorf("%s: the package comment has no paragraph \"Imports: ...\"", dir)
			continue
		}
		for _, name := range p.does {
			if !slices.Contains(p.says, name) {
				t.Errorf("%s imports %s, and its comment does not say so", dir, name)
			}
		}
		for _, name := range p.says {
			if !slices.Contains(p.does, name) {
				t.Errorf("%s says that it imports %s, and does not", dir, name)
			}
		}
	}
}

// imports of one package: what its comment says, and what its files do.
type imports struct {
	says, does []string
	command    bool // it only wires
}

func (p *imports) read(path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	if file.Name.Name == "main" { // a command, or a generator beside its package
		p.command = len(p.does) == 0 && p.says == nil
		return nil
	}
	p.command = false
	for paragraph := range strings.SplitSeq(file.Doc.Text(), "\n\n") {
		m := said.FindStringSubmatch(strings.Join(strings.Fields(paragraph), " "))
		if m == nil {
			continue
		}
		p.says = []string{}
		if m[1] != "nothing" {
			p.says = strings.Split(m[1], ", ")
		}
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(name, "cutline/internal/"):
			name = strings.TrimPrefix(name, "cutline/internal/")
		case strings.HasPrefix(name, "github.com/aws/"):
			name = "AWS"
		default:
			continue
		}
		if !slices.Contains(p.does, name) {
			p.does = append(p.does, name)
		}
	}
	return nil
}
