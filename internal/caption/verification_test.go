package caption_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cutline/internal/caption"
	"cutline/internal/rules"
)

// understood is what a reading says of verifying the picture.
func understood(r caption.Reading) string {
	said := "nothing"
	for _, v := range r.Verifications {
		if !v.AboutPicture {
			continue
		}
		if v.Denied {
			return "unverified"
		}
		said = "verified"
	}
	return said
}

// TestVerification reads the sentences of testdata/verification, a file a
// language, alone and between other sentences of a caption.
func TestVerification(t *testing.T) {
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("testdata/verification/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no sentences: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(raw)) {
				if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
					continue
				}
				want, text, found := strings.Cut(line, " | ")
				if !found {
					t.Fatalf("no bar: %s", line)
				}
				r := lexicon.Read(text)
				if got := understood(r); got != want {
					t.Errorf("%s, want %s (read as %s): %s", got, want, r.Lang, text)
				}
			}
		})
	}
}
