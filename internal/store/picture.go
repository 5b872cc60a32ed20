package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cutline/internal/report"
)

// Row is what lists show of a picture.
type Row struct {
	Bucket    string         `json:"bucket"`
	Key       string         `json:"key"`
	VersionID string         `json:"version_id,omitempty"`
	Verdict   report.Verdict `json:"verdict"`
	Origin    report.Origin  `json:"origin"`
	Sources   []string       `json:"sources"`
	Provider  string         `json:"provider,omitempty"` // as in report.Report
	Text      string         `json:"text"`               // the beginning of the caption, at most rowText bytes
	Lang      string         `json:"lang"`               // ISO 639-1
	Codes     []string       `json:"codes"`              // of the findings, the worst first, each once
	Format    string         `json:"format"`
	Width     int            `json:"width"`      // pixels
	Height    int            `json:"height"`     // pixels
	ArrivedAt time.Time      `json:"arrived_at"` // when this version was first checked
	CheckedAt time.Time      `json:"checked_at"` // when it was last checked
	Deleted   bool           `json:"deleted,omitempty"`
	Pending   bool           `json:"pending,omitempty"`  // the report will be completed
	Decision  *Decision      `json:"decision,omitempty"` // that stands for this version
	Previous  *Decision      `json:"previous,omitempty"` // that stood for an earlier version
	Revision  string         `json:"revision"`           // to be given to Decide

	// Rank is the version's place in the order of versions. Only a row that
	// RowOfImage read has it.
	Rank string `json:"-"`
}

// Earlier says whether the version of a row comes before that of another of
// the same picture: by the order of S3's events where both are known, for the
// clocks by which they were checked may differ.
func (r Row) Earlier(than Row) bool {
	if r.Rank != "" && than.Rank != "" && r.Rank != than.Rank {
		return r.Rank < than.Rank
	}
	return r.ArrivedAt.Before(than.ArrivedAt)
}

// The bounds of a row, so that it stays a small item.
const (
	rowText    = 2000 // bytes
	rowSources = 8
	rowCodes   = 30
)

// head is the document of the "latest" item.
type head struct {
	Latest Version `json:"latest"` // its ID is empty before a report came
	// Hidden is the rank of the latest event that deleted the object without
	// removing a version.
	Hidden string `json:"hidden,omitempty"`
	Row    Row    `json:"row"`
}

// Version is one version of an object, without its report.
type Version struct {
	ID        string         `json:"id"`                   // of the version here, as GetVersion takes it
	VersionID string         `json:"version_id,omitempty"` // as S3 names it
	ETag      string         `json:"etag,omitempty"`
	Verdict   report.Verdict `json:"verdict,omitempty"`
	Size      int64          `json:"size"`                // bytes
	ArrivedAt time.Time      `json:"arrived_at,omitzero"` // when it was first checked
	CheckedAt time.Time      `json:"checked_at,omitzero"` // when it was last checked; zero when only its removal is known
	Removed   bool           `json:"removed,omitempty"`   // for good
	Rank      string         `json:"rank"`                // its place in the order of versions
}

// version is the document of a version item.
type version struct {
	Version
	Report *report.Report `json:"report,omitempty"` // nil when only its removal is known
}

// partition is the key of everything about one picture.
func partition(bucket, key string) string { return "photo/" + bucket + "/" + key }

const headSort = "latest"

func versionSort(id string) string { return "version/" + id }

func sourceSort(id string) string { return "source/" + id }

// versionID is the name of a version here. In a bucket without versions each
// upload is one, named by its place in the order of events, else by its ETag.
func versionID(p *report.Photo) string {
	switch {
	case named(p.VersionID):
		return p.VersionID
	case p.Sequencer != "":
		return "at-" + rank(p.Sequencer)
	}
	return "etag-" + p.ETag
}

// named says whether S3 gave the version a name of its own: objects written
// while a bucket keeps no versions are all called "null".
func named(id string) bool { return id != "" && id != "null" }

