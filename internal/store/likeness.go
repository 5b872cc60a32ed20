package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cutline/internal/likeness"
	"cutline/internal/report"

	"golang.org/x/sync/errgroup"
)

// Alike is a picture that shows the same as another one.
type Alike struct {
	Place
	Version  string    // id of the version here
	At       time.Time // when it was uploaded
	Distance int       // bits of the hashes that differ
}

// print is one entry of a band.
type print struct {
	Place
	Version string          `json:"version"`
	At      time.Time       `json:"at"`
	Print   report.Likeness `json:"print"`
}

// The bounds of a search. What maxBand costs in recall, by the bands of the made
// set: of a million pictures 2 bands in 1,000 are full and every picture has
// one that is not; of three million one band in six is full, and one picture in
// 1,400 has no other; of ten million one in seven. Such a picture is found only
// while it is among the newest of a band.
const (
	maxBand  = 200 // entries of one band, the newest
	maxAlike = 20  // pictures found
)

func bandPartition(band string) string { return "like/" + band }

const bandSort = "prints"

// Remember keeps a picture's print, so that the picture is found when it comes
// again. At is when it was uploaded. The report must have a print. Repeats
// change nothing. A band keeps its newest entries only.
func (s *Store) Remember(ctx context.Context, rep report.Report, at time.Time) error {
	made, err := likeness.Parse(rep.Provenance.Likeness.Hash, rep.Provenance.Likeness.Shape)
	if err != nil {
		return fmt.Errorf("remember a picture: %w", err)
	}
	entry := print{Place{rep.Photo.Bucket, rep.Photo.Key}, versionID(rep.Photo), at.UTC(), *rep.Provenance.Likeness}
	group, within := errgroup.WithContext(ctx)
	for _, band := range made.Bands() {
		group.Go(func() error {
			return amend(within, s, bandPartition(band), bandSort, func(entries []print) ([]print, bool) {
				for _, e := range entries {
					if e.Place == entry.Place && e.Version == entry.Version {
						return entries, false
					}
				}
				entries = append(entries, entry)
				slices.SortStableFunc(entries, func(a, b print) int { return a.At.Compare(b.At) })
				return entries[max(0, len(entries)-maxBand):], true
			})
		})
	}
	return group.Wait()
}

// Alike returns the pictures that show the same as the one of these probes, but
// not the picture itself, the earliest first. It reads the bands of all the
// probes' keys, about 40 items, in one request. The read is consistent, so that
// of two copies that come at once at least the later finds the other.
func (s *Store) Alike(ctx context.Context, probes []likeness.Print, self Place) ([]Alike, error) {
	var partitions []string
	for _, band := range likeness.Keys(probes) {
		partitions = append(partitions, bandPartition(band))
	}
	bands, err := s.getMany(ctx, partitions, bandSort, Strong)
	if err != nil {
		return nil, err
	}
	nearest := map[Place]Alike{}
	for _, band := range bands {
		entries, err := document[[]print](band)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			distance, same := nearestProbe(probes, e.Print)
			if !same || e.Place == self {
				continue
			}
			found := Alike{e.Place, e.Version, e.At, distance}
			if before, known := nearest[e.Place]; !known || found.before(before) {
				nearest[e.Place] = found
			}
		}
	}
	all := slices.SortedFunc(maps.Values(nearest), func(a, b Alike) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return all[:min(len(all), maxAlike)], nil
}

// Before returns the report of an earlier upload, with the decision that
// stands for it, or ErrNotFound.
func (s *Store) Before(ctx context.Context, a Alike) (Record, error) {
	v, err := s.version(ctx, a.Bucket, a.Key, a.Version)
	if err != nil {
		return Record{}, err
	}
	stored, err := s.get(ctx, partition(a.Bucket, a.Key), headSort)
	if err != nil {
		return Record{}, err
	}
	h, err := decodeHead(stored)
	if err != nil {
		return Record{}, fmt.Errorf("stored head of %s: %w", a.Address(), err)
	}
	record := Record{Report: *v.Report, Version: v.ID, ArrivedAt: v.ArrivedAt, Deleted: v.Removed, Decision: h.Row.Decision}
	if h.Latest.ID != v.ID {
		record.Decision = h.Row.Previous
	} else {
		record.Deleted = h.Row.Deleted
	}
	return record, nil
}

// before orders finds: by time, then by name.
func (a Alike) before(b Alike) bool {
	if !a.At.Equal(b.At) {
		return a.At.Before(b.At)
	}
	return partition(a.Bucket, a.Key)+"/"+a.Version < partition(b.Bucket, b.Key)+"/"+b.Version
}

func nearestProbe(probes []likeness.Print, stored report.Likeness) (distance int, same bool) {
	other, err := likeness.Parse(stored.Hash, stored.Shape)
	if err != nil {
		return 0, false
	}
	distance = 64
	for _, p := range probes {
		if p.Same(other) {
			distance, same = min(distance, p.Distance(other)), true
		}
	}
	return distance, same
}

// copySort is the key, in a picture's partition, of another one that was found
// to show the same, mostly a later one.
func copySort(bucket, key string) string { return "copy/" + placeOf(bucket, key) }

// Copied notes at a picture that another one shows the same.
func (s *Store) Copied(ctx context.Context, of, other Place) error {
	doc, err := encode(other)
	if err != nil {
		return err
	}
	return s.commit(ctx, write{item: item{
		attrPartition: partition(of.Bucket, of.Key), attrSort: copySort(other.Bucket, other.Key), attrRevision: "1", attrDocument: doc,
	}})
}

// Copies returns the pictures that were noted at this one to show the same.
func (s *Store) Copies(ctx context.Context, bucket, key string) ([]Place, error) {
	return readAll[Place](ctx, s, partition(bucket, key), "copy/", Strong)
}

// Place is where a picture lies.
type Place struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"`
}

// Address is the place as people and notices write it.
func (p Place) Address() string { return "s3://" + p.Bucket + "/" + p.Key }

// ParseAddress reads what Address wrote.
func ParseAddress(address string) (Place, bool) {
	rest, ok := strings.CutPrefix(address, "s3://")
	bucket, key, found := strings.Cut(rest, "/")
	return Place{bucket, key}, ok && found && bucket != "" && key != "" && len(bucket) <= 255 && len(key) <= 1024
}
