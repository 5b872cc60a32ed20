package signin_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cutline/internal/signin"
	"cutline/internal/signin/providertest"
)

func TestSessionsEnd(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	in := func() bool { resp, _ := b.get(d.URL + "/"); return resp.StatusCode == http.StatusOK }
	b.signIn(d, "anna", "/")
	for range 6 { // used every now and then, for less than a shift
		d.clock.forward(110 * time.Minute)
		if !in() {
			t.Fatal("a session in use has ended")
		}
	}
	d.clock.forward(70 * time.Minute)
	if in() {
		t.Error("the session lasts longer than a shift")
	}
}

func TestSessionsRest(t *testing.T) {
	for minutes, want := range map[time.Duration]int{119: http.StatusOK, 121: http.StatusForbidden} {
		d := open(t, nil, anna)
		b := d.browser(t)
		b.signIn(d, "anna", "/")
		d.clock.forward(minutes * time.Minute)
		if resp, _ := b.get(d.URL + "/"); resp.StatusCode != want {
			t.Errorf("not used for %d minutes: %d, want %d", minutes, resp.StatusCode, want)
		}
	}
}

// What a browser copied before signing out is of no use afterwards.
func TestSigningOutEndsCopies(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	b.signIn(d, "anna", "/")
	u, _ := url.Parse(d.URL)
	copied := b.Jar.Cookies(u)
	b.get(d.URL + "/sign-out")
	thief := d.browser(t)
	for _, c := range copied {
		thief.Jar.SetCookies(u, []*http.Cookie{{Name: c.Name, Value: c.Value, Path: "/", Secure: true}})
	}
	if resp, text := thief.get(d.URL + "/"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestTamperedCookies(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	b.signIn(d, "anna", "/")
	u, _ := url.Parse(d.URL)
	var good *http.Cookie
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == "__Host-cutline-session" {
			good = c
		}
	}
	if good == nil {
		t.Fatal("no session cookie")
	}
	try := func(name, value string) int {
		r, err := http.NewRequest(http.MethodGet, d.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: name, Value: value})
		resp, err := d.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := try(good.Name, good.Value); got != http.StatusOK {
		t.Fatalf("the cookie as it is: %d", got)
	}
	// Without the prefix another host of the domain could have planted it.
	if got := try("cutline-session", good.Value); got != http.StatusForbidden {
		t.Errorf("under the plain name: %d", got)
	}
	// The last letters of base64 have bits that mean nothing.
	for i := 0; i < len(good.Value)-4; i += 7 {
		changed := []byte(good.Value)
		changed[i] ^= 1
		if changed[i] == good.Value[i] {
			continue
		}
		if got := try(good.Name, string(changed)); got != http.StatusForbidden {
			t.Errorf("byte %d changed: %d", i, got)
		}
	}
	for name, value := range map[string]string{"cut": good.Value[:len(good.Value)-4], "empty": "", "text": "chief", "long": strings.Repeat("A", 5000)} {
		if got := try(good.Name, value); got != http.StatusForbidden {
			t.Errorf("%s: %d", name, got)
		}
	}
	// Another desk's key.
	other := open(t, func(c *signin.Config) { c.SessionKeys = []string{strings.Repeat("o", 32)} }, anna)
	ob := other.browser(t)
	ob.signIn(other, "anna", "/")
	ou, _ := url.Parse(other.URL)
	for _, c := range ob.Jar.Cookies(ou) {
		if got := try(good.Name, c.Value); got != http.StatusForbidden {
			t.Errorf("sealed with another key: %d", got)
		}
	}
}

// A session that somebody planted in the browser does not outlive signing in.
func TestSessionFixation(t *testing.T) {
	eve := providertest.Person{Sub: "eve", Name: "Eve", Claims: map[string]any{"roles": "viewer"}}
	d := open(t, nil, anna, eve)
	planter, victim := d.browser(t), d.browser(t)
	planter.signIn(d, "eve", "/")
	u, _ := url.Parse(d.URL)
	victim.Jar.SetCookies(u, []*http.Cookie{{Name: "__Host-cutline-session", Value: planter.Jar.Cookies(u)[0].Value, Path: "/", Secure: true}})
	victim.signIn(d, "anna", "/")
	if _, text := victim.get(d.URL + "/"); !strings.HasPrefix(text, "anna ") {
		t.Errorf("the victim is %s", text)
	}
	if _, text := planter.get(d.URL + "/"); !strings.HasPrefix(text, "eve ") {
		t.Errorf("the planter is %s", text)
	}
}

func TestKeysCanBeReplaced(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	b.signIn(d, "anna", "/")
	fresh := strings.Repeat("n", 32)
	for name, c := range map[string]struct {
		keys []string
		want int
	}{"the new before the old": {[]string{fresh, key}, http.StatusOK}, "only the new": {[]string{fresh}, http.StatusForbidden}} {
		guard, err := signin.New(signin.Config{
			Issuer: d.provider.URL, ClientID: providertest.ClientID, ClientSecret: providertest.ClientSecret,
			Role: signin.RoleClaim{Name: "roles"}, SessionKeys: c.keys,
		}, d.store, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(d.URL)
		r := httptest.NewRequest(http.MethodGet, d.URL+"/", nil)
		for _, cookie := range b.Jar.Cookies(u) {
			r.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		routes(guard).ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
}
