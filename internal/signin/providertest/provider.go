// Package providertest runs a real OpenID provider in a test's process, with
// people who need no password.
//
// Imports: nothing.
package providertest

import (
	"context"
	"crypto/sha256"
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The desk at the provider.
const (
	ClientID     = "cutline"
	ClientSecret = "the desk's secret"
)

// Person is somebody whom the provider knows.
type Person struct {
	Sub    string
	Name   string
	Claims map[string]any // beside the usual ones: {"roles": ["editor"]}
	// OnRequest says that the claims stand in no token, and have to be asked for.
	OnRequest bool
}

// Provider is a running OpenID provider.
type Provider struct {
	URL string // the issuer

	// WrongNonce makes the provider forget the nonce that it was sent.
	WrongNonce atomic.Bool

	clients map[string]*storage.Client
	people  map[string]Person
	*storage.Storage
}

// Start runs a provider that knows these people, until the test ends. Its page
// has a button with each one's name.
func Start(t testing.TB, people ...Person) *Provider {
	t.Helper()
	p := &Provider{clients: map[string]*storage.Client{}, people: map[string]Person{}}
	for _, one := range people {
		p.people[one.Sub] = one
	}
	p.Storage = storage.NewStorageWithClients(p, p.clients)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p.URL = server.URL
	provider, err := op.NewProvider(&op.Config{CryptoKey: sha256.Sum256([]byte(p.URL)), CodeMethodS256: true, DefaultLogoutRedirectURI: "/"},
		withPeople{p}, op.StaticIssuer(p.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	callback, issuer := op.AuthCallbackURL(provider), op.NewIssuerInterceptor(provider.IssuerFromRequest)
	mux.Handle("GET /login/username", http.HandlerFunc(p.page))
	mux.Handle("POST /login/username", issuer.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.FormValue("id")
		if err := p.CheckUsernamePassword(r.FormValue("person"), "", id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, callback(r.Context(), id), http.StatusFound)
	}))
	mux.Handle("/", provider)
	return p
}

// Register lets the desk at the address sign people in.
func (p *Provider) Register(desk string) {
	p.clients[ClientID] = storage.WebClient(ClientID, ClientSecret, desk+"/sign-in/callback")
}

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>Provider</title><h1>Who are you?</h1>
<form method="post"><input type="hidden" name="id" value="{{.ID}}">{{range .People}}<button name="person" value="{{.Sub}}">{{.Name}}</button>{{end}}</form></html>`))

func (p *Provider) page(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page.Execute(w, map[string]any{"ID": r.FormValue("authRequestID"), "People": p.people})
}

// GetUserByID, GetUserByUsername and ExampleClientID make p a storage.UserStore.
func (p *Provider) GetUserByID(sub string) *storage.User {
	one, ok := p.people[sub]
	if !ok {
		return nil
	}
	return &storage.User{ID: sub, Username: sub, FirstName: one.Name, Email: sub + "@example.org"}
}

func (p *Provider) GetUserByUsername(name string) *storage.User { return p.GetUserByID(name) }

func (p *Provider) ExampleClientID() string { return "" }

// withPeople is the storage, with the people's own claims.
type withPeople struct{ *Provider }

func (s withPeople) CreateAuthRequest(ctx context.Context, r *oidc.AuthRequest, user string) (op.AuthRequest, error) {
	if s.WrongNonce.Load() {
		r.Nonce = "another"
	}
	return s.Storage.CreateAuthRequest(ctx, r, user)
}

func (s withPeople) SetUserinfoFromRequest(ctx context.Context, info *oidc.UserInfo, token op.IDTokenRequest, scopes []string) error {
	one := s.people[token.GetSubject()]
	info.Name = one.Name
	if !one.OnRequest {
		s.claim(info, one)
	}
	return s.Storage.SetUserinfoFromRequest(ctx, info, token, scopes)
}

func (s withPeople) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, token, subject, origin string) error {
	s.claim(info, s.people[subject])
	return s.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin)
}

func (s withPeople) claim(info *oidc.UserInfo, one Person) {
	for name, claim := range one.Claims {
		info.AppendClaims(name, claim)
	}
}
