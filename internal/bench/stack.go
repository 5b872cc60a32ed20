package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/local"
	"cutline/internal/rules"
)

// stack measures the one-machine stack from an upload to its report, with the
// pictures of a desk's own photographers and, apart, with handouts, which are
// read whole and looked for among earlier ones.
func stack(b *bench) ([]row, error) {
	s, err := b.stack()
	if err != nil {
		return nil, err
	}
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	uploads := &check.Uploads{Checker: &check.Checker{Rules: house}, Bucket: bucket.New(s.S3), Store: s.Store, Log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { s.Deliver(ctx, uploads.Handle) })
	defer func() {
		stop()
		group.Wait()
	}()
	for !s.Idle() { // what came before
		time.Sleep(time.Millisecond)
	}
	var rows []row
	for _, m := range []struct {
		what string
		jpeg []byte
		n    int
		goal bool
	}{
		{"one-machine stack, own pictures", b.own, 1000, true},
		{"one-machine stack, state handouts, read whole", b.state, 300, false},
	} {
		rate, alone, err := throughStack(ctx, s, m.jpeg, m.n, m.what)
		if err != nil {
			return nil, err
		}
		r := row{what: m.what, ours: fmt.Sprintf("%.0f a second; one alone %s", rate, short(alone))}
		if m.goal {
			r.goal, r.met = "300 a second, 20ms", met(rate > 300 && alone < 20*time.Millisecond)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// throughStack returns how many pictures a second go through with eight
// clients, and the median time of one alone.
func throughStack(ctx context.Context, s *local.Stack, jpeg []byte, n int, prefix string) (rate float64, alone time.Duration, err error) {
	put := func(key string) error {
		_, err := s.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(local.Bucket), Key: &key, Body: bytes.NewReader(jpeg)})
		return err
	}
	visible := func(key string) {
		for {
			if rec, err := s.Store.Get(ctx, local.Bucket, key); err == nil && !rec.Pending() || ctx.Err() != nil {
				return
			}
			time.Sleep(500 * time.Microsecond)
		}
	}
	var each []time.Duration
	for i := range 60 {
		key := fmt.Sprintf("%s/alone/%d.jpg", prefix, i)
		began := time.Now()
		if err := put(key); err != nil {
			return 0, 0, err
		}
		visible(key)
		each = append(each, time.Since(began))
	}
	slices.Sort(each)
	const clients = 8
	var group sync.WaitGroup
	errs := make(chan error, clients)
	began := time.Now()
	for c := range clients {
		group.Go(func() {
			for i := c; i < n; i += clients {
				if err := put(fmt.Sprintf("%s/many/%d.jpg", prefix, i)); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		return 0, 0, err
	}
	for !s.Idle() {
		time.Sleep(time.Millisecond)
	}
	return float64(n) / time.Since(began).Seconds(), each[len(each)/2], nil
}
