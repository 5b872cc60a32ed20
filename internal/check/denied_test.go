package check_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cutline/internal/check"
	"cutline/internal/store"
)

// A refused tag would be refused for ever: the report is stored, no event comes
// again, and the log says what the template's alarm looks for.
func TestATagIsRefused(t *testing.T) {
	b := newBench(t)
	b.s3.denied = "tagging"
	var log strings.Builder
	b.Log = slog.New(slog.NewJSONHandler(&log, nil))
	if err := b.upload(t, "a.jpg", encodedJPEG(t)); err != nil {
		t.Fatal(err)
	}
	if rep := b.report(t, "a.jpg"); rep.Verdict == "" || b.s3.tags["a.jpg"] != "" {
		t.Errorf("verdict %q, tag %q", rep.Verdict, b.s3.tags["a.jpg"])
	}
	if want := fmt.Sprintf(`"msg":%q,"bucket":"photos","key":"a.jpg"`, check.TagMissing); !strings.Contains(log.String(), want) {
		t.Errorf("the log lacks %s:\n%s", want, log.String())
	}
}

// What may not be read is no report and no tag: its event comes again.
func TestWhatMayNotBeRead(t *testing.T) {
	b := newBench(t)
	b.s3.denied = "reading"
	if err := b.upload(t, "a.jpg", encodedJPEG(t)); err == nil {
		t.Error("it was handled")
	}
	if _, err := b.Store.Get(t.Context(), "photos", "a.jpg"); err != store.ErrNotFound {
		t.Errorf("its report: %v", err)
	}
	if len(b.s3.tags) > 0 {
		t.Errorf("its tag: %v", b.s3.tags)
	}
}
