package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"cutline/internal/local"
)

// functionMemory measures the function itself as it reads large pictures
// whole.
func functionMemory(b *bench) ([]row, error) {
	stack, err := b.stack()
	if err != nil {
		return nil, err
	}
	tiff, err := largeTIFF(filepath.Join(b.work, "large.tif"), large)
	if err != nil {
		return nil, err
	}
	defer tiff.Close()
	big, err := largeJPEG(large)
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
		peak, err := peakOf(b.program("check"), p.key, []string{"AWS_ENDPOINT_URL_S3=" + s3.URL, "AWS_ENDPOINT_URL_DYNAMODB=" + stack.DynamoDBURL, "CUTLINE_TABLE=" + local.Table})
		s3.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.what, err)
		}
		rows = append(rows, row{what: p.what, ours: fmt.Sprintf("%d MB", peak>>20), goal: "128 MB", met: met(peak <= 128<<20)})
	}
	return rows, nil
}

var resident = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// peakOf gives the function one event, under a runtime API of Lambda, and
// returns the largest resident set that it had, in bytes.
func peakOf(bootstrap, key string, environment []string) (int64, error) {
	event := `{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": "2026-03-03T10:00:00.000Z", "s3": {"bucket": {"name": "photos"}, "object": {"key": "` + key + `", "size": 1, "eTag": "1", "sequencer": "01"}}}]}`
	f, err := start(append(environment, "GOMEMLIMIT=100MiB"), bootstrap)
	if err != nil {
		return 0, err
	}
	defer f.stop()
	if _, err := f.ready(); err != nil {
		return 0, err
	}
	answer, _, err := f.invoke([]byte(event))
	if err != nil {
		return 0, err
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	f.stop() // what it said is whole only then
	if bytes.Contains(answer, []byte("itemIdentifier")) || !strings.Contains(f.said.String(), `"whole":`) {
		return 0, fmt.Errorf("it answered %.300s: %s", answer, f.said.String())
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
