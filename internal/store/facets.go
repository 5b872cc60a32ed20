package store

import (
	"context"
	"time"

	"cutline/internal/report"
)

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
