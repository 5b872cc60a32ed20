package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"cutline/internal/report"
)

// What a notice can name is one partition, "named/" + a transmission reference
// or an address: there stand the notices that name it and the pictures that
// carry the reference. Whoever comes writes itself down before it looks for
// the other, so that notice and picture meet in either order.
func namedPartition(name string) string { return "named/" + name }

// The bounds of a notice.
const (
	maxNotice = 20_000 // bytes of its text
	maxNames  = 50
)

// NewKill is the notice of a text that withdraws what it names. The same text
// about the same names is the same notice, whenever it comes.
func NewKill(text string, names []string, at time.Time) (report.Kill, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	switch {
	case text == "":
		return report.Kill{}, errors.New("the notice has no words")
	case len(names) == 0:
		return report.Kill{}, errors.New("the notice names neither a transmission reference, such as TOK801, nor a picture")
	case len(text) > maxNotice || len(names) > maxNames:
		return report.Kill{}, errors.New("the notice is too long")
	}
	sum := sha256.Sum256([]byte(text + "\x00" + strings.Join(names, "\x00")))
	return report.Kill{ID: hex.EncodeToString(sum[:8]), At: at.UTC(), Text: cut(text, 2000), Names: names}, nil
}

// AddKill writes a notice down under all its names. The first time counts.
func (s *Store) AddKill(ctx context.Context, k report.Kill) error {
	doc, err := encode(k)
	if err != nil {
		return err
	}
	for _, name := range k.Names {
		err := s.commit(ctx, write{guarded: true, item: item{
			attrPartition: namedPartition(name), attrSort: "notice/" + k.ID, attrRevision: "1", attrDocument: doc,
		}})
		if err != nil && !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return nil
}

// Kills returns the notices that name one of these.
func (s *Store) Kills(ctx context.Context, names []string) ([]report.Kill, error) {
	var all []report.Kill
	for _, name := range names {
		kills, err := readAll[report.Kill](ctx, s, namedPartition(name), "notice/", attrDocument)
		if err != nil {
			return nil, err
		}
		all = append(all, kills...)
	}
	return all, nil
}

// Name writes down that a picture carries a reference.
func (s *Store) Name(ctx context.Context, name string, p Place) error {
	doc, err := encode(p)
	if err != nil {
		return err
	}
	return s.commit(ctx, write{item: item{
		attrPartition: namedPartition(name), attrSort: "photo/" + placeOf(p.Bucket, p.Key), attrRevision: "1", attrDocument: doc,
	}})
}

// Named returns the pictures that carry a reference.
func (s *Store) Named(ctx context.Context, name string) ([]Place, error) {
	return readAll[Place](ctx, s, namedPartition(name), "photo/", attrDocument)
}
