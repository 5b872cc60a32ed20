package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"cutline/internal/corpus"
	"cutline/internal/report"
	"cutline/internal/rules"
)

func judge(t testing.TB, r *rules.Rules, c corpus.Caption) report.Report {
	t.Helper()
	rep, err := c.Judge(r)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func readCorpus(t testing.TB, path string) []corpus.Caption {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := corpus.Read(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return all
}

func builtIn(t testing.TB) *rules.Rules {
	t.Helper()
	r, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCorpus(t *testing.T) {
	r := builtIn(t)
	paths, err := filepath.Glob("testdata/corpus/*.jsonl")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			for _, c := range readCorpus(t, path) {
				compare(t, r, c)
			}
		})
	}
}

func TestSharedCorpus(t *testing.T) {
	const path = "../../../shared/corpus/captions.jsonl"
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared corpus does not lie beside the checkout")
	}
	r := builtIn(t)
	for _, c := range readCorpus(t, path) {
		compare(t, r, c)
	}
	for _, c := range readCorpus(t, "../../../shared/corpus/seed.json") {
		compare(t, r, c)
	}
}

func compare(t *testing.T, r *rules.Rules, c corpus.Caption) {
	t.Helper()
	rep := judge(t, r, c)
	missed := rep.Origin != c.Expect.Origin || rep.Verdict != c.Expect.Verdict || rep.Elements.Verification.Present != c.Expect.Elements["verification"]
	if missed {
		var codes []string
		for _, f := range rep.Findings {
			if f.Severity != report.SeverityAdvice {
				codes = append(codes, f.Code)
			}
		}
		t.Errorf("%s (%s): %s %s %v, want %s %s %v; %v %v lang %s\n%s", c.ID, c.Note, rep.Origin, rep.Verdict, rep.Elements.Verification.Present,
			c.Expect.Origin, c.Expect.Verdict, c.Expect.Elements["verification"], rep.Sources, codes, rep.Caption.Lang, c.Fields)
	}
}

func oneFile(text string) []rules.File { return []rules.File{{Name: "desk.yaml", Text: []byte(text)}} }
