package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"cutline/internal/report"
)

// What a notice can name is one partition, "named/" + a transmission reference
// or an address, of two items: the notices that name it, and the pictures that
// carry the reference. Whoever comes writes itself down before it looks for
// the other, so that notice and picture meet in either order.
func namedPartition(name string) string { return "named/" + name }

const (
	noticesSort  = "notices"
	picturesSort = "pictures"
)

// The bounds of a notice, and of what meets at one name.
const (
	maxNotice  = 20_000 // bytes of its text
	maxNames   = 50
	maxNotices = 50  // of one name, the first
	maxNamed   = 500 // pictures of one reference, the last
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
	for _, name := range k.Names {
		err := amend(ctx, s, namedPartition(name), noticesSort, func(all []report.Kill) ([]report.Kill, bool) {
			known := slices.ContainsFunc(all, func(o report.Kill) bool { return o.ID == k.ID })
			if known || len(all) == maxNotices {
				return all, false
			}
			return append(all, k), true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Kills returns the notices that name one of these.
func (s *Store) Kills(ctx context.Context, names []string, c Consistency) ([]report.Kill, error) {
	var partitions []string
	for _, name := range names {
		partitions = append(partitions, namedPartition(name))
	}
	items, err := s.getMany(ctx, partitions, noticesSort, c)
	if err != nil {
		return nil, err
	}
	var all []report.Kill
	for _, one := range items {
		kills, err := document[[]report.Kill](one)
		if err != nil {
			return nil, err
		}
		all = append(all, kills...)
	}
	return all, nil
}

// Name writes down that a picture carries a reference.
func (s *Store) Name(ctx context.Context, name string, p Place) error {
	return amend(ctx, s, namedPartition(name), picturesSort, func(all []Place) ([]Place, bool) {
		if slices.Contains(all, p) {
			return all, false
		}
		all = append(all, p)
		return all[max(0, len(all)-maxNamed):], true
	})
}

// Named returns the pictures that carry a reference.
func (s *Store) Named(ctx context.Context, name string) ([]Place, error) {
	stored, err := s.get(ctx, namedPartition(name), picturesSort)
	if err != nil {
		return nil, err
	}
	return document[[]Place](stored)
}
