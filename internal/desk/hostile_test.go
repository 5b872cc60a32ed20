package desk_test

import (
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"
)

// evil turns the text after it around, rings a bell and is markup.
const evil = " \u202E\u2066<b onclick=x>\u0007</b>"

// poison puts it behind every text of a value but those of a fixed set, such
// as verdicts, which have types of their own.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			poison(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(v.String() + evil)
		}
	}
}

// Nothing that a file, its key or an editor says reaches a page with its
// markup, or with characters that turn the page's own text around.
func TestHostileReports(t *testing.T) {
	s, reports, checker := open(t)
	put(t, reports, checker, "evil.jpg", "01", stateCaption)
	rec, err := reports.Get(t.Context(), "photos", "evil.jpg")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	rep := rec.Report
	rep.Caption.Others = rep.Metadata
	rep.Findings[0].Related = []report.Related{{Message: "elsewhere"}}
	rep.Trimmed = []string{"metadata"}
	rep.Provenance = &report.Provenance{
		Problem: "A problem", Previews: []report.Preview{{From: "mpf:2"}},
		Seen:  []report.Sighting{{Bucket: "photos", Key: "before.jpg", At: now, Caption: "Before", Sources: []string{"kcna"}, Date: "2026-01-01", Verdict: report.Pass, Origin: report.Own, Decision: "hold"}},
		Kills: []report.Kill{{ID: "1", At: now, Text: "KILL", Names: []string{"TOK801"}, Why: "s3://photos/x.jpg"}},
		C2PA: &report.Credentials{Present: true, State: "Valid", Manifest: "urn", Title: "A title", Generator: "A program", Signer: "A signer", Issuer: "An issuer", SignedAt: now,
			Actions:     []report.Action{{Action: "c2pa.own", Software: "A program", DigitalSourceType: "x/own"}},
			Ingredients: []report.Ingredient{{Title: "A part", Signer: "A signer", Relationship: "parentOf", Actions: []report.Action{{Action: "c2pa.edited"}}}}},
	}
	poison(reflect.ValueOf(&rep))
	photo := *rep.Photo
	photo.Bucket, photo.VersionID, photo.Sequencer, photo.Format = "photos", "v02", "02", "jpeg"
	rep.Photo, rep.CheckedAt = &photo, now
	if _, err := reports.Put(t.Context(), rep); err != nil {
		t.Fatal(err)
	}
	if rec, err = reports.Get(t.Context(), "photos", photo.Key); err != nil {
		t.Fatal(err)
	}
	done := store.Decision{Action: store.Hold, By: "An editor" + evil, ByID: "1", At: now, Reason: "Ask" + evil}
	if _, err := reports.Decide(t.Context(), "photos", photo.Key, done, rec.Revision); err != nil {
		t.Fatal(err)
	}
	if err := reports.PutToken(t.Context(), store.Token{ID: "abcdefghijkl", Name: "A program" + evil, Scopes: []string{"read"}, CreatedBy: "An editor" + evil, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}

	fields := regexp.MustCompile(`<input [^>]*>|id="finding-[^"]*"|<textarea id="draft" name="caption" rows="7".*?</textarea>`) // sent back as they were, or names
	harmless := func(what, body string) {
		body = fields.ReplaceAllString(body, "")
		if found := regexp.MustCompile("(?s).{0,60}[\u202A-\u202E\u2066-\u2069\x07].{0,60}").FindString(body); found != "" {
			t.Errorf("%s turns text around: %q", what, found)
		}
		if strings.Contains(body, "<b onclick") {
			t.Errorf("%s has a caption's markup", what)
		}
	}
	address := (&url.URL{Path: "/reports/photos/" + photo.Key}).EscapedPath()
	asked := "?q=" + url.QueryEscape(evil)
	for _, path := range []string{
		"/", "/rows", "/facets", "/?counts=1", "/overview", "/tokens", "/rules", "/dead-letters", "/check", "/upload", address, address + "?version=v02",
		"/" + asked, "/?source=" + url.QueryEscape(evil), "/?prefix=" + url.QueryEscape(evil) + "&bucket=" + url.QueryEscape(evil), "/?day=" + url.QueryEscape(evil), "/rules/" + url.PathEscape(evil),
		"/reports/photos/" + url.PathEscape("none"+evil),
	} {
		_, body := get(t, s.URL+path)
		harmless(path, body)
	}
	for path, form := range map[string]url.Values{
		"/check":   {"caption": {stateCaption + evil}, "credit": {"AP" + evil}},
		"/recheck": {"caption": {"Another" + evil}, "bucket": {"photos"}, "key": {photo.Key}},
	} {
		resp, err := http.PostForm(s.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp.StatusCode, err)
		}
		harmless("POST "+path, string(body))
	}
}
