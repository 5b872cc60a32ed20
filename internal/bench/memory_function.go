package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"cutline/internal/local"
)

// functionMemory measures the function itself. Pictures with that caption are
// read whole.
func functionMemory(work, text string, tiff *os.File) ([]row, error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	stack, err := local.Start(ctx, local.Config{Data: filepath.Join(work, "memory"), S3: "127.0.0.1:0", DynamoDB: "127.0.0.1:0"})
	if err != nil {
		return nil, err
	}
	defer stack.Close()
	big, err := largeJPEG(text)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, p := range []struct {
		what, key string
		body      io.ReadSeeker
	}{
		{"memory of the function, a JPEG of 30 megapixels", "large.jpg", bytes.NewReader(big)},
		{"memory of the function, a TIFF of 1 GB", "large.tif", tiff},
	} {
		// A bucket of one object: what a gigabyte takes to upload is not measured.
		s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Method == http.MethodGet && !r.URL.Query().Has("tagging") {
				http.ServeContent(w, r, "", time.Time{}, p.body)
			}
		}))
		peak, err := peakOf(filepath.Join(work, "check"), p.key, []string{"AWS_ENDPOINT_URL_S3=" + s3.URL, "AWS_ENDPOINT_URL_DYNAMODB=" + stack.DynamoDBURL, "CUTLINE_TABLE=" + local.Table})
		s3.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.what, err)
		}
		rows = append(rows, row{what: p.what, ours: fmt.Sprintf("%d MB", peak>>20), goal: "128 MB"})
	}
	return rows, nil
}

var resident = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// peakOf gives the function one event, under a runtime API of Lambda, and
// returns the largest resident set that it had, in bytes.
func peakOf(bootstrap, key string, environment []string) (int64, error) {
	event := `{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": "2026-03-03T10:00:00.000Z", "s3": {"bucket": {"name": "photos"}, "object": {"key": "` + key + `", "size": 1, "eTag": "1", "sequencer": "01"}}}]}`
	answered, asked := make(chan string, 1), false
	runtime := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/next") && !asked:
			asked = true
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(time.Minute).UnixMilli()))
			io.WriteString(w, event)
		case strings.HasSuffix(r.URL.Path, "/next"):
			<-r.Context().Done()
		default:
			body, _ := io.ReadAll(r.Body)
			w.WriteHeader(http.StatusAccepted)
			answered <- r.URL.Path + " " + string(body)
		}
	}))
	defer runtime.Close()
	cmd := exec.Command(bootstrap)
	cmd.Env = append(environment, "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(runtime.URL, "http://"), "AWS_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_LAMBDA_FUNCTION_NAME=check", "GOMEMLIMIT=100MiB")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	select {
	case answer := <-answered:
		if strings.Contains(answer, "/error") || strings.Contains(answer, "itemIdentifier") || !strings.Contains(said.String(), `"whole":`) {
			return 0, fmt.Errorf("it answered %.300s: %s", answer, said.String())
		}
	case <-time.After(time.Minute):
		return 0, fmt.Errorf("no answer: %s", said.String())
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	peak := int64(0)
	if m := resident.FindSubmatch(status); m != nil {
		fmt.Sscan(string(m[1]), &peak)
	}
	return peak << 10, nil
}

// largeJPEG is one of 30 megapixels, with its caption in a comment.
func largeJPEG(text string) ([]byte, error) {
	m := image.NewGray(image.Rect(0, 0, 6708, 4472))
	for i := range m.Pix {
		x, y := i%6708, i/6708
		m.Pix[i] = uint8(x/37 ^ y/53)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		return nil, err
	}
	comment := append([]byte{0xFF, 0xFE, 0, byte(len(text) + 2)}, text...)
	return append(append(b.Bytes()[:2:2], comment...), b.Bytes()[2:]...), nil
}
