// Package signin says who is at the desk and what they may do: people by
// OpenID Connect, with a session in a sealed cookie, and programs by tokens.
//
// Handlers say which right they need (Guard.Need) and find who asks in the
// request's context (From). The package knows nothing of pages.
//
// Imports: store.
package signin

import (
	"context"
	"slices"
	"strings"
	"unicode"
)

// A Right is something that a person or program may do at the desk.
type Right string

// The rights.
const (
	Read   Right = "read"   // see reports, pictures and lists
	Check  Right = "check"  // have a caption checked
	Decide Right = "decide" // approve, hold, note; correct a caption
	Upload Right = "upload" // put pictures into the bucket
	Kill   Right = "kill"   // take a picture out of use
	Tokens Right = "tokens" // make and revoke the tokens of programs

	// Public is what everybody may do who can reach the desk: sign in.
	Public Right = ""
)

// Scopes are the rights that a program's token can have. No token makes
// another token.
var Scopes = []Right{Read, Check, Decide, Upload, Kill}

// A Role is what a person is at the desk.
type Role string

// The roles. Each may do what those before it may.
const (
	Viewer Role = "viewer"
	Editor Role = "editor"
	Chief  Role = "chief"
)

// Roles are all roles, the one with the fewest rights first.
var Roles = []Role{Viewer, Editor, Chief}

// Rights are what the role may do. An unknown role may do nothing.
func (r Role) Rights() []Right {
	switch r {
	case Viewer:
		return []Right{Read, Check}
	case Editor:
		return []Right{Read, Check, Decide, Upload}
	case Chief:
		return []Right{Read, Check, Decide, Upload, Kill, Tokens}
	}
	return nil
}

// Person is who asks: somebody who signed in, or a program with a token.
type Person struct {
	ID     string  // what the provider calls them for ever (the claim "sub"), or "token/" and the token's id
	Name   string  // for people to read
	Role   Role    // "" for a program
	Rights []Right // of the role or the token

	// SignsOut says that there is a session to end.
	SignsOut bool
}

// May says whether the person has the right.
func (p Person) May(right Right) bool {
	return right == Public || slices.Contains(p.Rights, right)
}

type contextKey struct{}

// With returns a context in which From finds the person.
func With(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns who asks. In a handler that needs a right there is always
// somebody; elsewhere the person may be empty, and may do nothing.
func From(ctx context.Context) Person {
	p, _ := ctx.Value(contextKey{}).(Person)
	return p
}

// maxName bounds a name that is shown, in characters.
const maxName = 80

// plainName is a name of one line without invisible characters, which could
// make one person look like another.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r): // controls, marks of direction, surrogates
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Join(strings.Fields(name), " ")
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	return name
}
