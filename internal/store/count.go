package store

import (
	"context"
	"time"

	"cutline/internal/report"
)

// Counts is how many pictures arrived in a time, by what was found.
type Counts struct {
	Total    int                    `json:"total"`
	Verdicts map[report.Verdict]int `json:"verdicts"`
	Origins  map[report.Origin]int  `json:"origins"`
	Sources  map[string]int         `json:"sources"`  // by id
	Codes    map[string]int         `json:"codes"`    // of findings
	Reviewed int                    `json:"reviewed"` // with a decision
	Days     map[string]Day         `json:"days"`     // "2026-11-24"

	// Until is how far back was counted, when there were too many to count all.
	Until time.Time `json:"until,omitzero"`
}

// Day is what arrived on one day.
type Day struct {
	Verdicts map[report.Verdict]int `json:"verdicts"`
	Decided  int                    `json:"decided"`
	// ToDecision is the time from arrival to decision of those decided, added up.
	ToDecision time.Duration `json:"to_decision"` // nanoseconds
}

// Counts counts what the query lists, the newest first, up to a number of
// pictures. Its Limit and Cursor do not matter.
func (s *Store) Counts(ctx context.Context, q Query, most int) (Counts, error) {
	counts := Counts{
		Verdicts: map[report.Verdict]int{}, Origins: map[report.Origin]int{},
		Sources: map[string]int{}, Codes: map[string]int{}, Days: map[string]Day{},
	}
	q.Limit, q.Cursor = maxLimit, ""
	for {
		page, err := s.List(ctx, q)
		if err != nil {
			return Counts{}, err
		}
		for _, row := range page.Rows {
			if counts.Total == most {
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
	c.Total++
	c.Verdicts[row.Verdict]++
	c.Origins[row.Origin]++
	for _, source := range row.Sources {
		c.Sources[source]++
	}
	for _, code := range row.Codes {
		c.Codes[code]++
	}
	key := row.ArrivedAt.UTC().Format(time.DateOnly)
	day := c.Days[key]
	if day.Verdicts == nil {
		day.Verdicts = map[report.Verdict]int{}
	}
	day.Verdicts[row.Verdict]++
	if row.Decision != nil {
		c.Reviewed++
		day.Decided++
		day.ToDecision += row.Decision.At.Sub(row.ArrivedAt)
	}
	c.Days[key] = day
}

// Facets is how many pictures each value of each filter would list, the
// filters of other kinds being as they are.
type Facets struct {
	Verdicts map[report.Verdict]int
	Origins  map[report.Origin]int
	Sources  map[string]int // by id
	Codes    map[string]int
	Langs    map[string]int
	Reviewed map[bool]int
	Looked   int // pictures that were counted

	// Until is how far back was counted, when there were too many to count all.
	Until time.Time
}

// Facets counts the newest pictures, up to a number of them. Day, time, key
// and words of the query bound what is looked at; Limit, Cursor and Order do
// not matter.
func (s *Store) Facets(ctx context.Context, q Query, most int) (Facets, error) {
	f := Facets{
		Verdicts: map[report.Verdict]int{}, Origins: map[report.Origin]int{}, Sources: map[string]int{},
		Codes: map[string]int{}, Langs: map[string]int{}, Reviewed: map[bool]int{},
	}
	all := Query{Day: q.Day, Since: q.Since, Bucket: q.Bucket, Prefix: q.Prefix, Text: q.Text, Limit: maxLimit}
	for {
		page, err := s.List(ctx, all)
		if err != nil {
			return Facets{}, err
		}
		for _, row := range page.Rows {
			if f.Looked == most {
				f.Until = row.ArrivedAt
				return f, nil
			}
			f.add(row, q)
		}
		if page.Next == "" || !page.Searched.IsZero() {
			f.Until = page.Searched
			return f, nil
		}
		all.Cursor = page.Next
	}
}

// add counts a row in each filter whose others show it.
func (f *Facets) add(row Row, q Query) {
	f.Looked++
	without := func(change func(*Query)) bool {
		others := q
		change(&others)
		return others.shows(row)
	}
	if without(func(q *Query) { q.Verdict = "" }) {
		f.Verdicts[row.Verdict]++
	}
	if without(func(q *Query) { q.Origin = "" }) {
		f.Origins[row.Origin]++
	}
	if without(func(q *Query) { q.Source = "" }) {
		for _, source := range row.Sources {
			f.Sources[source]++
		}
	}
	if without(func(q *Query) { q.Code = "" }) {
		for _, code := range row.Codes {
			f.Codes[code]++
		}
	}
	if without(func(q *Query) { q.Lang = "" }) {
		f.Langs[row.Lang]++
	}
	if without(func(q *Query) { q.Reviewed = nil }) {
		f.Reviewed[row.Decision != nil]++
	}
}
