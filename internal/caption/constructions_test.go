package caption_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cutline/internal/rules"
)

// TestConstructions puts the parts of testdata/constructions together, a file
// a language: every way to say that something was not verified, or that it
// was, with every picture and every other thing, behind a caption that speaks
// of a picture. A part with several forms (cases) gives them in one line;
// {2} takes the second.
func TestConstructions(t *testing.T) {
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("testdata/constructions/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no constructions: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			parts := readParts(t, path)
			for _, ways := range []string{"denied", "affirmed"} {
				for _, way := range parts[ways] {
					for _, kind := range []string{"picture", "other"} {
						for _, forms := range parts[kind] {
							said := fill(way[0], forms)
							r := lexicon.Read(parts["caption"][0][0] + " " + said)
							disclaims := understood(r) == "unverified"
							if want := ways == "denied" && kind == "picture"; disclaims != want {
								t.Errorf("disclaimer %v, want %v (read as %s): %s", disclaims, want, r.Lang, said)
							}
						}
					}
				}
			}
		})
	}
}

// readParts reads lines like "picture | its forms | ...", by their first word.
func readParts(t *testing.T, path string) map[string][][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][][]string{}
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, " | ")
		parts[fields[0]] = append(parts[fields[0]], fields[1:])
	}
	for _, kind := range []string{"caption", "picture", "other", "denied", "affirmed"} {
		if len(parts[kind]) == 0 {
			t.Fatalf("%s: no %s", path, kind)
		}
	}
	return parts
}

// fill puts a part into a way of saying, with a capital at the beginning.
func fill(way string, forms []string) string {
	said := strings.ReplaceAll(way, "{}", forms[0])
	for i, slot := range []string{"{1}", "{2}", "{3}", "{4}"} {
		if i < len(forms) {
			said = strings.ReplaceAll(said, slot, forms[i])
		}
	}
	first, size := utf8.DecodeRuneInString(said)
	return string(unicode.ToTitle(first)) + said[size:]
}
