package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/photo"
	"cutline/internal/telemetry"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"
)

// A check is one line, which says what it was of, what came of it, and how long
// each stage took. Neither the log nor the metrics hold a caption.
func TestLogOfAnUpload(t *testing.T) {
	t.Chdir(".") // S3 goes to its own folder; the tests after this one come back
	stack, err := local.Start(t.Context(), local.Config{Data: t.TempDir(), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stack.Close() })
	environment(t, stack)
	var log, metrics bytes.Buffer
	uploads, err := wire(t.Context(), telemetry.Log(&log))
	if err != nil {
		t.Fatal(err)
	}
	uploads.Metrics = telemetry.NewMetrics("Cutline/desk", &metrics, time.Now)
	pictures, err := demo.Pictures()
	if err != nil {
		t.Fatal(err)
	}
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "6c9c1870"})
	s := session{t, stack.S3}
	for i, p := range pictures {
		version := s.put(local.Bucket, p.Name, p.JPEG)
		event := fmt.Sprintf(`{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "photos"}, "object": {"key": %q, "versionId": %q, "sequencer": "%02X"}}}]}`, p.Name, version, i+1)
		log.Reset()
		if _, err := uploads.Invoke(ctx, json.RawMessage(event)); err != nil {
			t.Fatal(err)
		}
		var line struct {
			Time                                                       time.Time
			Level, Msg, Request, Bucket, Key, Version, Verdict, Origin string
			Latest                                                     bool
			Gets, Bytes                                                int64
			Ms                                                         map[string]int64
		}
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatalf("%v:\n%s", err, log.String())
		}
		rec, err := stack.Store.Get(t.Context(), local.Bucket, p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]any{"INFO", "checked", "6c9c1870", local.Bucket, p.Name, version, string(rec.Verdict), string(rec.Origin), true},
			[]any{line.Level, line.Msg, line.Request, line.Bucket, line.Key, line.Version, line.Verdict, line.Origin, line.Latest}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.Name, diff)
		}
		if line.Gets == 0 || line.Bytes == 0 || line.Time.IsZero() {
			t.Errorf("%s: %+v", p.Name, line)
		}
		stages := slices.Sorted(maps.Keys(line.Ms))
		stages = slices.DeleteFunc(stages, func(stage string) bool { return stage == "whole" }) // of some
		if diff := cmp.Diff([]string{"again", "check", "open", "recall", "sidecar", "store", "tag"}, stages); diff != "" {
			t.Errorf("%s: stages (-want +got):\n%s", p.Name, diff)
		}
		for _, f := range rec.Metadata {
			if f.Name == photo.Caption && holds(log.String()+metrics.String(), f.Value) {
				t.Errorf("%s: the caption %q stands in\n%s%s", p.Name, f.Value, log.String(), metrics.String())
			}
		}
	}
	if metrics.Len() == 0 {
		t.Error("nothing was measured")
	}
}

// holds says whether three words of a caption that follow one another stand in
// a text.
func holds(text, caption string) bool {
	words := strings.Fields(caption)
	for i := range max(0, len(words)-2) {
		if strings.Contains(text, strings.Join(words[i:i+3], " ")) {
			return true
		}
	}
	return false
}
