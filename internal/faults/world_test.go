package faults_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/image/draw"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/store"
	"cutline/internal/templatetest"
)

// world is what all schedules share and none changes: S3, the rules, the
// pictures, the template. Each schedule has a key prefix of its own, by which
// S3's events find it, and a table of its own.
type world struct {
	stack     *local.Stack
	outside   outside
	s3        *s3.Client // asked without faults, from a bubble
	data      string     // folder
	elsewhere string     // URL of a DynamoDB that runs elsewhere; "" for one of each schedule's own
	checker   *check.Checker
	faulty    aws.Config // of clients whose requests fail
	pictures  []picture
	named     int // of them, the one that the notice names
	notice    int
	sidecar   []byte
	template  template

	mu      sync.Mutex
	inboxes map[string]chan string // by prefix; bodies of messages
	direct  local.Handler          // takes all messages instead, when set
}

// atDynamoDB is where a schedule's own database is asked.
const atDynamoDB = "dynamodb.invalid"

// plainBucket keeps no versions: there an object can be replaced between its
// event and the read.
const plainBucket = "plain"

// picture is a picture to upload, and what its report has to say.
type picture struct {
	jpeg     []byte
	verdict  report.Verdict
	origin   report.Origin
	beside   report.Verdict // with the sidecar
	killable bool           // what it shows is withdrawn by the notice
	notice   bool
}

// template is what template.yaml says of queues and alarms.
type template struct {
	maxReceives int
	visibility  time.Duration // until a message that was not deleted is handed out again
	retention   time.Duration // of a message in the queue
	waiting     time.Duration // how old a message is when the alarm of its age says so, at the latest
}

var (
	openOnce sync.Once
	opened   *world
)

func openWorld(t testing.TB) *world {
	t.Helper()
	openOnce.Do(func() {
		read := templatetest.Load(t).Resources // first, since S3 goes to its own folder
		w, err := newWorld()
		if err != nil {
			t.Fatal(err)
		}
		uploads, waiting := read["Uploads"].Properties, read["Waiting"].Properties
		number := func(of map[string]any, name string) int { return int(of[name].(uint64)) }
		w.template = template{
			maxReceives: number(uploads["RedrivePolicy"].(map[string]any), "maxReceiveCount"),
			visibility:  time.Duration(number(uploads, "VisibilityTimeout")) * time.Second,
			retention:   time.Duration(number(uploads, "MessageRetentionPeriod")) * time.Second,
			waiting:     time.Duration(number(waiting, "Threshold")+number(waiting, "Period")*(number(waiting, "EvaluationPeriods")+1)) * time.Second,
		}
		opened = w
	})
	if opened == nil {
		t.Fatal("the stack did not start")
	}
	return opened
}

func newWorld() (*world, error) {
	ctx := context.Background()
	data, err := os.MkdirTemp("", "cutline-faults-")
	if err != nil {
		return nil, err
	}
	cleanups = append(cleanups, func() { os.RemoveAll(data) })
	w := &world{data: data, outside: newOutside(16), elsewhere: os.Getenv("CUTLINE_DYNAMODB_URL"), inboxes: map[string]chan string{}}
	db := "127.0.0.1:0"
	if w.elsewhere != "" {
		db = w.elsewhere
	}
	if w.stack, err = local.Start(ctx, local.Config{Data: data, S3: "127.0.0.1:0", DynamoDB: db}); err != nil {
		return nil, err
	}
	if _, err := w.stack.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(plainBucket)}); err != nil {
		return nil, err
	}
	config := local.ClientConfig()
	config.BaseEndpoint, config.HTTPClient = &w.stack.S3URL, &http.Client{Transport: w.outside}
	w.s3 = bucket.NewClient(config)
	go w.stack.Deliver(ctx, w.receive)
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	w.checker = &check.Checker{Rules: house, Version: "faults"}
	if err := w.makePictures(); err != nil {
		return nil, err
	}
	w.faulty = local.ClientConfig()
	w.faulty.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			o.RateLimiter = ratelimit.None
		})
	}
	return w, nil
}

// ordinary is how many pictures a newsroom draws from; two more are a kill notice
// and what it names.
const ordinary = 6

