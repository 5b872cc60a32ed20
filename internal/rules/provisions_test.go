package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cutline/internal/report"
)

// TestProvisions puts the parts of testdata/provisions together, a file a
// language: every way to say that somebody gave a picture out, with parties
// that have a stake in it and others that have none; and every way to say that
// such a picture is seen in a photographer's own. A scene that tells nothing
// takes the credit lines of each kind.
func TestProvisions(t *testing.T) {
	r := builtIn(t)
	paths, err := filepath.Glob("testdata/provisions/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no provisions: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			parts := readParts(t, path)
			for kind, want := range map[string]report.Origin{"state": report.State, "body": report.Handout} {
				for _, forms := range parts[kind] {
					for _, frame := range parts["given"] {
						said := inFrame(frame[0], forms)
						if rep := judgeCaption(r, said); rep.Origin != want {
							t.Errorf("%s, want %s: %s", rep.Origin, want, said)
						}
					}
					for _, frame := range parts["shown"] {
						said := inFrame(frame[0], forms) + " " + parts["credit"][0][0]
						if rep := judgeCaption(r, said); rep.Origin != report.Own {
							t.Errorf("%s, want own: %s", rep.Origin, said)
						}
					}
				}
			}
			for kind, want := range map[string]report.Origin{"own": report.Own, "state": report.State, "body": report.Handout} {
				for _, credit := range parts[kind+" credit"] {
					said := parts["scene"][0][0] + " " + credit[0]
					if rep := judgeCaption(r, said); rep.Origin != want {
						t.Errorf("%s, want %s: %s", rep.Origin, want, said)
					}
				}
			}
		})
	}
}

// readParts reads lines like "state | its forms | ...", by their first word.
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
	for _, kind := range []string{"state", "body", "given", "shown", "credit", "scene", "own credit", "state credit", "body credit"} {
		if len(parts[kind]) == 0 {
			t.Fatalf("%s: no %s", path, kind)
		}
	}
	return parts
}

// inFrame puts a party into a frame, with a capital at the beginning. {2} takes
// its second form, or its first where it has no second.
func inFrame(frame string, forms []string) string {
	said := strings.ReplaceAll(frame, "{}", forms[0])
	for i, slot := range []string{"{1}", "{2}", "{3}"} {
		form := forms[0]
		if i < len(forms) {
			form = forms[i]
		}
		said = strings.ReplaceAll(said, slot, form)
	}
	first, size := utf8.DecodeRuneInString(said)
	return string(unicode.ToTitle(first)) + said[size:]
}
