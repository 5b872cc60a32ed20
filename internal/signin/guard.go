package signin

import (
	"errors"
	"net"
	"net/http"
)

// Guard lets requests through to handlers, or refuses them.
type Guard struct {
	identify func(http.ResponseWriter, *http.Request) (Person, error)
}

// Why a request is refused.
var (
	// ErrNobody says that nobody has signed in, or no longer.
	ErrNobody = errors.New("sign in first")
	// ErrToken says that a token is not one, or no longer.
	ErrToken = errors.New("the token is not valid")
	// ErrNotAllowed says that the person lacks the right.
	ErrNotAllowed = errors.New("not allowed")
	// ErrHost says that a desk without sign-in was asked under a name that is
	// not this machine's.
	ErrHost = errors.New("a desk without sign-in answers on this machine only")
)

// Open returns a guard that takes everybody for a chief of the given name. It
// is for a desk on this machine, and refuses requests that came under another
// host's name: a page elsewhere could point its own name at this machine.
func Open(name string) *Guard {
	chief := Person{ID: "local", Name: name, Role: Chief, Rights: Chief.Rights()}
	return &Guard{identify: func(_ http.ResponseWriter, r *http.Request) (Person, error) {
		if !Loopback(r.Host) {
			return Person{}, ErrHost
		}
		return chief, nil
	}}
}

// Loopback says whether an address (host, or host and port) is this machine's.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if host == "localhost" {
		return true
	}
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		host = host[1 : n-1]
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Need returns a handler that calls next for those who have the right, with
// the person in the context, and refuse with the reason for all others. What
// is public is let through without asking who it is.
func (g *Guard) Need(right Right, next http.Handler, refuse func(http.ResponseWriter, *http.Request, error)) http.Handler {
	if right == Public {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		person, err := g.identify(w, r)
		if err != nil {
			refuse(w, r, err)
			return
		}
		r = r.WithContext(With(r.Context(), person))
		if !person.May(right) {
			refuse(w, r, ErrNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}
