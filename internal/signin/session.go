package signin

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
)

// How long a session lasts: a shift, and not when the desk is left alone.
const (
	sessionLasts = 12 * time.Hour
	sessionRests = 2 * time.Hour
	// A session that is used is written anew this often.
	sessionRenew = 5 * time.Minute
	// flowLasts is the time to sign in at the provider.
	flowLasts = 10 * time.Minute
)

// session is what the cookie of somebody who signed in holds.
type session struct {
	ID    string    `json:"id"` // random, to end it by
	Sub   string    `json:"sub"`
	Name  string    `json:"name"`
	Role  Role      `json:"role"`
	Began time.Time `json:"began"`
	Used  time.Time `json:"used"`
}

// live says whether the session may still be used.
func (s session) live(now time.Time) bool {
	return s.ID != "" && s.Sub != "" && slices.Contains(Roles, s.Role) &&
		!s.Began.After(now.Add(time.Minute)) &&
		now.Before(s.Began.Add(sessionLasts)) && now.Before(s.Used.Add(sessionRests))
}

// flow is what the cookie of somebody who is signing in holds.
type flow struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	To       string    `json:"to"` // where to go afterwards
	Began    time.Time `json:"began"`
}

// minKey is how long a session key is at least, in bytes.
const minKey = 32

// jar seals cookies: encrypted and signed, so that a browser can neither read
// nor change them.
type jar struct {
	codecs []securecookie.Codec
}

// newJar makes its keys from the session keys, of which the first seals and
// all open, so that a key can be replaced without ending every session.
func newJar(keys []string) (*jar, error) {
	if len(keys) == 0 {
		return nil, fmt.Errorf("there is no session key")
	}
	j := &jar{}
	for _, key := range keys {
		if len(key) < minKey {
			return nil, fmt.Errorf("a session key has at least %d characters, best from a random source", minKey)
		}
		made, err := hkdf.Key(sha256.New, []byte(key), nil, "cutline session cookies", 64+32)
		if err != nil {
			return nil, fmt.Errorf("session key: %w", err)
		}
		codec := securecookie.New(made[:64], made[64:])
		codec.SetSerializer(securecookie.JSONEncoder{})
		codec.MaxAge(int(sessionLasts / time.Second))
		j.codecs = append(j.codecs, codec)
	}
	return j, nil
}

// cookie returns the sealed cookie of the name.
func (j *jar) cookie(name string, secure bool, value any, lasts time.Duration) (*http.Cookie, error) {
	sealed, err := securecookie.EncodeMulti(name, value, j.codecs...)
	if err != nil {
		return nil, fmt.Errorf("seal a cookie: %w", err)
	}
	c := plainCookie(name, secure) // #nosec G124 -- see there
	c.Value, c.MaxAge = sealed, int(lasts/time.Second)
	return c, nil
}

// open reads the cookie of the name into value, and says whether it is there
// and whole.
func (j *jar) open(r *http.Request, name string, value any) bool {
	c, err := r.Cookie(name)
	return err == nil && securecookie.DecodeMulti(name, c.Value, value, j.codecs...) == nil
}

// plainCookie is an empty cookie that ends the one of its name.
func plainCookie(name string, secure bool) *http.Cookie {
	// #nosec G124 -- without TLS only where the desk has no address with it
	return &http.Cookie{Name: name, Path: "/", MaxAge: -1, Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// The names of the cookies. Browsers take a cookie with the prefix only from
// the host itself and over TLS, so that no other host of the domain can plant
// one (RFC 6265bis, section 4.1.3.2).
func sessionName(secure bool) string { return prefixed("cutline-session", secure) }
func flowName(secure bool) string    { return prefixed("cutline-sign-in", secure) }

func prefixed(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// localPath returns an address on the desk itself to go to after signing in;
// anything else becomes "/".
func localPath(to string) string {
	if len(to) > 1500 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") ||
		strings.Contains(to, "\\") || strings.ContainsFunc(to, func(r rune) bool { return r < ' ' || r == 0x7F }) ||
		strings.HasPrefix(to, "/sign-") {
		return "/"
	}
	return to
}

// random is a text that nobody guesses: 26 characters, 130 bits.
func random() string { return rand.Text() }
