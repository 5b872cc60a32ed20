package main

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cutline/internal/local"
)

//go:embed sample.py
var sample []byte

// function measures the function's start and size, and, beside one in Python,
// an event.
func function(b *bench) ([]row, error) {
	m, err := sideBySide(31, coldStart(b.program("check")), coldStart(b.program("bare")))
	if err != nil {
		return nil, err
	}
	size, err := zipped(b.program("check"))
	if err != nil {
		return nil, err
	}
	rows := []row{
		m.row("cold start, from exec to the first poll", "a function with the same clients", atLeast(0.8, "1.25 times"), "the same clients"),
		{what: "bootstrap, zipped", ours: fmt.Sprintf("%.1f MB", float64(size)/1e6), goal: "under 10 MB", met: met(float64(size) < 10e6)},
	}
	python, err := b.python()
	return append(rows, python...), err
}

// coldStart is how long a function takes until it asks for its first event.
func coldStart(name string) run {
	return func() (spent, error) {
		began := time.Now()
		l, err := start([]string{"CUTLINE_TABLE=t"}, name)
		if err != nil {
			return spent{}, err
		}
		at, err := l.ready()
		l.stop()
		return spent{at.Sub(began), l.cmd.ProcessState.UserTime() + l.cmd.ProcessState.SystemTime()}, err
	}
}

// python compares with a function of the kind that AWS's samples show, on the
// same picture, under the same runtime API, with the same S3 and DynamoDB.
func (b *bench) python() ([]row, error) {
	python := os.Getenv("CUTLINE_PYTHON")
	if python == "" || exec.Command(python, "-c", "import awslambdaric, boto3, PIL").Run() != nil {
		return []row{{what: "an event, from S3 to DynamoDB", beside: "boto3 and Pillow are not there"}}, nil
	}
	s, err := b.stack()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(b.work, "sample.py"), sample, 0o644); err != nil {
		return nil, err
	}
	// Each event tells of a picture that has just come.
	pictures := 0
	come := func() ([]byte, error) {
		pictures++
		key := fmt.Sprintf("bench/%d.jpg", pictures)
		return fmt.Appendf(nil, `{"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": "2026-11-25T09:00:00.000Z",
			"s3": {"bucket": {"name": %q}, "object": {"key": %q, "sequencer": "0055AED6DCD90281E5"}}}]}`, local.Bucket, url.QueryEscape(key)), put(s, key, b.own)
	}
	environment := []string{"CUTLINE_TABLE=" + local.Table, "AWS_ENDPOINT_URL_S3=" + s.S3URL, "AWS_ENDPOINT_URL_DYNAMODB=" + s.DynamoDBURL,
		"PYTHONPATH=" + b.work, "LAMBDA_TASK_ROOT=" + b.work, "_HANDLER=sample.handler"}
	ours, theirs := []string{b.program("check")}, []string{python, "-m", "awslambdaric", "sample.handler"}
	cold := func(command []string) run {
		return func() (spent, error) {
			event, err := come()
			if err != nil {
				return spent{}, err
			}
			began := time.Now()
			l, err := start(environment, command[0], command[1:]...)
			if err != nil {
				return spent{}, err
			}
			defer l.stop()
			if _, err := l.ready(); err != nil {
				return spent{}, err
			}
			_, _, err = l.invoke(event)
			return spent{clock: time.Since(began)}, err
		}
	}
	warm := func(command []string) (run, func(), error) {
		l, err := start(environment, command[0], command[1:]...)
		if err != nil {
			return nil, nil, err
		}
		return func() (spent, error) {
			if _, err := l.ready(); err != nil {
				return spent{}, err
			}
			event, err := come()
			if err != nil {
				return spent{}, err
			}
			_, took, err := l.invoke(event)
			return spent{clock: took}, err
		}, l.stop, nil
	}
	const name = "Python, boto3 and Pillow"
	first, err := sideBySide(7, cold(ours), cold(theirs))
	if err != nil {
		return nil, err
	}
	oursWarm, stopOurs, err := warm(ours)
	if err != nil {
		return nil, err
	}
	defer stopOurs()
	theirsWarm, stopTheirs, err := warm(theirs)
	if err != nil {
		return nil, err
	}
	defer stopTheirs()
	later, err := sideBySide(100, oursWarm, theirsWarm)
	return []row{
		first.row("an event in a new function, from exec to the answer", name, none, ""),
		later.row("an event in a running function", name+", two requests and no order kept,", none, ""),
	}, err
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
