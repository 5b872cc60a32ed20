package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	if q.Verdict != "" && !slices.Contains(verdicts, q.Verdict) {
		return q, fmt.Errorf("%w: verdict is one of %v", errBadRequest, verdicts)
	}
	if q.Origin != "" && !slices.Contains(origins, q.Origin) {
		return q, fmt.Errorf("%w: origin is one of %v", errBadRequest, origins)
	}
	switch reviewed := v.Get("reviewed"); reviewed {
	case "":
	case "yes", "no":
		decided := reviewed == "yes"
		q.Reviewed = &decided
	default:
		return q, fmt.Errorf("%w: reviewed is yes or no", errBadRequest)
	}
	switch order := v.Get("sort"); order {
	case "", "newest":
	case "oldest", "worst":
		q.Order = store.Order(order)
	default:
		return q, fmt.Errorf("%w: sort is newest, oldest or worst", errBadRequest)
	}
	if since := v.Get("since"); since != "" {
		var err error
		if q.Since, err = time.Parse(time.RFC3339Nano, since); err != nil {
			return q, fmt.Errorf("%w: since is a time like 2026-11-24T12:00:00Z", errBadRequest)
		}
	}
	return q, nil
}

// query is the list that a page's address asks for. People may name a source
// as they call it.
func (d *desk) query(r *http.Request) (store.Query, error) {
	q, err := query(r)
	if q.Source != "" {
		q.Source = d.sourceID(q.Source)
	}
	return q, err
}

// filterNames are the fields of the address that choose what is listed.
var filterNames = []string{"verdict", "reviewed", "origin", "code", "source", "lang", "day", "bucket", "prefix", "q", "sort"}

// filters are the fields of a list's address.
type filters url.Values

func filtersOf(r *http.Request) filters {
	v := url.Values{}
	for _, name := range filterNames {
		if value := r.URL.Query().Get(name); value != "" {
			v.Set(name, value)
		}
	}
	return filters(v)
}

// Get returns the value of one filter.
func (f filters) Get(name string) string { return url.Values(f).Get(name) }

// With is the address of the list with a filter set, or without it when the
// value is empty.
func (f filters) With(name, value string) string {
	v := url.Values{}
	for k, values := range f {
		v[k] = values
	}
	v.Set(name, value)
	if value == "" {
		v.Del(name)
	}
	if len(v) == 0 {
		return "/"
	}
	return "/?" + v.Encode()
}

// more is the address of the rows after a page's, for the page that is open,
// which says how many.
func (f filters) more(cursor string) string {
	return "/rows" + strings.TrimPrefix(f.With("cursor", cursor), "/")
}

// At is the address of another page that takes the same filters.
func (f filters) At(path string) string {
	if len(f) == 0 {
		return path
	}
	return path + "?" + url.Values(f).Encode()
}

// Others are the filters but one, for a form that sets it.
func (f filters) Others(names ...string) [][2]string {
	var list [][2]string
	for _, name := range filterNames {
		if value := f.Get(name); value != "" && !slices.Contains(names, name) {
			list = append(list, [2]string{name, value})
		}
	}
	return list
}

type queuePage struct {
	Filters  filters
	Rows     []row
	Next     string // address of the page after
	More     string // address of its rows alone
	Tag      string // of the list as it is shown
	Every    int    // an open page asks for it again after so many seconds; 0 for never
	Searched time.Time
	Facets   facets
	Dead     int
	Me       signin.Person
	Uploads  bool
}

type row struct {
	store.Row
	Thumb   string // address of the small picture; "" when it cannot be shown
	Sources string
	Today   bool
}

func (d *desk) queue(w http.ResponseWriter, r *http.Request) {
	q, err := d.query(r)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	page, err := d.Store.List(r.Context(), q)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	me := signin.From(r.Context())
	p := queuePage{Filters: filtersOf(r), Rows: d.rows(page.Rows), Tag: etag(page.Rows), Searched: page.Searched,
		Me: me, Uploads: d.Uploads != "" && me.May(signin.Upload)}
	if page.Next != "" {
		p.Next, p.More = p.Filters.With("cursor", page.Next), p.Filters.more(page.Next)
	}
	switch {
	case q.Cursor != "": // an older page
	case q.Text != "", q.Code != "", q.Lang != "", q.Prefix != "", q.Bucket != "", q.Reviewed != nil: // is searched for, which costs more
		p.Every = 60
	default:
		p.Every = 10
	}
	var counted *store.Facets
	if r.FormValue("counts") != "" {
		found, err := d.Store.Facets(r.Context(), q, facetsOf)
		if err != nil {
			d.failed(w, r, err)
			return
		}
		counted = &found
	}
	p.Facets = d.facets(p.Filters, q, counted)
	if d.DeadLetters != nil {
		p.Dead = len(d.DeadLetters())
	}
	d.page(w, r, http.StatusOK, "queue.html", "Pictures", p)
}

// queueRows are the rows of a list alone. With If-None-Match, or for what
// came since a time, the answer is empty when there is nothing new.
func (d *desk) queueRows(w http.ResponseWriter, r *http.Request) {
	q, err := d.query(r)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	page, err := d.Store.List(r.Context(), q)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	tag := etag(page.Rows)
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache")
	if page.Next != "" {
		w.Header().Set("Cutline-Next", filtersOf(r).more(page.Next))
	}
	switch {
	case r.Header.Get("If-None-Match") == tag:
		w.WriteHeader(http.StatusNotModified)
		return
	case len(page.Rows) == 0:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	var body bytes.Buffer
	if err := d.pages.ExecuteTemplate(&body, "rows", d.rows(page.Rows)); err != nil {
		d.apiFailed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(body.Bytes())
}

// etag changes when a row comes, goes or changes.
func etag(rows []store.Row) string {
	h := sha256.New()
	for _, row := range rows {
		fmt.Fprintf(h, "%q %q %q ", row.Bucket, row.Key, row.Revision)
	}
	return `"` + hex.EncodeToString(h.Sum(nil)[:12]) + `"`
}

func (d *desk) rows(stored []store.Row) []row {
	rows := make([]row, 0, len(stored))
	today := dateOf(d.Now())
	for _, s := range stored {
		thumb := ""
		if !s.Deleted {
			thumb = pictureURL("thumbs", s.Bucket, s.Key, s.VersionID, s.Format)
		}
		rows = append(rows, row{s, thumb, d.from(s.Sources, s.Provider), dateOf(s.ArrivedAt) == today})
	}
	return rows
}

// from is who a picture comes from: its sources, else its provider.
func (d *desk) from(ids []string, provider string) string {
	if len(ids) == 0 {
		return oneLine(80, provider)
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = d.sourceName(id)
	}
	return strings.Join(names, ", ")
}

// sourceName is what people call a source: its id when the rules no longer
// know it.
func (d *desk) sourceName(id string) string {
	for _, s := range d.Checker.Rules.Sources() {
		if s.ID == id {
			return oneLine(80, s.Name())
		}
	}
	return oneLine(80, id)
}

// sourceID is the id of the source of that id or name; else the name itself.
func (d *desk) sourceID(name string) string {
	for _, s := range d.Checker.Rules.Sources() {
		if s.ID == name {
			return name
		}
	}
	for _, s := range d.Checker.Rules.Sources() {
		for _, names := range s.Names {
			if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
				return s.ID
			}
		}
	}
	return name
}
