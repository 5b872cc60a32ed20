package store_test

import (
	"errors"
	"testing"
	"time"

	"cutline/internal/store"
)

func TestTokensAndSessions(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s, ctx := db.store(t), t.Context()
		if _, err := s.Token(ctx, "none"); !errors.Is(err, store.ErrNoToken) {
			t.Errorf("an unknown token: %v", err)
		}
		one := store.Token{ID: "one", Name: "CMS", Scopes: []string{"read"}, Hash: "h", CreatedBy: "Anna", CreatedAt: start, ExpiresAt: start.Add(time.Hour)}
		two := one
		two.ID, two.CreatedAt = "two", start.Add(time.Minute)
		for _, token := range []store.Token{one, two} {
			if err := s.PutToken(ctx, token); err != nil {
				t.Fatal(err)
			}
			if err := s.PutToken(ctx, token); !errors.Is(err, store.ErrConflict) {
				t.Errorf("a second token of one id: %v", err)
			}
		}
		if err := s.RevokeToken(ctx, "one", "Bert", start.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		all, err := s.Tokens(ctx)
		if err != nil || len(all) != 2 || all[0].ID != "two" || all[1].RevokedBy != "Bert" {
			t.Errorf("%+v, %v", all, err)
		}
		if !all[0].Live(start) || all[0].Live(start.Add(time.Hour)) || all[1].Live(start) {
			t.Error("which tokens live")
		}
		if ended, err := s.SessionEnded(ctx, "a"); ended || err != nil {
			t.Errorf("a session that goes on: %v, %v", ended, err)
		}
		for range 2 {
			if err := s.EndSession(ctx, "a", start.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if ended, err := s.SessionEnded(ctx, "a"); !ended || err != nil {
			t.Errorf("a session that was ended: %v, %v", ended, err)
		}
		if page := list(t, s, store.Query{}); len(page.Rows) != 0 {
			t.Errorf("tokens and sessions are listed: %+v", page.Rows)
		}
	})
}
