package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"cutline/internal/report"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"
)

// Query says which pictures a list shows. A zero field asks for nothing.
type Query struct {
	Verdict  report.Verdict
	Origin   report.Origin
	Source   string    // id
	Day      string    // of arrival in UTC, "2026-11-24"
	Since    time.Time // arrived after this
	Code     string    // of a finding
	Lang     string    // ISO 639-1
	Bucket   string
	Prefix   string // of the key
	Text     string // words in the caption's first 2,000 bytes, all of them, whatever their case
	Reviewed *bool  // whether a decision stands

	Order  Order
	Limit  int    // rows a page; 50 when 0, at most 500
	Cursor string // Next of the page before; empty for the first
}

// Order is what a list begins with.
type Order string

// The orders.
const (
	Newest Order = ""
	Oldest Order = "oldest"
	Worst  Order = "worst" // what failed, then what needs a look, then the rest, each the newest first
)

// Page is a part of a list.
type Page struct {
	Rows []Row
	Next string // for the page after; empty at the end

	// Searched is how far back the page looked, when it looked at as many
	// pictures as it may and there may be more behind Next.
	Searched time.Time
}

// The bounds of one page's work.
const (
	defaultLimit = 50
	maxLimit     = 500
	batch        = 250  // rows a request, when some of them are not shown
	maxLooked    = 4000 // rows
)

// List returns a page of the pictures that the query asks for. A list that an
// index holds (by verdict, origin or source, of one day or not) costs one
// request a shard; what else is asked for is looked for in the rows of the
// index, up to a bound, and a page may then have fewer rows and still a next.
// The error is ErrCursor when the cursor is not one of List's.
func (s *Store) List(ctx context.Context, q Query) (Page, error) {
	q.Limit = min(q.Limit, maxLimit)
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	if q.Order == Worst && q.Verdict == "" {
		return s.listWorst(ctx, q)
	}
	index, list := q.index()
	from, to, err := q.bounds()
	if err != nil {
		return Page{}, err
	}
	size := q.Limit + 2 // one that the page before ended with, one to see whether there are more
	if q.filters(index) {
		size = batch
	}
	shards := make([]*shard, Shards)
	for n := range shards {
		shards[n] = &shard{store: s, index: index, list: shardKey(list, n), from: from, to: to, size: size, oldest: q.Order == Oldest}
	}
	return merge(ctx, shards, q)
}

// listWorst puts the lists of the verdicts one after another. Its cursor is
// the verdict and the cursor in that list.
func (s *Store) listWorst(ctx context.Context, q Query) (Page, error) {
	verdicts := []report.Verdict{report.Fail, report.Review, report.Pass}
	at, cursor := 0, ""
	if q.Cursor != "" {
		verdict, rest, ok := strings.Cut(q.Cursor, ".")
		if at = slices.Index(verdicts, report.Verdict(verdict)); !ok || at < 0 {
			return Page{}, ErrCursor
		}
		cursor = rest
	}
	page := Page{Rows: []Row{}}
	for ; at < len(verdicts); at, cursor = at+1, "" {
		part := q
		part.Verdict, part.Cursor, part.Limit = verdicts[at], cursor, q.Limit-len(page.Rows)
		if part.Limit == 0 {
			page.Next = string(verdicts[at]) + "."
			break
		}
		got, err := s.List(ctx, part)
		if err != nil {
			return Page{}, err
		}
		page.Rows = append(page.Rows, got.Rows...)
		if got.Next != "" {
			page.Next, page.Searched = string(verdicts[at])+"."+got.Next, got.Searched
			break
		}
	}
	return page, nil
}

// index chooses the index whose list is the shortest, and names the list.
func (q Query) index() (Index, string) {
	switch {
	case q.Source != "":
		return bySource, q.Source
	case q.Verdict != "" && (q.Origin == "" || q.Verdict == report.Fail):
		return byVerdict, string(q.Verdict)
	case q.Origin != "":
		return byOrigin, string(q.Origin)
	}
	return byTime, "all"
}

// filters says whether some rows of the index are not of the list.
func (q Query) filters(index Index) bool {
	return q.Verdict != "" && index != byVerdict || q.Origin != "" && index != byOrigin ||
		q.Code != "" || q.Lang != "" || q.Bucket != "" || q.Prefix != "" || q.Text != "" || q.Reviewed != nil
}

// shows says whether a row is of the list.
func (q Query) shows(row Row) bool {
	return (q.Verdict == "" || row.Verdict == q.Verdict) &&
		(q.Origin == "" || row.Origin == q.Origin) &&
		(q.Code == "" || slices.Contains(row.Codes, q.Code)) &&
		(q.Source == "" || slices.Contains(row.Sources, q.Source)) &&
		(q.Lang == "" || row.Lang == q.Lang) &&
		(q.Bucket == "" || row.Bucket == q.Bucket) &&
		strings.HasPrefix(row.Key, q.Prefix) &&
		(q.Reviewed == nil || *q.Reviewed == (row.Decision != nil)) &&
		containsWords(row.Text, q.Text)
}

