package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/local"
	"cutline/internal/rules"
	"cutline/internal/telemetry"
)

// session runs commands over a one-machine stack.
type session struct {
	*testing.T
	*local.Stack
}

// newSession starts a stack; versitygw allows one at a time.
func newSession(t *testing.T) session {
	t.Helper()
	t.Chdir(".") // versitygw changes the working directory
	stack, err := local.Start(context.Background(), local.Config{Data: t.TempDir(), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stack.Close(); err != nil {
			t.Error(err)
		}
	})
	return session{t, stack}
}

// variables tell where the stack is, as the aws command line takes it.
func (s session) variables() map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL_S3": s.S3URL, "AWS_ENDPOINT_URL_DYNAMODB": s.DynamoDBURL, "CUTLINE_TABLE": local.Table, "CUTLINE_RULES": "",
		"AWS_REGION": local.Region, "AWS_ACCESS_KEY_ID": local.AccessKey, "AWS_SECRET_ACCESS_KEY": local.SecretKey,
	}
}

// configure sets them for the rest of the test.
func (s session) configure() {
	for name, value := range s.variables() {
		s.Setenv(name, value)
	}
}

// uploads is the check function over the stack.
func (s session) uploads() *check.Uploads {
	s.Helper()
	house, err := rules.BuiltIn()
	if err != nil {
		s.Fatal(err)
	}
	return &check.Uploads{Checker: &check.Checker{Rules: house}, Bucket: bucket.New(s.S3), Store: s.Store, Log: telemetry.Log(s.Output())}
}

// deliver lets the function listen to uploads until the test ends.
func (s session) deliver() {
	s.Helper()
	uploads := s.uploads()
	ctx, cancel := context.WithCancel(context.Background())
	delivered := make(chan error, 1)
	go func() { delivered <- s.Deliver(ctx, uploads.Handle) }()
	s.Cleanup(func() {
		cancel()
		if err := <-delivered; err != nil {
			s.Error(err)
		}
	})
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
