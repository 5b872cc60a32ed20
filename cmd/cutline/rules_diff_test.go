package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutline/internal/check"
	"cutline/internal/local/localtest"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// Stored reports are judged anew by a changed pack.
func TestRulesDiff(t *testing.T) {
	config := localtest.Config(t)
	reports := localtest.Store(t, config)
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	checker := check.Checker{Rules: house}
	for key, text := range map[string]string{
		"council.jpg": "In this photo provided by Springfield Council, a bridge opens. (Springfield Council via AP)",
		"boats.jpg":   "Boats leave a harbour in Oban. REUTERS/Joan Baird",
		"train.jpg":   "A train in Wonsan. (KCNA via AP)",
	} {
		rep := checker.Caption([]photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: text}})
		rep.Photo = &report.Photo{Bucket: "photos", Key: key, ETag: "e", Sequencer: "1"}
		if _, err := reports.Put(t.Context(), rep); err != nil {
			t.Fatal(err)
		}
	}
	pack := filepath.Join(t.TempDir(), "desk.yaml")
	text := "sources: [{id: springfield-council, kind: state, names: {en: [Springfield Council]}}]\nfindings: {verification.missing: {by: {state: review}}}\n"
	if err := os.WriteFile(pack, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, failed strings.Builder
	if status := run(t.Context(), []string{"rules", "diff", "--dynamodb", *config.BaseEndpoint, "--pack", pack}, streams{nil, &out, &failed}); status != 0 {
		t.Fatalf("status %d: %s", status, failed.String())
	}
	blocks := strings.Split(out.String(), "pass -> ")
	for _, want := range []string{
		"fail -> review    photos/train.jpg  state\n    A train in Wonsan. (KCNA via AP)\n    + verification.missing (review, was fail)\n",
		"pass -> review    photos/council.jpg  state\n",
		"    the origin was handout\n    + verification.missing (review)\n",
		"3 reports since 30d, 2 verdicts would change\n     1  fail -> review\n     1  pass -> review\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "boats") || len(blocks) != 3 {
		t.Errorf("more than the changes:\n%s", out.String())
	}
}

func TestParseSince(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	got := map[string]string{}
	for _, text := range []string{"30d", "12h", "2026-11-01", "d", "-3d", "0h", "yesterday", "999999999999d"} {
		since, err := parseSince(text, now)
		got[text] = since.Format(time.RFC3339)
		if err != nil {
			got[text] = "refused"
		}
	}
	want := map[string]string{"30d": "2026-10-26T12:00:00Z", "12h": "2026-11-25T00:00:00Z", "2026-11-01": "2026-11-01T00:00:00Z",
		"d": "refused", "-3d": "refused", "0h": "refused", "yesterday": "refused", "999999999999d": "refused"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
