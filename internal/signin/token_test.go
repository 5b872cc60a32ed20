package signin_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cutline/internal/signin"
	"cutline/internal/store"
)

func askWith(t *testing.T, d *desk, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, d.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["Authorization"] = headers
	resp, err := d.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body(t, resp)
}

func TestTokens(t *testing.T) {
	d := open(t, nil, anna)
	ctx := context.Background()
	make := func(scopes ...signin.Right) (string, store.Token) {
		t.Helper()
		text, made, err := signin.NewToken(ctx, d.store, "The CMS", scopes, time.Hour, "Anna", d.clock.now())
		if err != nil {
			t.Fatal(err)
		}
		return text, made
	}
	text, made := make(signin.Read, signin.Check)
	status, who := askWith(t, d, "Bearer "+text)
	if want := "token/" + made.ID + " The CMS "; status != http.StatusOK || who != want {
		t.Errorf("%d %q, want %q", status, who, want)
	}
	if status, _ := askWith(t, d, "bearer  "+text+" "); status != http.StatusOK {
		t.Errorf("in small letters: %d", status)
	}
	only, _ := make(signin.Check)
	if status, _ := askWith(t, d, "Bearer "+only); status != http.StatusForbidden {
		t.Errorf("without the scope: %d", status)
	}
	stored, err := d.store.Token(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if all, _ := json.Marshal(stored); strings.Contains(string(all), text[len(text)-26:]) {
		t.Error("the secret is stored")
	}
	swapped := text[:21] + only[21:]
	wrong := text[:len(text)-1] + "2"
	if wrong == text {
		wrong = text[:len(text)-1] + "3"
	}
	for name, headers := range map[string][]string{
		"another's secret": {"Bearer " + swapped}, "wrong": {"Bearer " + wrong}, "none": {"Bearer "}, "basic": {"Basic " + text}, "bare": {text},
		"two": {"Bearer " + text, "Bearer " + text}, "cut": {"Bearer " + text[:len(text)-1]}, "longer": {"Bearer " + text + "A"},
		"small": {"Bearer " + strings.ToLower(text)}, "key": {"Bearer cutline_../../latest_" + strings.Repeat("A", 26)}, "empty": {""},
		"hash": {"Bearer cutline_" + made.ID + "_" + stored.Hash},
	} {
		if status, who := askWith(t, d, headers...); status != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, status, who)
		}
	}
	if err := d.store.RevokeToken(ctx, made.ID, "Anna", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := d.store.RevokeToken(ctx, made.ID, "Bert", time.Now()); err != nil {
		t.Errorf("revoking again: %v", err)
	}
	if status, _ := askWith(t, d, "Bearer "+text); status != http.StatusForbidden {
		t.Errorf("revoked: %d", status)
	}
	late, _ := make(signin.Read)
	d.clock.forward(2 * time.Hour)
	if status, _ := askWith(t, d, "Bearer "+late); status != http.StatusForbidden {
		t.Errorf("expired: %d", status)
	}
	all, err := d.store.Tokens(ctx)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d tokens, %v", len(all), err)
	}
	for _, one := range all {
		if one.ID == made.ID && one.RevokedBy != "Anna" {
			t.Errorf("revoked by %q", one.RevokedBy)
		}
	}
	if err := d.store.RevokeToken(ctx, "none", "Anna", time.Now()); !errors.Is(err, store.ErrNoToken) {
		t.Errorf("a token that is not: %v", err)
	}
}

func TestTokensThatCannotBe(t *testing.T) {
	s := newStore(t)
	for name, c := range map[string]struct {
		called string
		scopes []signin.Right
		lasts  time.Duration
	}{
		"no name": {" \n", []signin.Right{signin.Read}, time.Hour}, "no scope": {"x", nil, time.Hour},
		"a right that is no scope": {"x", []signin.Right{signin.Read, signin.Tokens}, time.Hour}, "the empty right": {"x", []signin.Right{signin.Public}, time.Hour},
		"for ever": {"x", []signin.Right{signin.Read}, 100 * 365 * 24 * time.Hour}, "never": {"x", []signin.Right{signin.Read}, 0},
	} {
		if _, _, err := signin.NewToken(t.Context(), s, c.called, c.scopes, c.lasts, "Anna", time.Now()); !errors.Is(err, signin.ErrTokenAsked) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A desk without sign-in answers under this machine's names only, and takes
// programs with a token for what they are.
func TestOpenDesk(t *testing.T) {
	s := newStore(t)
	handler := routes(signin.Open("somebody here", s, slog.New(slog.DiscardHandler)))
	ask := func(host, token string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8300": 200, "127.0.0.1:8300": 200, "[::1]:8300": 200, "127.9.9.9": 200,
		"desk.example.org": 403, "192.168.1.4:8300": 403, "localhost.example.org": 403, "127.0.0.1.example.org:80": 403, "": 403, "0.0.0.0:8300": 403, "[::]:8300": 403,
	} {
		if got, _ := ask(host, ""); got != want {
			t.Errorf("host %q: %d, want %d", host, got, want)
		}
	}
	text, _, err := signin.NewToken(t.Context(), s, "cms", []signin.Right{signin.Read}, time.Hour, "x", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if got, who := ask("localhost", text); got != 200 || !strings.HasPrefix(who, "token/") {
		t.Errorf("with a token: %d %s", got, who)
	}
	if got, _ := ask("localhost", text+"A"); got != 403 {
		t.Errorf("with a wrong token: %d", got)
	}
}
