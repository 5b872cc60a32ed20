package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cutline/internal/likeness"
	"cutline/internal/report"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"
)

// Alike is a picture that shows the same as another one.
type Alike struct {
	Place
	Version  string    // id of the version here
	At       time.Time // when it was uploaded
	Distance int       // bits of the hashes that differ
}

// print is the document of an item of a band.
type print struct {
	Bucket  string          `json:"bucket"`
	Key     string          `json:"key"`
	Version string          `json:"version"`
	At      time.Time       `json:"at"`
	Print   report.Likeness `json:"print"`
}

// The bounds of a search.
const (
	maxBand    = 400 // entries of one band, the newest first
	sideBySide = 16  // queries at once
	maxAlike   = 20  // pictures found
)

func bandPartition(band string) string { return "like/" + band }

// Remember keeps a picture's print, so that the picture is found when it comes
// again. At is when it was uploaded. The report must have a print. Repeats
// change nothing.
func (s *Store) Remember(ctx context.Context, rep report.Report, at time.Time) error {
	made, err := likeness.Parse(rep.Provenance.Likeness.Hash, rep.Provenance.Likeness.Shape)
	if err != nil {
		return fmt.Errorf("remember a picture: %w", err)
	}
	entry := print{rep.Photo.Bucket, rep.Photo.Key, versionID(rep.Photo), at.UTC(), *rep.Provenance.Likeness}
	doc, err := encode(entry)
	if err != nil {
		return err
	}
	group, within := errgroup.WithContext(ctx)
	for _, band := range made.Bands() {
		group.Go(func() error {
			return s.commit(within, write{item: item{
				attrPartition: bandPartition(band), attrRevision: "1", attrDocument: doc,
				attrSort: at.UTC().Format(arrivedForm) + "-" + placeOf(entry.Bucket, entry.Key) + "/" + entry.Version,
			}})
		})
	}
	return group.Wait()
}

// Alike returns the pictures that show the same as the one of these probes, but
// not the picture itself, the earliest first. It costs a query for each of
// the probes' keys, about 40, side by side. Of a band that holds more
// than a few hundred pictures only the newest are looked at: such a band is
// one of plain pictures, and a copy shares others.
func (s *Store) Alike(ctx context.Context, probes []likeness.Print, self Place) ([]Alike, error) {
	bands := likeness.Keys(probes)
	results := make(chan []print, len(bands))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(sideBySide)
	for _, band := range bands {
		group.Go(func() error {
			entries, err := s.band(within, band)
			results <- entries
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	close(results)
	nearest := map[string]Alike{}
	for entries := range results {
		for _, e := range entries {
			distance, same := nearestProbe(probes, e.Print)
			if !same || self == (Place{e.Bucket, e.Key}) {
				continue
			}
			found := Alike{Place{e.Bucket, e.Key}, e.Version, e.At, distance}
			name := partition(e.Bucket, e.Key)
			if before, known := nearest[name]; !known || found.before(before) {
				nearest[name] = found
			}
		}
	}
	var all []Alike
	for _, found := range nearest {
		all = append(all, found)
	}
	slices.SortFunc(all, func(a, b Alike) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return all[:min(len(all), maxAlike)], nil
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

// band reads the newest entries of a band. The read is consistent, so that of
// two copies that come at once at least the later finds the other.
func (s *Store) band(ctx context.Context, band string) ([]print, error) {
	out, err := s.db.Query(ctx, &dynamodb.QueryInput{
		TableName:                 &s.table,
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{":pk": bandPartition(band), ":from": "0", ":to": ":"}.values(),
		ScanIndexForward:          aws.Bool(false),
		Limit:                     aws.Int32(maxBand),
	})
	if err != nil {
		return nil, fmt.Errorf("look for a picture in band %s: %w", band, err)
	}
	var entries []print
	for _, values := range out.Items {
		var e print
		if err := json.Unmarshal([]byte(itemOf(values)[attrDocument]), &e); err != nil {
			return nil, fmt.Errorf("stored print in band %s: %w", band, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
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
	return readAll[Place](ctx, s, partition(bucket, key), "copy/", attrDocument)
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
