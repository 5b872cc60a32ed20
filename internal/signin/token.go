package signin

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cutline/internal/store"
)

// A token is "cutline_", its id, "_" and a secret of 130 bits, of which only
// the hash is kept: whoever reads the table cannot use what stands there. The
// first part is there for scanners that look for tokens in published code.
var tokenForm = regexp.MustCompile(`^cutline_([a-z2-7]{12})_([A-Z2-7]{26})$`)

// hashed needs no salt and no slow function: a secret of 130 random bits is
// not guessed.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// The bounds of a token's life.
const (
	TokenLasts   = 365 * 24 * time.Hour // unless said otherwise
	tokenAtMost  = 5 * 365 * 24 * time.Hour
	maxTokenName = 80 // characters
)

// ErrTokenAsked says that a token cannot be made like this; the error around
// it is a sentence.
var ErrTokenAsked = errors.New("no such token can be made")

// NewToken makes a token for a program and stores its hash. The text that it
// returns is shown once, and cannot be read again.
func NewToken(ctx context.Context, s *store.Store, name string, scopes []Right, lasts time.Duration, by string, now time.Time) (text string, t store.Token, err error) {
	name = plainName(name)
	switch {
	case name == "" || len([]rune(name)) > maxTokenName:
		return "", t, fmt.Errorf("%w: it needs a name of 1 to %d characters", ErrTokenAsked, maxTokenName)
	case len(scopes) == 0:
		return "", t, fmt.Errorf("%w: it needs at least one scope", ErrTokenAsked)
	case lasts <= 0 || lasts > tokenAtMost:
		return "", t, fmt.Errorf("%w: it lasts from 1 to %d days", ErrTokenAsked, tokenAtMost/(24*time.Hour))
	}
	t = store.Token{
		ID: strings.ToLower(random()[:12]), Name: name, CreatedBy: by, CreatedAt: now.UTC(), ExpiresAt: now.Add(lasts).UTC(),
	}
	for _, scope := range Scopes { // in their own order, each once
		if slices.Contains(scopes, scope) {
			t.Scopes = append(t.Scopes, string(scope))
		}
	}
	for _, scope := range scopes {
		if !slices.Contains(Scopes, scope) {
			return "", t, fmt.Errorf("%w: %.40q is no scope; there are %v", ErrTokenAsked, scope, Scopes)
		}
	}
	secret := random()
	t.Hash = hashed(secret)
	if err := s.PutToken(ctx, t); err != nil {
		return "", t, err
	}
	return "cutline_" + t.ID + "_" + secret, t, nil
}

// program is the program whose token the header holds.
func (g *Guard) program(ctx context.Context, header []string) (Person, error) {
	if len(header) != 1 {
		return Person{}, ErrToken
	}
	scheme, given, _ := strings.Cut(header[0], " ")
	parts := tokenForm.FindStringSubmatch(strings.TrimSpace(given))
	if !strings.EqualFold(scheme, "Bearer") || parts == nil {
		return Person{}, ErrToken
	}
	t, err := g.store.Token(ctx, parts[1])
	if errors.Is(err, store.ErrNoToken) {
		return Person{}, ErrToken
	}
	if err != nil {
		return Person{}, err
	}
	if subtle.ConstantTimeCompare([]byte(hashed(parts[2])), []byte(t.Hash)) != 1 || !t.Live(g.now()) {
		return Person{}, ErrToken
	}
	p := Person{ID: "token/" + t.ID, Name: t.Name}
	for _, scope := range t.Scopes {
		if slices.Contains(Scopes, Right(scope)) {
			p.Rights = append(p.Rights, Right(scope))
		}
	}
	return p, nil
}
