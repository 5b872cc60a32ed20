package store

import (
	"context"
	"slices"
	"time"

	"cutline/internal/report"
)

// Tally is how many pictures have each verdict.
type Tally map[report.Verdict]int

// Total is how many pictures there are.
func (t Tally) Total() int { return t[report.Fail] + t[report.Review] + t[report.Pass] }

// Counts is how many pictures arrived in a time, by what was found.
type Counts struct {
	Verdicts Tally
	Sources  map[string]Tally          // by id
	Failed   map[string]map[string]int // of each source's pictures that failed: by the finding that stands first
	Codes    map[string]int            // of findings
	Days     map[string]Day            // "2026-11-24"
	Reviewed int                       // with a decision

	// Until is how far back was counted, when there were too many to count all.
	Until time.Time
}

// Day is what arrived on one day.
type Day struct {
	Verdicts Tally
	Waits    []time.Duration // from arrival to decision, of those decided
}

// Median is the time to decision that half of those decided took at most; 0
// when none is decided.
func (d Day) Median() time.Duration {
	if len(d.Waits) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(d.Waits))[(len(d.Waits)-1)/2]
}

// Counts counts what the query lists, the newest first, up to a number of
// pictures. Its Limit and Cursor do not matter.
func (s *Store) Counts(ctx context.Context, q Query, most int) (Counts, error) {
	counts := Counts{
		Verdicts: Tally{}, Sources: map[string]Tally{}, Failed: map[string]map[string]int{},
		Codes: map[string]int{}, Days: map[string]Day{},
	}
	q.Limit, q.Cursor = maxLimit, ""
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			return Counts{}, err
		}
		for _, row := range page.Rows {
			if counts.Verdicts.Total() == most {
				counts.Until = row.ArrivedAt
				return counts, nil
			}
			counts.add(row)
		}
		if page.Next == "" || !page.Searched.IsZero() {
			counts.Until = page.Searched
			return counts, nil
		}
		q.Cursor = page.Next
	}
}

func (c *Counts) add(row Row) {
	c.Verdicts[row.Verdict]++
	for _, source := range row.Sources {
		if c.Sources[source] == nil {
			c.Sources[source], c.Failed[source] = Tally{}, map[string]int{}
		}
		c.Sources[source][row.Verdict]++
		if row.Verdict == report.Fail && len(row.Codes) > 0 {
			c.Failed[source][row.Codes[0]]++
		}
	}
	for _, code := range row.Codes {
		c.Codes[code]++
	}
	key := row.ArrivedAt.UTC().Format(time.DateOnly)
	day := c.Days[key]
	if day.Verdicts == nil {
		day.Verdicts = Tally{}
	}
	day.Verdicts[row.Verdict]++
	if row.Decision != nil {
		c.Reviewed++
		day.Waits = append(day.Waits, row.Decision.At.Sub(row.ArrivedAt))
	}
	c.Days[key] = day
}
