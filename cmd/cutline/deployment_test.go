package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"cutline/internal/demo"
	"cutline/internal/local"
)

// The doctor and recheck over a stack, first without a function that listens.
func TestDoctorAndRecheck(t *testing.T) {
	s := newSession(t)
	state := filepath.Join(t.TempDir(), "state.json")
	pack := filepath.Join(t.TempDir(), "pack")
	if err := os.MkdirAll(pack, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pack, "own.yaml"), []byte("findings:\n  access.missing: {severity: review}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.configure()
	s.says(1, "FAIL  events arrive", "doctor", "--table", local.Table, "--wait", "300ms")
	s.says(1, "(?s)FAIL  bucket nowhere.*ok    table", "doctor", "--table", local.Table, "--bucket", "nowhere")
	s.says(1, "FAIL  table nowhere", "doctor", "--table", "nowhere")

	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures[:5] {
		if _, err := s.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String("demo/" + p.Name), Body: bytes.NewReader(p.JPEG)}); err != nil {
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
	if _, err := s.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String("demo/kcna-train-complete.xmp"), Body: strings.NewReader(sidecar)}); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"s3://photos/demo/", "s3://photos/demo/kcna-train-complete.jpg"} {
		s.says(1, `"sidecar":"demo/kcna-train-complete.xmp".*"text":"Said beside."`, "check", "--json", address)
	}

	// Now with a function that listens.
	s.deliver()
	s.says(0, "(?s)ok    events arrive.*ok    a bad picture fails.*ok    the verdict's tag.*ok    the picture is deleted again", "doctor", "--table", local.Table)
	if _, err := s.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String(local.Bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended}}); err != nil {
		t.Fatal(err)
	}
	s.says(1, "FAIL  versions of objects: they are off", "doctor", "--table", local.Table)
}