// rank makes sequencers comparable as text. S3 compares them as hexadecimal
// digits, the shorter padded with zeros on the right ("Event message
// structure", S3 User Guide), which is the order of what is left when the
// zeros on the right are taken off.
func rank(sequencer string) string {
	return strings.TrimRight(strings.ToLower(sequencer), "0")
}

// newVersion is what one report says of its version.
func newVersion(rep report.Report) (version, error) {
	p := rep.Photo
	switch {
	case p == nil || p.Bucket == "" || p.Key == "":
		return version{}, errors.New("a report without its object cannot be stored")
	case len(p.Bucket) > 255 || len(p.Key) > 1024 || len(p.VersionID) > 900 || len(p.ETag) > 900:
		return version{}, fmt.Errorf("the names of the object s3://%.80s/%.80s are longer than S3 allows", p.Bucket, p.Key)
	case len(p.Sequencer) > 256 || strings.Trim(p.Sequencer, "0123456789abcdefABCDEF") != "":
		return version{}, fmt.Errorf("sequencer %.80q is not hexadecimal", p.Sequencer)
	}
	return version{
		Version: Version{
			ID: versionID(p), VersionID: p.VersionID, ETag: p.ETag, Verdict: rep.Verdict, Size: p.Size,
			ArrivedAt: rep.CheckedAt.UTC(), CheckedAt: rep.CheckedAt.UTC(), Rank: rank(p.Sequencer),
		},
		Report: &rep,
	}, nil
}

// merge is what two accounts of one version add up to, in either order.
func (v version) merge(other version) version {
	// Bytes that were put again have the rank of the last time.
	arrived, removed, rank := v.ArrivedAt, v.Removed || other.Removed, max(v.Rank, other.Rank)
	if arrived.IsZero() || !other.ArrivedAt.IsZero() && other.ArrivedAt.Before(arrived) {
		arrived = other.ArrivedAt
	}
	if other.later(v) {
		v = other
	}
	v.ArrivedAt, v.Removed, v.Rank = arrived, removed, rank
	return v
}

// later says which of two accounts of the same version counts: a whole one
// before one that is still being made, whatever clocks say, then the last. Two
// reports that were made in the same moment still have an order.
func (v version) later(than version) bool {
	switch {
	case v.Report == nil || than.Report == nil:
		return v.Report != nil
	case v.Report.Pending() != than.Report.Pending():
		return than.Report.Pending()
	case !v.CheckedAt.Equal(than.CheckedAt):
		return v.CheckedAt.After(than.CheckedAt)
	}
	a, _ := json.Marshal(v.Report)
	b, _ := json.Marshal(than.Report)
	return string(a) > string(b)
}

// before orders the versions of one picture, the latest being the greatest:
// those that have a report after those of which only the removal is known,
// living ones after removed ones, then by rank.
func (v Version) before(w Version) bool {
	switch {
	case v.CheckedAt.IsZero() != w.CheckedAt.IsZero():
		return v.CheckedAt.IsZero()
	case v.Removed != w.Removed:
		return v.Removed
	case v.Rank != w.Rank:
		return v.Rank < w.Rank
	case !v.CheckedAt.Equal(w.CheckedAt):
		return v.CheckedAt.Before(w.CheckedAt)
	}
	return v.ID < w.ID
}

// follow makes v the head's version. Decisions belong to a version: that of
// another one becomes the previous one.
func (h head) follow(v version) head {
	decision, previous := h.Row.Decision, h.Row.Previous
	if h.Latest.ID != v.ID && decision != nil {
		decision, previous = nil, decision
	}
	h.Latest = v.Version
	h.Row = rowOf(v)
	h.Row.Decision, h.Row.Previous = decision, previous
	return h.settled()
}

// settled is h with its row saying whether the object is deleted.
func (h head) settled() head {
	h.Row.Deleted = h.Latest.Removed || h.Hidden != "" && h.Hidden >= h.Latest.Rank
	return h
}

