package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"cutline/internal/report"
)

// attempts is how often a change is tried when others write the same picture.
const attempts = 12

// Kept is what stands in the store after a report was put.
type Kept struct {
	Report report.Report // of the version: the one put, or one that counts more
	Latest bool          // the version is the latest of its picture
}

// Put stores a report of one version of an object. Putting the same report
// again, or reports in any order, ends in the same state.
func (s *Store) Put(ctx context.Context, rep report.Report) (Kept, error) {
	arriving, err := newVersion(rep)
	if err != nil {
		return Kept{}, err
	}
	trim(arriving.Report)
	bucket, key := rep.Photo.Bucket, rep.Photo.Key
	v, err := s.mergeVersion(ctx, bucket, key, arriving)
	if err != nil {
		return Kept{}, err
	}
	latest := false
	err = s.changeHead(ctx, bucket, key, func(h head, absent bool) (head, error) {
		if !absent {
			// The version may have been removed since it was written. Whoever
			// removes one writes the head afterwards, so what is read here
			// holds if the head does not change.
			if v, err = s.version(ctx, bucket, key, v.ID); err != nil {
				return head{}, err
			}
		}
		switch {
		case h.Latest.ID == v.ID && v.Removed && !h.Latest.Removed:
			return s.refollow(ctx, bucket, key, h)
		case h.Latest.ID == v.ID || h.Latest.before(v.Version):
			h = h.follow(v)
		}
		latest = h.Latest.ID == v.ID
		return h, nil
	})
	if err != nil {
		return Kept{}, err
	}
	return Kept{Report: *v.Report, Latest: latest}, nil
}

// MarkDeleted records that an object was deleted. A version ID says that this
// version was removed for good; without one the object is hidden, by a delete
// marker or in a bucket without versions, until a later version comes.
// Repeats and any order end in the same state.
func (s *Store) MarkDeleted(ctx context.Context, bucket, key, id, sequencer string) error {
	if !named(id) {
		return s.changeHead(ctx, bucket, key, func(h head, _ bool) (head, error) {
			// Without a sequencer it is taken to be the latest event.
			h.Hidden = max(h.Hidden, rank(sequencer))
			if sequencer == "" {
				h.Hidden = max(h.Hidden, h.Latest.Rank, "0")
			}
			return h.settled(), nil
		})
	}
	removed := version{Version: Version{ID: id, VersionID: id, Removed: true}}
	if _, err := s.mergeVersion(ctx, bucket, key, removed); err != nil {
		return err
	}
	return s.changeHead(ctx, bucket, key, func(h head, _ bool) (head, error) {
		if h.Latest.ID != id {
			return h, nil
		}
		return s.refollow(ctx, bucket, key, h)
	})
}

// mergeVersion adds what is known of a version to what is stored of it.
func (s *Store) mergeVersion(ctx context.Context, bucket, key string, arriving version) (version, error) {
	pk, sk := partition(bucket, key), versionSort(arriving.ID)
	// Nearly always the version is new, so that comes first.
	var stored item
	for attempt := range attempts {
		v := arriving
		if stored.revision() > 0 {
			var before version
			if err := json.Unmarshal([]byte(stored[attrDocument]), &before); err != nil {
				return version{}, fmt.Errorf("stored version %s of %s: %w", v.ID, pk, err)
			}
			v = before.merge(arriving)
		}
		doc, err := encode(v)
		if err != nil {
			return version{}, err
		}
		if stored[attrDocument] == doc {
			return v, nil
		}
		err = s.commit(ctx, write{guarded: true, item: item{
			attrPartition: pk, attrSort: sk, attrRevision: strconv.Itoa(stored.revision() + 1),
			attrDocument: doc,
		}})
		if !errors.Is(err, ErrConflict) {
			return v, err
		}
		if err := pause(ctx, attempt); err != nil {
			return version{}, err
		}
		if stored, err = s.get(ctx, pk, sk); err != nil {
			return version{}, err
		}
	}
	return version{}, fmt.Errorf("version %s of %s: %w", arriving.ID, pk, ErrConflict)
}

// changeHead replaces the head by what change makes of it, unless that is the
// same. Change may be called several times; the first time the head is
// supposed to be absent, as it mostly is.
func (s *Store) changeHead(ctx context.Context, bucket, key string, change func(h head, absent bool) (head, error)) error {
	pk := partition(bucket, key)
	var stored item
	for attempt := range attempts {
		before, err := decodeHead(stored)
		if err != nil {
			return fmt.Errorf("stored head of %s: %w", pk, err)
		}
		after, err := change(before, stored.revision() == 0)
		if err != nil {
			return err
		}
		if stored.revision() > 0 && sameHead(before, after) {
			return nil
		}
		writes, err := after.writes(bucket, key, stored.revision(), before.Row.furtherSources())
		if err != nil {
			return err
		}
		if err = s.commit(ctx, writes...); !errors.Is(err, ErrConflict) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
		if stored, err = s.get(ctx, pk, headSort); err != nil {
			return err
		}
	}
	return fmt.Errorf("head of %s: %w", pk, ErrConflict)
}

func sameHead(a, b head) bool {
	x, errX := encode(a)
	y, errY := encode(b)
	return errX == nil && errY == nil && x == y
}

func decodeHead(stored item) (head, error) {
	var h head
	if stored.revision() == 0 {
		return h, nil
	}
	err := json.Unmarshal([]byte(stored[attrDocument]), &h)
	return h, err
}

// refollow chooses the head's version anew among all of them, after the
// latest was removed for good.
func (s *Store) refollow(ctx context.Context, bucket, key string, h head) (head, error) {
	versions, err := s.Versions(ctx, bucket, key)
	if err != nil {
		return head{}, err
	}
	var latest Version
	for _, v := range versions {
		if latest.before(v) {
			latest = v
		}
	}
	if latest.CheckedAt.IsZero() {
		return h, nil
	}
	v, err := s.version(ctx, bucket, key, latest.ID)
	if err != nil {
		return head{}, err
	}
	h = h.follow(v)
	decisions, err := s.History(ctx, bucket, key)
	if err != nil {
		return head{}, err
	}
	h.Row.Decision, h.Row.Previous = standing(decisions, v.ID)
	return h, nil
}

// pause waits a little before another attempt, longer each time.
func pause(ctx context.Context, attempt int) error {
	wait := time.NewTimer(rand.N(time.Millisecond << min(attempt, 7))) // #nosec G404 -- no secret
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}
