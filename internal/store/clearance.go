package store

import (
	"context"
	"fmt"

	"cutline/internal/report"
)

// Clearance says what a bucket's policy may go by, for the tag of a version:
// "approved", "held" or "killed" once an editor has decided, else the verdict.
// It is empty for a picture that is still being read and would pass so far.
// The error is ErrNotFound when there is no report of the version.
func (s *Store) Clearance(ctx context.Context, bucket, key, versionID string) (string, error) {
	stored, err := s.get(ctx, partition(bucket, key), headSort)
	if err != nil {
		return "", err
	}
	h, err := decodeHead(stored)
	if err != nil {
		return "", fmt.Errorf("stored head of %s/%s: %w", bucket, key, err)
	}
	switch {
	case h.Latest.ID == "":
		return "", ErrNotFound
	case !named(versionID) || h.Latest.VersionID == versionID:
		return clearance(h.Row.Decision, h.Row.Verdict, h.Row.Pending), nil
	}
	rec, err := s.GetVersion(ctx, bucket, key, versionID)
	if err != nil {
		return "", err
	}
	return rec.Clearance(), nil
}

// Clearance is what the tag of the record's version says.
func (r Record) Clearance() string { return clearance(r.Decision, r.Verdict, r.Pending()) }

func clearance(d *Decision, verdict report.Verdict, pending bool) string {
	switch {
	case d != nil && d.Action == Approve:
		return "approved"
	case d != nil && d.Action == Hold:
		return "held"
	case d != nil && d.Action == Kill:
		return "killed"
	case pending && verdict == report.Pass:
		return ""
	}
	return string(verdict)
}
