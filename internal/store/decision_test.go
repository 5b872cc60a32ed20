package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"

	"github.com/google/go-cmp/cmp"
)

// What another editor decided is changed with a reason only; one's own, and by
// saying the same, without.
func TestOverrides(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		put(t, s, made("k", "v1", "01", 0))
		for n, c := range []struct {
			action     store.Action
			by, reason string
			refused    bool
		}{
			{action: store.Hold, by: "ann"},
			{action: store.Kill, by: "ben", refused: true},
			{action: store.Kill, by: "ben", reason: " ", refused: true},
			{action: store.Hold, by: "ben"},
			{action: store.Kill, by: "ben"},
			{action: store.Hold, by: "ann", refused: true},
			{action: store.Hold, by: "ann", reason: "It is none of the killed ones."},
			{action: store.Note, by: "ben", reason: "Agreed."},
		} {
			_, err := s.Decide(t.Context(), "photos", "k", store.Decision{Action: c.action, By: c.by, ByID: "id of " + c.by, Reason: c.reason, At: start.Add(time.Duration(n) * time.Minute)}, get(t, s, "k").Revision)
			if errors.Is(err, store.ErrDecision) != c.refused || err != nil && !c.refused {
				t.Errorf("%d, %s by %s: %v", n, c.action, c.by, err)
			}
		}
	})
}

func TestDecisions(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		put(t, s, made("k", "v1", "01", 0))
		seen := get(t, s, "k").Revision
		decide := func(action store.Action, by, reason, revision string) error {
			_, err := s.Decide(t.Context(), "photos", "k", store.Decision{Action: action, By: by, Reason: reason, At: start.Add(time.Minute)}, revision)
			return err
		}
		for name, err := range map[string]error{
			"an override without a reason": decide(store.Approve, "ann", "  ", seen),
			"an empty note":                decide(store.Note, "ann", "", seen),
			"an unknown action":            decide("publish", "ann", "", seen),
			"nobody":                       decide(store.Kill, "", "", seen),
		} {
			if !errors.Is(err, store.ErrDecision) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := decide(store.Approve, "ann", "KCNA is named on the page", seen); err != nil {
			t.Fatal(err)
		}
		if err := decide(store.Kill, "ben", "", seen); !errors.Is(err, store.ErrConflict) {
			t.Errorf("the second editor: %v", err)
		}
		got := get(t, s, "k")
		want := &store.Decision{Action: store.Approve, By: "ann", Reason: "KCNA is named on the page", At: start.Add(time.Minute), Version: "v1", Verdict: report.Fail}
		if diff := cmp.Diff(want, got.Decision); diff != "" {
			t.Errorf("decision (-want +got):\n%s", diff)
		}
		if err := decide(store.Note, "ben", "Seoul desk agrees", got.Revision); err != nil {
			t.Fatal(err)
		}
		for _, reviewed := range []bool{true, false} {
			if n := len(list(t, s, store.Query{Reviewed: &reviewed}).Rows); (n == 1) != reviewed {
				t.Errorf("%d rows with reviewed %v", n, reviewed)
			}
		}

		// Checked again, the decision stands. A new version starts anew.
		put(t, s, made("k", "v1", "01", 60))
		if d := get(t, s, "k").Decision; d == nil || d.By != "ann" {
			t.Errorf("after another check: %+v", d)
		}
		put(t, s, made("k", "v2", "02", 70))
		if got := get(t, s, "k"); got.Decision != nil || got.Previous == nil || got.Previous.By != "ann" {
			t.Errorf("after a new version: %+v, before %+v", got.Decision, got.Previous)
		}
		old, err := s.GetVersion(t.Context(), "photos", "k", "v1")
		if err != nil || old.Decision == nil || old.Revision != "" {
			t.Errorf("the old version: %+v, %v", old.Decision, err)
		}
		if err := s.MarkDeleted(t.Context(), "photos", "k", "v2", "03"); err != nil {
			t.Fatal(err)
		}
		if got := get(t, s, "k"); got.Decision == nil || got.Decision.By != "ann" || got.Previous != nil {
			t.Errorf("back at the first version: %+v, before %+v", got.Decision, got.Previous)
		}
		history, err := s.History(t.Context(), "photos", "k")
		if err != nil || len(history) != 2 || history[0].Action != store.Note && history[1].Action != store.Note {
			t.Errorf("history %+v, %v", history, err)
		}
	})
}

// A later version that comes while a decision is written does not take its
// place in the answer, by which the desk puts the tag.
func TestDecideAnswersOfItsVersion(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		put(t, s, made("k", "v1", "01", 0))
		revision := get(t, s, "k").Revision
		db.after = func(operation string) {
			if operation == "TransactWriteItems" {
				db.after = nil
				put(t, s, made("k", "v2", "02", 1))
			}
		}
		rec, err := s.Decide(t.Context(), "photos", "k", store.Decision{Action: store.Hold, By: "ann", At: start}, revision)
		if err != nil || rec.Version != "v1" || rec.Decision == nil || rec.Decision.Action != store.Hold {
			t.Errorf("%+v, %v", rec.Decision, err)
		}
		if latest := get(t, s, "k"); latest.Version != "v2" || latest.Decision != nil {
			t.Errorf("latest %s, decision %+v", latest.Version, latest.Decision)
		}
	})
}

// Of editors who saw the same, exactly one decides.
func TestOneEditorDecides(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		put(t, s, made("k", "v1", "01", 0))
		revision := get(t, s, "k").Revision
		var decided, conflicts atomic.Int64
		var group sync.WaitGroup
		for n := range 8 {
			group.Go(func() {
				_, err := s.Decide(t.Context(), "photos", "k", store.Decision{Action: store.Hold, By: fmt.Sprint("editor ", n), At: start}, revision)
				switch {
				case err == nil:
					decided.Add(1)
				case errors.Is(err, store.ErrConflict):
					conflicts.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		history, err := s.History(t.Context(), "photos", "k")
		if err != nil {
			t.Fatal(err)
		}
		if decided.Load() != 1 || conflicts.Load() != 7 || len(history) != 1 || get(t, s, "k").Decision.By != history[0].By {
			t.Errorf("%d decided, %d were told, history %+v", decided.Load(), conflicts.Load(), history)
		}
	})
}
