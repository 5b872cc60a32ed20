// Package desk is what editors work at: pages and a JSON API over the stored
// reports. It is one http.Handler, the same in Lambda and on one machine.
//
// Imports: bucket, caption, check, photo, report, rules, signin, store, writeback.
package desk

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/check"
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
	pages       *template.Template
	description json.RawMessage // of the API
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
	if d.description, err = openAPI(); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	if d.pages, err = d.parse(); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	mux := http.NewServeMux()
	for _, route := range d.routes() {
		mux.Handle(route.pattern, c.Guard.Need(route.need, route.handler, d.refused))
	}
	mux.HandleFunc("/api/", nothing(d, mux))
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.refused(w, r, errCrossOrigin) }))
	return d.secured(protection.Handler(mux)), nil
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
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Strict-Transport-Security", "max-age=63072000") // over TLS only
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		h.ServeHTTP(w, r)
	})
}

// maxBody bounds a request, in bytes: captions, not pictures.
const maxBody = 1 << 20

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
	case errors.Is(err, errKilled):
		return http.StatusForbidden, "This picture was killed. Only who may kill may take that back."
	case errors.Is(err, errCrossOrigin):
		return http.StatusForbidden, "The request comes from a page of another site."
	case errors.Is(err, signin.ErrHost):
		return http.StatusMisdirectedRequest, "This desk has no sign-in and answers on this machine only, under its own name."
	case errors.Is(err, store.ErrNoToken):
		return http.StatusNotFound, "There is no such token."
	case errors.Is(err, bucket.ErrGone):
		return http.StatusNotFound, "There is no such picture in the bucket."
	case errors.Is(err, store.ErrNotFound):
		return http.StatusNotFound, "There is no report of this picture."
	case errors.Is(err, store.ErrConflict):
		return http.StatusConflict, sentence(err)
	case errors.Is(err, bucket.ErrReplaced):
		return http.StatusConflict, "Another version of this picture was uploaded in the meantime. Look at that one."
	case errors.Is(err, store.ErrDecision), errors.Is(err, errBadRequest), errors.Is(err, store.ErrCursor):
		return http.StatusBadRequest, sentence(err)
	case store.Busy(err):
		return http.StatusServiceUnavailable, "The reports cannot be reached as fast as they are asked for. Try again in a moment."
	}
	d.Log.ErrorContext(r.Context(), "a request failed", "path", r.URL.Path, "error", err)
	return http.StatusBadGateway, "The reports cannot be reached now. Try again in a moment."
}

var (
	errBadRequest  = errors.New("bad request")
	errCrossOrigin = errors.New("the request comes from another site")
)
