package check_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/local/localtest"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// objects is as much of S3 as a check asks for: GETs and tags.
type objects struct {
	mu     sync.Mutex
	bodies map[string][]byte
	tags   map[string]string // the last put on an object
	ranged int               // GETs of a part
	whole  int               // GETs of all
	broken bool              // GETs of all fail
	named  map[string]string // versions, by key
	gone   bool              // GETs of all find nothing
	denied string            // what the bucket's policy keeps the function from: "reading" or "tagging"
}

func (s *objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/photos/")
	tagging := r.URL.Query().Has("tagging")
	if s.denied == "tagging" && tagging || s.denied == "reading" && !tagging {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, "<Error><Code>AccessDenied</Code></Error>")
		return
	}
	if tagging {
		var body bytes.Buffer
		body.ReadFrom(r.Body)
		_, after, _ := strings.Cut(body.String(), "<Value>")
		s.tags[key], _, _ = strings.Cut(after, "</Value>")
		return
	}
	body, ok := s.bodies[key]
	byRange := r.Header.Get("Range") != ""
	switch {
	case byRange:
		s.ranged++
	case s.broken:
		s.whole++
		w.WriteHeader(http.StatusForbidden)
		return
	default:
		s.whole++
		ok = ok && !s.gone
	}
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, len(body)))
	if version := s.named[key]; version != "" {
		w.Header().Set("x-amz-version-id", version)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// bench is a bucket, a table and the function between them.
type bench struct {
	*check.Uploads
	s3     *objects
	db     *dynamodb.Client
	at     time.Time
	behind bool // the table's eventually consistent reads find nothing yet
}

// reads is the way to the table.
type reads struct{ *bench }

func (t reads) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	nothing := map[string]string{"GetItem": "{}", "Query": `{"Items":[],"Count":0}`, "BatchGetItem": `{"Responses":{},"UnprocessedKeys":{}}`}[operation]
	if !t.behind || nothing == "" {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if strings.Contains(string(body), `"ConsistentRead":true`) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		return http.DefaultTransport.RoundTrip(r)
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(nothing))}, nil
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{s3: &objects{bodies: map[string][]byte{}, tags: map[string]string{}}, at: time.Date(2026, 11, 24, 12, 1, 0, 0, time.UTC)}
	pictures, table := httptest.NewServer(b.s3), httptest.NewServer(localtest.Database(t))
	t.Cleanup(pictures.Close)
	t.Cleanup(table.Close)
	config := aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), BaseEndpoint: &pictures.URL,
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
	atTable := config.Copy()
	atTable.BaseEndpoint = &table.URL
	atTable.HTTPClient = &http.Client{Transport: reads{b}}
	b.db = store.NewClient(atTable)
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	b.Uploads = &check.Uploads{
		Checker: &check.Checker{Rules: house, Now: func() time.Time { b.at = b.at.Add(time.Second); return b.at }},
		Bucket:  bucket.New(bucket.NewClient(config)),
		Store:   store.New(b.db, "reports"),
		Log:     slog.New(slog.DiscardHandler),
	}
	if err := b.Store.CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// eachWay runs a test with eventually consistent reads that are up to date, and
// with such as are behind.
func eachWay(t *testing.T, name string, test func(*testing.T, *bench)) {
	for way, behind := range map[string]bool{name: false, name + ", reads behind": true} {
		t.Run(way, func(t *testing.T) {
			b := newBench(t)
			b.behind = behind
			test(t, b)
		})
	}
}

// upload puts an object there and hands over its event.
func (b *bench) upload(t *testing.T, key string, body []byte) error {
	t.Helper()
	b.s3.mu.Lock()
	b.s3.bodies[key] = body
	b.s3.mu.Unlock()
	return b.again(t, key)
}

func (b *bench) again(t *testing.T, key string) error {
	return b.Upload(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: key, Sequencer: "0055AED6DCD90281E5"})
}

func (b *bench) report(t *testing.T, key string) store.Record {
	t.Helper()
	rec, err := b.Store.Get(t.Context(), "photos", key)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// signed is a picture that c2pa-python signed.
func signed(t *testing.T, vector string) []byte {
	t.Helper()
	file, err := os.ReadFile("../credential/testdata/vectors/" + vector + ".vector")
	if err != nil {
		t.Fatal(err)
	}
	_, data, _ := bytes.Cut(file, []byte("\n\n"))
	return data
}
