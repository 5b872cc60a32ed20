package signin_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cutline/internal/local/localtest"
	"cutline/internal/signin"
	"cutline/internal/signin/providertest"
	"cutline/internal/store"
)

// clock is a clock that tests move.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

func newStore(t *testing.T) *store.Store {
	t.Helper()
	return localtest.Store(t, localtest.Config(t))
}

// desk is a small desk over TLS: "/" tells who asks, "/kill" needs the right.
type desk struct {
	*httptest.Server
	provider *providertest.Provider
	store    *store.Store
	guard    *signin.Guard
	clock    *clock
	log      *bytes.Buffer
}

var key = strings.Repeat("k", 32)

func open(t *testing.T, change func(*signin.Config), people ...providertest.Person) *desk {
	t.Helper()
	d := &desk{provider: providertest.Start(t, people...), store: newStore(t), clock: &clock{}, log: &bytes.Buffer{}}
	config := signin.Config{
		Issuer: d.provider.URL, ClientID: providertest.ClientID, ClientSecret: providertest.ClientSecret,
		Role: signin.RoleClaim{Name: "roles"}, SessionKeys: []string{key}, Now: d.clock.now,
	}
	if change != nil {
		change(&config)
	}
	var err error
	if d.guard, err = signin.New(config, d.store, slog.New(slog.NewJSONHandler(d.log, nil))); err != nil {
		t.Fatal(err)
	}
	d.Server = httptest.NewTLSServer(routes(d.guard))
	t.Cleanup(d.Close)
	d.provider.Register(d.URL)
	return d
}

func routes(guard *signin.Guard) http.Handler {
	refuse := func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusForbidden)
	}
	who := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := signin.From(r.Context())
		fmt.Fprintf(w, "%s %s %s", p.ID, p.Name, p.Role)
	})
	mux := http.NewServeMux()
	mux.Handle("/", guard.Need(signin.Read, who, refuse))
	mux.Handle("/kill", guard.Need(signin.Kill, who, refuse))
	step := func(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := f(w, r); err != nil {
				refuse(w, r, err)
			}
		}
	}
	mux.HandleFunc("/sign-in", step(guard.Begin))
	mux.HandleFunc(signin.CallbackPath, step(guard.Finish))
	mux.HandleFunc("/sign-out", step(func(w http.ResponseWriter, r *http.Request) error {
		address, err := guard.End(w, r)
		fmt.Fprint(w, address)
		return err
	}))
	return mux
}

// browser keeps cookies and follows redirects until it is told to stop.
type browser struct {
	*http.Client
	t    *testing.T
	stop func(*http.Request) bool
}

func (d *desk) browser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{Client: &http.Client{Jar: jar, Transport: d.Client().Transport}, t: t}
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if b.stop != nil && b.stop(r) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return b
}

