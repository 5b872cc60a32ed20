package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cutline/internal/local/localtest"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/report/reporttest"
	"cutline/internal/store"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// onEach runs the test on every DynamoDB at hand: that of the one-machine stack always, and the one
// that CUTLINE_DYNAMODB_URL names (DynamoDB Local, in CI).
func onEach(t *testing.T, test func(t *testing.T, db *database)) {
	t.Run("local", func(t *testing.T) {
		test(t, &database{url: "http://local", server: localtest.Database(t)})
	})
	t.Run("named", func(t *testing.T) {
		url := os.Getenv("CUTLINE_DYNAMODB_URL")
		if url == "" {
			t.Skip("CUTLINE_DYNAMODB_URL names no DynamoDB server")
		}
		test(t, &database{url: url})
	})
}

// database makes stores and counts what they ask.
type database struct {
	url      string
	server   http.Handler // in this process; nil when there is one at the URL
	mu       sync.Mutex
	requests atomic.Int64
	after    func(operation string) // called after each request; nil for nothing
}

func (d *database) RoundTrip(r *http.Request) (*http.Response, error) {
	d.requests.Add(1)
	if d.after != nil {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		defer func() { d.after(operation) }()
	}
	if d.server == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, r)
	return w.Result(), nil
}

var tables atomic.Int64

// store makes a table of its own.
func (d *database) store(t testing.TB) *store.Store {
	t.Helper()
	return store.New(d.table(t))
}

func (d *database) table(t testing.TB) (client *dynamodb.Client, table string) {
	t.Helper()
	client = store.NewClient(aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: &d.url,
		Credentials:  credentials.NewStaticCredentialsProvider("id", "secret", ""),
		HTTPClient:   &http.Client{Transport: d},
	})
	table = fmt.Sprintf("reports-%d-%d-%d", os.Getpid(), time.Now().UnixNano(), tables.Add(1))
	if err := store.New(client, table).CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &table})
		if err != nil {
			t.Error(err)
		}
	})
	return client, table
}

var start = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// made is a report of a version, checked some seconds after the start.
func made(key, version, sequencer string, second int) report.Report {
	text := "A missile is launched in North Korea on Monday. (KCNA via KNS)"
	return report.Report{
		Schema: report.Schema,
		Photo: &report.Photo{Bucket: "photos", Key: key, VersionID: version, ETag: "e-" + version + sequencer,
			Sequencer: sequencer, Size: 1000, Format: "jpeg", Width: 600, Height: 400},
		Verdict: report.Fail, Origin: report.State, Sources: []string{"kcna", "kns"},
		Caption: report.Caption{Text: text, Field: "iptc:2:120", Lang: "en"},
		Findings: []report.Finding{{Code: "verification.missing", Severity: report.SeverityFail, Message: "Nothing says that it could not be verified.",
			Spans: []report.Span{{Field: "iptc:2:120", Start: 0, End: 9}}}},
		Metadata:  []photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: text}},
		Rules:     report.Rules{Packs: []string{"default"}, Digest: strings.Repeat("0", 64)},
		CheckedAt: start.Add(time.Duration(second) * time.Second), Version: "1",
	}
}

func put(t testing.TB, s *store.Store, rep report.Report) bool {
	t.Helper()
	kept, err := s.Put(t.Context(), rep)
	if err != nil {
		t.Fatal(err)
	}
	return kept.Latest
}

