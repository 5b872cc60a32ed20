package signin_test

import (
	"errors"
	"strings"
	"testing"

	"cutline/internal/signin"
)

func TestFromVariables(t *testing.T) {
	whole := map[string]string{
		signin.VarIssuer: "https://accounts.example.org", signin.VarClientID: "desk", signin.VarSessionKey: key + " " + key,
		signin.VarRoles: "photo=editor", signin.VarURL: "https://desk.example.org", signin.VarScopes: "groups",
	}
	for name, c := range map[string]struct {
		variable, value string
		err             string // a part of the error; "" when there is none
	}{
		"whole":                {"", "", ""},
		"no issuer":            {signin.VarIssuer, "", signin.VarIssuer},
		"issuer without TLS":   {signin.VarIssuer, "http://accounts.example.org", signin.VarIssuer},
		"issuer without host":  {signin.VarIssuer, "https:///x", signin.VarIssuer},
		"issuer here":          {signin.VarIssuer, "http://127.0.0.1:9000", ""},
		"no client":            {signin.VarClientID, "", signin.VarClientID},
		"no key":               {signin.VarSessionKey, "", signin.VarSessionKey},
		"a role that is not":   {signin.VarRoles, "photo=king", signin.VarRoles},
		"the desk without TLS": {signin.VarURL, "http://desk.example.org", signin.VarURL},
		"the desk, no address": {signin.VarURL, "desk", signin.VarURL},
	} {
		get := func(variable string) string {
			if variable == c.variable {
				return c.value
			}
			return whole[variable]
		}
		_, err := signin.FromVariables(get, func(name string) (string, error) { return get(name), nil })
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %v", name, err)
		}
		if (name == "no issuer") != errors.Is(err, signin.ErrUnconfigured) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), key) {
			t.Errorf("%s: the error holds the key", name)
		}
	}
	if _, err := signin.New(signin.Config{Issuer: "https://a.example", ClientID: "c", SessionKeys: []string{"short"}}, nil, nil); err == nil {
		t.Error("a short key is taken")
	}
}
