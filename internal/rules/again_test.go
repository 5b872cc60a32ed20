package rules_test

import (
	"path/filepath"
	"testing"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"

	"github.com/google/go-cmp/cmp"
)

// A report keeps all that the rules ask: judged again it is the same.
func TestAgain(t *testing.T) {
	r := builtIn(t)
	paths, err := filepath.Glob("testdata/corpus/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		for _, c := range readCorpus(t, path) {
			rep := judge(t, r, c)
			again := r.Judge(rules.Again(rep))
			again.ID = rep.ID
			if diff := cmp.Diff(rep, again); diff != "" {
				t.Errorf("%s: %s", c.ID, diff)
			}
		}
	}
	for _, trial := range r.Try() {
		if again := r.Judge(rules.Again(trial.Report)); again.Verdict != trial.Report.Verdict {
			t.Errorf("%s: %s, again %s", trial.At, trial.Report.Verdict, again.Verdict)
		}
	}
	// Where IPTC-IIM is the newer, its caption is that of the report.
	newer := photo.Metadata{IIMEdited: true, Fields: []photo.Field{
		{Name: photo.Caption, From: "xmp:dc:description", Value: "A ferry leaves Oban."}, {Name: photo.Caption, From: "iptc:2:120", Value: "A ferry comes to Oban."},
	}}
	first := r.Judge(rules.Picture{Metadata: newer})
	first.Photo = &report.Photo{IIMNewer: true}
	if again := r.Judge(rules.Again(first)); again.Caption.Field != "iptc:2:120" {
		t.Errorf("the caption is that of %s", again.Caption.Field)
	}
	if p := rules.Again(r.Judge(rules.Picture{Metadata: photo.Metadata{}})); len(p.Metadata.Fields) != 0 {
		t.Errorf("%+v", p)
	}
}
