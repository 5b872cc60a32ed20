package rules_test

import (
	"strings"
	"testing"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

func judgeCaption(r *rules.Rules, text string) report.Report {
	return r.Judge(rules.Picture{Metadata: photo.Metadata{Fields: []photo.Field{{Name: photo.Caption, From: "caption", Value: text}}}})
}

// Capitals and spacing say nothing about a picture.
func TestCaseAndSpacingDoNotMatter(t *testing.T) {
	r := builtIn(t)
	for _, c := range readCorpus(t, "testdata/corpus/en.jsonl") {
		rep := judge(t, r, c)
		text := rep.Caption.Text
		if text == "" || strings.ContainsAny(text, "\n\u00ad\u200b") {
			continue
		}
		wide := judgeCaption(r, strings.ReplaceAll(text, " ", " \u00a0 "))
		plain := judgeCaption(r, text)
		if wide.Verdict != plain.Verdict || wide.Origin != plain.Origin {
			t.Errorf("%s: %s %s, with wide spaces %s %s", c.ID, plain.Origin, plain.Verdict, wide.Origin, wide.Verdict)
		}
		capitals := judgeCaption(r, strings.ToUpper(text))
		if plain.Origin == report.State && capitals.Elements.Verification.Present != plain.Elements.Verification.Present {
			t.Errorf("%s: disclaimer %v, in capitals %v", c.ID, plain.Elements.Verification.Present, capitals.Elements.Verification.Present)
		}
	}
}
