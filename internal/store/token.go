package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Token is what is kept of a program's token: everything but the token.
type Token struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Scopes    []string  `json:"scopes"`
	Hash      string    `json:"hash"` // of its secret part
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	RevokedBy string    `json:"revoked_by,omitempty"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
}

// Live says whether the token may be used.
func (t Token) Live(now time.Time) bool {
	return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt)
}

// ErrNoToken says that there is no such token.
var ErrNoToken = errors.New("no such token")

const tokenPartition = "tokens"

func tokenSort(id string) string { return "token/" + id }

// PutToken stores a new token.
func (s *Store) PutToken(ctx context.Context, t Token) error {
	return s.putToken(ctx, t, 1)
}

func (s *Store) putToken(ctx context.Context, t Token, revision int) error {
	doc, err := encode(t)
	if err != nil {
		return err
	}
	return s.commit(ctx, write{guarded: true, item: item{
		attrPartition: tokenPartition, attrSort: tokenSort(t.ID), attrRevision: strconv.Itoa(revision), attrDocument: doc,
	}})
}

// Token returns the token of the id, or ErrNoToken.
func (s *Store) Token(ctx context.Context, id string) (Token, error) {
	t, _, err := s.token(ctx, id)
	return t, err
}

func (s *Store) token(ctx context.Context, id string) (Token, int, error) {
	stored, err := s.get(ctx, tokenPartition, tokenSort(id))
	if err != nil {
		return Token{}, 0, err
	}
	if stored.revision() == 0 {
		return Token{}, 0, ErrNoToken
	}
	var t Token
	if err := json.Unmarshal([]byte(stored[attrDocument]), &t); err != nil {
		return Token{}, 0, fmt.Errorf("stored token %s: %w", id, err)
	}
	return t, stored.revision(), nil
}

// Tokens returns all tokens, also those that are no longer good, the newest first.
func (s *Store) Tokens(ctx context.Context) ([]Token, error) {
	all, err := readAll[Token](ctx, s, tokenPartition, "token/", Strong)
	slices.SortStableFunc(all, func(a, b Token) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return all, err
}

// RevokeToken makes a token useless for ever. Who did it first stands.
func (s *Store) RevokeToken(ctx context.Context, id, by string, at time.Time) error {
	for attempt := range attempts {
		t, revision, err := s.token(ctx, id)
		if err != nil || !t.RevokedAt.IsZero() {
			return err
		}
		t.RevokedBy, t.RevokedAt = by, at.UTC()
		if err := s.putToken(ctx, t, revision+1); !errors.Is(err, ErrConflict) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
	return fmt.Errorf("token %s: %w", id, ErrConflict)
}

// EndSession records that the session of this id is over. The record goes by
// itself some time after until, when nobody would take the session any more.
func (s *Store) EndSession(ctx context.Context, id string, until time.Time) error {
	return s.commit(ctx, write{item: item{
		attrPartition: sessionPartition(id), attrSort: sessionSort, attrRevision: "1",
		attrExpires: strconv.FormatInt(until.Unix(), 10),
	}})
}

// SessionEnded says whether EndSession was called for the id.
func (s *Store) SessionEnded(ctx context.Context, id string) (bool, error) {
	stored, err := s.get(ctx, sessionPartition(id), sessionSort)
	return stored.revision() > 0, err
}

const sessionSort = "ended"

func sessionPartition(id string) string { return "session/" + id }
