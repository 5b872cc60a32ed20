package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/rules"
	"cutline/internal/telemetry"
)

// session runs commands against a stack.
type session struct {
	*testing.T
	*local.Stack
}

func (s session) run(args ...string) (status int, out string) {
	s.Helper()
	var all bytes.Buffer
	status = run(s.Context(), args, streams{strings.NewReader(""), &all, &all})
	return status, all.String()
}

// says checks a command's exit status and that its output has the words.
func (s session) says(status int, words string, args ...string) {
	s.Helper()
	got, out := s.run(args...)
	if ok, err := regexp.MatchString(words, out); err != nil || got != status || !ok {
		s.Errorf("%q: exit status %d, want %d and %q:\n%s", args, got, status, words, out)
	}
}

// The doctor and recheck over a stack, first without a function that listens.
func TestDoctorAndRecheck(t *testing.T) {
	t.Chdir(".") // versitygw changes the working directory
	state := filepath.Join(t.TempDir(), "state.json")
	pack := filepath.Join(t.TempDir(), "pack")
	if err := os.MkdirAll(pack, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pack, "own.yaml"), []byte("findings:\n  access.missing: {severity: review}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stack, err := local.Start(ctx, local.Config{Data: t.TempDir(), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stack.Close() })
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_S3": stack.S3URL, "AWS_ENDPOINT_URL_DYNAMODB": stack.DynamoDBURL, "CUTLINE_TABLE": "", "CUTLINE_RULES": "",
		"AWS_REGION": local.Region, "AWS_ACCESS_KEY_ID": local.AccessKey, "AWS_SECRET_ACCESS_KEY": local.SecretKey,
	} {
		t.Setenv(name, value)
	}
	s := session{t, stack}
	s.says(1, "FAIL  events arrive", "doctor", "--table", local.Table, "--wait", "300ms")
	s.says(1, "(?s)FAIL  bucket nowhere.*ok    table", "doctor", "--table", local.Table, "--bucket", "nowhere")
	s.says(1, "FAIL  table nowhere", "doctor", "--table", "nowhere")

	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures[:5] {
		if _, err := stack.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String("demo/" + p.Name), Body: bytes.NewReader(p.JPEG)}); err != nil {
			t.Fatal(err)
		}
	}
	// Pictures that were there before Cutline.
	recheck := []string{"recheck", "--table", local.Table, "--bucket", local.Bucket, "--prefix", "demo/", "--state", state}
	s.says(0, "5 checked, 0 left out, 0 failed", recheck...)
	if _, err := os.Stat(state); err == nil {
		t.Error("a state is left after the end")
	}
	s.says(0, "0 checked, 5 left out, 0 failed", append(recheck, "--only-changed-rules")...)
	s.says(0, "5 checked, 0 left out, 0 failed", append(recheck, "--only-changed-rules", "--rules", pack)...)
	s.says(0, "0 checked, 5 left out, 0 failed", append(recheck, "--since", "2200-01-01")...)
	s.says(2, "--since", append(recheck, "--since", "yesterday")...)

	// What was stopped goes on after the last page; another command's state
	// is left alone.
	if err := os.WriteFile(state, []byte(`{"bucket":"photos","prefix":"demo/","since":"","after":"demo/kcna-train-complete.jpg","checked":3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s.says(2, "another --state", "recheck", "--table", local.Table, "--bucket", local.Bucket, "--state", state)
	s.says(0, "(?s)going on after demo/kcna-train-complete.jpg.*5 checked, 0 left out, 0 failed", recheck...)

	// A sidecar lies beside a picture in a bucket as in a folder.
	sidecar := `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">Said beside.</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`
	if _, err := stack.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String("demo/kcna-train-complete.xmp"), Body: strings.NewReader(sidecar)}); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"s3://photos/demo/", "s3://photos/demo/kcna-train-complete.jpg"} {
		s.says(1, `"sidecar":"demo/kcna-train-complete.xmp".*"text":"Said beside."`, "check", "--json", address)
	}

	// Now with a function that listens.
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	uploads := &check.Uploads{Checker: &check.Checker{Rules: house}, Bucket: bucket.New(stack.S3), Store: stack.Store, Log: telemetry.Log(t.Output())}
	delivered := make(chan error, 1)
	go func() { delivered <- stack.Deliver(ctx, uploads.Handle) }()
	s.says(0, "(?s)ok    events arrive.*ok    a bad picture fails.*ok    the verdict's tag.*ok    the picture is deleted again", "doctor", "--table", local.Table)
	if _, err := stack.S3.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: aws.String(local.Bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended}}); err != nil {
		t.Fatal(err)
	}
	s.says(1, "FAIL  versions of objects: they are off", "doctor", "--table", local.Table)
	cancel()
	if err := <-delivered; err != nil {
		t.Error(err)
	}
}
