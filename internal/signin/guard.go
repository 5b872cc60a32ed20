package signin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"cutline/internal/store"
)

// Guard lets requests through to handlers, or refuses them.
type Guard struct {
	store *store.Store
	log   *slog.Logger
	now   func() time.Time

	// chief is who everybody is at a desk without sign-in; nil with one.
	chief *Person

	url      *url.URL // of the desk; nil where the request tells it
	provider *provider
	role     RoleClaim
	jar      *jar
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

// Why somebody cannot sign in.
var (
	// ErrFlow says that what a browser brings back from the provider is not
	// the answer to what it was sent with.
	ErrFlow = errors.New("the answer belongs to no sign-in that was begun here")
	// ErrNoRole says that the provider gives somebody no role at the desk.
	ErrNoRole = errors.New("no role at this desk")
)

// Open returns a guard that takes everybody for a chief of the given name. It
// is for a desk on this machine, and refuses requests that came under another
// host's name: a page elsewhere could point its own name at this machine.
// Programs that bring a token may do what that allows.
func Open(name string, s *store.Store, log *slog.Logger) *Guard {
	return &Guard{store: s, log: log, now: time.Now, chief: &Person{ID: "local", Name: name, Role: Chief, Rights: Chief.Rights()}}
}

// New returns a guard that lets people sign in with an OpenID provider.
func New(c Config, s *store.Store, log *slog.Logger) (*Guard, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	sealed, err := newJar(c.SessionKeys)
	if err != nil {
		return nil, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: asking}
	}
	return &Guard{
		store: s, log: log, now: c.Now, url: c.URL, role: c.Role, jar: sealed,
		provider: &provider{
			issuer: c.Issuer, client: c.ClientID, secret: c.ClientSecret, scopes: c.scopes(), role: c.Role, http: c.HTTP, now: c.Now,
		},
	}, nil
}

// SignsIn says whether people sign in at this desk.
func (g *Guard) SignsIn() bool { return g.chief == nil }

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

// identify says who asks.
func (g *Guard) identify(w http.ResponseWriter, r *http.Request) (Person, error) {
	if g.chief != nil && !Loopback(r.Host) {
		return Person{}, ErrHost
	}
	if given := r.Header.Values("Authorization"); len(given) > 0 {
		return g.program(r.Context(), given)
	}
	if g.chief != nil {
		return *g.chief, nil
	}
	return g.signedIn(w, r)
}

// signedIn is who the session's cookie says.
func (g *Guard) signedIn(w http.ResponseWriter, r *http.Request) (Person, error) {
	secure := g.base(r).Scheme == "https"
	var s session
	if !g.jar.open(r, sessionName(secure), &s) || !s.live(g.now()) {
		return Person{}, ErrNobody
	}
	ended, err := g.store.SessionEnded(r.Context(), s.ID)
	if err != nil {
		return Person{}, err
	}
	if ended {
		return Person{}, ErrNobody
	}
	if g.now().After(s.Used.Add(sessionRenew)) {
		if err := g.keep(w, s, secure); err != nil {
			return Person{}, err
		}
	}
	return Person{ID: s.Sub, Name: s.Name, Role: s.Role, Rights: s.Role.Rights(), SignsOut: true}, nil
}

// keep gives the browser the session, used now.
func (g *Guard) keep(w http.ResponseWriter, s session, secure bool) error {
	s.Used = g.now()
	c, err := g.jar.cookie(sessionName(secure), secure, s, s.Began.Add(sessionLasts).Sub(s.Used))
	if err != nil {
		return err
	}
	http.SetCookie(w, c)
	return nil
}

// base is the desk's own address as browsers know it.
func (g *Guard) base(r *http.Request) *url.URL {
	if g.url != nil {
		return g.url
	}
	if r.TLS == nil && Loopback(r.Host) {
		return &url.URL{Scheme: "http", Host: r.Host}
	}
	return &url.URL{Scheme: "https", Host: r.Host}
}

// CallbackPath is where a provider sends people back to: what has to be
// registered there, after the desk's address.
const CallbackPath = "/sign-in/callback"

func (g *Guard) callback(r *http.Request) string {
	return g.base(r).JoinPath(CallbackPath).String()
}

// Begin sends a browser to the provider. Afterwards it goes on to the address
// on the desk that the query names as "to".
func (g *Guard) Begin(w http.ResponseWriter, r *http.Request) error {
	if g.chief != nil {
		http.Redirect(w, r, localPath(r.FormValue("to")), http.StatusSeeOther) // #nosec G710 -- localPath leads nowhere else
		return nil
	}
	address, kept, err := g.provider.begin(r.Context(), g.callback(r), r.FormValue("to"))
	if err != nil {
		return err
	}
	secure := g.base(r).Scheme == "https"
	c, err := g.jar.cookie(flowName(secure), secure, kept, flowLasts)
	if err != nil {
		return err
	}
	http.SetCookie(w, c)
	http.Redirect(w, r, address, http.StatusSeeOther) // #nosec G710 -- the provider's
	return nil
}

// Finish takes a browser that comes back from the provider, and begins a new
// session whatever the browser had before. The error is ErrFlow or ErrNoRole,
// or says that the provider cannot be asked.
func (g *Guard) Finish(w http.ResponseWriter, r *http.Request) error {
	if g.chief != nil {
		return ErrFlow
	}
	secure := g.base(r).Scheme == "https"
	var kept flow
	if !g.jar.open(r, flowName(secure), &kept) {
		return fmt.Errorf("%w: no cookie of it", ErrFlow)
	}
	http.SetCookie(w, plainCookie(flowName(secure), secure)) // it serves once
	claims, err := g.provider.end(r.Context(), g.callback(r), r.URL.Query(), kept)
	if err != nil {
		return err
	}
	s, err := person(claims, g.role)
	if err != nil {
		g.log.WarnContext(r.Context(), "not signed in", "sub", s.Sub, "reason", err)
		return err
	}
	s.ID, s.Began = random(), g.now()
	if err := g.keep(w, s, secure); err != nil {
		return err
	}
	g.log.InfoContext(r.Context(), "signed in", "sub", s.Sub, "role", s.Role)
	http.Redirect(w, r, localPath(kept.To), http.StatusSeeOther)
	return nil
}

// End ends the session for good, also where its cookie was copied to. It
// returns the address at which one signs out at the provider, or "".
func (g *Guard) End(w http.ResponseWriter, r *http.Request) (address string, err error) {
	if g.chief != nil {
		return "", nil
	}
	secure := g.base(r).Scheme == "https"
	http.SetCookie(w, plainCookie(sessionName(secure), secure))
	var s session
	if !g.jar.open(r, sessionName(secure), &s) {
		return "", nil
	}
	if s.live(g.now()) {
		if err := g.store.EndSession(r.Context(), s.ID, s.Began.Add(sessionLasts)); err != nil {
			return "", err
		}
		g.log.InfoContext(r.Context(), "signed out", "sub", s.Sub)
	}
	return g.signOutAtProvider(r.Context()), nil
}

func (g *Guard) signOutAtProvider(ctx context.Context) string {
	f, err := g.provider.find(ctx)
	if err != nil || f.signOut == "" {
		return ""
	}
	u, err := url.Parse(f.signOut)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", g.provider.client)
	u.RawQuery = q.Encode()
	return u.String()
}

// Loopback says whether an address (host, or host and port) is this machine's.
func Loopback(address string) bool {
	u := url.URL{Host: address}
	return isLoopback(u.Hostname())
}
