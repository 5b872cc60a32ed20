package signin_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cutline/internal/signin"
)

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
			at := b.answer(d, "anna")
			q := at.Query()
			c.change(t, d, b, q)
			at.RawQuery = q.Encode()
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
	at := b.answer(d, "anna")
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
