package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/bucket"
	"cutline/internal/local"
	"cutline/internal/store"
)

// servers are the stack on this machine, started when first needed.
type servers struct {
	*local.Stack
	stop context.CancelFunc
}

func (b *bench) stack() (*local.Stack, error) {
	if b.servers == nil {
		ctx, stop := context.WithCancel(context.Background())
		s, err := local.Start(ctx, local.Config{Data: b.program("stack"), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
		if err != nil {
			stop()
			return nil, err
		}
		b.servers = &servers{s, stop}
	}
	return b.Stack, nil
}

func (b *bench) close() {
	if b.servers != nil {
		b.stop()
		b.Stack.Close()
	}
}

func put(s *local.Stack, key string, body []byte) error {
	_, err := s.S3.PutObject(context.Background(), &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(body)})
	return err
}

// request is one request of AWS, and its answer's length.
type request struct {
	operation string // "GET", "PUT tagging"; of DynamoDB "PutItem"
	sent      []byte // to DynamoDB
	got       []byte
	length    int64
	began     time.Time
	ended     time.Time
}

// rounds is how many times something was waited for: requests that go at the
// same time are one round.
func rounds(requests []request) int {
	slices.SortFunc(requests, func(a, b request) int { return a.began.Compare(b.began) })
	n := 0
	var until time.Time
	for _, q := range requests {
		if q.began.After(until) {
			n++
		}
		if q.ended.After(until) {
			until = q.ended
		}
	}
	return n
}

// watched are clients of the stack that note their requests.
type watched struct {
	mu     sync.Mutex
	s3, db []request
}

func (w *watched) clients(s *local.Stack) (*bucket.Bucket, *store.Store) {
	at := func(url string, to *[]request) aws.Config {
		config := local.ClientConfig()
		config.BaseEndpoint = &url
		config.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) { return w.send(r, to) })}
		return config
	}
	return bucket.New(bucket.NewClient(at(s.S3URL, &w.s3))), store.New(store.NewClient(at(s.DynamoDBURL, &w.db)), local.Table)
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func (w *watched) send(r *http.Request, to *[]request) (*http.Response, error) {
	var q request
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		_, q.operation, _ = strings.Cut(target, ".")
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		q.sent, r.Body = body, io.NopCloser(bytes.NewReader(body))
	} else if q.operation = r.Method; r.URL.Query().Has("tagging") {
		q.operation += " tagging"
	}
	q.began = time.Now()
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if q.length = answer.ContentLength; q.sent != nil {
		if q.got, err = io.ReadAll(answer.Body); err != nil {
			return nil, err
		}
		answer.Body.Close()
		answer.Body = io.NopCloser(bytes.NewReader(q.got))
	}
	q.ended = time.Now()
	w.mu.Lock()
	*to = append(*to, q)
	w.mu.Unlock()
	return answer, nil
}
