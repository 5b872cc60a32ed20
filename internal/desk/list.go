package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cutline/internal/report"
	"cutline/internal/signin"
	"cutline/internal/store"
)

// query reads the filters of a list from the address.
func query(r *http.Request) (store.Query, error) {
	v := r.URL.Query()
	q := store.Query{
		Verdict: report.Verdict(v.Get("verdict")), Origin: report.Origin(v.Get("origin")), Source: v.Get("source"),
		Day: v.Get("day"), Code: v.Get("code"), Lang: v.Get("lang"), Bucket: v.Get("bucket"), Prefix: v.Get("prefix"),
		Text: v.Get("q"), Cursor: v.Get("cursor"),
	}
	if n := v.Get("limit"); n != "" {
		limit, err := strconv.Atoi(n)
		if err != nil || limit < 1 || limit > 500 {
			return q, fmt.Errorf("%w: limit is a number from 1 to 500", errBadRequest)
		}
		q.Limit = limit
	}
	if q.Day != "" {
		if _, err := time.Parse(time.DateOnly, q.Day); err != nil {
			return q, fmt.Errorf("%w: day is written 2026-11-24", errBadRequest)
		}
	}
	switch v.Get("reviewed") {
	case "yes":
		yes := true
		q.Reviewed = &yes
	case "no":
		no := false
		q.Reviewed = &no
	}
	return q, nil
}

type listPage struct {
	Query    store.Query
	Reviewed string
	Rows     []row
	Next     string // address of the page after
	Verdicts []report.Verdict
	Origins  []report.Origin
	Codes    []string
	Sources  []named
	Dead     int
	Uploads  bool
	Newest   string
}

type row struct {
	store.Row
	Picture string // address of the picture; "" when it cannot be shown
	Sources string
}

type named struct{ ID, Name string }

func (d *desk) list(w http.ResponseWriter, r *http.Request) {
	q, err := query(r)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	page, err := d.Store.List(r.Context(), q)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	p := listPage{Query: q, Reviewed: r.URL.Query().Get("reviewed"), Verdicts: verdicts, Origins: origins, Codes: d.Checker.Rules.Codes(), Uploads: d.Uploads != "" && signin.From(r.Context()).May(signin.Upload)}
	for _, s := range d.Checker.Rules.Sources() {
		p.Sources = append(p.Sources, named{s.ID, s.Name()})
	}
	for _, stored := range page.Rows {
		p.Rows = append(p.Rows, row{stored, d.pictureURL(r, stored.Bucket, stored.Key, stored.VersionID, stored.Format), d.sourceNames(stored.Sources)})
	}
	if len(p.Rows) > 0 {
		p.Newest = p.Rows[0].ArrivedAt.UTC().Format(time.RFC3339Nano)
	}
	if page.Next != "" {
		v := r.URL.Query()
		v.Set("cursor", page.Next)
		p.Next = "/?" + v.Encode()
	}
	if d.DeadLetters != nil {
		p.Dead = len(d.DeadLetters())
	}
	d.page(w, r, http.StatusOK, "list.html", "Pictures", p)
}

// pictureURL returns an address for a browser, for the formats that all show.
func (d *desk) pictureURL(r *http.Request, bucket, key, version, format string) string {
	switch format {
	case "jpeg", "png", "webp", "avif":
	default:
		return ""
	}
	address, err := d.Bucket.PresignGet(r.Context(), bucket, key, version, pictureValid)
	if err != nil {
		d.Log.ErrorContext(r.Context(), "no address for a picture", "bucket", bucket, "key", key, "error", err)
		return ""
	}
	return address
}

func (d *desk) sourceNames(ids []string) string {
	names := ""
	for i, id := range ids {
		if i > 0 {
			names += ", "
		}
		name := id
		for _, s := range d.Checker.Rules.Sources() {
			if s.ID == id {
				name = s.Name()
				break
			}
		}
		names += name
	}
	return names
}

// reportURL is the address of a picture's page. Keys may hold anything.
func reportURL(bucket, key string) string {
	return (&url.URL{Path: "/reports/" + bucket + "/" + key}).EscapedPath()
}