func get(t testing.TB, s *store.Store, key string) store.Record {
	t.Helper()
	record, err := s.Get(t.Context(), "photos", key)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func list(t testing.TB, s *store.Store, q store.Query) store.Page {
	t.Helper()
	page, err := s.List(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestPutAndGet(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		if err := s.CreateTable(t.Context()); err != nil {
			t.Errorf("creating the table again: %v", err)
		}
		if _, err := s.Get(t.Context(), "photos", "none.jpg"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an unknown picture: %v", err)
		}
		key := "2026/김정은 + <b>\n.jpg"
		rep := made(key, "v1", "0055AED6DCD90281E5", 0)
		before := db.requests.Load()
		if !put(t, s, rep) {
			t.Error("the only version is not the latest")
		}
		if n := db.requests.Load() - before; n != 2 {
			t.Errorf("the first report of a picture took %d requests, want 2", n)
		}
		got := get(t, s, key)
		if diff := cmp.Diff(rep, got.Report); diff != "" {
			t.Errorf("report (-put +got):\n%s", diff)
		}
		if got.Deleted || got.Decision != nil || !got.ArrivedAt.Equal(start) {
			t.Errorf("record %+v", got)
		}
	})
}

func TestRefused(t *testing.T) {
	s := store.New(nil, "none")
	for name, change := range map[string]func(*report.Report){
		"no photo":      func(r *report.Report) { r.Photo = nil },
		"no key":        func(r *report.Report) { r.Photo.Key = "" },
		"long key":      func(r *report.Report) { r.Photo.Key = strings.Repeat("k", 1025) },
		"bad sequencer": func(r *report.Report) { r.Photo.Sequencer = "00xyz" },
	} {
		rep := made("a.jpg", "v1", "01", 0)
		change(&rep)
		if _, err := s.Put(t.Context(), rep); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}

// Sequencers are padded with zeros on the right, whatever their case.
func TestLatestIsByTheSequencer(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		for _, c := range []struct {
			version, sequencer string
			latest             bool
		}{
			{"a", "0A", true},
			{"b", "0a00", false},
			{"c", "09ff", false},
			{"d", "0a01", true},
			{"e", "1", true},
			{"f", "0FFFFFFF", false},
		} {
			// b is the same rank as a, and checked earlier.
			second := 100
			if c.version == "b" {
				second = 1
			}
			if got := put(t, s, made("k", c.version, c.sequencer, second)); got != c.latest {
				t.Errorf("%s of sequencer %s: latest is %v", c.version, c.sequencer, got)
			}
		}
		if v := get(t, s, "k").Photo.VersionID; v != "e" {
			t.Errorf("the latest is %s", v)
		}
		versions, err := s.Versions(t.Context(), "photos", "k")
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, v := range versions {
			ids = append(ids, v.VersionID)
		}
		if want := []string{"e", "f", "d", "a", "b", "c"}; !slices.Equal(ids, want) {
			t.Errorf("versions %v, want %v", ids, want)
		}
	})
}

// A picture's state does not depend on the order or number of its events.
func TestAnyOrderOfEvents(t *testing.T) {
	type event struct {
		report            *report.Report
		removed, sequence string
	}
	known := []event{
		{report: ptr(made("k", "v1", "01", 10))},
		{report: ptr(made("k", "v1", "01", 40))}, // checked again
		{report: ptr(made("k", "v2", "02", 5))},
		{report: ptr(made("k", "v3", "0201", 7))},
		{sequence: "0200f"},                                // a delete marker between v2 and v3
		{removed: "v3", sequence: "04"},                    // v3 goes for good
		{removed: "v1", sequence: "05"},                    // and v1
		{report: ptr(made("other", "w1", "01", 10))},       // another picture
		{report: ptr(made("k", "", "03", 3))},              // written while versions were off
		{report: ptr(made("k", "null", "0301", 2))},        // twice
		{removed: "null", sequence: "0302"},                // and deleted
		{report: ptr(made("k", "v4", "03020000001f", 9))},  // at last
		{report: ptr(made("k", "v4", "03020000001f", 11))}, // checked again
	}
	known[8].report.Sources = []string{"kcna", "rodong"}
	known[1].report.Verdict = report.Review

	state := func(t testing.TB, s *store.Store) any {
		page := list(t, s, store.Query{})
		for i := range page.Rows {
			page.Rows[i].Revision = ""
		}
		var versions []store.Version
		for _, key := range []string{"k", "other"} {
			v, err := s.Versions(t.Context(), "photos", key)
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, v...)
		}
		bySource := map[string]int{}
		for _, source := range []string{"kcna", "kns", "rodong"} {
			bySource[source] = len(list(t, s, store.Query{Source: source}).Rows)
		}
		return []any{page.Rows, versions, bySource}
	}
	apply := func(t testing.TB, s *store.Store, e event) {
		if e.report != nil {
			put(t, s, *e.report)
		} else if err := s.MarkDeleted(t.Context(), "photos", "k", e.removed, e.sequence); err != nil {
			t.Fatal(err)
		}
	}
	onEach(t, func(t *testing.T, db *database) {
		rapid.Check(t, func(r *rapid.T) {
			events := rapid.SliceOfN(rapid.SampledFrom(known), 1, 14).Draw(r, "events")
			shuffled := rapid.Permutation(append(events, events[:len(events)/2]...)).Draw(r, "shuffled")
			once, twice := db.store(t), db.store(t)
			for _, e := range events {
				apply(t, once, e)
			}
			for _, e := range shuffled {
				apply(t, twice, e)
			}
			if diff := cmp.Diff(state(t, once), state(t, twice)); diff != "" {
				r.Fatalf("the order matters (-once +shuffled):\n%s", diff)
			}
		})
	})
}

func ptr[T any](v T) *T { return &v }

