package desk

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/local/localtest"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/signin"
	"cutline/internal/signin/providertest"
)

// Who may ask for each address: people by their role, programs by the scope
// of their token. Every route stands here, or the test fails.
var allowed = map[string]string{
	"GET /{$}":                              "viewer editor chief read",
	"GET /rows":                             "viewer editor chief read",
	"GET /facets":                           "viewer editor chief read",
	"GET /export.csv":                       "viewer editor chief read",
	"GET /export.json":                      "viewer editor chief read",
	"GET /thumbs/{bucket}/{key...}":         "viewer editor chief read",
	"GET /pictures/{bucket}/{key...}":       "viewer editor chief read",
	"GET /reports/{bucket}/{key...}":        "viewer editor chief read",
	"POST /decisions/{bucket}/{key...}":     "editor chief decide",
	"POST /tags/{bucket}/{key...}":          "editor chief decide",
	"POST /captions/{bucket}/{key...}":      "editor chief decide",
	"GET /check":                            "viewer editor chief check",
	"POST /check":                           "viewer editor chief check",
	"POST /recheck":                         "viewer editor chief check",
	"GET /upload":                           "editor chief upload",
	"GET /overview":                         "viewer editor chief read",
	"GET /rules":                            "viewer editor chief read",
	"GET /rules/{code}":                     "viewer editor chief read",
	"GET /dead-letters":                     "viewer editor chief read",
	"GET /tokens":                           "chief",
	"POST /tokens":                          "chief",
	"POST /tokens/{id}/revoke":              "chief",
	"GET /sign-in":                          everybody,
	"GET /sign-in/callback":                 everybody,
	"POST /sign-out":                        everybody,
	"GET /healthz":                          everybody,
	"GET /static/":                          everybody,
	"GET /api/reports":                      "viewer editor chief read",
	"GET /api/reports/{bucket}/{key...}":    "viewer editor chief read",
	"POST /api/check":                       "viewer editor chief check",
	"POST /api/decisions/{bucket}/{key...}": "editor chief decide",
	"POST /api/uploads":                     "editor chief upload",
	"POST /api/kills":                       "chief kill",
	"GET /api/openapi.json":                 everybody,
	"GET /api/versions/{bucket}/{key...}":   "viewer editor chief read",
	"GET /api/decisions/{bucket}/{key...}":  "viewer editor chief read",
}

const everybody = "nobody viewer editor chief read check decide upload kill"

var actors = strings.Fields(everybody)

// guarded is a desk with sign-in, and for each actor a client that is it.
type guarded struct {
	*httptest.Server
	desk    *desk
	clients map[string]*http.Client
}

// bearer sends a token with every request.
type bearer struct {
	token string
	next  http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(r)
}

