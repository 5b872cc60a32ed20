package faults_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// fault is what befalls one request to S3 or DynamoDB.
type fault int

const (
	none        fault = iota
	unreachable       // the request never arrives
	reset             // it is carried out, and the answer is lost
	timeout           // as reset, noticed later
	throttled
	broken      // the service answers 500
	cut         // the answer's body stops in the midst
	outOfMemory // the process dies while it computes, before the request is sent
	cutOff      // the process is ended after the request was carried out
	outOfTime   // the invocation's time is over before an answer comes; it may still say what is not done
	faults
)

func (f fault) String() string {
	return [...]string{"none", "unreachable", "reset", "timeout", "throttled", "500", "cut body", "out of memory", "cut off", "out of time"}[f]
}

// weather is how likely each fault is, in a thousand requests.
type weather [faults]int

func someWeather(rnd *rand.Rand) weather {
	var w weather
	switch rnd.IntN(4) {
	case 0: // fair
	case 1: // one kind only
		w[1+rnd.IntN(int(faults)-1)] = 50 + rnd.IntN(300)
	case 2: // a little of everything
		for f := fault(1); f < faults; f++ {
			w[f] = 10
		}
	case 3: // a storm
		for f := fault(1); f < faults; f++ {
			w[f] = rnd.IntN(60)
		}
	}
	return w
}

func (w weather) draw(n int) fault {
	for f := fault(1); f < faults; f++ {
		if n -= w[f]; n < 0 {
			return f
		}
	}
	return none
}

var errDead = errors.New("the process is dead")

// befall sends the request, and lets the fault happen to it.
func befall(under http.RoundTripper, r *http.Request, f fault) (*http.Response, error) {
	s3 := r.Header.Get("X-Amz-Target") == ""
	switch f {
	case unreachable:
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	case throttled:
		return answer(r, s3, 503, "SlowDown", 400, "ThrottlingException"), nil
	case broken:
		return answer(r, s3, 500, "InternalError", 500, "InternalServerError"), nil
	case outOfMemory:
		return nil, errDead
	}
	// The answer is read here, so that nothing of it is under way later.
	resp, err := under.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	switch f {
	case reset:
		return nil, &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	case timeout:
		return nil, &net.OpError{Op: "read", Err: slow{}}
	case cutOff:
		return nil, errDead
	case outOfTime:
		return nil, context.DeadlineExceeded
	case cut:
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), failing{}))
		return resp, nil
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// answer is how S3 and DynamoDB say an error.
func answer(r *http.Request, s3 bool, s3Status int, s3Code string, dbStatus int, dbCode string) *http.Response {
	status, body := dbStatus, fmt.Sprintf(`{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"by the test"}`, dbCode)
	if s3 {
		status, body = s3Status, fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>by the test</Message></Error>`, s3Code)
	}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, ContentLength: int64(len(body)),
		Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}
}

type slow struct{}

func (slow) Error() string   { return "i/o timeout" }
func (slow) Timeout() bool   { return true }
func (slow) Temporary() bool { return true }

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }
