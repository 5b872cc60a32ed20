package signin_test

import (
	"bytes"
	"context"
	"errors"
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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

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
	db := httptest.NewServer(localtest.Database(t))
	t.Cleanup(db.Close)
	s := store.New(store.NewClient(aws.Config{Region: "us-east-1", BaseEndpoint: &db.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}), "reports")
	if err := s.CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
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

// Every way in which the way back can be wrong. Nobody is signed in by it.
func TestWrongAnswers(t *testing.T) {
	type back = url.Values
	for name, c := range map[string]struct {
		change func(t *testing.T, d *desk, b *browser, q back)
		want   error
	}{
		"another state":    {func(_ *testing.T, _ *desk, _ *browser, q back) { q.Set("state", "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }, signin.ErrFlow},
		"no state":         {func(_ *testing.T, _ *desk, _ *browser, q back) { q.Del("state") }, signin.ErrFlow},
		"no code":          {func(_ *testing.T, _ *desk, _ *browser, q back) { q.Del("code") }, nil},
		"another code":     {func(_ *testing.T, _ *desk, _ *browser, q back) { q.Set("code", "x") }, nil},
		"another provider": {func(_ *testing.T, _ *desk, _ *browser, q back) { q.Set("iss", "https://elsewhere.example") }, signin.ErrFlow},
		"refused":          {func(_ *testing.T, _ *desk, _ *browser, q back) { q.Set("error", "access_denied") }, signin.ErrFlow},
		"no cookie": {func(t *testing.T, d *desk, b *browser, _ back) {
			b.Jar, _ = cookiejar.New(nil)
		}, signin.ErrFlow},
		"a later flow's cookie": {func(t *testing.T, d *desk, b *browser, _ back) {
			b.get(d.URL + "/sign-in")
		}, signin.ErrFlow},
		"too late": {func(t *testing.T, d *desk, _ *browser, _ back) { d.clock.forward(11 * time.Minute) }, signin.ErrFlow},
		"session cookie as flow cookie": {func(t *testing.T, d *desk, b *browser, _ back) {
			other := d.browser(t)
			other.signIn(d, "anna", "/")
			u, _ := url.Parse(d.URL)
			for _, c := range other.Jar.Cookies(u) {
				b.Jar.SetCookies(u, []*http.Cookie{{Name: "__Host-cutline-sign-in", Value: c.Value, Path: "/", Secure: true}})
			}
		}, signin.ErrFlow},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, nil, anna)
			b := d.browser(t)
			page, _ := b.get(d.URL + "/sign-in")
			b.stop = func(r *http.Request) bool {
				return r.URL.Path == signin.CallbackPath
			}
			resp, _ := b.choose(page, "anna")
			at, err := resp.Location()
			if err != nil || at.Path != signin.CallbackPath {
				t.Fatalf("not sent back: %v, %v", at, err)
			}
			q := at.Query()
			c.change(t, d, b, q)
			at.RawQuery = q.Encode()
			b.stop = nil
			resp, text := b.get(at.String())
			if resp.StatusCode != http.StatusForbidden || c.want != nil && !strings.Contains(text, c.want.Error()) {
				t.Errorf("%d %s", resp.StatusCode, text)
			}
			if resp, text := b.get(d.URL + "/"); resp.StatusCode != http.StatusForbidden {
				t.Errorf("signed in all the same: %s", text)
			}
		})
	}
}

func TestAnAnswerServesOnce(t *testing.T) {
	d := open(t, nil, anna)
	b := d.browser(t)
	page, _ := b.get(d.URL + "/sign-in")
	b.stop = func(r *http.Request) bool { return r.URL.Path == signin.CallbackPath }
	resp, _ := b.choose(page, "anna")
	at, _ := resp.Location()
	b.stop = nil
	if resp, _ := b.get(at.String()); resp.StatusCode != http.StatusOK {
		t.Fatalf("the first time: %d", resp.StatusCode)
	}
	if resp, _ := b.get(at.String()); resp.StatusCode != http.StatusForbidden {
		t.Errorf("the second time: %d", resp.StatusCode)
	}
}

func TestWrongNonce(t *testing.T) {
	d := open(t, nil, anna)
	d.provider.WrongNonce.Store(true)
	if resp, text := d.browser(t).signIn(d, "anna", "/"); resp.StatusCode != http.StatusForbidden || !strings.Contains(text, "nonce") {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

// otherVerifier sends another PKCE verifier than the flow's.
type otherVerifier struct{}

func (otherVerifier) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		r.PostForm.Set("code_verifier", strings.Repeat("v", 43))
		text := r.PostForm.Encode()
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestAStolenCodeIsUseless(t *testing.T) {
	d := open(t, func(c *signin.Config) { c.HTTP = &http.Client{Transport: otherVerifier{}} }, anna)
	if resp, text := d.browser(t).signIn(d, "anna", "/"); resp.StatusCode != http.StatusForbidden || !strings.Contains(text, "code for token") {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestRoles(t *testing.T) {
	claim := func(name string, value any) map[string]any { return map[string]any{name: value} }
	for name, c := range map[string]struct {
		role   signin.RoleClaim
		claims map[string]any
		want   signin.Role // "" when nobody is let in
	}{
		"a list":               {signin.RoleClaim{Name: "roles"}, claim("roles", []string{"x", "viewer"}), signin.Viewer},
		"one text":             {signin.RoleClaim{Name: "roles"}, claim("roles", "chief"), signin.Chief},
		"the highest":          {signin.RoleClaim{Name: "roles"}, claim("roles", []string{"viewer", "chief", "editor"}), signin.Chief},
		"an object":            {signin.RoleClaim{Name: "urn:zitadel:iam:org:project:roles"}, claim("urn:zitadel:iam:org:project:roles", map[string]any{"editor": map[string]any{"1": "x"}}), signin.Editor},
		"inside others":        {signin.RoleClaim{Name: "realm_access.roles"}, claim("realm_access", map[string]any{"roles": []string{"editor"}}), signin.Editor},
		"a name with dots":     {signin.RoleClaim{Name: "https://example.org/roles"}, claim("https://example.org/roles", []string{"editor"}), signin.Editor},
		"mapped":               {signin.RoleClaim{Name: "groups", Roles: map[string]signin.Role{"Photo desk": signin.Editor}}, claim("groups", []string{"Photo desk"}), signin.Editor},
		"mapped, own name":     {signin.RoleClaim{Name: "groups", Roles: map[string]signin.Role{"Photo desk": signin.Editor}}, claim("groups", []string{"chief"}), ""},
		"everybody else":       {signin.RoleClaim{Name: "groups", Roles: map[string]signin.Role{"*": signin.Viewer}}, claim("groups", []string{"sport"}), signin.Viewer},
		"everybody, no claim":  {signin.RoleClaim{Name: "groups", Roles: map[string]signin.Role{"*": signin.Viewer}}, nil, signin.Viewer},
		"no claim":             {signin.RoleClaim{Name: "roles"}, nil, ""},
		"an unknown role":      {signin.RoleClaim{Name: "roles"}, claim("roles", []string{"administrator", "Chief", " chief"}), ""},
		"a number":             {signin.RoleClaim{Name: "roles"}, claim("roles", 3), ""},
		"a list of lists":      {signin.RoleClaim{Name: "roles"}, claim("roles", []any{[]any{"chief"}}), ""},
		"a star as the claim":  {signin.RoleClaim{Name: "roles"}, claim("roles", "*"), ""},
		"inside, of one level": {signin.RoleClaim{Name: "a.b"}, claim("a", "chief"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, onRequest := range []bool{false, true} {
				d := open(t, func(config *signin.Config) { config.Role = c.role },
					providertest.Person{Sub: "p", Name: "P", Claims: c.claims, OnRequest: onRequest})
				resp, text := d.browser(t).signIn(d, "p", "/")
				if want := "p P " + string(c.want); c.want != "" && text != want {
					t.Errorf("on request %v: %d %q, want %q", onRequest, resp.StatusCode, text, want)
				}
				if c.want == "" && (resp.StatusCode != http.StatusForbidden || !strings.Contains(text, signin.ErrNoRole.Error())) {
					t.Errorf("on request %v: %d %q", onRequest, resp.StatusCode, text)
				}
			}
		})
	}
}

func TestParseRoles(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "map[]",
		"photo-desk=editor":                 "map[photo-desk:editor]",
		" a b = chief ,c=d=viewer,*=editor": "map[*:editor a b:chief c=d:viewer]",
		"a":                                 "error",
		"a=boss":                            "error",
		"=viewer":                           "error",
		"a=chief,":                          "error",
	} {
		roles, err := signin.ParseRoles(text)
		got := fmt.Sprint(roles)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

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

// A provider that is away keeps nobody out who has a session, and one that
// comes back is found.
func TestProviderAway(t *testing.T) {
	guard, err := signin.New(signin.Config{
		Issuer: "http://127.0.0.1:1", ClientID: "c", Role: signin.RoleClaim{Name: "roles"}, SessionKeys: []string{key},
	}, newStore(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := guard.Begin(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "https://desk.example/sign-in", nil))
		if err == nil || errors.Is(err, signin.ErrFlow) {
			t.Errorf("error %v", err)
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
	page, _ := b.get(d.URL + "/sign-in")
	b.stop = func(r *http.Request) bool { return r.URL.Path == signin.CallbackPath }
	resp, _ := b.choose(page, "anna")
	at, _ := resp.Location()
	b.stop = nil
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
