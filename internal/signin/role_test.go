package signin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cutline/internal/signin"
	"cutline/internal/signin/providertest"
)

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
