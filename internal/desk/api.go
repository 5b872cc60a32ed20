package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/signin"
	"cutline/internal/store"
)

func (d *desk) json(w http.ResponseWriter, r *http.Request, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		d.Log.ErrorContext(r.Context(), "an answer could not be written", "path", r.URL.Path, "error", err)
	}
}

// problem answers with problem details (RFC 9457).
func (d *desk) problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	body, err := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail})
	if err != nil {
		panic(err) // strings and a number
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	w.Write(body)
}

func (d *desk) apiFailed(w http.ResponseWriter, r *http.Request, err error) {
	status, message := d.explain(r, err)
	d.problem(w, r, status, message)
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
	if page.Rows == nil {
		page.Rows = []store.Row{}
	}
	d.json(w, r, http.StatusOK, map[string]any{"reports": page.Rows, "next": page.Next})
}

// document is a report with what the desk knows of it.
type document struct {
	report.Report
	Deleted  bool            `json:"deleted,omitempty"`
	Decision *store.Decision `json:"decision,omitempty"`
	Previous *store.Decision `json:"previous_decision,omitempty"`
	Revision string          `json:"revision,omitempty"`
}

func (d *desk) apiReport(w http.ResponseWriter, r *http.Request) {
	rec, err := d.Store.Get(r.Context(), r.PathValue("bucket"), r.PathValue("key"))
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.json(w, r, http.StatusOK, document{rec.Report, rec.Deleted, rec.Decision, rec.Previous, rec.Revision})
}

func (d *desk) apiCheck(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		d.problem(w, r, http.StatusRequestEntityTooLarge, "A request may have at most 1 MiB.")
		return
	}
	fields, err := photo.Given(body)
	if err != nil {
		d.apiFailed(w, r, fmt.Errorf("%w: send an object of texts, such as {\"caption\": \"...\"}", errBadRequest))
		return
	}
	d.json(w, r, http.StatusOK, d.Checker.Caption(fields))
}

// decision is what an editor sends.
type decision struct {
	Action   store.Action `json:"action"`
	Reason   string       `json:"reason"`
	Revision string       `json:"revision"`
}

func (d *desk) record(r *http.Request, in decision) (store.Record, error) {
	me := signin.From(r.Context())
	if in.Action == store.Kill && !me.May(signin.Kill) {
		return store.Record{}, signin.ErrNotAllowed
	}
	return d.Store.Decide(r.Context(), r.PathValue("bucket"), r.PathValue("key"),
		store.Decision{Action: in.Action, By: me.Name, ByID: me.ID, At: d.Now().UTC(), Reason: strings.TrimSpace(in.Reason)}, in.Revision)
}

func (d *desk) apiDecide(w http.ResponseWriter, r *http.Request) {
	var in decision
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		d.apiFailed(w, r, fmt.Errorf("%w: send action, reason and revision as JSON", errBadRequest))
		return
	}
	rec, err := d.record(r, in)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	d.json(w, r, http.StatusOK, document{rec.Report, rec.Deleted, rec.Decision, rec.Previous, rec.Revision})
}

// decide takes a decision from the report's page.
func (d *desk) decide(w http.ResponseWriter, r *http.Request) {
	_, err := d.record(r, decision{store.Action(r.FormValue("action")), r.FormValue("reason"), r.FormValue("revision")})
	if err != nil {
		d.failed(w, r, err)
		return
	}
	http.Redirect(w, r, reportURL(r.PathValue("bucket"), r.PathValue("key")), http.StatusSeeOther)
}

// apiUpload gives an address to put a picture to, straight in S3.
func (d *desk) apiUpload(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name string `json:"name"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		d.apiFailed(w, r, fmt.Errorf("%w: send the file's name as JSON", errBadRequest))
		return
	}
	name := path.Base("/" + strings.ReplaceAll(in.Name, "\\", "/"))
	if d.Uploads == "" || name == "/" || name == "." || len(name) > 300 || strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == 0x7F }) {
		d.apiFailed(w, r, fmt.Errorf("%w: a picture cannot be uploaded under this name", errBadRequest))
		return
	}
	address, err := d.Bucket.PresignPut(r.Context(), d.Uploads, name, pictureValid)
	if err != nil {
		d.apiFailed(w, r, errors.Join(err))
		return
	}
	d.json(w, r, http.StatusOK, map[string]string{"url": address, "report": reportURL(d.Uploads, name)})
}
