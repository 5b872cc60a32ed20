package rules_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	if *update {
		if missed {
			fmt.Fprintln(updated, c.ID)
		}
		return
	}
	known := misses(t)[c.ID]
	if known && !missed {
		t.Logf("%s is right now: take it out of testdata/misses.txt", c.ID)
	}
	if known {
		return
	}
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

var update = flag.Bool("update", false, "write testdata/misses.txt anew")

var updated *bytes.Buffer

const missesHead = `# Captions of the corpora that are judged wrongly, by id. A line that has
# become right can be taken out: go test -update.
`

func TestMain(m *testing.M) {
	flag.Parse()
	updated = bytes.NewBufferString(missesHead)
	status := m.Run()
	if *update {
		if err := os.WriteFile("testdata/misses.txt", updated.Bytes(), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

// misses are the captions that are known to be judged wrongly.
func misses(t testing.TB) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("testdata/misses.txt")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		if id, _, _ := strings.Cut(strings.TrimSpace(line), " "); id != "" && id[0] != '#' {
			ids[id] = true
		}
	}
	return ids
}

func oneFile(text string) []rules.File { return []rules.File{{Name: "desk.yaml", Text: []byte(text)}} }
