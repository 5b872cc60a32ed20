package signin

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Config is how people sign in.
type Config struct {
	Issuer       string // of the OpenID provider, such as https://accounts.example.org
	ClientID     string // of the desk at the provider
	ClientSecret string // "" for a public client, which PKCE alone protects
	Scopes       []string
	Role         RoleClaim

	// URL is the desk's address. Without it the requests' own host counts, of
	// which the provider takes only those that are registered with it.
	URL         *url.URL
	SessionKeys []string // the first seals cookies, all open them

	HTTP *http.Client     // to ask the provider with; one with a time-out when nil
	Now  func() time.Time // time.Now when nil
}

// The variables that configure sign-in. Those marked secret hold the secret
// or the ARN of a secret in AWS Secrets Manager.
const (
	VarIssuer       = "CUTLINE_OIDC_ISSUER"
	VarClientID     = "CUTLINE_OIDC_CLIENT_ID"
	VarClientSecret = "CUTLINE_OIDC_CLIENT_SECRET" // #nosec G101 -- a name; secret, optional
	VarScopes       = "CUTLINE_OIDC_SCOPES"        // optional, beside openid, profile and email
	VarRoleClaim    = "CUTLINE_OIDC_ROLE_CLAIM"    // optional, "roles" without it
	VarRoles        = "CUTLINE_OIDC_ROLES"         // optional, see ParseRoles
	VarURL          = "CUTLINE_URL"                // optional, the desk's address
	VarSessionKey   = "CUTLINE_SESSION_KEY"        // secret; several keys have spaces between them
)

// FromVariables reads the configuration from variables; secret reads those
// that are secrets. ErrUnconfigured says that there is none.
func FromVariables(get func(name string) string, secret func(name string) (string, error)) (Config, error) {
	if get(VarIssuer) == "" {
		return Config{}, ErrUnconfigured
	}
	c := Config{Issuer: get(VarIssuer), ClientID: get(VarClientID), Scopes: strings.Fields(get(VarScopes))}
	var err error
	if c.ClientSecret, err = secret(VarClientSecret); err != nil {
		return Config{}, err
	}
	keys, err := secret(VarSessionKey)
	if err != nil {
		return Config{}, err
	}
	c.SessionKeys = strings.Fields(keys)
	if len(c.SessionKeys) == 0 {
		return Config{}, fmt.Errorf("%s is not set: it holds the key of the sessions' cookies, at least %d random characters", VarSessionKey, minKey)
	}
	if c.Role.Name = get(VarRoleClaim); c.Role.Name == "" {
		c.Role.Name = "roles"
	}
	if c.Role.Roles, err = ParseRoles(get(VarRoles)); err != nil {
		return Config{}, fmt.Errorf("%s: %w", VarRoles, err)
	}
	if address := get(VarURL); address != "" {
		if c.URL, err = url.Parse(address); err != nil {
			return Config{}, fmt.Errorf("%s: %w", VarURL, err)
		}
	}
	return c, c.check()
}

// ErrUnconfigured says that no provider is named.
var ErrUnconfigured = errors.New(VarIssuer + " is not set: it is the address of the OpenID provider that people sign in with")

func (c Config) check() error {
	issuer, err := url.Parse(c.Issuer)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", VarIssuer, err)
	case issuer.Host == "" || issuer.Scheme != "https" && !(issuer.Scheme == "http" && isLoopback(issuer.Hostname())):
		return fmt.Errorf("%s is an https address, such as https://accounts.example.org; it is %.80q", VarIssuer, c.Issuer)
	case c.ClientID == "":
		return fmt.Errorf("%s is not set: it names the desk at the OpenID provider", VarClientID)
	case c.URL != nil && (c.URL.Host == "" || c.URL.Scheme != "https" && !(c.URL.Scheme == "http" && isLoopback(c.URL.Hostname()))):
		return fmt.Errorf("%s is the desk's https address, such as https://desk.example.org; it is %.80q", VarURL, c.URL)
	}
	return nil
}

func (c Config) scopes() []string {
	all := []string{oidc.ScopeOpenID, "profile", "email"}
	for _, scope := range c.Scopes {
		if !slices.Contains(all, scope) {
			all = append(all, scope)
		}
	}
	return all
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
