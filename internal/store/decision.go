package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cutline/internal/report"
)

// Action is what an editor decides about a picture.
type Action string

// The actions. A note decides nothing.
const (
	Approve Action = "approve"
	Hold    Action = "hold"
	Kill    Action = "kill"
	Note    Action = "note"
)

// Decision is what an editor said of one version of a picture. It is never
// changed or taken back; a later one stands in its place.
type Decision struct {
	Action  Action         `json:"action"`
	By      string         `json:"by"`              // name
	ByID    string         `json:"by_id,omitempty"` // what the sign-in calls them for ever
	At      time.Time      `json:"at"`              // UTC
	Reason  string         `json:"reason,omitempty"`
	Version string         `json:"version"` // id of the version, filled in by Decide
	Verdict report.Verdict `json:"verdict"` // of the report then, filled in by Decide
}

// maxReason is how long a reason may be, in bytes.
const maxReason = 4000

// ErrDecision says that a decision cannot be taken like this; the error
// around it is a sentence for the editor.
var ErrDecision = errors.New("not a decision")

// Overrides says whether the decision changes one that another editor took.
func (d Decision) Overrides(stands *Decision) bool {
	if d.Action == Note || stands == nil || stands.Action == d.Action {
		return false
	}
	return stands.ByID != d.ByID || d.ByID == "" && stands.By != d.By
}

// check refuses decisions that would leave nothing to go by later. One may
// stand already.
func (d Decision) check(stands *Decision) error {
	reason := strings.TrimSpace(d.Reason)
	switch {
	case d.Action != Approve && d.Action != Hold && d.Action != Kill && d.Action != Note:
		return fmt.Errorf("%w: an editor can approve, hold, kill or note", ErrDecision)
	case d.By == "" || len(d.By) > 400 || len(d.ByID) > 400 || d.At.IsZero():
		return fmt.Errorf("%w: it must say who decides, and when", ErrDecision)
	case len(reason) > maxReason:
		return fmt.Errorf("%w: the reason is longer than %d bytes", ErrDecision, maxReason)
	case d.Action == Note && reason == "":
		return fmt.Errorf("%w: the note is empty", ErrDecision)
	case d.Action == Approve && d.Verdict == report.Fail && reason == "":
		return fmt.Errorf("%w: approving a picture that failed needs a reason", ErrDecision)
	case d.Overrides(stands) && reason == "":
		return fmt.Errorf("%w: changing what another editor decided needs a reason", ErrDecision)
	}
	return nil
}

// Decide records a decision about the latest version of a picture, which must
// still be at the revision that the editor saw: else the error is ErrConflict,
// and nothing is recorded. ErrDecision says what a decision lacks. The record
// is that of the version that was decided about.
func (s *Store) Decide(ctx context.Context, bucket, key string, d Decision, revision string) (Record, error) {
	pk := partition(bucket, key)
	stored, err := s.get(ctx, pk, headSort)
	if err != nil {
		return Record{}, err
	}
	h, err := decodeHead(stored)
	if err != nil {
		return Record{}, fmt.Errorf("stored head of %s: %w", pk, err)
	}
	switch {
	case h.Latest.ID == "":
		return Record{}, ErrNotFound
	case h.Row.Revision != revision:
		return Record{}, ErrConflict
	}
	d.At, d.Version, d.Verdict = d.At.UTC(), h.Latest.ID, h.Row.Verdict
	if err := d.check(h.Row.Decision); err != nil {
		return Record{}, err
	}
	if d.Action != Note {
		h.Row.Decision = &d
	}
	writes, err := h.writes(bucket, key, stored.revision(), h.Row.furtherSources())
	if err != nil {
		return Record{}, err
	}
	doc, err := encode(d)
	if err != nil {
		return Record{}, err
	}
	writes = append(writes, write{guarded: true, item: item{
		attrPartition: pk, attrSort: decisionSort(d, revision), attrRevision: "1", attrDocument: doc,
	}})
	err = s.commit(ctx, writes...)
	if errors.Is(err, ErrConflict) {
		// It may be this decision itself, whose first answer was lost.
		stored, lost := s.get(ctx, pk, decisionSort(d, revision))
		if lost != nil {
			return Record{}, lost
		}
		if stored[attrDocument] == doc {
			err = nil
		}
	}
	if err != nil {
		return Record{}, err
	}
	rec, err := s.Get(ctx, bucket, key)
	if err == nil && rec.Version != d.Version { // another one came meanwhile
		return s.GetVersion(ctx, bucket, key, d.Version)
	}
	return rec, err
}

// decisionSort puts decisions in the order of their time. A revision of the
// head takes one decision at most.
func decisionSort(d Decision, revision string) string {
	return "decision/" + d.At.Format(arrivedForm) + "/" + revision
}

// standing finds the last decision about a version, and the last about any
// other, in a history.
func standing(history []Decision, version string) (decision, previous *Decision) {
	for _, d := range history {
		switch {
		case d.Action == Note:
		case d.Version == version && decision == nil:
			decision = &d
		case d.Version != version && previous == nil:
			previous = &d
		}
	}
	return decision, previous
}
