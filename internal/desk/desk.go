// Package desk is what editors work at: pages and a JSON API over the stored
// reports. It is one http.Handler, the same in Lambda and on one machine.
//
// Imports: bucket, check, photo, report, rules, signin, store.
package desk

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/report"
	"cutline/internal/signin"
	"cutline/internal/store"
)

//go:embed templates static
var files embed.FS

// Config is what the desk needs.
type Config struct {
	Store   *store.Store
	Bucket  *bucket.Bucket
	Checker *check.Checker
	Guard   *signin.Guard // who may do what
	Log     *slog.Logger

	Uploads     string              // name of the bucket that pictures are uploaded to; "" for no uploads
	Pictures    string              // origin of the addresses of pictures: "https://bucket.s3.eu-west-1.amazonaws.com"
	DeadLetters func() []DeadLetter // nil where there are none to show
	Now         func() time.Time    // time.Now when nil
}

// DeadLetter is an event that could not be handled.
type DeadLetter struct {
	Message string
	Error   string
	At      time.Time
}

type desk struct {
	Config
	pages *template.Template
}

// How long the address of a picture is good for.
const pictureValid = 15 * time.Minute

// New returns the desk. Requests that come from another site are refused.
func New(c Config) (http.Handler, error) {
	if c.Store == nil || c.Bucket == nil || c.Checker == nil || c.Guard == nil || c.Log == nil {
		return nil, errors.New("desk: store, bucket, checker, guard and log are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	d := &desk{Config: c}
	var err error
	if d.pages, err = template.New("").Funcs(template.FuncMap{
		"reportURL": reportURL, "day": func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
		"clock": func(t time.Time) string { return t.UTC().Format("15:04:05") }, "short": short, "words": codeWords,
	}).ParseFS(files, "templates/*.html"); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	mux := http.NewServeMux()
	for _, route := range d.routes() {
		mux.Handle(route.pattern, c.Guard.Need(route.need, route.handler, d.refused))
	}
	return d.secured(http.NewCrossOriginProtection().Handler(mux)), nil
}

func cached(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600")
		h.ServeHTTP(w, r)
	})
}

// secured lets pages load nothing but the desk's own files and the pictures.
func (d *desk) secured(h http.Handler) http.Handler {
	policy := "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: " + d.Pictures +
		"; connect-src 'self' " + d.Pictures + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		h.ServeHTTP(w, r)
	})
}

// maxBody bounds a request, in bytes: captions, not pictures.
const maxBody = 1 << 20

// page writes a page: the frame that all share around the named template.
func (d *desk) page(w http.ResponseWriter, r *http.Request, status int, name, title string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	for _, part := range []struct {
		name string
		data any
	}{{"head", frame{title, signin.From(r.Context())}}, {name, data}, {"foot", nil}} {
		if err := d.pages.ExecuteTemplate(w, part.name, part.data); err != nil {
			d.Log.ErrorContext(r.Context(), "a page could not be written", "page", name, "error", err)
			return
		}
	}
}

// frame is what the head of every page shows.
type frame struct {
	Title string
	Me    signin.Person
}

type failure struct {
	Title, Message string
}

// failed shows an error as a page: the store's own words only in the log.
func (d *desk) failed(w http.ResponseWriter, r *http.Request, err error) {
	status, message := d.explain(r, err)
	d.page(w, r, status, "error.html", http.StatusText(status), failure{http.StatusText(status), message})
}

// explain turns an error into a status and a sentence for people.
func (d *desk) explain(r *http.Request, err error) (int, string) {
	switch {
	case errors.Is(err, signin.ErrNobody):
		return http.StatusUnauthorized, "Sign in first."
	case errors.Is(err, signin.ErrToken):
		return http.StatusUnauthorized, "The token is not valid: it was revoked, has expired, or never was one."
	case errors.Is(err, signin.ErrNotAllowed):
		return http.StatusForbidden, "You may not do this."
	case errors.Is(err, signin.ErrHost):
		return http.StatusMisdirectedRequest, "This desk has no sign-in and answers on this machine only, under its own name."
	case errors.Is(err, store.ErrNoToken):
		return http.StatusNotFound, "There is no such token."
	case errors.Is(err, store.ErrNotFound):
		return http.StatusNotFound, "There is no report of this picture."
	case errors.Is(err, store.ErrConflict):
		return http.StatusConflict, "Somebody else decided about this picture in the meantime. Look at it again."
	case errors.Is(err, store.ErrDecision), errors.Is(err, errBadRequest), errors.Is(err, store.ErrCursor):
		return http.StatusBadRequest, err.Error()
	}
	d.Log.ErrorContext(r.Context(), "a request failed", "path", r.URL.Path, "error", err)
	return http.StatusBadGateway, "The reports cannot be reached now. Try again in a moment."
}

var errBadRequest = errors.New("bad request")

func short(s string) string {
	runes := []rune(s)
	if len(runes) <= 160 {
		return s
	}
	return string(runes[:159]) + "…"
}

// codeWords says in few words what a finding's code means.
func codeWords(code string) string {
	if w, ok := words[code]; ok {
		return w
	}
	return code
}

var words = map[string]string{
	"caption.missing": "no caption", "caption.conflict": "captions differ", "caption.truncated": "caption cut short",
	"source.missing": "no source", "source.misplaced": "source not in caption", "provided.missing": "not said provided",
	"verification.missing": "no disclaimer", "verification.misplaced": "disclaimer hidden", "access.missing": "access not said",
	"watermark.missing": "watermark not said", "credit.missing": "no credit", "ai.undisclosed": "AI not disclosed",
	"kill.notice": "kill notice", "date.weekday": "wrong weekday", "date.impossible": "impossible date", "date.conflict": "dates differ",
	"credit.conflict": "credits differ", "c2pa.invalid": "credentials broken", "metadata.unreadable": "file unreadable",
}

var (
	verdicts = []report.Verdict{report.Fail, report.Review, report.Pass}
	origins  = []report.Origin{report.State, report.Handout, report.Social, report.Satellite, report.Synthetic, report.Own, report.Unknown}
)