func containsWords(text, words string) bool {
	if words == "" {
		return true
	}
	text = strings.ToLower(text)
	for _, word := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// bounds are the first and last sort key that the list may show.
func (q Query) bounds() (from, to string, err error) {
	from, to = "0", ":" // all digits stand between them
	if q.Day != "" {
		if _, err := time.Parse(time.DateOnly, q.Day); err != nil {
			return "", "", fmt.Errorf("day %.20q is not like 2026-11-24", q.Day)
		}
		from, to = q.Day+"T", q.Day+"U"
	}
	if !q.Since.IsZero() {
		from = max(from, q.Since.UTC().Add(1).Format(arrivedForm))
	}
	if q.Cursor != "" {
		last, err := readCursor(q.Cursor)
		if err != nil {
			return "", "", err
		}
		if q.Order == Oldest {
			from = max(from, last)
		} else {
			to = min(to, last)
		}
	}
	return from, to, nil
}

// A cursor is the sort key of the last row shown. It holds in any list, and
// in one that grows meanwhile.
func cursorAfter(arrived string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(arrived))
}

// arrivedPattern is made for the first cursor, and not as each program starts.
var arrivedPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z-[0-9a-f]{16}$`)
})

func readCursor(cursor string) (string, error) {
	arrived, err := base64.RawURLEncoding.DecodeString(cursor)
	if len(cursor) > 100 || err != nil || !arrivedPattern().Match(arrived) {
		return "", ErrCursor
	}
	return string(arrived), nil
}

// shard reads one partition of an index from its newest row to its oldest,
// or the other way.
type shard struct {
	store    *Store
	index    Index
	list     string
	from, to string // sort keys; a row at the one it starts from was shown already
	size     int
	oldest   bool // comes first

	rows []Row // read and not yet taken
	end  bool  // nothing is left to read
}

// fill reads more rows when none are left.
func (h *shard) fill(ctx context.Context) error {
	for len(h.rows) == 0 && !h.end {
		if h.from > h.to {
			h.end = true
			return nil
		}
		out, err := h.store.db.Query(ctx, &dynamodb.QueryInput{
			TableName:                 &h.store.table,
			IndexName:                 &h.index.Name,
			KeyConditionExpression:    aws.String(h.index.PartitionKey + " = :list AND " + h.index.SortKey + " BETWEEN :from AND :to"),
			ExpressionAttributeValues: item{":list": h.list, ":from": h.from, ":to": h.to}.values(),
			ScanIndexForward:          aws.Bool(h.oldest),
			Limit:                     aws.Int32(int32(h.size)), // #nosec G115 -- a page has some hundred rows
		})
		if err != nil {
			return fmt.Errorf("list %s of %s: %w", h.list, h.index.Name, err)
		}
		for _, values := range out.Items {
			found, err := itemOf(values)
			if err != nil {
				return fmt.Errorf("list %s of %s: %w", h.list, h.index.Name, err)
			}
			if found[attrArrived] == *h.start() {
				continue
			}
			var doc head
			if err := json.Unmarshal([]byte(found[attrDocument]), &doc); err != nil {
				return fmt.Errorf("stored %s of %s: %w", found[attrSort], found[attrPartition], err)
			}
			h.rows = append(h.rows, doc.Row)
		}
		if len(h.rows) > 0 {
			*h.start() = h.rows[len(h.rows)-1].arrived()
		}
		h.end = len(out.LastEvaluatedKey) == 0
		if len(h.rows) == 0 {
			h.end = true
		}
	}
	return nil
}

// start is the sort key that the next request starts from.
func (h *shard) start() *string {
	if h.oldest {
		return &h.from
	}
	return &h.to
}

// merge takes rows from the shards, in their order, until the page is full,
// the shards are empty or enough was looked at.
func merge(ctx context.Context, shards []*shard, q Query) (Page, error) {
	page := Page{Rows: []Row{}}
	last := ""
	for looked := 0; ; looked++ {
		group, within := errgroup.WithContext(ctx)
		for _, h := range shards {
			group.Go(func() error { return h.fill(within) })
		}
		if err := group.Wait(); err != nil {
			return Page{}, err
		}
		next := nextOf(shards)
		switch {
		case next == nil:
			return page, nil
		case len(page.Rows) == q.Limit:
			page.Next = cursorAfter(last)
			return page, nil
		case looked == maxLooked:
			page.Next = cursorAfter(last)
			page.Searched = next.rows[0].ArrivedAt
			return page, nil
		}
		row := next.rows[0]
		next.rows = next.rows[1:]
		last = row.arrived()
		if q.shows(row) {
			page.Rows = append(page.Rows, row)
		}
	}
}

// nextOf is the shard whose next row comes first, or nil at the end.
func nextOf(shards []*shard) *shard {
	var next *shard
	for _, h := range shards {
		if len(h.rows) > 0 && (next == nil || (h.rows[0].arrived() > next.rows[0].arrived()) != h.oldest) {
			next = h
		}
	}
	return next
}
