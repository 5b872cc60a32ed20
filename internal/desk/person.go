package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cutline/internal/signin"
	"cutline/internal/store"
)

// refused answers a request that the guard did not let through.
func (d *desk) refused(w http.ResponseWriter, r *http.Request, err error) {
	if forPrograms(r) {
		if errors.Is(err, signin.ErrNobody) || errors.Is(err, signin.ErrToken) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="cutline"`)
		}
		d.apiFailed(w, r, err)
		return
	}
	if errors.Is(err, signin.ErrNobody) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, "/sign-in?"+url.Values{"to": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		return
	}
	d.failed(w, r, err)
}

// signIn sends a browser to the OpenID provider.
func (d *desk) signIn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if err := d.Guard.Begin(w, r); err != nil {
		d.signInFailed(w, r, err)
	}
}

// signedIn takes a browser that comes back from the OpenID provider.
func (d *desk) signedIn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if err := d.Guard.Finish(w, r); err != nil {
		d.signInFailed(w, r, err)
	}
}

func (d *desk) signInFailed(w http.ResponseWriter, r *http.Request, err error) {
	status, message := http.StatusBadGateway, "The sign-in cannot be reached now. Try again in a moment."
	switch {
	case errors.Is(err, signin.ErrFlow):
		status, message = http.StatusBadRequest, "The sign-in was not finished. Begin again, in one window."
	case errors.Is(err, signin.ErrNoRole):
		status, message = http.StatusForbidden, "You signed in, but you have no role at this desk. Ask whoever looks after it for one."
	}
	d.Log.WarnContext(r.Context(), "sign-in failed", "error", err)
	d.page(w, r, status, "signin.html", http.StatusText(status), signInPage{Message: message})
}

type signInPage struct {
	Message  string
	Provider string // where to sign out there, too
}

// signOut ends the session.
func (d *desk) signOut(w http.ResponseWriter, r *http.Request) {
	provider, err := d.Guard.End(w, r)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	d.page(w, r, http.StatusOK, "signin.html", "Signed out", signInPage{"You have signed out here.", provider})
}

type tokensPage struct {
	Tokens  []token
	Scopes  []signin.Right
	Made    string // the text of a token that was just made
	Problem string
}

type token struct {
	store.Token
	Live bool
}

// tokens lists the tokens of programs.
func (d *desk) tokens(w http.ResponseWriter, r *http.Request) {
	d.tokensPage(w, r, http.StatusOK, tokensPage{})
}

func (d *desk) tokensPage(w http.ResponseWriter, r *http.Request, status int, p tokensPage) {
	all, err := d.Store.Tokens(r.Context())
	if err != nil {
		d.failed(w, r, err)
		return
	}
	for _, t := range all {
		p.Tokens = append(p.Tokens, token{t, t.Live(d.Now())})
	}
	p.Scopes = signin.Scopes
	d.page(w, r, status, "tokens.html", "Tokens", p)
}

// makeToken makes a token and shows it this once.
func (d *desk) makeToken(w http.ResponseWriter, r *http.Request) {
	days, err := strconv.Atoi(r.FormValue("days"))
	if err != nil {
		days = 0
	}
	var scopes []signin.Right
	for _, scope := range r.PostForm["scope"] {
		scopes = append(scopes, signin.Right(scope))
	}
	text, made, err := signin.NewToken(r.Context(), d.Store, r.FormValue("name"), scopes, time.Duration(days)*24*time.Hour, signin.From(r.Context()).Name, d.Now())
	switch {
	case errors.Is(err, signin.ErrTokenAsked):
		d.tokensPage(w, r, http.StatusBadRequest, tokensPage{Problem: err.Error()})
	case err != nil:
		d.failed(w, r, err)
	default:
		d.Log.InfoContext(r.Context(), "token made", "token", made.ID, "scopes", made.Scopes, "by", signin.From(r.Context()).ID)
		d.tokensPage(w, r, http.StatusCreated, tokensPage{Made: text})
	}
}

// revokeToken makes a token useless.
func (d *desk) revokeToken(w http.ResponseWriter, r *http.Request) {
	me := signin.From(r.Context())
	if err := d.Store.RevokeToken(r.Context(), r.PathValue("id"), me.Name, d.Now()); err != nil {
		d.failed(w, r, err)
		return
	}
	d.Log.InfoContext(r.Context(), "token revoked", "token", r.PathValue("id"), "by", me.ID)
	http.Redirect(w, r, "/tokens", http.StatusSeeOther)
}