func openGuarded(t *testing.T) *guarded {
	t.Helper()
	config := localtest.Config(t)
	reports := localtest.Store(t, config)
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	var people []providertest.Person
	for _, role := range signin.Roles {
		people = append(people, providertest.Person{Sub: string(role), Name: "A " + string(role), Claims: map[string]any{"roles": []string{string(role)}}})
	}
	provider := providertest.Start(t, people...)
	log := slog.New(slog.DiscardHandler)
	guard, err := signin.New(signin.Config{
		Issuer: provider.URL, ClientID: providertest.ClientID, ClientSecret: providertest.ClientSecret,
		Role: signin.RoleClaim{Name: "roles"}, SessionKeys: []string{strings.Repeat("k", 32)},
	}, reports, log)
	if err != nil {
		t.Fatal(err)
	}
	checker := &check.Checker{Rules: house, Version: "test"}
	c := Config{Store: reports, Bucket: bucket.New(bucket.NewClient(config)), Checker: checker, Guard: guard, Log: log, Uploads: "photos", Pictures: *config.BaseEndpoint, Now: time.Now}
	handler, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	g := &guarded{Server: httptest.NewTLSServer(handler), desk: &desk{Config: c}, clients: map[string]*http.Client{}}
	t.Cleanup(g.Close)
	provider.Register(g.URL)
	transport := g.Client().Transport
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	g.clients["nobody"] = &http.Client{Transport: transport, CheckRedirect: stay}
	for _, role := range signin.Roles {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		c := &http.Client{Transport: transport, Jar: jar}
		page, err := c.Get(g.URL + "/sign-in")
		if err != nil {
			t.Fatal(err)
		}
		page.Body.Close()
		resp, err := c.PostForm(page.Request.URL.String(), url.Values{"id": {page.Request.URL.Query().Get("authRequestID")}, "person": {string(role)}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s cannot sign in: %d", role, resp.StatusCode)
		}
		c.CheckRedirect = stay
		g.clients[string(role)] = c
	}
	for _, scope := range signin.Scopes {
		text, _, err := signin.NewToken(t.Context(), reports, string(scope), []signin.Right{scope}, time.Hour, "test", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		g.clients[string(scope)] = &http.Client{Transport: bearer{text, transport}, CheckRedirect: stay}
	}
	return g
}

func (g *guarded) put(t *testing.T, key string) {
	t.Helper()
	rep := g.desk.Checker.Caption([]photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: "A train stands in Wonsan. (KCNA via AP)"}})
	rep.Photo = &report.Photo{Bucket: "photos", Key: key, VersionID: "v1", Sequencer: "01", Format: "jpeg", Width: 10, Height: 10, Size: 100}
	if _, err := g.desk.Store.Put(t.Context(), rep); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request and returns the answer with its body.
func (g *guarded) ask(t *testing.T, who, method, path, kind, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, g.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := g.clients[who].Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(all)
}

const formKind, jsonKind = "application/x-www-form-urlencoded", "application/json"

func TestEveryRouteAndActor(t *testing.T) {
	g := openGuarded(t)
	g.put(t, "a.jpg")
	var known []string
	for _, route := range g.desk.routes() {
		known = append(known, route.pattern)
		may, ok := allowed[route.pattern]
		if !ok {
			t.Errorf("%q is not in the table of who may ask for it", route.pattern)
			continue
		}
		method, path, found := strings.Cut(route.pattern, " ")
		if !found {
			method, path = http.MethodGet, route.pattern
		}
		path = strings.NewReplacer("{$}", "", "{bucket}", "photos", "{key...}", "a.jpg", "{code}", "source.missing", "{id}", "none").Replace(path)
		for _, who := range actors {
			if who != "nobody" && path == "/sign-out" {
				continue // it would end the session that the others need
			}
			resp, _ := g.ask(t, who, method, path, "", "")
			home := resp.Header.Get("Location")
			refused := resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden ||
				resp.StatusCode == http.StatusSeeOther && strings.HasPrefix(home, "/sign-in?")
			if want := !slices.Contains(strings.Fields(may), who); refused != want {
				t.Errorf("%s asks for %s: %d %s, to be refused: %v", who, route.pattern, resp.StatusCode, home, want)
			}
			if refused && strings.HasPrefix(path, "/api/") {
				if resp.Header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s asks for %s: refused with %s", who, route.pattern, resp.Header.Get("Content-Type"))
				}
				if (resp.StatusCode == http.StatusUnauthorized) != (who == "nobody") || (resp.Header.Get("WWW-Authenticate") != "") != (who == "nobody") {
					t.Errorf("%s asks for %s: %d %q", who, route.pattern, resp.StatusCode, resp.Header.Get("WWW-Authenticate"))
				}
			}
			if resp.Header.Get("Content-Security-Policy") == "" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: headers %v", route.pattern, resp.Header)
			}
		}
	}
	for pattern := range allowed {
		if !slices.Contains(known, pattern) {
			t.Errorf("%q stands in the table, and is no route", pattern)
		}
	}
}

