package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"cutline/internal/local"
	"cutline/internal/local/localtest"
	"cutline/internal/signin"
	"cutline/internal/signin/providertest"
)

// variables are those of the deployed function, but for sign-in.
func variables(t *testing.T, more map[string]string) {
	t.Helper()
	for _, name := range []string{signin.VarIssuer, signin.VarClientID, signin.VarClientSecret, signin.VarSessionKey, signin.VarURL, "AWS_SAM_LOCAL"} {
		t.Setenv(name, "")
	}
	for name, value := range map[string]string{
		"CUTLINE_TABLE": "reports", "CUTLINE_PICTURES": "https://pictures.example", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
	} {
		t.Setenv(name, value)
	}
	for name, value := range more {
		t.Setenv(name, value)
	}
}

func TestDoesNotStartOpen(t *testing.T) {
	key := strings.Repeat("k", 32)
	for name, c := range map[string]struct {
		variables map[string]string
		missing   string // the variable that the error names; "" when it starts
	}{
		"nothing":        {nil, signin.VarIssuer},
		"only an issuer": {map[string]string{signin.VarIssuer: "https://a.example", signin.VarSessionKey: key}, signin.VarClientID},
		"no key":         {map[string]string{signin.VarIssuer: "https://a.example", signin.VarClientID: "desk"}, signin.VarSessionKey},
		"no TLS":         {map[string]string{signin.VarIssuer: "http://a.example", signin.VarClientID: "desk", signin.VarSessionKey: key}, signin.VarIssuer},
		"whole":          {map[string]string{signin.VarIssuer: "https://a.example", signin.VarClientID: "desk", signin.VarSessionKey: key}, ""},
		"sam local":      {map[string]string{"AWS_SAM_LOCAL": "true"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			variables(t, c.variables)
			_, err := wire(t.Context(), slog.New(slog.DiscardHandler))
			if (err == nil) != (c.missing == "") || err != nil && !strings.Contains(err.Error(), c.missing) {
				t.Errorf("error %v, want one about %q", err, c.missing)
			}
		})
	}
}

// Signing in through an HttpApi's own events, which carry cookies apart.
func TestSignInBehindAnHttpApi(t *testing.T) {
	provider := providertest.Start(t, providertest.Person{Sub: "anna", Name: "Anna", Claims: map[string]any{"roles": "editor"}})
	provider.Register("https://desk.example")
	db := localtest.Config(t)
	localtest.Store(t, db)
	variables(t, map[string]string{
		signin.VarIssuer: provider.URL, signin.VarClientID: providertest.ClientID, signin.VarClientSecret: providertest.ClientSecret,
		signin.VarSessionKey: strings.Repeat("k", 32), "AWS_ENDPOINT_URL_DYNAMODB": *db.BaseEndpoint, "CUTLINE_TABLE": local.Table,
	})
	pages, err := wire(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	adapter := httpadapter.NewV2(pages)
	var cookies []string
	get := func(address string) events.APIGatewayV2HTTPResponse {
		t.Helper()
		path, query, _ := strings.Cut(address, "?")
		in := events.APIGatewayV2HTTPRequest{
			Version: "2.0", RawPath: path, RawQueryString: query, Cookies: cookies,
			Headers: map[string]string{"host": "desk.example", "x-forwarded-proto": "https"},
			RequestContext: events.APIGatewayV2HTTPRequestContext{
				DomainName: "desk.example", HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodGet, Path: path},
			},
		}
		out, err := adapter.ProxyWithContext(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range out.Cookies {
			c, err := http.ParseSetCookie(line)
			if err != nil {
				t.Fatal(err)
			}
			if c.MaxAge > 0 {
				cookies = append(cookies, c.Name+"="+c.Value)
			}
		}
		return out
	}
	out := get("/sign-in?to=%2Ftokens")
	// The provider's page is a browser's business; here it is asked by hand.
	browser := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "desk.example" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := browser.Get(out.Headers["Location"])
	if err != nil {
		t.Fatal(err)
	}
	page.Body.Close()
	back, err := browser.PostForm(page.Request.URL.String(), url.Values{"id": {page.Request.URL.Query().Get("authRequestID")}, "person": {"anna"}})
	if err != nil {
		t.Fatal(err)
	}
	back.Body.Close()
	at, err := back.Location()
	if err != nil {
		t.Fatal(err)
	}
	if out = get(at.RequestURI()); out.StatusCode != http.StatusSeeOther || out.Headers["Location"] != "/tokens" || len(out.Cookies) != 2 {
		all, _ := json.Marshal(out)
		t.Fatalf("after signing in: %s", all)
	}
	if out = get("/tokens"); out.StatusCode != http.StatusForbidden || !strings.Contains(out.Body, "Anna") {
		t.Errorf("an editor at the chief's page: %d", out.StatusCode)
	}
	if out = get("/check"); out.StatusCode != http.StatusOK {
		t.Errorf("an editor checks: %d", out.StatusCode)
	}
}
