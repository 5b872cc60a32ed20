package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Nothing that a key, a query or a form holds makes a line of its own in the
// head of an answer, or sends anybody to another host.
func TestHeadersTakeNoLines(t *testing.T) {
	s, reports, checker := open(t)
	const key = "a\r\nX-Evil: 1\r\n\r\n<b>\".jpg"
	put(t, reports, checker, key, "01", stateCaption)
	rec, err := reports.Get(t.Context(), "photos", key)
	if err != nil {
		t.Fatal(err)
	}
	at := (&url.URL{Path: "photos/" + key}).EscapedPath()
	evil := url.QueryEscape("x\r\nX-Evil: 1")
	form := url.Values{"action": {"hold"}, "reason": {key}, "revision": {rec.Revision}, "to": {"//evil.example"}, "back": {"https://evil.example"}}.Encode()
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/reports/" + at, ""}, {"GET", "/api/reports/" + at, ""}, {"GET", "/api/versions/" + at, ""}, {"GET", "/api/decisions/" + at, ""},
		{"GET", "/thumbs/" + at + "?version=" + evil, ""}, {"GET", "/pictures/" + at + "?version=" + evil, ""},
		{"GET", "/?q=" + evil + "&prefix=" + evil, ""}, {"GET", "/rows?q=" + evil, ""}, {"GET", "/api/reports?limit=1&prefix=" + evil, ""},
		{"GET", "/export.csv?prefix=" + evil, ""}, {"GET", "/sign-in?to=" + url.QueryEscape("//evil.example/\r\nX-Evil: 1"), ""}, {"GET", "/sign-in?to=" + url.QueryEscape(`/\evil.example`), ""},
		{"POST", "/decisions/" + at, form}, {"POST", "/tags/" + at, form}, {"POST", "/api/uploads", `{"name": "x\r\nX-Evil: 1.jpg"}`},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1"+c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if strings.HasPrefix(c.body, "{") {
			r.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder() // which shows headers as they were set, before net/http mends them
		s.Config.Handler.ServeHTTP(w, r)
		for name, values := range w.Header() {
			for _, value := range values {
				if strings.ContainsAny(name+value, "\r\n") || strings.Contains(name, "Evil") {
					t.Errorf("%s %s: %s: %q", c.method, c.path, name, value)
				}
			}
		}
		if to, err := url.Parse(w.Header().Get("Location")); w.Code/100 == 3 && (err != nil || to.Host == "evil.example" || strings.HasPrefix(to.Path, "//") || strings.HasPrefix(to.Path, `/\`)) {
			t.Errorf("%s %s: to %q", c.method, c.path, w.Header().Get("Location"))
		}
		if w.Code == http.StatusInternalServerError {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
}
