package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path"
	"strconv"
	"time"
)

// lambda is a function that runs under a runtime API of Lambda (Developer
// Guide, "Using the Lambda runtime API"), as under the emulator: what it asks
// for, and when, is seen here.
type lambda struct {
	server  *http.Server
	cmd     *exec.Cmd
	said    bytes.Buffer
	asked   chan time.Time // it asks for an event
	events  chan []byte
	answers chan answer
}

type answer struct {
	at   time.Time
	body []byte
	err  bool
}

// start runs the function's program.
func start(environment []string, name string, arguments ...string) (*lambda, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &lambda{asked: make(chan time.Time, 8), events: make(chan []byte), answers: make(chan answer, 8)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", l.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{what}", l.answered)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", l.answered)
	l.server = &http.Server{Handler: mux}
	go l.server.Serve(listener)
	l.cmd = exec.Command(name, arguments...)
	l.cmd.Env = append([]string{"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(), "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=cutline", "AWS_SECRET_ACCESS_KEY=cutline-local", "AWS_LAMBDA_FUNCTION_NAME=check"}, environment...)
	l.cmd.Stderr = &l.said
	if err := l.cmd.Start(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *lambda) next(w http.ResponseWriter, r *http.Request) {
	select {
	case l.asked <- time.Now():
	default:
	}
	select {
	case event := <-l.events:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "bench")
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:check")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(time.Minute).UnixMilli(), 10))
		w.Write(event)
	case <-r.Context().Done():
	}
}

func (l *lambda) answered(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	l.answers <- answer{time.Now(), body, path.Base(r.URL.Path) == "error"}
	w.WriteHeader(http.StatusAccepted)
}

// ready waits until the function asks for an event, and returns when.
func (l *lambda) ready() (time.Time, error) {
	select {
	case at := <-l.asked:
		return at, nil
	case <-time.After(20 * time.Second):
		return time.Time{}, fmt.Errorf("%s asks for no event: %s", l.cmd.Path, l.said.String())
	}
}

// invoke has the function take an event, once it is ready, and returns its
// answer and how long it took.
func (l *lambda) invoke(event []byte) ([]byte, time.Duration, error) {
	began := time.Now()
	l.events <- event
	select {
	case a := <-l.answers:
		if a.err {
			return nil, 0, fmt.Errorf("%s: %s", l.cmd.Path, a.body)
		}
		return a.body, a.at.Sub(began), nil
	case <-time.After(time.Minute):
		return nil, 0, fmt.Errorf("%s does not answer: %s", l.cmd.Path, l.said.String())
	}
}

func (l *lambda) stop() {
	l.cmd.Process.Kill()
	l.cmd.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	l.server.Shutdown(ctx)
	l.server.Close()
}
