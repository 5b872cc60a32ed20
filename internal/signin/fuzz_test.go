package signin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Wherever somebody wants to go after signing in, it is on the desk, also as
// browsers read addresses: they take "\" for "/" and drop tabs and newlines.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "//e.example", "/\\e.example", "https://e.example", "/\t/e.example", "/%2f%2fe.example", "/.//e.example", "/..//e.example", "/a?to=//e.example", "/a#//e.example", ""} {
		f.Add(seed)
	}
	desk := &url.URL{Scheme: "https", Host: "desk.example", Path: "/sign-in/callback"}
	f.Fuzz(func(t *testing.T, to string) {
		w := httptest.NewRecorder()
		http.Redirect(w, httptest.NewRequest(http.MethodGet, desk.String(), nil), localPath(to), http.StatusSeeOther)
		location := w.Header().Get("Location")
		read := strings.NewReplacer("\\", "/", "\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(location))
		at, err := desk.Parse(read)
		if err != nil {
			return // no browser goes there
		}
		if at.Host != desk.Host || at.Scheme != desk.Scheme {
			t.Errorf("%q sends to %q", to, location)
		}
		if strings.ContainsAny(location, "\r\n") {
			t.Errorf("%q makes a header of its own", to)
		}
	})
}
