package store_test

import (
	"errors"
	"testing"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"
)

// What an editor decided goes over the verdict, for the version it was
// decided about, also when another has come since.
func TestClearance(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		says := func(version, want string) {
			t.Helper()
			got, err := s.Clearance(t.Context(), "photos", "a.jpg", version)
			if err != nil || got != want {
				t.Errorf("of %s: %q, %v, want %q", version, got, err, want)
			}
		}
		if _, err := s.Clearance(t.Context(), "photos", "a.jpg", "v1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of nothing: %v", err)
		}
		rep := made("a.jpg", "v1", "01", 1)
		put(t, s, rep)
		says("v1", "fail")
		for action, want := range map[store.Action]string{store.Approve: "approved", store.Hold: "held", store.Kill: "killed"} {
			rec, err := s.Get(t.Context(), "photos", "a.jpg")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Decide(t.Context(), "photos", "a.jpg", store.Decision{Action: action, By: "Ann", At: time.Now(), Reason: "so"}, rec.Revision); err != nil {
				t.Fatal(err)
			}
			says("v1", want)
			put(t, s, rep) // the event comes again
			says("v1", want)
		}
		rec, err := s.Get(t.Context(), "photos", "a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		stood := rec.Clearance()
		newer := made("a.jpg", "v2", "02", 2)
		newer.Verdict, newer.Provenance = report.Pass, &report.Provenance{Pending: true}
		put(t, s, newer)
		says("v2", "")
		says("v1", stood)
		done := made("a.jpg", "v2", "02", 3)
		done.Verdict = report.Pass
		put(t, s, done)
		says("v2", "pass")
	})
}
