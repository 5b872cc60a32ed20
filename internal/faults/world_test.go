package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// world is the one-machine stack that all schedules share. Each has a key
// prefix of its own, by which the stack's events find it.
type world struct {
	stack    *local.Stack // asked without faults
	checker  *check.Checker
	faulty   aws.Config // of clients whose requests the schedules hold
	pictures []picture

	mu      sync.Mutex
	inboxes map[string]chan string // by prefix; bodies of messages
	direct  local.Handler          // takes all messages instead, when set
}

// picture is a picture to upload, and what its report has to say.
type picture struct {
	jpeg    []byte
	verdict report.Verdict
	origin  report.Origin
}

var openWorld = sync.OnceValues(func() (*world, error) {
	ctx := context.Background()
	data, err := os.MkdirTemp("", "cutline-faults-")
	if err != nil {
		return nil, err
	}
	cleanups = append(cleanups, func() { os.RemoveAll(data) })
	db := "127.0.0.1:0"
	if url := os.Getenv("CUTLINE_DYNAMODB_URL"); url != "" {
		db = url
	}
	w := &world{inboxes: map[string]chan string{}}
	if w.stack, err = local.Start(ctx, local.Config{Data: data, S3: "127.0.0.1:0", DynamoDB: db}); err != nil {
		return nil, err
	}
	go w.stack.Deliver(ctx, w.receive)
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	w.checker = &check.Checker{Rules: house, Version: "faults"}
	made, err := demo.Pictures()
	if err != nil {
		return nil, err
	}
	for _, p := range made[:6] {
		rep, err := w.checker.Picture(bytes.NewReader(p.JPEG), int64(len(p.JPEG)), p.Name)
		if err != nil {
			return nil, err
		}
		w.pictures = append(w.pictures, picture{p.JPEG, rep.Verdict, rep.Origin})
	}
	w.faulty = local.ClientConfig()
	w.faulty.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			o.RateLimiter = ratelimit.None
		})
	}
	return w, nil
})

var cleanups []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, clean := range cleanups {
		clean()
	}
	os.Exit(code)
}

// receive is the function as the stack sees it: it keeps each message for the
// schedule that it belongs to.
func (w *world) receive(ctx context.Context, raw json.RawMessage) (events.SQSEventResponse, error) {
	w.mu.Lock()
	direct := w.direct
	w.mu.Unlock()
	if direct != nil {
		return direct(ctx, raw)
	}
	var batch events.SQSEvent
	if err := json.Unmarshal(raw, &batch); err != nil {
		return events.SQSEventResponse{}, err
	}
	for _, m := range batch.Records {
		parsed, err := bucket.Parse([]byte(m.Body))
		if err != nil {
			return events.SQSEventResponse{}, err
		}
		for _, e := range parsed.Messages[0].Events {
			prefix, _, _ := strings.Cut(e.Key, "/")
			w.mu.Lock()
			inbox := w.inboxes[prefix]
			w.mu.Unlock()
			if inbox == nil {
				return events.SQSEventResponse{}, fmt.Errorf("an event of %s, which no schedule waits for", e.Key)
			}
			inbox <- m.Body
		}
	}
	return events.SQSEventResponse{}, nil
}

// functions are the function and the store as one schedule uses them, over a
// table of its own, so that what one does is not seen by another.
func (w *world) functions(n http.RoundTripper, checker check.Checker, table string) (*check.Uploads, *store.Store) {
	client := &http.Client{Transport: n}
	atS3, atDB := w.faulty.Copy(), w.faulty.Copy()
	atS3.BaseEndpoint, atDB.BaseEndpoint = &w.stack.S3URL, &w.stack.DynamoDBURL
	atS3.HTTPClient, atDB.HTTPClient = client, client
	reports := store.New(store.NewClient(atDB), table)
	return &check.Uploads{
		Checker: &checker, Bucket: bucket.New(bucket.NewClient(atS3)), Store: reports,
		Log: slog.New(slog.DiscardHandler),
	}, reports
}

// open makes the table of a schedule, and returns the store that is asked
// without faults.
func (w *world) open(ctx context.Context, table string) (*store.Store, error) {
	config := local.ClientConfig()
	config.BaseEndpoint = &w.stack.DynamoDBURL
	reports := store.New(store.NewClient(config), table)
	return reports, reports.CreateTable(ctx)
}

// put uploads a picture, and returns the message that tells of it.
func (w *world) put(ctx context.Context, key string, p picture, inbox chan string) (version, message string, err error) {
	out, err := w.stack.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(p.jpeg)})
	if err != nil {
		return "", "", err
	}
	return aws.ToString(out.VersionId), <-inbox, nil
}

// remove deletes a version for good, or hides the object when it is "".
func (w *world) remove(ctx context.Context, key, version string, inbox chan string) (message string, err error) {
	in := &s3.DeleteObjectInput{Bucket: aws.String(local.Bucket), Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	if _, err := w.stack.S3.DeleteObject(ctx, in); err != nil {
		return "", err
	}
	return <-inbox, nil
}
