package check_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cutline/internal/check"
	"cutline/internal/corpus"
	"cutline/internal/report"
	"cutline/internal/rules"

	"github.com/google/go-cmp/cmp"
)

// evidence are the findings that speak against a picture, not of what its
// caption lacks.
var evidence = []string{"ai.undisclosed", "c2pa.invalid", "caption.conflict", "credit.conflict", "date.conflict", "date.impossible", "date.weekday",
	"editing.software", "kill.notice", "picture.recirculated", "place.conflict", "thumbnail.differs"}

// TestAlarms holds testdata/alarms.txt to what evidence says, and prints how
// often it speaks.
func TestAlarms(t *testing.T) {
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	spoke, captions := map[string]int{}, 0
	paths, err := filepath.Glob("../rules/testdata/corpus/*.jsonl")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all, err := corpus.Read(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, c := range all {
			captions++
			rep, err := c.Judge(house)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range rep.Findings {
				if !slices.Contains(evidence, f.Code) {
					continue
				}
				spoke[f.Code]++
				if c.Expect.Verdict == report.Pass && f.Severity != report.SeverityAdvice || c.Expect.Verdict == report.Review && f.Severity == report.SeverityFail {
					t.Errorf("%s: %s: %s, and it is labelled %s", c.ID, f.Code, f.Message, c.Expect.Verdict)
				}
			}
		}
	}
	t.Logf("of %d captions: %v", captions, spoke)

	pictures, err := filepath.Glob("../../../shared/corpus/images/*/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(pictures) == 0 {
		t.Skip("the shared corpus is not beside the checkout")
	}
	raw, err := os.ReadFile("testdata/alarms.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for line := range strings.Lines(string(raw)) {
		parts := strings.Split(strings.TrimSpace(line), "\t")
		if line[0] == '#' {
			continue
		}
		if len(parts) != 3 || !strings.HasPrefix(parts[2], "right: ") && !strings.HasPrefix(parts[2], "wrong: ") {
			t.Fatalf("testdata/alarms.txt: %q", line)
		}
		want = append(want, parts[0]+" "+parts[1])
	}
	checker := &check.Checker{Rules: house}
	for _, path := range pictures {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rep, err := checker.Picture(bytes.NewReader(body), int64(len(body)), filepath.Base(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range rep.Findings {
			if slices.Contains(evidence, f.Code) {
				got = append(got, filepath.Base(path)+" "+f.Code)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("of %d pictures: -testdata/alarms.txt +found\n%s", len(pictures), diff)
	}
}
