package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// document reads the document of an item; that of an absent one is zero.
func document[T any](stored item) (T, error) {
	var doc T
	if stored.revision() == 0 {
		return doc, nil
	}
	if err := json.Unmarshal([]byte(stored[attrDocument]), &doc); err != nil {
		return doc, fmt.Errorf("stored %s of %s: %w", stored[attrSort], stored[attrPartition], err)
	}
	return doc, nil
}

// amend replaces an item's document by what change makes of it, which is
// called again when others wrote meanwhile. Change says whether it changed
// anything.
func amend[T any](ctx context.Context, s *Store, pk, sk string, change func(T) (T, bool)) error {
	for attempt := range attempts {
		stored, err := s.get(ctx, pk, sk)
		if err != nil {
			return err
		}
		before, err := document[T](stored)
		if err != nil {
			return err
		}
		after, changed := change(before)
		if !changed {
			return nil
		}
		doc, err := encode(after)
		if err != nil {
			return err
		}
		err = s.commit(ctx, write{guarded: true, item: item{
			attrPartition: pk, attrSort: sk, attrRevision: strconv.Itoa(stored.revision() + 1), attrDocument: doc,
		}})
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s of %s: %w", sk, pk, ErrConflict)
}

// maxBatch is how many items DynamoDB reads at once.
const maxBatch = 100

// getMany reads the items of one sort key in many partitions, those that are
// there.
func (s *Store) getMany(ctx context.Context, partitions []string, sort string, c Consistency) ([]item, error) {
	var found []item
	for len(partitions) > 0 {
		n := min(len(partitions), maxBatch)
		keys := make([]map[string]types.AttributeValue, 0, n)
		for _, pk := range partitions[:n] {
			keys = append(keys, item{attrPartition: pk, attrSort: sort}.values())
		}
		partitions = partitions[n:]
		for attempt := 0; len(keys) > 0; attempt++ {
			out, err := s.db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems: map[string]types.KeysAndAttributes{s.table: {Keys: keys, ConsistentRead: aws.Bool(bool(c))}},
			})
			if err != nil {
				return nil, fmt.Errorf("read %d items %s: %w", len(keys), sort, err)
			}
			for _, values := range out.Responses[s.table] {
				one, err := itemOf(values)
				if err != nil {
					return nil, fmt.Errorf("stored %s: %w", sort, err)
				}
				found = append(found, one)
			}
			if keys = out.UnprocessedKeys[s.table].Keys; len(keys) == 0 {
				break
			}
			if attempt == attempts {
				return nil, fmt.Errorf("read %d items %s: the table is busy", len(keys), sort)
			}
			if err := pause(ctx, attempt); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}
