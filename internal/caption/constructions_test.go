package caption_test

import (
	"path/filepath"
	"strings"
	"testing"

	"cutline/internal/corpus/partstest"
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
			parts := partstest.Read(t, path, "caption", "picture", "other", "denied", "affirmed")
			for _, ways := range []string{"denied", "affirmed"} {
				for _, way := range parts[ways] {
					for _, kind := range []string{"picture", "other"} {
						for _, forms := range parts[kind] {
							said := partstest.Fill(way[0], forms)
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
