package faults_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

// outside carries work out on goroutines that are in no bubble of synctest.
// A schedule is in one, so that it knows when all that it began waits. S3
// is in none: its connections serve all schedules, and live on.
type outside chan *hand

type hand struct {
	work chan func()
	done chan struct{}
}

func newOutside(hands int) outside {
	o := make(outside, hands)
	for range hands {
		h := &hand{make(chan func()), make(chan struct{})}
		go func() {
			for work := range h.work {
				work()
				h.done <- struct{}{}
			}
		}()
		o <- h
	}
	return o
}

// do returns when the work is done, which touches no channel and no context of
// the caller's bubble. Waiting for it, no time passes in there.
func (o outside) do(work func()) {
	h := <-o
	h.work <- work
	<-h.done
	o <- h
}

// RoundTrip sends a request over the network, and reads the whole answer.
func (o outside) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body.Close()
	}
	var resp *http.Response
	var err error
	o.do(func() {
		sent := r.WithContext(context.Background())
		sent.Body, sent.GetBody = io.NopCloser(bytes.NewReader(body)), nil
		if len(body) == 0 {
			sent.Body = http.NoBody
		}
		if resp, err = http.DefaultTransport.RoundTrip(sent); err != nil {
			return
		}
		var all []byte
		all, err = io.ReadAll(resp.Body)
		resp.Body.Close()
		resp.Body = io.NopCloser(bytes.NewReader(all))
	})
	return resp, err
}

// adoptTime lets the time of a bubble begin at the real one, since S3 looks at
// when a request was signed.
func (o outside) adoptTime() {
	var now int64
	o.do(func() { now = time.Now().UnixNano() })
	time.Sleep(time.Duration(now - time.Now().UnixNano()))
}
