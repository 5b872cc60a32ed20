package desk

import (
	"fmt"
	"slices"
	"time"

	"cutline/internal/photo"
	"cutline/internal/store"
)

// moment is one date of a picture.
type moment struct {
	At    time.Time
	Exact bool // to the second, not only the day
	What  string
	From  string // the field, or who says so
	After string // how long after the moment before; "" within a day
	Odd   bool   // before what it must follow
}

var dateWords = map[photo.Name]string{
	photo.DateCreated: "taken", photo.DateDigitized: "digitized", photo.DateModified: "changed", photo.DateGPS: "taken",
	photo.DateReleased: "released",
}

// timeline puts all dates of a picture in their order: what its fields and
// its caption say, its signature, its arrival, and what was decided.
func (d *desk) timeline(rec store.Record, history []store.Decision) []moment {
	var list []moment
	for _, f := range rec.Metadata {
		if what := dateWords[f.Name]; what != "" {
			if at, exact, ok := readDate(f.Value); ok {
				list = append(list, moment{At: at, Exact: exact, What: what, From: fieldName(f.From)})
			}
		}
	}
	for _, date := range d.Checker.Rules.Read(beginning(datesIn, rec.Report.Caption.Text)).Dates {
		if date.Year == 0 || date.Impossible() {
			continue
		}
		what := "named"
		switch {
		case date.Provided:
			what = "provided"
		case date.Taken:
			what = "taken"
		}
		list = append(list, moment{At: date.Time(), What: what, From: "the caption"})
	}
	if p := rec.Provenance; p != nil && p.C2PA != nil && !p.C2PA.SignedAt.IsZero() {
		list = append(list, moment{At: p.C2PA.SignedAt, Exact: true, What: "signed", From: p.C2PA.Signer})
	}
	if rec.Provenance != nil {
		for _, s := range rec.Provenance.Seen {
			list = append(list, moment{At: s.At, Exact: true, What: "came before", From: visible(s.Key)})
		}
	}
	if !rec.ArrivedAt.IsZero() {
		list = append(list, moment{At: rec.ArrivedAt, Exact: true, What: "uploaded"})
	}
	for _, decision := range history {
		if decision.Version == rec.Version {
			list = append(list, moment{At: decision.At, Exact: true, What: doneWords[decision.Action], From: decision.By})
		}
	}
	slices.SortStableFunc(list, func(a, b moment) int { return a.At.Compare(b.At) })
	list = joined(list[:min(len(list), 24)])
	for i := range list {
		m := &list[i]
		m.Odd = (m.What == "taken" || m.What == "provided") && !rec.ArrivedAt.IsZero() && m.At.After(rec.ArrivedAt.Add(24*time.Hour))
		if i > 0 {
			m.After = gap(m.At.Sub(list[i-1].At))
		}
	}
	return list
}

// datesIn is how much of a caption is read for dates, in bytes.
const datesIn = 8000

// joined makes one of neighbours that say the same.
func joined(list []moment) []moment {
	var out []moment
	for _, m := range list {
		if n := len(out); n > 0 && out[n-1].What == m.What && out[n-1].Exact == m.Exact && out[n-1].At.Equal(m.At) {
			if out[n-1].From != m.From {
				out[n-1].From += ", " + m.From
			}
			continue
		}
		out = append(out, m)
	}
	return out
}

// readDate reads a date as photo.Metadata has it.
func readDate(s string) (at time.Time, exact, ok bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil && at.Year() > 1800 {
			return at.UTC(), layout != time.DateOnly, true
		}
	}
	return time.Time{}, false, false
}

func gap(d time.Duration) string {
	days := int(d.Hours() / 24)
	switch {
	case days < 1:
		return ""
	case days == 1:
		return "a day later"
	case days < 60:
		return fmt.Sprintf("%d days later", days)
	case days < 730:
		return fmt.Sprintf("%d months later", days/30)
	}
	return fmt.Sprintf("%d years later", days/365)
}

// doneWords say that a decision was taken.
var doneWords = map[store.Action]string{store.Approve: "approved", store.Hold: "held", store.Kill: "killed", store.Note: "noted"}
