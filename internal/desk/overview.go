package desk

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"
)

type overviewPage struct {
	Total, Reviewed int
	Until           time.Time
	Days            []dayRow
	Sources         []sourceRow
	Codes           []codeRow
	Wait            string // median time to decision, of all
}

// dayRow is a day with its bar in a chart 100 units wide.
type dayRow struct {
	Date string
	bar
	Decided int
	Wait    string // median time to decision
}

type sourceRow struct {
	ID, Name string
	bar
	For string // what its pictures failed for, the most frequent first
}

// bar is a line of a chart: how many of each verdict, and where they stand.
type bar struct {
	Fail, Review, Pass                                  int
	ReviewAt, PassAt, FailWidth, ReviewWidth, PassWidth int
}

func barOf(t store.Tally, largest int) bar {
	b := bar{Fail: t[report.Fail], Review: t[report.Review], Pass: t[report.Pass]}
	width := func(n int) int {
		if n == 0 {
			return 0
		}
		return max(1, n*100/max(1, largest))
	}
	b.FailWidth, b.ReviewWidth, b.PassWidth = width(b.Fail), width(b.Review), width(b.Pass)
	b.ReviewAt, b.PassAt = b.FailWidth, b.FailWidth+b.ReviewWidth
	return b
}

// codeRow is a finding with its bar.
type codeRow struct {
	count
	Width int
}

type count struct {
	Name string
	N    int
}

// The overview looks at so many pictures of so many days, and shows so many
// sources.
const (
	counted     = 5000
	countedDays = 14
	sourcesOf   = 15
)

func (d *desk) overview(w http.ResponseWriter, r *http.Request) {
	counts, err := d.Store.Counts(r.Context(), store.Query{Since: d.Now().AddDate(0, 0, -countedDays)}, counted)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	p := overviewPage{Total: counts.Verdicts.Total(), Reviewed: counts.Reviewed, Until: counts.Until}
	for _, c := range most(counts.Codes) {
		p.Codes = append(p.Codes, codeRow{c, max(1, c.N*100/max(1, counts.Verdicts.Total()))})
	}
	var waits store.Day
	for _, day := range counts.Days {
		waits.Waits = append(waits.Waits, day.Waits...)
	}
	p.Wait = waited(waits.Median())
	largest := 0
	for _, day := range counts.Days {
		largest = max(largest, day.Verdicts.Total())
	}
	for date, day := range counts.Days {
		p.Days = append(p.Days, dayRow{date, barOf(day.Verdicts, largest), len(day.Waits), waited(day.Median())})
	}
	slices.SortFunc(p.Days, func(a, b dayRow) int { return cmp.Compare(b.Date, a.Date) })

	ids := slices.SortedFunc(maps.Keys(counts.Sources), func(a, b string) int {
		return cmp.Or(counts.Sources[b].Total()-counts.Sources[a].Total(), cmp.Compare(a, b))
	})
	largest = 0
	for _, id := range ids[:min(sourcesOf, len(ids))] {
		largest = max(largest, counts.Sources[id].Total())
		var reasons []string
		for _, c := range most(counts.Failed[id])[:min(3, len(counts.Failed[id]))] {
			reasons = append(reasons, d.codeWords(c.Name))
		}
		p.Sources = append(p.Sources, sourceRow{id, d.sourceName(id), barOf(counts.Sources[id], largest), strings.Join(reasons, ", ")})
	}
	d.page(w, r, http.StatusOK, "overview.html", "Overview", p)
}

// most returns the ten largest counts.
func most(all map[string]int) []count {
	var list []count
	for name, n := range all {
		list = append(list, count{name, n})
	}
	slices.SortFunc(list, func(a, b count) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Name, b.Name)) })
	return list[:min(10, len(list))]
}

// waited writes a time for people; "" for none.
func waited(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < time.Hour:
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return strings.TrimSuffix(strings.TrimSuffix(d.Round(time.Minute).String(), "0s"), "0m")
}