func (w *world) makePictures() error {
	var err error
	if w.sidecar, err = sidecar(); err != nil {
		return err
	}
	made, err := demo.Pictures()
	if err != nil {
		return err
	}
	for _, p := range made[:ordinary] {
		small, err := smaller(p.JPEG)
		if err == nil {
			err = w.add(small)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	state := w.of(report.State)
	named, err := withReference(w.pictures[state].jpeg)
	if err != nil {
		return err
	}
	notice, err := asNotice(w.pictures[w.of(report.Own)].jpeg)
	if err != nil {
		return err
	}
	w.named, w.notice = ordinary, ordinary+1
	err = errors.Join(w.add(named), w.add(notice))
	w.pictures[state].killable, w.pictures[w.named].killable, w.pictures[w.notice].notice = true, true, true
	return err
}

// add adds a picture, with what its report has to say.
func (w *world) add(jpeg []byte) error {
	alone, err := w.checker.Picture(bytes.NewReader(jpeg), int64(len(jpeg)), "picture.jpg")
	if err != nil {
		return err
	}
	beside, err := w.checker.PictureBeside(bytes.NewReader(jpeg), int64(len(jpeg)), "picture.jpg", w.sidecar)
	w.pictures = append(w.pictures, picture{jpeg: jpeg, verdict: alone.Verdict, origin: alone.Origin, beside: beside.Verdict})
	return err
}

// of is the number of the first picture of an origin.
func (w *world) of(origin report.Origin) int {
	return slices.IndexFunc(w.pictures, func(p picture) bool { return p.origin == origin })
}

// smaller is the same picture with the same metadata and a ninth of the
// pixels: faults do not care for more.
func smaller(original []byte) ([]byte, error) {
	whole, err := jpeg.Decode(bytes.NewReader(original))
	if err != nil {
		return nil, err
	}
	b := whole.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, b.Dx()/3, b.Dy()/3))
	draw.ApproxBiLinear.Scale(small, small.Rect, whole, b, draw.Src, nil)
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, small, &jpeg.Options{Quality: 60}); err != nil {
		return nil, err
	}
	apps := 2 // the segments after the first marker, SOI
	for original[apps] == 0xFF && original[apps+1]&0xF0 == 0xE0 {
		apps += 2 + int(binary.BigEndian.Uint16(original[apps+2:]))
	}
	return slices.Concat(original[:apps], plain.Bytes()[2:]), nil
}

// cleanups are called when all tests have ended.
var cleanups []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, clean := range cleanups {
		clean()
	}
	os.Exit(code)
}

// openInbox is where the messages about the objects of a prefix come.
func (w *world) openInbox(prefix string) (inbox chan string) {
	w.outside.do(func() { inbox = make(chan string, 16) }) // the stack sends, and is in no bubble
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inboxes[prefix] = inbox
	return inbox
}

func (w *world) closeInbox(prefix string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.inboxes, prefix)
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

// database is an empty one for a schedule, and where it is asked; nil when
// DynamoDB runs elsewhere.
func (w *world) database(name string) (*local.Database, string, error) {
	if w.elsewhere != "" {
		return nil, w.elsewhere, nil
	}
	d, err := local.OpenDatabase(filepath.Join(w.data, name+".journal"))
	return d, "http://" + atDynamoDB, err
}

// functions are the function and the store as a new process has them.
func (w *world) functions(n http.RoundTripper, database, table string) (*check.Uploads, *store.Store) {
	client := &http.Client{Transport: n}
	atS3, atDB := w.faulty.Copy(), w.faulty.Copy()
	atS3.BaseEndpoint, atDB.BaseEndpoint = &w.stack.S3URL, &database
	atS3.HTTPClient, atDB.HTTPClient = client, client
	reports := store.New(store.NewClient(atDB), table)
	return &check.Uploads{
		Checker: w.checker, Bucket: bucket.New(bucket.NewClient(atS3)), Store: reports,
		Log: slog.New(slog.DiscardHandler),
	}, reports
}

// open makes a table, and returns the store that is asked without faults.
func (w *world) open(ctx context.Context, under http.RoundTripper, database, table string) (*store.Store, error) {
	config := local.ClientConfig()
	config.BaseEndpoint = &database
	config.HTTPClient = &http.Client{Transport: under}
	reports := store.New(store.NewClient(config), table)
	return reports, reports.CreateTable(ctx)
}

// put uploads a picture, whose event comes to the inbox of its prefix, and
// returns its version.
func (w *world) put(ctx context.Context, bucket, key string, jpeg []byte) (version string, err error) {
	out, err := w.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(jpeg)})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.VersionId), nil
}

// remove deletes a version for good, or hides the object when it is "".
func (w *world) remove(ctx context.Context, bucket, key, version string) error {
	in := &s3.DeleteObjectInput{Bucket: &bucket, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	_, err := w.s3.DeleteObject(ctx, in)
	return err
}