func (b *browser) get(address string) (*http.Response, string) {
	b.t.Helper()
	resp, err := b.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, body(b.t, resp)
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// choose says at the provider's page who one is.
func (b *browser) choose(page *http.Response, sub string) (*http.Response, string) {
	b.t.Helper()
	id := page.Request.URL.Query().Get("authRequestID")
	if id == "" {
		b.t.Fatalf("not at the provider's page, but at %s", page.Request.URL)
	}
	resp, err := b.PostForm(page.Request.URL.String(), url.Values{"id": {id}, "person": {sub}})
	if err != nil {
		b.t.Fatal(err)
	}
	return resp, body(b.t, resp)
}

func (b *browser) signIn(d *desk, sub, to string) (*http.Response, string) {
	b.t.Helper()
	page, _ := b.get(d.URL + "/sign-in?" + url.Values{"to": {to}}.Encode())
	return b.choose(page, sub)
}

// answer returns the provider's answer to a sign-in, which is not followed.
func (b *browser) answer(d *desk, sub string) *url.URL {
	b.t.Helper()
	page, _ := b.get(d.URL + "/sign-in")
	b.stop = func(r *http.Request) bool { return r.URL.Path == signin.CallbackPath }
	resp, _ := b.choose(page, sub)
	b.stop = nil
	at, err := resp.Location()
	if err != nil {
		b.t.Fatal(err)
	}
	return at
}

var anna = providertest.Person{Sub: "anna", Name: "Anna Berg", Claims: map[string]any{"roles": []string{"editor"}}}

func TestRoundTrip(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	if resp, _ := b.get(d.URL + "/"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("before signing in: %d", resp.StatusCode)
	}
	resp, text := b.signIn(d, "anna", "/list?verdict=fail")
	if text != "anna Anna Berg editor" {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if got := resp.Request.URL.RequestURI(); got != "/list?verdict=fail" {
		t.Errorf("came to %s", got)
	}
	if resp, _ := b.get(d.URL + "/kill"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("an editor may kill: %d", resp.StatusCode)
	}
	resp, address := b.get(d.URL + "/sign-out")
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(address, d.provider.URL) {
		t.Errorf("sign-out: %d %s", resp.StatusCode, address)
	}
	if resp, _ := b.get(d.URL + "/"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("after signing out: %d", resp.StatusCode)
	}
}

// What is sent to the provider, and how the cookies are made.
func TestRequestAndCookies(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	b.stop = func(r *http.Request) bool { return true }
	resp, _ := b.get(d.URL + "/sign-in?to=/x")
	sent, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	q := sent.Query()
	for name, want := range map[string]string{
		"response_type": "code", "code_challenge_method": "S256", "client_id": providertest.ClientID,
		"redirect_uri": d.URL + "/sign-in/callback", "scope": "openid profile email",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(q.Get(name)) < 20 {
			t.Errorf("%s is %q", name, q.Get(name))
		}
	}
	cookie := resp.Cookies()[0]
	if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge <= 0 || cookie.MaxAge > 600 {
		t.Errorf("flow cookie %s", cookie)
	}
	for _, secret := range []string{q.Get("state"), q.Get("nonce")} {
		if strings.Contains(cookie.Value, secret) {
			t.Error("the flow's cookie can be read")
		}
	}
}

func TestWhereOneComesTo(t *testing.T) {
	for to, want := range map[string]string{
		"/reports/photos/a%20b.jpg?version=1":     "/reports/photos/a%20b.jpg?version=1",
		"":                                        "/",
		"//elsewhere.example/":                    "/",
		"/\\elsewhere.example":                    "/",
		"\\\\elsewhere.example":                   "/",
		"https://elsewhere.example":               "/",
		"javascript:alert(1)":                     "/",
		"/\t/elsewhere.example":                   "/",
		"/a\r\nSet-Cookie: x=y":                   "/",
		"reports":                                 "/",
		"/sign-in?to=/":                           "/",
		"/sign-out":                               "/",
		"/" + strings.Repeat("a", 2000):           "/",
		"/%2f/elsewhere.example":                  "/%2f/elsewhere.example",
		"/@elsewhere.example":                     "/@elsewhere.example",
		"/.//elsewhere.example/..//x/../../../..": "/",
	} {
		d := open(t, nil, anna)
		b := d.browser(t)
		b.stop = func(r *http.Request) bool {
			return r.Response.Request.URL.Path == signin.CallbackPath
		}
		resp, _ := b.signIn(d, "anna", to)
		at, err := resp.Location()
		if err != nil {
			t.Fatalf("%q: %v", to, err)
		}
		if got := at.RequestURI(); got != want || "https://"+at.Host != d.URL {
			t.Errorf("%q: sent to %s", to, at)
		}
		if len(resp.Cookies()) != 2 || resp.Header.Get("Set-Cookie") == "x=y" {
			t.Errorf("%q: cookies %v", to, resp.Cookies())
		}
	}
}

func TestNamesArePlain(t *testing.T) {
	d := open(t, nil, providertest.Person{Sub: "x", Name: "Anna\u202E\u200B \n\x00Berg<b> " + strings.Repeat("y", 100), Claims: map[string]any{"roles": "viewer"}})
	_, text := d.browser(t).signIn(d, "x", "/")
	if want := "x Anna Berg<b> "; !strings.HasPrefix(text, want) || strings.ContainsAny(text, "\u202E\u200B\n\x00") || len(text) > 100 {
		t.Errorf("%q", text)
	}
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	at := b.answer(d, "anna")
	b.get(at.String())
	u, _ := url.Parse(d.URL)
	secrets := []string{at.Query().Get("code"), at.Query().Get("state"), key, providertest.ClientSecret}
	for _, c := range b.Jar.Cookies(u) {
		secrets = append(secrets, c.Value)
	}
	text, _, err := signin.NewToken(context.Background(), d.store, "cms", []signin.Right{signin.Read}, time.Hour, "anna", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	askWith(t, d, "Bearer "+text)
	b.get(d.URL + "/sign-out")
	for _, secret := range append(secrets, text) {
		if strings.Contains(d.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(d.log.String(), `"sub":"anna"`) {
		t.Error("the log does not say who signed in")
	}
}