// Each action of a decision, through the API and through the page's form.
func TestWhoMayDecideWhat(t *testing.T) {
	may := map[string]string{
		"approve": "editor chief decide", "hold": "editor chief decide", "note": "editor chief decide",
		"kill": "chief",
	}
	g := openGuarded(t)
	for action, who := range may {
		for _, actor := range actors {
			key := action + "-" + actor + ".jpg"
			g.put(t, key)
			resp, body := g.ask(t, actor, http.MethodPost, "/api/decisions/photos/"+key, jsonKind, `{"action": "`+action+`", "reason": "so", "revision": "1"}`)
			if want := slices.Contains(strings.Fields(who), actor); (resp.StatusCode == http.StatusOK) != want {
				t.Errorf("%s may %s: %d %s, want %v", actor, action, resp.StatusCode, body, want)
			}
			key = "form-" + key
			g.put(t, key)
			resp, _ = g.ask(t, actor, http.MethodPost, "/decisions/photos/"+key, formKind, "action="+action+"&reason=so&revision=1")
			if want := slices.Contains(strings.Fields(who), actor); (resp.StatusCode == http.StatusSeeOther) != want {
				t.Errorf("%s may %s in the page: %d, want %v", actor, action, resp.StatusCode, want)
			}
		}
	}
	history, err := g.desk.Store.History(t.Context(), "photos", "kill-chief.jpg")
	if err != nil || len(history) != 1 || history[0].By != "A chief" || history[0].ByID != "chief" {
		t.Errorf("history %+v, %v", history, err)
	}
	history, err = g.desk.Store.History(t.Context(), "photos", "hold-decide.jpg")
	if err != nil || len(history) != 1 || history[0].By != "decide" || !strings.HasPrefix(history[0].ByID, "token/") {
		t.Errorf("history %+v, %v", history, err)
	}
}

