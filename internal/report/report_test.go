package report_test

import (
	"testing"
	"time"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/report/reporttest"
)

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		severities []report.Severity
		want       report.Verdict
	}{
		{nil, report.Pass},
		{[]report.Severity{report.SeverityAdvice}, report.Pass},
		{[]report.Severity{report.SeverityAdvice, report.SeverityReview}, report.Review},
		{[]report.Severity{report.SeverityReview, report.SeverityFail, report.SeverityAdvice}, report.Fail},
	} {
		var findings []report.Finding
		for _, s := range c.severities {
			findings = append(findings, report.Finding{Severity: s})
		}
		if got := report.Worst(findings); got != c.want {
			t.Errorf("%v: %s, want %s", c.severities, got, c.want)
		}
	}
}

// A report with every field filled has the form of the schema, so that the
// two cannot drift apart.
func TestSchemaHasEveryField(t *testing.T) {
	span := report.Span{Field: "iptc:2:120", Start: 0, End: 4}
	field := photo.Field{Name: photo.Caption, From: "xmp:dc:description", Value: "Text", Lang: "x-default"}
	element := report.Element{Present: true, Spans: []report.Span{span}, Note: "Note."}
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	action := report.Action{Action: "c2pa.created", When: now, Software: "Camera", DigitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}
	reporttest.Valid(t, report.Report{
		Schema: report.Schema, ID: "1",
		Photo:   &report.Photo{Bucket: "photos", Key: "a b.jpg", VersionID: "v", ETag: "e", Sequencer: "1", Path: "p", Size: 1, Format: "jpeg", Width: 1, Height: 1},
		Verdict: report.Fail, Origin: report.State, Sources: []string{"kcna"},
		Caption:  report.Caption{Text: "Text of a caption", Field: "iptc:2:120", Lang: "en", Others: []photo.Field{field}},
		Elements: report.Elements{Source: element, Provided: element, Verification: element, Access: element, Watermark: element, Credit: element, Date: element},
		Findings: []report.Finding{{Code: "verification.missing", Severity: report.SeverityFail, Message: "It is missing.", Spans: []report.Span{span},
			Edits: []report.Edit{{Span: span, New: "new"}}, Related: []report.Related{{Span: span, Message: "Here."}}, URL: "/rules/verification.missing"}},
		Suggestion: "Text", Metadata: []photo.Field{field},
		Problems: []photo.Problem{{Block: "xmp", Message: "It is damaged.", Fatal: true}}, Trimmed: []string{"metadata"},
		Provenance: &report.Provenance{Pending: true, C2PA: &report.Credentials{Present: true, State: "Valid", Failures: []string{"signingCredential.untrusted"},
			Manifest: "m", Title: "t", Generator: "g", Signer: "s", Issuer: "i", Algorithm: "es256", SignedAt: now, Actions: []report.Action{action},
			Ingredients: []report.Ingredient{{Title: "t", Format: "image/jpeg", Relationship: "parentOf", Manifest: "m", Generator: "g", Signer: "s",
				Actions: []report.Action{action}, Ingredients: []report.Ingredient{{}}}}}},
		Rules:     report.Rules{Packs: []string{"default"}, Digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		CheckedAt: now, Version: "1.0.0",
	})
}