func rowOf(v version) Row {
	rep := v.Report
	row := Row{
		Bucket: rep.Photo.Bucket, Key: rep.Photo.Key, VersionID: rep.Photo.VersionID,
		Verdict: rep.Verdict, Origin: rep.Origin,
		Sources: []string{}, Provider: cut(rep.Provider, 200), Codes: []string{},
		Text: cut(rep.Caption.Text, rowText), Lang: rep.Caption.Lang,
		Format: rep.Photo.Format, Width: rep.Photo.Width, Height: rep.Photo.Height,
		ArrivedAt: v.ArrivedAt, CheckedAt: rep.CheckedAt, Pending: rep.Pending(),
	}
	for _, source := range rep.Sources {
		if source = cut(source, 200); source != "" && len(row.Sources) < rowSources && !slices.Contains(row.Sources, source) {
			row.Sources = append(row.Sources, source)
		}
	}
	for _, f := range rep.Findings {
		if len(row.Codes) < rowCodes && !slices.Contains(row.Codes, f.Code) {
			row.Codes = append(row.Codes, f.Code)
		}
	}
	return row
}

// arrivedForm is a time whose text sorts as the time does.
const arrivedForm = "2006-01-02T15:04:05.000000000Z"

// arrived is the sort key of a row in every index. The hash tells apart
// pictures of one moment.
func (r Row) arrived() string {
	return r.ArrivedAt.UTC().Format(arrivedForm) + "-" + placeOf(r.Bucket, r.Key)
}

// placeOf is a short name of a picture's place, for sort keys.
func placeOf(bucket, key string) string {
	sum := sha256.Sum256([]byte(partition(bucket, key)))
	return hex.EncodeToString(sum[:8])
}

// Shards is how many partitions each list is spread over.
const Shards = 2

func (r Row) shard() int {
	return int(sha256.Sum256([]byte(partition(r.Bucket, r.Key)))[0]) % Shards
}

// shardKey is the partition key of one shard of a list in an index.
func shardKey(list string, shard int) string { return list + "/" + strconv.Itoa(shard) }

// writes are the items that make h the head after the revision it was read
// at. Sources are those that had an item before.
func (h head) writes(bucket, key string, revision int, before []string) ([]write, error) {
	h.Row.Revision = strconv.Itoa(revision + 1)
	doc, err := encode(h)
	if err != nil {
		return nil, err
	}
	pk := partition(bucket, key)
	main := item{attrPartition: pk, attrSort: headSort, attrRevision: h.Row.Revision, attrDocument: doc}
	var further []string
	if h.Latest.ID != "" {
		main[attrArrived] = h.Row.arrived()
		main[byTime.PartitionKey] = shardKey("all", h.Row.shard())
		main[byVerdict.PartitionKey] = shardKey(string(h.Row.Verdict), h.Row.shard())
		main[byOrigin.PartitionKey] = shardKey(string(h.Row.Origin), h.Row.shard())
		if len(h.Row.Sources) > 0 {
			main[bySource.PartitionKey] = shardKey(h.Row.Sources[0], h.Row.shard())
		}
		further = h.Row.furtherSources()
	}
	writes := []write{{item: main, guarded: true}}
	for _, source := range further {
		writes = append(writes, write{item: item{
			attrPartition: pk, attrSort: sourceSort(source), attrDocument: doc,
			attrArrived:           h.Row.arrived(),
			bySource.PartitionKey: shardKey(source, h.Row.shard()),
		}})
	}
	for _, source := range before {
		if !slices.Contains(further, source) {
			writes = append(writes, write{item: item{attrPartition: pk, attrSort: sourceSort(source)}, delete: true})
		}
	}
	return writes, nil
}

// furtherSources are those after the first.
func (r Row) furtherSources() []string {
	return r.Sources[min(1, len(r.Sources)):]
}

// cut returns at most n bytes of the text, ending between two characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}

// encode is JSON that spends one byte on "<" and "&", not six.
func encode(value any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return "", fmt.Errorf("encode a report: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
