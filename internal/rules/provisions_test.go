package rules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"cutline/internal/corpus/partstest"
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
			parts := partstest.Read(t, path, "state", "body", "given", "posted", "shown", "credit", "scene", "own credit", "state credit", "body credit")
			for kind, want := range map[string]report.Origin{"state": report.State, "body": report.Handout} {
				for _, forms := range parts[kind] {
					for _, frame := range parts["given"] {
						said := partstest.Fill(frame[0], forms)
						if rep := judgeCaption(r, said); rep.Origin != want {
							t.Errorf("%s, want %s: %s", rep.Origin, want, said)
						}
					}
					if want == report.State { // what others post is user-generated
						for _, frame := range parts["posted"] {
							said := partstest.Fill(frame[0], forms)
							if rep := judgeCaption(r, said); rep.Origin != want {
								t.Errorf("%s, want %s: %s", rep.Origin, want, said)
							}
						}
					}
					for _, frame := range parts["shown"] {
						said := partstest.Fill(frame[0], forms) + " " + parts["credit"][0][0]
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