// Writers at the same time end as writers one after another.
func TestAtTheSameTime(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		var group sync.WaitGroup
		for n := range 12 {
			group.Go(func() {
				if _, err := s.Put(t.Context(), made("k", fmt.Sprint("v", n%6), fmt.Sprintf("0%d", n%6), n)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		got := get(t, s, "k")
		if got.Photo.VersionID != "v5" || !got.CheckedAt.Equal(start.Add(11*time.Second)) || !got.ArrivedAt.Equal(start.Add(5*time.Second)) {
			t.Errorf("%s, checked %s, arrived %s", got.Photo.VersionID, got.CheckedAt, got.ArrivedAt)
		}
		if rows := list(t, s, store.Query{}).Rows; len(rows) != 1 {
			t.Errorf("%d rows", len(rows))
		}
	})
}

func TestDeleted(t *testing.T) {
	onEach(t, func(t *testing.T, db *database) {
		s := db.store(t)
		remove := func(version, sequencer string) {
			t.Helper()
			if err := s.MarkDeleted(t.Context(), "photos", "k", version, sequencer); err != nil {
				t.Fatal(err)
			}
		}
		remove("", "02")
		if _, err := s.Get(t.Context(), "photos", "k"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("deleted before it came: %v", err)
		}
		put(t, s, made("k", "v1", "01", 0))
		if !get(t, s, "k").Deleted {
			t.Error("v1 came before the deletion, and is not deleted")
		}
		put(t, s, made("k", "v3", "03", 0))
		if get(t, s, "k").Deleted {
			t.Error("v3 came after the deletion, and is deleted")
		}
		remove("v3", "04")
		got := get(t, s, "k")
		if got.Photo.VersionID != "v1" || !got.Deleted {
			t.Errorf("after v3 went for good: %s, deleted %v", got.Photo.VersionID, got.Deleted)
		}
		if rows := list(t, s, store.Query{}).Rows; len(rows) != 1 || !rows[0].Deleted {
			t.Errorf("rows %+v", rows)
		}
	})
}

// Whatever a report holds, it fits, says what was left out, and is valid.
func TestLargeReports(t *testing.T) {
	huge := strings.Repeat("Ein langer Text mit Umlauten: äöü <>&. ", 10_000)
	for name, change := range map[string]func(*report.Report){
		"metadata": func(r *report.Report) {
			for range 3000 {
				r.Metadata = append(r.Metadata, photo.Field{Name: photo.Keyword, From: "xmp:dc:subject", Value: huge[:500]})
			}
		},
		"caption": func(r *report.Report) {
			r.Caption.Text = strings.Repeat("\x01\u2028", 400_000)
			r.Elements.Source = report.Element{Present: true, Spans: []report.Span{{Field: "iptc:2:120", Start: 399_000, End: 399_004}}}
		},
		"findings": func(r *report.Report) {
			for range 5000 {
				r.Findings = append(r.Findings, r.Findings[0])
			}
		},
		"everything": func(r *report.Report) {
			r.Caption.Text = huge
			r.Suggestion = huge
			for range 20 {
				r.Metadata = append(r.Metadata, photo.Field{Name: photo.Caption, From: huge, Value: huge})
				r.Caption.Others = append(r.Caption.Others, photo.Field{Name: photo.Caption, From: huge, Value: huge})
				r.Problems = append(r.Problems, photo.Problem{Block: "xmp", Message: huge[:20_000]})
				r.Sources = append(r.Sources, huge[:100])
			}
			r.Provenance = &report.Provenance{C2PA: &report.Credentials{Present: true, State: "Valid", Title: huge,
				Ingredients: []report.Ingredient{{Title: huge}}}}
		},
	} {
		onEach(t, func(t *testing.T, db *database) {
			s := db.store(t)
			rep := made(name, "v", "01", 0)
			change(&rep)
			before := rep.Caption.Text
			put(t, s, rep)
			if rep.Caption.Text != before || rep.Trimmed != nil {
				t.Error("the caller's report was changed")
			}
			got := get(t, s, name).Report
			if !slices.Contains(got.Trimmed, name) && name != "everything" {
				t.Errorf("%s: trimmed says %v", name, got.Trimmed)
			}
			reporttest.Valid(t, got)
			if encoded, err := json.Marshal(got); err != nil || len(encoded) > 400_000 {
				t.Errorf("%d bytes were stored, %v", len(encoded), err)
			}
			put(t, s, rep)
			if again := get(t, s, name).Report; !reflect.DeepEqual(got, again) {
				t.Error("stored again, it is another")
			}
		})
	}
}
