package store_test

import (
	"slices"
	"testing"

	"cutline/internal/report"
	"cutline/internal/store"
)

// Every order shows each picture once, whatever the size of a page.
func TestOrders(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		var newest []report.Report
		for n := range 40 {
			rep := varied(n)
			put(t, s, rep)
			newest = append(newest, rep)
		}
		slices.SortFunc(newest, func(a, b report.Report) int { return b.CheckedAt.Compare(a.CheckedAt) })
		oldest := slices.Clone(newest)
		slices.Reverse(oldest)
		worst := slices.Clone(newest)
		rank := []report.Verdict{report.Fail, report.Review, report.Pass}
		slices.SortStableFunc(worst, func(a, b report.Report) int {
			return slices.Index(rank, a.Verdict) - slices.Index(rank, b.Verdict)
		})
		for order, all := range map[store.Order][]report.Report{store.Newest: newest, store.Oldest: oldest, store.Worst: worst} {
			for _, origin := range []report.Origin{"", report.Social} {
				var want []string
				for _, rep := range all {
					if origin == "" || rep.Origin == origin {
						want = append(want, rep.Photo.Key)
					}
				}
				for _, limit := range []int{1, 7, 500} {
					var got []string
					q := store.Query{Order: order, Origin: origin, Limit: limit}
					for {
						page := list(t, s, q)
						if len(page.Rows) > limit {
							t.Fatalf("%q: %d rows in a page of %d", order, len(page.Rows), limit)
						}
						for _, row := range page.Rows {
							got = append(got, row.Key)
						}
						if q.Cursor = page.Next; q.Cursor == "" {
							break
						}
					}
					if !slices.Equal(got, want) {
						t.Errorf("%q of %q by %d:\n got %v\nwant %v", order, origin, limit, got, want)
					}
				}
			}
		}
		if _, err := s.List(t.Context(), store.Query{Order: store.Worst, Cursor: "own.x"}); err != store.ErrCursor {
			t.Errorf("a cursor of no list: %v", err)
		}
	})
}

// What a filter's value counts is what the list shows when it is chosen.
func TestFacets(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		for n := range 40 {
			put(t, s, varied(n))
		}
		for _, q := range []store.Query{{}, {Verdict: report.Pass}, {Source: "tass"}, {Day: "2026-11-25", Origin: report.Social}, {Lang: "de"}} {
			f, err := s.Facets(t.Context(), q, 1000)
			if err != nil || !f.Until.IsZero() {
				t.Fatal(f, err)
			}
			counted := func(q store.Query) int {
				q.Limit = 500
				return len(list(t, s, q).Rows)
			}
			for _, v := range []report.Verdict{report.Fail, report.Review, report.Pass} {
				chosen := q
				chosen.Verdict = v
				if want := counted(chosen); f.Verdicts[v] != want {
					t.Errorf("%+v: %s counts %d, lists %d", q, v, f.Verdicts[v], want)
				}
			}
			for _, source := range []string{"tass", "kremlin"} {
				chosen := q
				chosen.Source = source
				if want := counted(chosen); f.Sources[source] != want {
					t.Errorf("%+v: %s counts %d, lists %d", q, source, f.Sources[source], want)
				}
			}
			no := false
			chosen := q
			chosen.Reviewed = &no
			if want := counted(chosen); f.Reviewed[false] != want {
				t.Errorf("%+v: not reviewed counts %d, lists %d", q, f.Reviewed[false], want)
			}
		}
		if f, err := s.Facets(t.Context(), store.Query{}, 10); err != nil || f.Looked != 10 || f.Until.IsZero() {
			t.Errorf("of ten: %+v, %v", f, err)
		}
	})
}
