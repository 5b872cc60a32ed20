package faults_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cutline/internal/store"
)

// transcript is what happened in a schedule, in order: what came, each request
// with what befell it, and what all came to.
type transcript struct {
	lines    []string
	versions []string          // S3's names of them, which are others in every run, and those they have here
	names    *strings.Replacer // from the ones to the others
}

func (t *transcript) note(format string, args ...any) {
	t.lines = append(t.lines, t.named(fmt.Sprintf(format, args...)))
}

// name gives a version the name that it has in every run.
func (t *transcript) name(version string) {
	if version == "" || slices.Contains(t.versions, version) {
		return
	}
	t.versions = append(t.versions, version, fmt.Sprintf("v%02d", len(t.versions)/2))
	t.names = strings.NewReplacer(t.versions...)
}

// named is a text with the versions' names of here.
func (t *transcript) named(text string) string {
	if t.names == nil {
		return text
	}
	return t.names.Replace(text)
}

// same says whether another run was the same, or which line is not.
func (t *transcript) same(other *transcript) (at int, same bool) {
	for at < len(t.lines) && at < len(other.lines) && t.lines[at] == other.lines[at] {
		at++
	}
	return at, at == len(t.lines) && at == len(other.lines)
}

func (t *transcript) line(at int) string {
	if at >= len(t.lines) {
		return "(it has ended)"
	}
	return t.lines[at]
}

// noteState writes down what a schedule has come to.
func (s *schedule) noteState(ctx context.Context) error {
	for _, o := range s.objects {
		versions, err := s.rested.Versions(ctx, s.bucket, o.key)
		if err != nil {
			return err
		}
		for _, v := range versions {
			rec, err := s.rested.GetVersion(ctx, s.bucket, o.key, v.ID)
			if err != nil {
				return err
			}
			var seen []string
			if rec.Provenance != nil {
				for _, earlier := range rec.Provenance.Seen {
					seen = append(seen, earlier.Key+" "+earlier.Version)
				}
			}
			tag, err := s.tag(ctx, o.key, v.VersionID)
			if err != nil {
				tag = "none"
			}
			s.transcript.note("%s %s: %s, cleared as %s, tagged %s, removed %v, seen before as %q", o.key, v.ID, rec.Verdict, rec.Clearance(), tag, v.Removed, seen)
			for _, f := range rec.Findings {
				s.transcript.note("%s %s: %s", o.key, v.ID, f.Code)
			}
		}
		rec, err := s.rested.Get(ctx, s.bucket, o.key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		s.transcript.note("%s shows %s, deleted %v", o.key, rec.Version, rec.Deleted)
		history, err := s.rested.History(ctx, s.bucket, o.key)
		if err != nil {
			return err
		}
		for _, d := range history {
			s.transcript.note("%s: %s %s", o.key, d.Action, d.Reason)
		}
	}
	if s.notices != nil {
		for _, n := range slices.Concat(s.notices.told, s.notices.undelivered) {
			s.transcript.note("told of %s %s: %s", n.Data.Key, n.Data.VersionID, n.Type)
		}
	}
	return nil
}
