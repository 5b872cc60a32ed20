package check_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// tricks are keys that lead elsewhere where they are taken for paths, or for
// names of something else in the table.
var tricks = []string{
	"../../etc/passwd", "/etc/passwd", "a/../b.jpg", "b.jpg", "a/./b.jpg", "a/b.jpg", "a//b.jpg", "..", ".", "a\\..\\b.jpg", `C:\b.jpg`,
	"%2e%2e/b.jpg", "..%2fb.jpg", "a\x7fb.jpg", "a b.jpg", "a+b.jpg", "a%20b.jpg", "?versionId=null", "#b.jpg", "latest", "v/latest", "photo/photos/b.jpg", "é.jpg", "e\u0301.jpg",
	"s3://other/b.jpg", "http://169.254.169.254/latest/meta-data", "$(id).jpg", "`id`.jpg", "b.jpg;x", strings.Repeat("a/", 500) + "b.jpg",
}

// A key is a name and nothing more: each has a report of its own, under
// itself, and no check reads or changes another's object.
func TestKeysAreNoPaths(t *testing.T) {
	b := newBench(t)
	for i, key := range tricks {
		rep := b.Checker.Caption([]photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: fmt.Sprintf("Boat %d leaves a harbour. REUTERS/Joan Baird", i)}})
		rep.Photo = &report.Photo{Bucket: "photos", Key: key, VersionID: "v1", Sequencer: "01", Format: "jpeg", Width: 10, Height: 10, Size: 100}
		if _, err := b.Store.Put(t.Context(), rep); err != nil {
			t.Fatalf("%q: %v", key, err)
		}
	}
	for i, key := range tricks {
		if got := b.report(t, key).Report; got.Photo.Key != key || got.Caption.Text != fmt.Sprintf("Boat %d leaves a harbour. REUTERS/Joan Baird", i) {
			t.Errorf("%q has the report of %q: %s", key, got.Photo.Key, got.Caption.Text)
		}
	}
	// From the event to S3 and back: what is read and tagged is that very key.
	for _, key := range tricks {
		b := newBench(t)
		var log strings.Builder
		b.Log = slog.New(slog.NewJSONHandler(&log, nil))
		if err := b.upload(t, key, encodedJPEG(t)); err != nil {
			t.Errorf("%q: %v", key, err)
			continue
		}
		if got := b.report(t, key).Report.Photo; got.Key != key || got.Format != "jpeg" || len(b.s3.tags) != 1 || b.s3.tags[key] == "" {
			t.Errorf("%q: the report of %q, %s; tags on %q", key, got.Key, got.Format, b.s3.tags)
		}
		if strings.Count(log.String(), "\n") != 1 {
			t.Errorf("%q: the log is %q", key, log.String())
		}
	}
}