// A token with both scopes may kill.
func TestTokenThatKills(t *testing.T) {
	g := openGuarded(t)
	text, _, err := signin.NewToken(t.Context(), g.desk.Store, "both", []signin.Right{signin.Decide, signin.Kill}, time.Hour, "test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	g.clients["both"] = &http.Client{Transport: bearer{text, g.Client().Transport}}
	g.put(t, "a.jpg")
	if resp, body := g.ask(t, "both", http.MethodPost, "/api/decisions/photos/a.jpg", jsonKind, `{"action": "kill", "reason": "so", "revision": "1"}`); resp.StatusCode != http.StatusOK {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

// An editor does not take back what a chief killed.
func TestKillsStand(t *testing.T) {
	g := openGuarded(t)
	g.put(t, "a.jpg")
	for _, c := range []struct {
		who, action, reason string
		status              int
	}{
		{"chief", "kill", "Manipulated.", http.StatusOK},
		{"editor", "approve", "It looks fine.", http.StatusForbidden},
		{"editor", "hold", "It looks fine.", http.StatusForbidden},
		{"decide", "approve", "It looks fine.", http.StatusForbidden},
		{"editor", "note", "The agency was asked.", http.StatusOK},
		{"chief", "approve", "The agency withdrew its notice.", http.StatusOK},
		{"editor", "hold", "", http.StatusBadRequest},
		{"editor", "hold", "Wait for the other agency.", http.StatusOK},
	} {
		rec, err := g.desk.Store.Get(t.Context(), "photos", "a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`{"action": %q, "reason": %q, "revision": %q}`, c.action, c.reason, rec.Revision)
		if resp, said := g.ask(t, c.who, http.MethodPost, "/api/decisions/photos/a.jpg", jsonKind, body); resp.StatusCode != c.status {
			t.Errorf("%s, %s: %d %s", c.who, c.action, resp.StatusCode, said)
		}
	}
}

// What one may not do is not shown either.
func TestWhatIsShown(t *testing.T) {
	g := openGuarded(t)
	g.put(t, "a.jpg")
	for _, c := range []struct{ path, text, who string }{
		{"/reports/photos/a.jpg", `action="/decisions/photos/a.jpg"`, "editor chief"},
		{"/reports/photos/a.jpg", `value="approve"`, "editor chief"},
		{"/reports/photos/a.jpg", `value="kill"`, "chief"},
		{"/reports/photos/a.jpg", `src="/pictures/photos/a.jpg?`, "viewer editor chief"},
		{"/pictures/photos/a.jpg", "X-Amz-Signature=", "viewer editor chief"},
		{"/", `href="/upload"`, "editor chief"},
		{"/", `href="/tokens"`, "chief"},
		{"/", `href="/check"`, "viewer editor chief"},
		{"/", "Sign out", "viewer editor chief"},
		{"/", `src="/thumbs/photos/a.jpg?`, "viewer editor chief"},
	} {
		for _, who := range []string{"nobody", "viewer", "editor", "chief"} {
			_, body := g.ask(t, who, http.MethodGet, c.path, "", "")
			if want := slices.Contains(strings.Fields(c.who), who); strings.Contains(body, c.text) != want {
				t.Errorf("%s sees %q on %s: %v, want %v", who, c.text, c.path, !want, want)
			}
		}
	}
}

// Whoever asks for a page signs in first, and comes to the page.
func TestSignInFromAPage(t *testing.T) {
	g := openGuarded(t)
	resp, _ := g.ask(t, "nobody", http.MethodGet, "/reports/photos/a%20b.jpg?version=1", "", "")
	if want := "/sign-in?to=%2Freports%2Fphotos%2Fa%2520b.jpg%3Fversion%3D1"; resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != want {
		t.Errorf("%d %s, want %s", resp.StatusCode, resp.Header.Get("Location"), want)
	}
	resp, body := g.ask(t, "nobody", http.MethodGet, "/sign-in/callback?error=access_denied&error_description=%3Cscript%3E&state=x", "", "")
	if resp.StatusCode != http.StatusBadRequest || strings.Contains(body, "script>") && strings.Contains(body, "access_denied") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	resp, body = g.ask(t, "editor", http.MethodPost, "/sign-out", "", "")
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "You have signed out here.") || !strings.Contains(body, "end_session") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp, _ := g.ask(t, "editor", http.MethodGet, "/", "", ""); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("after signing out: %d", resp.StatusCode)
	}
}

func TestTokensPage(t *testing.T) {
	g := openGuarded(t)
	resp, body := g.ask(t, "chief", http.MethodPost, "/tokens", formKind, "name=Our+%3Cb%3ECMS&days=30&scope=read&scope=check")
	_, after, found := strings.Cut(body, `id="token">`)
	if resp.StatusCode != http.StatusCreated || !found || strings.Contains(body, "Our <b>") {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	text, _, _ := strings.Cut(after, "<")
	g.clients["made"] = &http.Client{Transport: bearer{text, g.Client().Transport}}
	if resp, _ := g.ask(t, "made", http.MethodGet, "/api/reports", "", ""); resp.StatusCode != http.StatusOK {
		t.Errorf("with the token: %d", resp.StatusCode)
	}
	if _, body := g.ask(t, "chief", http.MethodGet, "/tokens", "", ""); strings.Contains(body, text) || !strings.Contains(body, "Our &lt;b&gt;CMS") {
		t.Error("the token is shown again, or its name is not")
	}
	id := strings.Split(text, "_")[1]
	if resp, _ := g.ask(t, "chief", http.MethodPost, "/tokens/"+id+"/revoke", formKind, ""); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("revoke: %d", resp.StatusCode)
	}
	if resp, _ := g.ask(t, "made", http.MethodGet, "/api/reports", "", ""); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("with the revoked token: %d", resp.StatusCode)
	}
	for name, form := range map[string]string{"no name": "days=1&scope=read", "no scope": "name=x&days=1", "no days": "name=x&scope=read", "tokens": "name=x&days=1&scope=tokens"} {
		if resp, body := g.ask(t, "chief", http.MethodPost, "/tokens", formKind, form); resp.StatusCode != http.StatusBadRequest || strings.Contains(body, "cutline_") {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
}

// No page has a script or style of its own, which the policy would forbid.
func TestNothingInline(t *testing.T) {
	g := openGuarded(t)
	g.put(t, "a.jpg")
	for _, path := range []string{"/", "/reports/photos/a.jpg", "/check", "/upload", "/overview", "/rules", "/dead-letters", "/tokens", "/none"} {
		_, body := g.ask(t, "chief", http.MethodGet, path, "", "")
		for _, inline := range []string{"<script>", "<style", " style=", " onclick=", " onload=", "javascript:"} {
			if strings.Contains(body, inline) {
				t.Errorf("%s holds %q", path, inline)
			}
		}
	}
}
