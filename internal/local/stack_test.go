package local_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// The stack runs in a child of the test: one can run in a process, and a kill
// has to be a real one.
func TestMain(m *testing.M) {
	if dir := os.Getenv("CUTLINE_TEST_STACK"); dir != "" {
		serve(dir)
		return
	}
	os.Exit(m.Run())
}

func serve(dir string) {
	ctx := context.Background()
	s, err := local.Start(ctx, local.Config{Data: dir, S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	house, err := rules.BuiltIn()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	uploads := &check.Uploads{
		Checker: &check.Checker{Rules: house}, Bucket: bucket.New(s.S3), Store: s.Store,
		Log: slog.New(slog.DiscardHandler),
	}
	fmt.Println("ready", s.S3URL, s.DynamoDBURL)
	if err := s.Deliver(ctx, uploads.Handle); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child is a running stack.
type child struct {
	*exec.Cmd
	s3    *s3.Client
	store *store.Store
}

func start(t *testing.T, dir string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(os.Args[0])}
	c.Env = append(os.Environ(), "CUTLINE_TEST_STACK="+dir)
	var errors bytes.Buffer
	c.Stderr = &errors
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.kill() })
	var at, db string
	lines := bufio.NewScanner(out)
	for at == "" && lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), "ready %s %s", &at, &db); err != nil {
			at = ""
		}
	}
	if at == "" {
		c.kill()
		t.Fatalf("the stack did not start: %s", errors.String())
	}
	go func() {
		for lines.Scan() {
		}
	}()
	config := local.ClientConfig()
	atS3, atDB := config.Copy(), config.Copy()
	atS3.BaseEndpoint, atDB.BaseEndpoint = &at, &db
	c.s3, c.store = bucket.NewClient(atS3), store.New(store.NewClient(atDB), local.Table)
	return c
}

func (c *child) kill() {
	c.Process.Kill()
	c.Wait()
}

func (c *child) upload(t *testing.T, key string, body []byte) string {
	t.Helper()
	out, err := c.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

// reported waits until the latest report of the key is of that version.
func (c *child) reported(t *testing.T, key, version string) store.Record {
	t.Helper()
	var rec store.Record
	for range 1200 {
		var err error
		if rec, err = c.store.Get(t.Context(), local.Bucket, key); err == nil && rec.Photo.VersionID == version {
			return rec
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%s: no report of version %s, but of %+v", key, version, rec.Photo)
	return rec
}

func picture(t *testing.T, name string) []byte {
	t.Helper()
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		if p.Name == name {
			return p.JPEG
		}
	}
	t.Fatalf("no picture %s", name)
	return nil
}

func TestUploadToReport(t *testing.T) {
	c := start(t, t.TempDir())
	const key = "김정은 a+b & c.jpg"
	version := c.upload(t, key, picture(t, "kcna-factory-no-disclaimer.jpg"))
	rec := c.reported(t, key, version)
	if rec.Verdict != report.Fail || rec.Origin != report.State {
		t.Errorf("%s %s, want fail state", rec.Verdict, rec.Origin)
	}
	var tags *s3.GetObjectTaggingOutput
	for range 200 { // the tag comes after the report
		var err error
		if tags, err = c.s3.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(local.Bucket), Key: aws.String(key)}); err == nil && len(tags.TagSet) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if tags == nil || len(tags.TagSet) != 1 || *tags.TagSet[0].Key != bucket.VerdictTag || *tags.TagSet[0].Value != "fail" {
		t.Errorf("tags %+v", tags)
	}

	version = c.upload(t, key, picture(t, "kcna-train-complete.jpg"))
	if rec := c.reported(t, key, version); rec.Verdict != report.Pass {
		t.Errorf("after the correction: %s", rec.Verdict)
	}
	if _, err := c.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String(key)}); err != nil {
		t.Fatal(err)
	}
	for range 400 {
		if rec, err := c.store.Get(t.Context(), local.Bucket, key); err == nil && rec.Deleted {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the report of a deleted object does not say so")
}

// A version can be read, and keeps its tag, while the next one takes its place.
func TestVersionsAreThereWhileOthersCome(t *testing.T) {
	c := start(t, t.TempDir())
	const key = "again.jpg"
	first := c.upload(t, key, []byte("no picture"))
	c.reported(t, key, first)
	var latest atomic.Value
	latest.Store(first)
	var readers errgroup.Group
	over := make(chan struct{})
	for range 4 {
		readers.Go(func() error {
			for {
				version := latest.Load().(string)
				out, err := c.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String(key), VersionId: &version})
				if err != nil {
					return fmt.Errorf("version %s: %w", version, err)
				}
				out.Body.Close()
				select {
				case <-over:
					return nil
				default:
				}
			}
		})
	}
	for n := range 60 {
		latest.Store(c.upload(t, key, []byte("nor this")))
		if n%2 == 0 {
			if _, err := c.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String(key)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(over)
	if err := readers.Wait(); err != nil {
		t.Error(err)
	}
}

// Uploads in any order, some of them again, with a kill in their midst: each
// key ends with the report of its latest version.
func TestNothingIsLostByAKill(t *testing.T) {
	keys, uploads := 20, 60
	if os.Getenv("CUTLINE_HEAVY") != "" {
		keys, uploads = 200, 1000
	}
	dir := t.TempDir()
	c := start(t, dir)
	bodies := [][]byte{picture(t, "harbour-own.jpg"), picture(t, "kcna-factory-no-disclaimer.jpg"), []byte("no picture")}
	verdicts := []report.Verdict{report.Pass, report.Fail, report.Fail}
	random := rand.New(rand.NewPCG(1, 2))
	latest, verdict := map[string]string{}, map[string]report.Verdict{}
	for i := range uploads {
		if i == uploads/2 {
			c.kill()
			c = start(t, dir)
		}
		key, n := fmt.Sprintf("folder/%03d.jpg", random.IntN(keys)), random.IntN(len(bodies))
		latest[key], verdict[key] = c.upload(t, key, bodies[n]), verdicts[n]
	}
	c.kill()
	c = start(t, dir)
	for key, version := range latest {
		if rec := c.reported(t, key, version); rec.Verdict != verdict[key] {
			t.Errorf("%s: %s, want %s", key, rec.Verdict, verdict[key])
		}
	}
	page, err := c.store.List(t.Context(), store.Query{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Rows) != len(latest) {
		t.Errorf("%d rows, want %d", len(page.Rows), len(latest))
	}
}

// Two over one folder would write over each other.
func TestFolderInUse(t *testing.T) {
	dir := t.TempDir()
	start(t, dir)
	_, err := local.Start(t.Context(), local.Config{Data: dir, S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err == nil || !strings.Contains(err.Error(), "is in use") {
		t.Errorf("error %v", err)
	}
}

func TestAddressInUse(t *testing.T) {
	c := start(t, t.TempDir())
	used := strings.TrimPrefix(aws.ToString(c.s3.Options().BaseEndpoint), "http://")
	_, err := local.Start(t.Context(), local.Config{Data: filepath.Join(t.TempDir(), "x"), S3: "127.0.0.1:0", DynamoDB: used})
	if err == nil || !strings.Contains(err.Error(), "DynamoDB") {
		t.Errorf("error %v, want one about the address", err)
	}
}
