package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
)

// PackFile is one file of a desk's rule pack.
type PackFile struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

const (
	rulesPartition = "rules"
	lastGoodSort   = "last-good"
)

// KeepPack keeps the files of a rule pack as the last good one. It writes only
// when they are others than those kept. A pack too large for an item is an
// error.
func (s *Store) KeepPack(ctx context.Context, files []PackFile) error {
	doc, err := encode(files)
	if err != nil {
		return err
	}
	if len(doc) > maxReport {
		return fmt.Errorf("the rule pack takes %d bytes; at most %d can be kept", len(doc), maxReport)
	}
	stored, err := s.get(ctx, rulesPartition, lastGoodSort)
	if err != nil || stored[attrDocument] == doc {
		return err
	}
	return s.commit(ctx, write{item: item{
		attrPartition: rulesPartition, attrSort: lastGoodSort, attrRevision: strconv.Itoa(stored.revision() + 1), attrDocument: doc,
	}})
}

// LastPack returns the rule pack that was good last, or none when there was
// none yet.
func (s *Store) LastPack(ctx context.Context) ([]PackFile, error) {
	stored, err := s.get(ctx, rulesPartition, lastGoodSort)
	if err != nil || stored.revision() == 0 {
		return nil, err
	}
	var files []PackFile
	if err := json.Unmarshal([]byte(stored[attrDocument]), &files); err != nil {
		return nil, fmt.Errorf("stored rule pack: %w", err)
	}
	return files, nil
}
