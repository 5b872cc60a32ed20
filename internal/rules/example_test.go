package rules_test

import (
	"slices"
	"strings"
	"testing"

	"cutline/internal/report"
	"cutline/internal/rules"
)

// The built-in rules' own examples hold, and every finding has both kinds.
func TestExamples(t *testing.T) {
	r := builtIn(t)
	for _, code := range r.Codes() {
		if f, _ := r.Finding(code); len(f.Wrong) == 0 || len(f.Right) == 0 {
			t.Errorf("%s has %d examples in which it is found and %d in which it is not", code, len(f.Wrong), len(f.Right))
		}
	}
	for _, trial := range r.Try() {
		if len(trial.Missed) > 0 {
			t.Errorf("%s: %s\n%s", trial.At, strings.Join(trial.Missed, ", "), strings.Join(trial.Lines(), "\n"))
		}
	}
}

const desk = `
name: desk
findings:
  verification.missing: {by: {state: review}}
sources:
  - {id: springfield-council, kind: state, names: {en: [Springfield Council]}, distributors: [kns]}
  - {id: rodong-sinmun, off: true}
  - {id: yonhap, kind: state}
  - {id: kcna, names: {en: [Pyongyang's camera club]}}
lexicons:
  en:
    words: {verify: [rubber-stamp~]}
suggestions:
  en: {verification: "Our desk could not verify this picture."}
exceptions:
  - {findings: [verification.missing, provided.missing], sources: [springfield-council], severity: advice, why: The council lets our reporters in.}
  - {findings: [verification.missing], sources: [springfield-council], languages: [de], severity: fail, why: Not in German.}
examples:
  - caption: Rain. (Springfield Council)
    origin: state
    sources: [springfield-council]
    verdict: pass
    finds: [verification.missing]
`

// A desk's own pack goes over the built-in one part by part.
func TestOwnPack(t *testing.T) {
	r, err := rules.Load(oneFile(desk))
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range r.Try() {
		if trial.Code == "" && len(trial.Missed) > 0 {
			t.Errorf("%s: %v", trial.At, trial.Missed)
		}
	}
	verification := func(text string) report.Severity {
		rep := judgeCaption(r, text)
		for _, f := range rep.Findings {
			if f.Code == "verification.missing" {
				return f.Severity
			}
		}
		return report.SeverityOff
	}
	for text, want := range map[string]report.Severity{
		"A train. (KCNA via AP)": report.SeverityReview, // by origin
		"In this photo provided by Pyongyang's camera club, a train stands in Wonsan.":                                          report.SeverityReview, // an added name
		"A train. (KCNA via AP) The authenticity of this image could not be rubber-stamped.":                                    report.SeverityOff,    // an added word
		"A train. (KCNA via AP) The authenticity of this image could not be verified.":                                          report.SeverityOff,    // the words that were there
		"In this photo provided by Springfield Council, a bridge opens. (Springfield Council via AP)":                           report.SeverityAdvice, // an exception
		"Dieses Foto wurde vom Springfield Council zur Verfügung gestellt und zeigt eine Brücke. Foto: Springfield Council/dpa": report.SeverityFail,   // the later of two
	} {
		if got := verification(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	off := slices.ContainsFunc(r.Sources(), func(s rules.Source) bool { return s.ID == "rodong-sinmun" })
	if rep := judgeCaption(r, "In this photo provided by Rodong Sinmun, a train stands."); off || slices.Contains(rep.Sources, "rodong-sinmun") {
		t.Errorf("a source that is off is still found: %v", rep.Sources)
	}
	if rep := judgeCaption(r, "A train. (Kim/Yonhap via AP)"); rep.Origin != report.State {
		t.Errorf("a source of another kind: %s", rep.Origin)
	}
	if rep := judgeCaption(r, "A train stands in Wonsan, North Korea. (KCNA via AP)"); !strings.Contains(rep.Suggestion, "Our desk could not verify this picture.") {
		t.Errorf("suggestion %q", rep.Suggestion)
	}
	if rep := judgeCaption(r, "x"); rep.Rules.Packs[len(rep.Rules.Packs)-1] != "desk" || rep.Rules.Digest == builtIn(t).Judge(rules.Picture{}).Rules.Digest {
		t.Errorf("the report does not name the pack: %+v", rep.Rules)
	}
}
