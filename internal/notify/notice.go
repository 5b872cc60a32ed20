// Package notify tells others what happened at the desk: pictures that failed,
// and what editors decided. It reads the changes of the reports' table and
// sends notices to an SNS topic and a webhook.
//
// Imports: report, store, telemetry, AWS.
package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"
)

// Kind is what a notice is about.
type Kind string

// The kinds.
const (
	Failed  Kind = "picture.failed"  // a picture failed the check
	Review  Kind = "picture.review"  // an editor has to look at a picture
	Decided Kind = "picture.decided" // an editor approved, held or killed a picture
)

// Notice is one piece of news, in the form of Standard Webhooks.
type Notice struct {
	// ID is the same whenever the same news is sent again, so that a receiver
	// can tell.
	ID        string    `json:"id"`
	Type      Kind      `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it happened
	Data      Picture   `json:"data"`
}

// Picture is what a notice says of a picture.
type Picture struct {
	Bucket    string          `json:"bucket"`
	Key       string          `json:"key"`
	VersionID string          `json:"version_id,omitempty"`
	Verdict   report.Verdict  `json:"verdict"`
	Origin    report.Origin   `json:"origin"`
	Sources   []string        `json:"sources"`            // ids
	Provider  string          `json:"provider,omitempty"` // as in report.Report
	Codes     []string        `json:"codes"`              // of the findings, the worst first
	Caption   string          `json:"caption"`            // its beginning
	Decision  *store.Decision `json:"decision,omitempty"`
	Report    string          `json:"report,omitempty"` // address of its page at the desk
}

// Change is a picture's row before and after something changed it. Before is
// nil where there was none.
type Change struct {
	Before, After *store.Row
}

// news says what is new in a change: nothing, one thing or two. The same
// change always gives the same notices. Reviews says whether pictures that an
// editor has to look at are news.
func (c Change) news(desk string, reviews bool) []Notice {
	after := c.After
	if after == nil || after.Verdict == "" || after.Deleted { // removed, or no report yet
		return nil
	}
	var list []Notice
	if kind, at := c.checked(reviews); kind != "" {
		list = append(list, notice(kind, at, desk, *after, nil))
	}
	if c.decided() {
		list = append(list, notice(Decided, after.Decision.At, desk, *after, after.Decision))
	}
	return list
}

// checked says whether the verdict is news. A check that comes to the same
// verdict again is none, and neither is an earlier version that comes to light
// when the latest is removed.
func (c Change) checked(reviews bool) (Kind, time.Time) {
	kind := Kind("")
	switch {
	case c.After.Verdict == report.Fail:
		kind = Failed
	case c.After.Verdict == report.Review && reviews && !c.After.Pending:
		kind = Review
	}
	if before := c.Before; before != nil && before.Verdict != "" {
		same := sameVersion(*before, *c.After)
		switch {
		case same && before.Verdict == c.After.Verdict && before.Pending == c.After.Pending:
			return "", time.Time{}
		case same && before.Verdict == c.After.Verdict && kind == Failed: // failed already before it was read to its end
			return "", time.Time{}
		case same && kind == Review && before.Verdict == report.Fail: // milder than what was told
			return "", time.Time{}
		case !same && c.After.Earlier(*before):
			return "", time.Time{}
		}
	}
	return kind, c.After.CheckedAt
}

// decided says whether the decision is news: another one than before, about
// this version.
func (c Change) decided() bool {
	d := c.After.Decision
	if d == nil {
		return false
	}
	if c.Before == nil || !sameVersion(*c.Before, *c.After) {
		return false // it came to light with its version
	}
	before := c.Before.Decision
	return before == nil || !before.At.Equal(d.At) || before.Action != d.Action || before.By != d.By
}

// sameVersion says whether two rows are of one version. Where the bucket keeps
// no versions, their place in the order of events tells them apart, or, where
// that is not known, when they came.
func sameVersion(a, b store.Row) bool {
	switch {
	case a.VersionID != b.VersionID:
		return false
	case a.VersionID != "" && a.VersionID != "null":
		return true
	case a.Rank != "" && b.Rank != "":
		return a.Rank == b.Rank
	}
	return a.ArrivedAt.Equal(b.ArrivedAt)
}

func notice(kind Kind, at time.Time, desk string, row store.Row, decision *store.Decision) Notice {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + row.Bucket + "\x00" + row.Key + "\x00" + row.VersionID + "\x00" + row.Revision))
	n := Notice{
		ID: "msg_" + hex.EncodeToString(sum[:16]), Type: kind, Timestamp: at.UTC(),
		Data: Picture{
			Bucket: row.Bucket, Key: row.Key, VersionID: row.VersionID, Verdict: row.Verdict, Origin: row.Origin,
			Sources: row.Sources, Provider: row.Provider, Codes: row.Codes, Caption: row.Text, Decision: decision,
		},
	}
	if desk != "" {
		n.Data.Report = desk + (&url.URL{Path: "/reports/" + row.Bucket + "/" + row.Key}).EscapedPath()
	}
	return n
}
