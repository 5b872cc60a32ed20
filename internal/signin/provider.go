package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// provider is an OpenID provider, which is asked for its configuration when
// somebody first signs in: a desk whose provider is away still serves those
// who have a session, and programs.
type provider struct {
	issuer, client, secret string
	scopes                 []string
	role                   RoleClaim
	http                   *http.Client
	now                    func() time.Time

	asked singleflight.Group
	found atomic.Pointer[found]
}

type found struct {
	*oidc.Provider
	verifier *oidc.IDTokenVerifier
	signOut  string // end_session_endpoint, or ""
}

// asking bounds one request to the provider.
const asking = 10 * time.Second

// find asks the provider for its configuration. Once it has answered, that
// stands; those who come while it is being asked wait for the one answer.
func (p *provider) find(ctx context.Context) (*found, error) {
	if f := p.found.Load(); f != nil {
		return f, nil
	}
	// The keys are asked for with this context later on.
	lasting := oidc.ClientContext(context.WithoutCancel(ctx), p.http)
	f, err, _ := p.asked.Do("", func() (any, error) { return p.discover(lasting) })
	if err != nil {
		return nil, fmt.Errorf("OpenID provider %s: %w", p.issuer, err)
	}
	return f.(*found), nil
}

func (p *provider) discover(ctx context.Context) (*found, error) {
	discovered, err := oidc.NewProvider(ctx, p.issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		SignOut string `json:"end_session_endpoint"`
	}
	if err := discovered.Claims(&more); err != nil {
		return nil, err
	}
	if u, err := url.Parse(more.SignOut); err != nil || u.Scheme != "https" && !isLoopback(u.Hostname()) {
		more.SignOut = ""
	}
	f := &found{
		Provider: discovered, signOut: more.SignOut,
		verifier: discovered.VerifierContext(ctx, &oidc.Config{ClientID: p.client, Now: p.now}),
	}
	p.found.Store(f)
	return f, nil
}

func (p *provider) oauth(f *found, redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.client, ClientSecret: p.secret, Endpoint: f.Endpoint(), RedirectURL: redirect, Scopes: p.scopes}
}

// begin returns the provider's address to send somebody to, and what has to be
// kept until they come back.
func (p *provider) begin(ctx context.Context, redirect, to string) (string, flow, error) {
	f, err := p.find(ctx)
	if err != nil {
		return "", flow{}, err
	}
	kept := flow{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(), To: localPath(to), Began: p.now()}
	return p.oauth(f, redirect).AuthCodeURL(kept.State, oidc.Nonce(kept.Nonce), oauth2.S256ChallengeOption(kept.Verifier)), kept, nil
}

// end takes the provider's answer and returns the claims about who signed in.
func (p *provider) end(ctx context.Context, redirect string, answer url.Values, kept flow) (claims map[string]any, err error) {
	// Mix-up of providers: RFC 9207.
	if iss := answer.Get("iss"); iss != "" && iss != p.issuer {
		return nil, fmt.Errorf("%w: it comes from another provider", ErrFlow)
	}
	if kept.State == "" || subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(kept.State)) != 1 {
		return nil, fmt.Errorf("%w: wrong state", ErrFlow)
	}
	if p.now().After(kept.Began.Add(flowLasts)) {
		return nil, fmt.Errorf("%w: it took too long", ErrFlow)
	}
	if answer.Get("error") != "" {
		return nil, fmt.Errorf("%w: the provider refused: %.40q", ErrFlow, answer.Get("error"))
	}
	f, err := p.find(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.http)
	token, err := p.oauth(f, redirect).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(kept.Verifier))
	if err != nil {
		return nil, fmt.Errorf("code for token: %w", withoutBody(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the provider gave no ID token")
	}
	id, err := f.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("ID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(kept.Nonce)) != 1 {
		return nil, fmt.Errorf("%w: wrong nonce", ErrFlow)
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, fmt.Errorf("access token: %w", err)
		}
	}
	claims = map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return nil, fmt.Errorf("claims of the ID token: %w", err)
	}
	if p.role.find(claims) == nil {
		err = p.addUserInfo(ctx, f, token, id.Subject, claims)
	}
	return claims, err
}

// addUserInfo adds what some providers tell only on request. What the ID token
// says stands.
func (p *provider) addUserInfo(ctx context.Context, f *found, token *oauth2.Token, subject string, claims map[string]any) error {
	if f.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := f.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("user info: %w", err)
	}
	if info.Subject != subject {
		return errors.New("user info: of somebody else") // OpenID Connect Core, section 5.3.2
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("user info: %w", err)
	}
	for name, claim := range more {
		if _, there := claims[name]; !there {
			claims[name] = claim
		}
	}
	return nil
}

// withoutBody leaves the body of a token endpoint's answer out of an error: it
// goes to the log, and might hold a token.
func withoutBody(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		return fmt.Errorf("the provider answers %d %.40q", refused.Response.StatusCode, refused.ErrorCode)
	}
	return err
}

// person is who the claims are about.
func person(claims map[string]any, role RoleClaim) (session, error) {
	text := func(name string) string { s, _ := claims[name].(string); return s }
	s := session{Sub: text("sub"), Role: role.of(claims)}
	for _, name := range []string{text("name"), text("preferred_username"), text("email"), s.Sub} {
		if s.Name = plainName(name); s.Name != "" {
			break
		}
	}
	switch {
	case s.Sub == "" || len(s.Sub) > 255: // OpenID Connect Core, section 2
		return session{}, errors.New("the provider does not say who it is")
	case s.Name == "":
		s.Name = "somebody"
	}
	if s.Role == "" {
		return s, ErrNoRole
	}
	return s, nil
}
