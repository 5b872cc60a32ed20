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
	Report    report.Report // of the version: the one put, or one that counts more
	Latest    bool          // the version is the latest of its picture
	Clearance string        // as the method of that name says it; of the latest version only

	version, head item
}

// Put stores a report of one version of an object. Putting the same report
// again, or reports in any order, ends in the same state.
func (s *Store) Put(ctx context.Context, rep report.Report) (Kept, error) {
	return s.PutAgain(ctx, rep, Kept{})
}

// PutAgain is Put for one who put a report of the same version a moment ago. It
// tries first what is right if nobody else wrote meanwhile: a write that is
// refused costs as much as one that is done.
func (s *Store) PutAgain(ctx context.Context, rep report.Report, before Kept) (Kept, error) {
	arriving, err := newVersion(rep)
	if err != nil {
		return Kept{}, err
	}
	trim(arriving.Report)
	bucket, key := rep.Photo.Bucket, rep.Photo.Key
	v, written, err := s.mergeVersion(ctx, bucket, key, arriving, before.version)
	if err != nil {
		return Kept{}, err
	}
	kept := Kept{version: written}
	kept.head, err = s.changeHead(ctx, bucket, key, before.head, func(h head, absent bool) (head, error) {
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
		if kept.Latest = h.Latest.ID == v.ID; kept.Latest {
			kept.Clearance = clearance(h.Row.Decision, h.Row.Verdict, h.Row.Pending)
		}
		return h, nil
	})
	if err != nil {
		return Kept{}, err
	}
	kept.Report = *v.Report
	return kept, nil
}

// MarkDeleted records that an object was deleted. A version ID says that this
// version was removed for good; without one the object is hidden, by a delete
// marker or in a bucket without versions, until a later version comes.
// Repeats and any order end in the same state.
func (s *Store) MarkDeleted(ctx context.Context, bucket, key, id, sequencer string) error {
	if !named(id) {
		_, err := s.changeHead(ctx, bucket, key, nil, func(h head, _ bool) (head, error) {
			// Without a sequencer it is taken to be the latest event.
			h.Hidden = max(h.Hidden, rank(sequencer))
			if sequencer == "" {
				h.Hidden = max(h.Hidden, h.Latest.Rank, "0")
			}
			return h.settled(), nil
		})
		return err
	}
	removed := version{Version: Version{ID: id, VersionID: id, Removed: true}}
	if _, _, err := s.mergeVersion(ctx, bucket, key, removed, nil); err != nil {
		return err
	}
	_, err := s.changeHead(ctx, bucket, key, nil, func(h head, _ bool) (head, error) {
		if h.Latest.ID != id {
			return h, nil
		}
		return s.refollow(ctx, bucket, key, h)
	})
	return err
}

// mergeVersion adds what is known of a version to what is stored of it, and
// returns both what that comes to and its item. Stored is what is supposed to
// be stored: nearly always nothing, as the version is new.
func (s *Store) mergeVersion(ctx context.Context, bucket, key string, arriving version, stored item) (version, item, error) {
	pk, sk := partition(bucket, key), versionSort(arriving.ID)
	if stored[attrSort] != sk {
		stored = nil
	}
	for attempt := range attempts {
		v := arriving
		if stored.revision() > 0 {
			var before version
			if err := json.Unmarshal([]byte(stored[attrDocument]), &before); err != nil {
				return version{}, nil, fmt.Errorf("stored version %s of %s: %w", v.ID, pk, err)
			}
			v = before.merge(arriving)
		}
		doc, err := encode(v)
		if err != nil {
			return version{}, nil, err
		}
		if stored[attrDocument] == doc {
			return v, stored, nil
		}
		becomes := item{
			attrPartition: pk, attrSort: sk, attrRevision: strconv.Itoa(stored.revision() + 1), attrDocument: doc,
		}
		if err = s.commit(ctx, write{guarded: true, item: becomes}); !errors.Is(err, ErrConflict) {
			return v, becomes, err
		}
		if err := pause(ctx, attempt); err != nil {
			return version{}, nil, err
		}
		if stored, err = s.get(ctx, pk, sk); err != nil {
			return version{}, nil, err
		}
	}
	return version{}, nil, fmt.Errorf("version %s of %s: %w", arriving.ID, pk, ErrConflict)
}

// changeHead replaces the head by what change makes of it, unless that is the
// same, and returns its item. Change may be called several times; the first
// time with what is supposed to be stored: mostly nothing.
func (s *Store) changeHead(ctx context.Context, bucket, key string, stored item, change func(h head, absent bool) (head, error)) (item, error) {
	pk := partition(bucket, key)
	for attempt := range attempts {
		before, err := decodeHead(stored)
		if err != nil {
			return nil, fmt.Errorf("stored head of %s: %w", pk, err)
		}
		after, err := change(before, stored.revision() == 0)
		if err != nil {
			return nil, err
		}
		if stored.revision() > 0 && sameHead(before, after) {
			return stored, nil
		}
		writes, err := after.writes(bucket, key, stored.revision(), before.Row.furtherSources())
		if err != nil {
			return nil, err
		}
		if err = s.commit(ctx, writes...); !errors.Is(err, ErrConflict) {
			return writes[0].item, err
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
		if stored, err = s.get(ctx, pk, headSort); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("head of %s: %w", pk, ErrConflict)
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

// pause waits a little before another attempt, longer each time. The first one
// failed since something was there already, most likely, so the second need not
// wait.
func pause(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return ctx.Err()
	}
	wait := time.NewTimer(rand.N(time.Millisecond << min(attempt, 7))) // #nosec G404 -- no secret
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}
