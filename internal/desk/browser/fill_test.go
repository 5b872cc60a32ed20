package browser_test

import (
	"fmt"
	"testing"
	"time"

	"cutline/internal/check"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// filled is how many reports were put by fill, and began when the first came.
var (
	filled int
	began  = time.Now().UTC().Add(-3 * time.Hour)
)

// fill puts so many reports, of pictures that came some seconds after each
// other.
func (s *stack) fill(t *testing.T, count int) {
	t.Helper()
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	checker := &check.Checker{Rules: house, Version: "test"}
	for range count {
		filled++
		caption := fmt.Sprintf("Boat %d leaves the harbour in Oban, Scotland. REUTERS/Joan Baird", filled)
		if filled%3 == 0 {
			caption = fmt.Sprintf("Train %d stands in Wonsan. (Korean Central News Agency/Korea News Service via AP)", filled)
		}
		rep := checker.Caption([]photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: caption}})
		rep.Photo = &report.Photo{Bucket: "photos", Key: fmt.Sprintf("wire/%05d.tif", filled), VersionID: "v1", Sequencer: fmt.Sprintf("%06x", filled), Format: "tiff", Width: 600, Height: 400, Size: 1000}
		rep.CheckedAt = began.Add(time.Duration(filled) * 5 * time.Second)
		if _, err := s.store.Put(t.Context(), rep); err != nil {
			t.Fatal(err)
		}
	}
}
