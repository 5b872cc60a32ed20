package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cutline/internal/report"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Record is the report of one version of a picture, with what the desk knows
// of it.
type Record struct {
	report.Report
	Version   string    // id of the version here
	ArrivedAt time.Time // when the version was first checked
	Deleted   bool      // the object, or this version of it, is gone
	Decision  *Decision // that stands for the version; nil when there is none
	Previous  *Decision // that stood for an earlier version
	Revision  string    // to be given to Decide; empty for an earlier version
}

// Get returns the report of the latest version of a picture, or ErrNotFound.
func (s *Store) Get(ctx context.Context, bucket, key string) (Record, error) {
	stored, err := s.get(ctx, partition(bucket, key), headSort)
	if err != nil {
		return Record{}, err
	}
	h, err := decodeHead(stored)
	if err != nil {
		return Record{}, fmt.Errorf("stored head of %s/%s: %w", bucket, key, err)
	}
	if h.Latest.ID == "" {
		return Record{}, ErrNotFound
	}
	v, err := s.version(ctx, bucket, key, h.Latest.ID)
	if err != nil {
		return Record{}, err
	}
	return Record{
		Report: *v.Report, Version: v.ID, ArrivedAt: v.ArrivedAt, Deleted: h.Row.Deleted,
		Decision: h.Row.Decision, Previous: h.Row.Previous, Revision: h.Row.Revision,
	}, nil
}

// Row returns what lists show of a picture, with one small read, or ErrNotFound.
func (s *Store) Row(ctx context.Context, bucket, key string) (Row, error) {
	stored, err := s.get(ctx, partition(bucket, key), headSort)
	if err != nil {
		return Row{}, err
	}
	h, err := decodeHead(stored)
	if err != nil {
		return Row{}, fmt.Errorf("stored head of %s/%s: %w", bucket, key, err)
	}
	if h.Latest.ID == "" {
		return Row{}, ErrNotFound
	}
	return h.Row, nil
}

// GetVersion returns the report of one version by its id, or ErrNotFound.
func (s *Store) GetVersion(ctx context.Context, bucket, key, id string) (Record, error) {
	v, err := s.version(ctx, bucket, key, id)
	if err != nil {
		return Record{}, err
	}
	history, err := s.History(ctx, bucket, key)
	if err != nil {
		return Record{}, err
	}
	record := Record{Report: *v.Report, Version: v.ID, ArrivedAt: v.ArrivedAt, Deleted: v.Removed}
	record.Decision, _ = standing(history, v.ID)
	return record, nil
}

func (s *Store) version(ctx context.Context, bucket, key, id string) (version, error) {
	if len(id) > 1000 {
		return version{}, ErrNotFound
	}
	stored, err := s.get(ctx, partition(bucket, key), versionSort(id))
	if err != nil {
		return version{}, err
	}
	if stored.revision() == 0 {
		return version{}, ErrNotFound
	}
	var v version
	if err := json.Unmarshal([]byte(stored[attrDocument]), &v); err != nil {
		return version{}, fmt.Errorf("stored version %s of %s/%s: %w", id, bucket, key, err)
	}
	if v.Report == nil {
		return version{}, ErrNotFound
	}
	return v, nil
}

// Versions returns the versions of a picture, the latest first. It is empty
// for a picture that is not known.
func (s *Store) Versions(ctx context.Context, bucket, key string) ([]Version, error) {
	versions, err := readAll[Version](ctx, s, partition(bucket, key), "version/", Strong)
	if err != nil {
		return nil, err
	}
	versions = slices.DeleteFunc(versions, func(v Version) bool { return v.CheckedAt.IsZero() })
	slices.SortFunc(versions, func(a, b Version) int {
		if c := strings.Compare(b.Rank, a.Rank); c != 0 {
			return c
		}
		return b.CheckedAt.Compare(a.CheckedAt)
	})
	return versions, nil
}

// History returns the decisions about a picture, the last first.
func (s *Store) History(ctx context.Context, bucket, key string) ([]Decision, error) {
	decisions, err := readAll[Decision](ctx, s, partition(bucket, key), "decision/", Strong)
	slices.Reverse(decisions)
	return decisions, err
}

// readAll reads the documents of all the items of a partition whose sort key
// begins so, in the order of that key.
func readAll[T any](ctx context.Context, s *Store, partition, prefix string, c Consistency) ([]T, error) {
	var all []T
	from := prefix
	for {
		out, err := s.db.Query(ctx, &dynamodb.QueryInput{
			TableName:              &s.table,
			ConsistentRead:         aws.Bool(bool(c)),
			KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
			ProjectionExpression:   aws.String(attrSort + ", " + attrDocument),
			ExpressionAttributeValues: item{
				":pk": partition, ":from": from, ":to": prefix + "\U0010FFFF",
			}.values(),
		})
		if err != nil {
			return nil, fmt.Errorf("read the %ss of %s: %w", strings.TrimSuffix(prefix, "/"), partition, err)
		}
		for _, values := range out.Items {
			found, err := itemOf(values)
			if err != nil {
				return nil, fmt.Errorf("the %ss of %s: %w", strings.TrimSuffix(prefix, "/"), partition, err)
			}
			if found[attrSort] == from {
				continue
			}
			var one T
			if err := json.Unmarshal([]byte(found[attrDocument]), &one); err != nil {
				return nil, fmt.Errorf("stored %s of %s: %w", found[attrSort], partition, err)
			}
			all = append(all, one)
			from = found[attrSort]
		}
		if len(out.LastEvaluatedKey) == 0 || len(out.Items) == 0 {
			return all, nil
		}
	}
}
