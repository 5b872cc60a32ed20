package rules_test

import (
	"strings"
	"testing"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// A derivation says the same as the report, and ends with the verdict.
func TestExplain(t *testing.T) {
	r := builtIn(t)
	p := rules.Picture{Metadata: photo.Metadata{Fields: []photo.Field{
		{Name: photo.Caption, From: "caption", Value: "A train arrives in Wonsan. KCNA via REUTERS"},
		{Name: photo.Credit, From: "credit", Value: "REUTERS"},
	}}}
	rep, d := r.Explain(p)
	if judged := r.Judge(p); rep.Verdict != judged.Verdict || rep.Origin != judged.Origin {
		t.Errorf("explained %s %s, judged %s %s", rep.Origin, rep.Verdict, judged.Origin, judged.Verdict)
	}
	var lines []string
	for _, s := range d.Steps {
		lines = append(lines, string(s.About)+": "+s.Says+" "+s.Words)
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		"From a party with a stake in what the picture shows: Korean Central News Agency (state), Reuters (agency). KCNA",
		"origin: The origin is state.",
		"source: The caption names the source: Korean Central News Agency.",
		"element: The caption lacks it.",
		"finding: verification.missing (fail)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no step %q in\n%s", want, all)
		}
	}
	if last := d.Steps[len(d.Steps)-1]; last.About != rules.AboutVerdict || last.Says != "The verdict is fail." {
		t.Errorf("last step %+v", last)
	}
}

// Every decision has a reason, every caption an explanation.
func TestExplainCorpus(t *testing.T) {
	r := builtIn(t)
	for _, c := range readCorpus(t, "testdata/corpus/en.jsonl") {
		fields, err := photo.Given(c.Fields)
		if err != nil {
			t.Fatal(err)
		}
		rep, d := r.Explain(rules.Picture{Metadata: photo.Metadata{Fields: fields}})
		for _, s := range d.Steps {
			if s.Says == "" || s.About == rules.AboutOrigin && s.Why == "" {
				t.Errorf("%s: a step says nothing: %+v", c.ID, s)
			}
			if s.About == rules.AboutOrigin && rep.Origin == report.Unknown && s.Why != "Nothing says where the picture comes from." {
				t.Errorf("%s: unknown because %q", c.ID, s.Why)
			}
		}
	}
}
