package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streams "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/google/go-cmp/cmp"

	"cutline/internal/notify"
	"cutline/internal/report"
	"cutline/internal/store"
)

func openStreamed(t *testing.T) (*Database, *store.Store) {
	t.Helper()
	d, err := OpenDatabase(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	d.stream = newStream()
	s := httptest.NewServer(d)
	t.Cleanup(func() {
		s.Close()
		d.Close()
	})
	config := ClientConfig()
	config.BaseEndpoint = &s.URL
	reports := store.New(store.NewClient(config), Table)
	if err := reports.CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d, reports
}

func made(key, version string, verdict report.Verdict, sources ...string) report.Report {
	return report.Report{
		Schema: report.Schema, Photo: &report.Photo{Bucket: "photos", Key: key, VersionID: version, Sequencer: strings.TrimPrefix(version, "v"), Format: "jpeg"},
		Verdict: verdict, Origin: report.State, Sources: sources, CheckedAt: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Version: "1",
	}
}

// work is what happens to pictures in these tests: of several sources, twice
// the same, decided, uploaded again with fewer sources, deleted.
func work(ctx context.Context, s *store.Store) error {
	put := func(r report.Report) error { _, err := s.Put(ctx, r); return err }
	for _, step := range []func() error{
		func() error { return put(made("a.jpg", "v1", report.Fail, "kcna", "kns")) },
		func() error { return put(made("a.jpg", "v1", report.Fail, "kcna", "kns")) },
		func() error { return put(made("b.jpg", "v1", report.Pass)) },
		func() error {
			rec, err := s.Get(ctx, "photos", "a.jpg")
			if err != nil {
				return err
			}
			_, err = s.Decide(ctx, "photos", "a.jpg", store.Decision{Action: store.Hold, By: "Anna", At: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}, rec.Revision)
			return err
		},
		func() error { return put(made("a.jpg", "v2", report.Review, "kcna")) },
		func() error { return s.MarkDeleted(ctx, "photos", "b.jpg", "", "2") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// A webhook hears of each piece of news once, in order, although it is away at
// first and the stream brings every change.
func TestChangesReachAWebhook(t *testing.T) {
	d, reports := openStreamed(t)
	var mu sync.Mutex
	var heard []string
	calls, done := 0, make(chan struct{})
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if calls++; calls == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var n notify.Notice
		if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
			t.Error(err)
		}
		heard = append(heard, fmt.Sprintf("%s %s %s", n.Type, n.Data.Key, n.Data.VersionID))
		if len(heard) == 3 {
			close(done)
		}
	}))
	defer hook.Close()
	target, err := notify.NewWebhook(hook.URL, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)
	if err != nil {
		t.Fatal(err)
	}
	notifier := &notify.Notifier{Targets: []notify.Target{target}, Reviews: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.stream.run(ctx, notifier.Handle); close(ended) }()
	if err := work(ctx, reports); err != nil {
		t.Fatal(err)
	}
	<-done
	cancel()
	<-ended
	want := []string{"picture.failed a.jpg v1", "picture.decided a.jpg v1", "picture.review a.jpg v2"}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

// What fails comes again from there on, and nothing that went before it.
func TestStreamComesAgain(t *testing.T) {
	d, reports := openStreamed(t)
	if err := work(t.Context(), reports); err != nil {
		t.Fatal(err)
	}
	all := len(d.stream.waiting)
	ctx, cancel := context.WithCancel(t.Context())
	var seen []string
	failed := false
	d.stream.run(ctx, func(_ context.Context, in events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		for i, r := range in.Records {
			if i == 3 && !failed {
				failed = true
				return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{{ItemIdentifier: r.Change.SequenceNumber}}}, nil
			}
			seen = append(seen, r.Change.SequenceNumber)
		}
		if len(seen) == all {
			cancel()
		}
		return events.DynamoDBEventResponse{}, nil
	})
	for i, number := range seen {
		if want := fmt.Sprintf("%021d", i+1); number != want {
			t.Fatalf("record %d is %s, want %s", i, number, want)
		}
	}
	if !failed || !d.stream.idle() {
		t.Error("nothing failed, or something is left")
	}
}

// line is a record as tests compare it: what changed, without what every
// database numbers for itself.
func line(t *testing.T, name string, images ...any) string {
	t.Helper()
	raw, err := json.Marshal(images)
	if err != nil {
		t.Fatal(err)
	}
	return name + " " + string(raw)
}

// The records are those of DynamoDB itself: here of DynamoDB Local.
func TestStreamIsAsDynamoDBMakesIt(t *testing.T) {
	url := os.Getenv("CUTLINE_DYNAMODB_URL")
	if url == "" {
		t.Skip("CUTLINE_DYNAMODB_URL names no DynamoDB server")
	}
	ctx := t.Context()
	d, reports := openStreamed(t)
	if err := work(ctx, reports); err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, raw := range d.stream.waiting {
		var r events.DynamoDBEventRecord
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		ours = append(ours, line(t, r.EventName, r.Change.Keys, r.Change.OldImage, r.Change.NewImage))
	}

	config := ClientConfig()
	config.BaseEndpoint = &url
	client := store.NewClient(config)
	schema := store.Schema(fmt.Sprintf("streamed-%d", time.Now().UnixNano()))
	yes := true
	schema.StreamSpecification = &types.StreamSpecification{StreamEnabled: &yes, StreamViewType: types.StreamViewTypeNewAndOldImages}
	made, err := client.CreateTable(ctx, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: schema.TableName})
	})
	if err := work(ctx, store.New(client, *schema.TableName)); err != nil {
		t.Fatal(err)
	}
	var theirs []string
	for _, r := range readStream(t, dynamodbstreams.NewFromConfig(config), *made.TableDescription.LatestStreamArn) {
		theirs = append(theirs, line(t, string(r.EventName), lambdaImage(r.Dynamodb.Keys), lambdaImage(r.Dynamodb.OldImage), lambdaImage(r.Dynamodb.NewImage)))
	}
	// The items of one transaction have no order among themselves.
	if diff := cmp.Diff(count(theirs), count(ours)); diff != "" {
		t.Errorf("records (-DynamoDB Local +ours):\n%s", diff)
	}
}

func count(lines []string) map[string]int {
	n := map[string]int{}
	for _, one := range lines {
		n[one]++
	}
	return n
}

func readStream(t *testing.T, client *dynamodbstreams.Client, arn string) []streams.Record {
	t.Helper()
	about, err := client.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	var all []streams.Record
	for _, shard := range about.StreamDescription.Shards {
		from, err := client.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
			StreamArn: &arn, ShardId: shard.ShardId, ShardIteratorType: streams.ShardIteratorTypeTrimHorizon,
		})
		if err != nil {
			t.Fatal(err)
		}
		for at := from.ShardIterator; at != nil; {
			page, err := client.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: at})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page.Records...)
			if at = page.NextShardIterator; len(page.Records) == 0 {
				break
			}
		}
	}
	return all
}

func lambdaImage(values map[string]streams.AttributeValue) map[string]events.DynamoDBAttributeValue {
	if values == nil {
		return nil
	}
	image := map[string]events.DynamoDBAttributeValue{}
	for name, value := range values {
		switch value := value.(type) {
		case *streams.AttributeValueMemberS:
			image[name] = events.NewStringAttribute(value.Value)
		case *streams.AttributeValueMemberN:
			image[name] = events.NewNumberAttribute(value.Value)
		}
	}
	return image
}
