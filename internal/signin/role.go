package signin

import (
	"fmt"
	"slices"
	"strings"
)

// RoleClaim says how a role is read from the claims that a provider makes.
type RoleClaim struct {
	// Name of the claim, such as "roles" or "https://example.org/roles". A
	// claim inside others is named with dots: "realm_access.roles".
	Name string
	// Roles gives the role for each value of the claim; "*" stands for
	// whoever has no other role. Without it the values are the roles' names.
	Roles map[string]Role
}

// ParseRoles reads a map of roles as it is written in configuration:
// "photo-desk=editor, photo chiefs=chief, *=viewer".
func ParseRoles(text string) (map[string]Role, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	roles := map[string]Role{}
	for pair := range strings.SplitSeq(text, ",") {
		at := strings.LastIndex(pair, "=")
		if at < 0 {
			return nil, fmt.Errorf("%q is not like photo-desk=editor", strings.TrimSpace(pair))
		}
		value, role := strings.TrimSpace(pair[:at]), Role(strings.TrimSpace(pair[at+1:]))
		if value == "" || !slices.Contains(Roles, role) {
			return nil, fmt.Errorf("%q: the role is viewer, editor or chief", strings.TrimSpace(pair))
		}
		roles[value] = role
	}
	return roles, nil
}

// of returns the highest role that the claims give, or "".
func (c RoleClaim) of(claims map[string]any) Role {
	var highest Role
	for _, value := range values(c.find(claims)) {
		role := c.Roles[value]
		if c.Roles == nil && slices.Contains(Roles, Role(value)) {
			role = Role(value)
		}
		if slices.Index(Roles, role) > slices.Index(Roles, highest) {
			highest = role
		}
	}
	if highest == "" {
		return c.Roles["*"]
	}
	return highest
}

// find returns the claim of the name, at the top or inside others.
func (c RoleClaim) find(claims map[string]any) any {
	if claim, ok := claims[c.Name]; ok {
		return claim
	}
	var at any = claims
	for name := range strings.SplitSeq(c.Name, ".") {
		object, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = object[name]
	}
	return at
}

// values of a claim: one text, a list of texts, or the names in an object.
func values(claim any) []string {
	var list []string
	switch claim := claim.(type) {
	case string:
		list = append(list, claim)
	case []any:
		for _, one := range claim {
			if text, ok := one.(string); ok {
				list = append(list, text)
			}
		}
	case map[string]any:
		for name := range claim {
			list = append(list, name)
		}
	}
	return list
}
