package desk

import (
	"cmp"
	"context"
	"errors"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"

	"golang.org/x/sync/errgroup"
)

// sighting is an earlier upload of the same picture beside this one.
type sighting struct {
	report.Sighting
	Picture   string // address; "" when it cannot be shown
	Format    string
	Gone      bool // it was deleted since
	Facts     []fact
	Then, Now []change // the captions: what only that one says is "gone", what only this one says is "new"
}

// fact is one thing that was said of both pictures.
type fact struct {
	Name      string
	Then, Now string
	Differs   bool
}

// Longer captions are compared up to so many bytes.
const captionsCompared = 8000

// seen are the earlier uploads of a report's picture as they are known now:
// the report keeps what was known when it was made.
func (d *desk) seen(ctx context.Context, rec store.Record) ([]sighting, error) {
	if rec.Provenance == nil || len(rec.Provenance.Seen) == 0 {
		return nil, nil
	}
	list := make([]sighting, len(rec.Provenance.Seen))
	now := d.Checker.Rules.Remember(rec.Report)
	now.At, now.Killed = rec.ArrivedAt, now.Killed || len(rec.Provenance.Kills) > 0
	said := make([]string, len(list))
	group, within := errgroup.WithContext(ctx)
	for i, s := range rec.Provenance.Seen {
		group.Go(func() error {
			place := store.Place{Bucket: s.Bucket, Key: s.Key}
			before, err := d.Store.Before(within, store.Alike{Place: place, Version: s.Version})
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			one := sighting{Sighting: s, Gone: before.Deleted || errors.Is(err, store.ErrNotFound)}
			said[i] = s.Caption
			if before.Photo != nil {
				one.Format, said[i] = before.Photo.Format, before.Report.Caption.Text
			}
			if !one.Gone {
				one.Picture = pictureURL("pictures", s.Bucket, s.Key, before.Photo.VersionID, one.Format)
			}
			one.Facts = d.facts(s, now, before.Decision, rec.Decision)
			list[i] = one
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	text := beginning(captionsCompared, rec.Report.Caption.Text)
	for i := range list { // one after the other: a comparison takes memory
		for _, c := range compare(beginning(captionsCompared, said[i]), text) {
			if c.Op != "new" {
				list[i].Then = append(list[i].Then, c)
			}
			if c.Op != "gone" {
				list[i].Now = append(list[i].Now, c)
			}
		}
	}
	return list, nil
}

// facts are what was said of the picture then and what is said now.
func (d *desk) facts(then, now report.Sighting, decided, decidedNow *store.Decision) []fact {
	one := func(name, a, b string) fact { return fact{name, visible(a), visible(b), a != b && a != "" && b != ""} }
	said := func(s report.Sighting, decision *store.Decision) string {
		switch {
		case s.Killed:
			return "withdrawn"
		case decision != nil:
			return doneWords[decision.Action] + " by " + decision.By
		}
		return cmp.Or(doneWords[store.Action(s.Decision)], "none")
	}
	at := func(t time.Time) string { return dateOf(t) + " " + clock(t) }
	return []fact{
		one("Verdict", string(then.Verdict), string(now.Verdict)),
		one("Origin", string(then.Origin), string(now.Origin)),
		one("Source", cmp.Or(d.from(then.Sources, then.Provider), "none named"), cmp.Or(d.from(now.Sources, now.Provider), "none named")),
		one("Dated", cmp.Or(then.Date, "no date"), cmp.Or(now.Date, "no date")),
		{"Uploaded", at(then.At), at(now.At), false},
		one("Decision", said(then, decided), said(now, decidedNow)),
	}
}
