package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/store"
)

type apiPage struct {
	Reports []store.Row `json:"reports"`
	Next    string      `json:"next"`
	// Searched is how far back the page looked, when it had to stop there.
	Searched time.Time `json:"searched,omitzero"`
}

func (d *desk) apiList(w http.ResponseWriter, r *http.Request) {
	q, err := query(r)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	page, err := d.Store.List(r.Context(), q)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	if page.Next != "" {
		after := r.URL.Query()
		after.Set("cursor", page.Next)
		w.Header().Set("Link", "<"+(&url.URL{Path: "/api/reports", RawQuery: after.Encode()}).String()+`>; rel="next"`)
	}
	d.answer(w, r, http.StatusOK, "", apiPage{page.Rows, page.Next, page.Searched})
}

// document is a report with what the desk knows of it.
type document struct {
	report.Report
	Deleted  bool            `json:"deleted,omitempty"`
	Decision *store.Decision `json:"decision,omitempty"`
	Previous *store.Decision `json:"previous_decision,omitempty"`
	Revision string          `json:"revision,omitempty"`
}

// document answers with a report. The tag of the latest version's begins with
// its revision, which a decision's If-Match gives back.
func (d *desk) document(w http.ResponseWriter, r *http.Request, rec store.Record) {
	prefix := ""
	if rec.Revision != "" {
		prefix = rec.Revision + "-"
	}
	d.answer(w, r, http.StatusOK, prefix, document{rec.Report, rec.Deleted, rec.Decision, rec.Previous, rec.Revision})
}

func (d *desk) apiReport(w http.ResponseWriter, r *http.Request) {
	bucket, key := r.PathValue("bucket"), r.PathValue("key")
	rec, err := store.Record{}, error(nil)
	if version := r.URL.Query().Get("version"); version != "" {
		rec, err = d.Store.GetVersion(r.Context(), bucket, key, version)
	} else {
		rec, err = d.Store.Get(r.Context(), bucket, key)
	}
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.document(w, r, rec)
}

func (d *desk) apiVersions(w http.ResponseWriter, r *http.Request) {
	versions, err := d.Store.Versions(r.Context(), r.PathValue("bucket"), r.PathValue("key"))
	if err == nil && len(versions) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.answer(w, r, http.StatusOK, "", map[string]any{"versions": versions})
}

func (d *desk) apiHistory(w http.ResponseWriter, r *http.Request) {
	bucket, key := r.PathValue("bucket"), r.PathValue("key")
	decisions, err := d.Store.History(r.Context(), bucket, key)
	if err == nil && len(decisions) == 0 { // of a picture that is known?
		decisions = []store.Decision{}
		_, err = d.Store.Get(r.Context(), bucket, key)
	}
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.answer(w, r, http.StatusOK, "", map[string]any{"decisions": decisions})
}

// apiCheck checks a caption without its picture. The time that the check
// itself took stands in the header.
func (d *desk) apiCheck(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	fields, err := photo.Given(body)
	if err != nil {
		d.apiFailed(w, r, fmt.Errorf("%w: send an object of texts, such as {\"caption\": \"...\"}", errBadRequest))
		return
	}
	began := time.Now()
	rep := d.Checker.Caption(fields)
	w.Header().Set("Server-Timing", "check;dur="+strconv.FormatFloat(float64(time.Since(began).Microseconds())/1000, 'f', -1, 64))
	d.answer(w, r, http.StatusOK, "", rep)
}
