package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// function measures the function's start and size.
func function(work string) ([]row, error) {
	ours, other := starts(filepath.Join(work, "check")), starts(filepath.Join(work, "bare"))
	var a, b time.Duration
	for range 15 {
		for least, start := range map[*time.Duration]func() (time.Duration, error){&a: ours, &b: other} {
			took, err := start()
			if err != nil {
				return nil, err
			}
			if *least == 0 || took < *least {
				*least = took
			}
		}
	}
	size, err := zipped(filepath.Join(work, "check"))
	if err != nil {
		return nil, err
	}
	return []row{
		{what: "cold start, from exec to the first poll", ours: short(a), other: "a function with the same clients " + short(b), ratio: float64(b) / float64(a), goal: "0.80 (1.25 times)"},
		{what: "bootstrap, zipped", ours: fmt.Sprintf("%.1f MB", float64(size)/1e6), goal: "10 MB"},
	}, nil
}

// starts returns how to start the bootstrap under a runtime API of Lambda
// (Developer Guide, "Using the Lambda runtime API"), and how long it takes
// until it asks for its first event.
func starts(bootstrap string) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		polled := make(chan struct{}, 1)
		held := make(chan struct{})
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case polled <- struct{}{}:
			default:
			}
			<-held
		})}
		go server.Serve(listener)
		defer server.Close()
		defer close(held)
		cmd := exec.Command(bootstrap)
		cmd.Env = []string{
			"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(), "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b",
			"CUTLINE_TABLE=t", "AWS_LAMBDA_FUNCTION_NAME=check",
		}
		var said bytes.Buffer
		cmd.Stderr = &said
		began := time.Now()
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		defer cmd.Wait()
		defer cmd.Process.Kill()
		select {
		case <-polled:
			return time.Since(began), nil
		case <-time.After(20 * time.Second):
			return 0, fmt.Errorf("%s asks for no event: %s", filepath.Base(bootstrap), said.String())
		}
	}
}

// zipped is the length of the file in an archive, in bytes.
func zipped(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create("bootstrap")
	if err == nil {
		_, err = io.Copy(w, f)
	}
	if err == nil {
		err = z.Close()
	}
	return archive.Len(), err
}

func output(name string, arguments ...string) ([]byte, error) {
	out, err := exec.Command(name, arguments...).Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return out, fmt.Errorf("%s: %w: %s", name, err, exit.Stderr)
	}
	return out, err
}
