package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"
)

// varied is the n-th of many different pictures.
func varied(n int) report.Report {
	rep := made(fmt.Sprintf("day%d/%d.jpg", n%3, n), "v", "01", n*3600)
	rep.Verdict = []report.Verdict{report.Pass, report.Review, report.Fail}[n%3]
	rep.Origin = []report.Origin{report.Own, report.State, report.Handout, report.Social}[n%4]
	rep.Sources = [][]string{{}, {"kcna"}, {"tass"}, {"tass", "kremlin"}, {"kremlin", "tass", "tass"}}[n%5]
	rep.Caption.Text = []string{"A TANK drives", "a ship sails", "Ein Schiff fährt"}[n%3]
	rep.Caption.Lang = []string{"en", "en", "de"}[n%3]
	if n%7 == 0 {
		rep.Photo.Bucket = "archive"
	}
	if n%6 == 0 {
		rep.Findings = nil
	}
	return rep
}

func TestLists(t *testing.T) {
	const pictures = 60
	yes, no := true, false
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		var all []report.Report
		for n := range pictures {
			all = append(all, varied(n))
		}
		for _, n := range []int{7, 3, 11} { // not in the order of time
			all[n], all[n+20] = all[n+20], all[n]
		}
		for _, rep := range all {
			put(t, s, rep)
		}
		slices.SortFunc(all, func(a, b report.Report) int { return b.CheckedAt.Compare(a.CheckedAt) })
		for _, c := range []struct {
			query store.Query
			shows func(report.Report) bool
		}{
			{store.Query{}, func(report.Report) bool { return true }},
			{store.Query{Verdict: report.Fail}, func(r report.Report) bool { return r.Verdict == report.Fail }},
			{store.Query{Origin: report.Social}, func(r report.Report) bool { return r.Origin == report.Social }},
			{store.Query{Source: "tass"}, func(r report.Report) bool { return slices.Contains(r.Sources, "tass") }},
			{store.Query{Source: "tass", Origin: report.Own, Verdict: report.Pass}, func(r report.Report) bool {
				return slices.Contains(r.Sources, "tass") && r.Origin == report.Own && r.Verdict == report.Pass
			}},
			{store.Query{Day: "2026-11-25"}, func(r report.Report) bool { return r.CheckedAt.Day() == 25 }},
			{store.Query{Day: "2026-11-25", Verdict: report.Pass}, func(r report.Report) bool { return r.CheckedAt.Day() == 25 && r.Verdict == report.Pass }},
			{store.Query{Since: start.Add(50 * time.Hour)}, func(r report.Report) bool { return r.CheckedAt.After(start.Add(50 * time.Hour)) }},
			{store.Query{Code: "verification.missing"}, func(r report.Report) bool { return len(r.Findings) > 0 }},
			{store.Query{Lang: "de"}, func(r report.Report) bool { return r.Caption.Lang == "de" }},
			{store.Query{Bucket: "archive"}, func(r report.Report) bool { return r.Photo.Bucket == "archive" }},
			{store.Query{Prefix: "day1/"}, func(r report.Report) bool { return strings.HasPrefix(r.Photo.Key, "day1/") }},
			{store.Query{Text: "tank a"}, func(r report.Report) bool { return r.Caption.Text == "A TANK drives" }},
			{store.Query{Text: "FÄHRT"}, func(r report.Report) bool { return r.Caption.Lang == "de" }},
			{store.Query{Reviewed: &no}, func(report.Report) bool { return true }},
			{store.Query{Reviewed: &yes}, func(report.Report) bool { return false }},
			{store.Query{Source: "nobody"}, func(report.Report) bool { return false }},
		} {
			var want []string
			for _, rep := range all {
				if c.shows(rep) {
					want = append(want, rep.Photo.Key)
				}
			}
			for _, limit := range []int{1, 7, 50, 500} {
				q := c.query
				q.Limit = limit
				var got []string
				for {
					page := list(t, s, q)
					for _, row := range page.Rows {
						got = append(got, row.Key)
					}
					if len(page.Rows) > limit || page.Next != "" && len(page.Rows) < limit {
						t.Fatalf("%+v: a page of %d rows", q, len(page.Rows))
					}
					if q.Cursor = page.Next; q.Cursor == "" {
						break
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%+v:\n got %v\nwant %v", q, got, want)
				}
			}
		}
		for _, cost := range []struct {
			query store.Query
			most  int64
		}{{store.Query{}, 2}, {store.Query{Verdict: report.Fail}, 2}, {store.Query{Source: "tass"}, 2}, {store.Query{Day: "2026-11-25"}, 2}} {
			before := db.requests.Load()
			list(t, s, cost.query)
			if n := db.requests.Load() - before; n > cost.most {
				t.Errorf("%+v took %d requests", cost.query, n)
			}
		}
		counts, err := s.Counts(t.Context(), store.Query{Source: "tass"}, 1000)
		if err != nil || counts.Verdicts.Total() != 36 || counts.Sources["kremlin"].Total() != 24 || !counts.Until.IsZero() {
			t.Errorf("counts %+v, %v", counts, err)
		}
		counts, err = s.Counts(t.Context(), store.Query{}, 10)
		if err != nil || counts.Verdicts.Total() != 10 || counts.Until.IsZero() {
			t.Errorf("counts of ten %+v, %v", counts, err)
		}
	})
}

// A row that comes, moves or goes between two pages disturbs neither.
func TestPagesOfAChangingList(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		for n := range 10 {
			rep := made(fmt.Sprint(n), "v", "01", n)
			rep.Verdict = report.Fail
			put(t, s, rep)
		}
		page := list(t, s, store.Query{Verdict: report.Fail, Limit: 4})
		// The row that the cursor stands at leaves the list, and a new one comes.
		rep := made("6", "v", "01", 100)
		rep.Verdict = report.Pass
		put(t, s, rep)
		put(t, s, made("new", "v", "01", 200))
		page = list(t, s, store.Query{Verdict: report.Fail, Limit: 10, Cursor: page.Next})
		var got []string
		for _, row := range page.Rows {
			got = append(got, row.Key)
		}
		if want := []string{"5", "4", "3", "2", "1", "0"}; !slices.Equal(got, want) {
			t.Errorf("the second page is %v, want %v", got, want)
		}
	})
}

func TestHostileQueries(t *testing.T) {
	s := store.New(nil, "none")
	for _, cursor := range []string{"x", "!!!!", "bm9uc2Vuc2U", strings.Repeat("A", 100_000), "eyJwayI6InBob3RvL2EvYiJ9", "../..", "\x00"} {
		if _, err := s.List(t.Context(), store.Query{Cursor: cursor}); !errors.Is(err, store.ErrCursor) {
			t.Errorf("cursor %.20q: %v", cursor, err)
		}
	}
	for _, day := range []string{"2026-13-01", "yesterday", "2026-11-24T", "'; DROP"} {
		if _, err := s.List(t.Context(), store.Query{Day: day}); err == nil {
			t.Errorf("day %q was taken", day)
		}
	}
}
