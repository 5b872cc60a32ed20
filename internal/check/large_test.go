package check_test

import (
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/rules"
)

// ends is a file with bytes at its beginning and its end, and zeros between.
type ends struct {
	head, tail []byte
	size       int64
}

func (e ends) ReadAt(p []byte, off int64) (int, error) {
	n := int(max(0, min(int64(len(p)), e.size-off)))
	clear(p[:n])
	if off < int64(len(e.head)) {
		copy(p[:n], e.head[off:])
	}
	if at := e.size - int64(len(e.tail)); off+int64(n) > at {
		if off >= at {
			copy(p[:n], e.tail[off-at:])
		} else {
			copy(p[at-off:n], e.tail)
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// directory is a TIFF directory, with its values behind it, that stands at an
// offset: a picture of so many strips, with a caption in IPTC-IIM.
func directory(at int64, strips uint32, caption string) []byte {
	le := binary.LittleEndian
	iim := append([]byte{0x1C, 2, 120, byte(len(caption) >> 8), byte(len(caption))}, caption...)
	type entry struct {
		tag, kind    uint16
		count, value uint32
	}
	const entries = 6
	values := uint32(at) + 2 + 12*entries + 4
	var b []byte
	b = le.AppendUint16(b, entries)
	for _, e := range []entry{
		{0x0100, 4, 1, 20000}, {0x0101, 4, 1, 10000}, {0x0102, 3, 1, 8},
		{0x0111, 4, strips, values + uint32(len(iim))}, {0x0117, 4, strips, values + uint32(len(iim)) + 4*strips},
		{0x83BB, 7, uint32(len(iim)), values},
	} {
		b = le.AppendUint16(le.AppendUint16(b, e.tag), e.kind)
		b = le.AppendUint32(le.AppendUint32(b, e.count), e.value)
	}
	b = le.AppendUint32(b, 0)
	return slices.Concat(b, iim, make([]byte, 8*strips))
}

// TestLargeTIFF: one of 200 MB is checked with a few requests, and in a small
// part of the function's memory, wherever its directory stands.
func TestLargeTIFF(t *testing.T) {
	const (
		size    = 200 << 20
		caption = "Boats leave the harbour of Oban, Scotland, on Monday, May 4, 2026. (AP Photo/Joan Baird)"
	)
	head := func(first int64) []byte { return binary.LittleEndian.AppendUint32([]byte("II*\x00"), uint32(first)) }
	atEnd := directory(0, 10000, caption)
	atEnd = directory(size-int64(len(atEnd)), 10000, caption)
	atStart := slices.Concat(head(8), directory(8, 10000, caption))
	far := directory(150<<20, 100, caption)
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]ends{
		"directory at the start": {head: atStart, size: size},
		"directory at the end":   {head: head(size - int64(len(atEnd))), tail: atEnd, size: size},
		"directory in between":   {head: head(150 << 20), tail: slices.Concat(far, make([]byte, 50<<20-len(far))), size: size},
	} {
		t.Run(name, func(t *testing.T) {
			var requests int
			s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests++
				w.Header().Set("ETag", `"1"`)
				http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(file, 0, file.size))
			}))
			defer s3.Close()
			pictures := bucket.New(bucket.NewClient(aws.Config{Region: "us-east-1", BaseEndpoint: &s3.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			object, err := pictures.Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "large.tif"})
			if err != nil {
				t.Fatal(err)
			}
			checker := check.Checker{Rules: house}
			picture, err := checker.Open(object, object.Size(), "large.tif", nil)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			rep := picture.Report()
			if rep.Caption.Text != caption || rep.Photo.Width != 20000 || rep.Verdict != "pass" {
				t.Errorf("verdict %s, %d pixels wide, caption %q", rep.Verdict, rep.Photo.Width, rep.Caption.Text)
			}
			gets, bytes := object.Cost()
			if requests != gets || gets > 2 || bytes > 2<<20 {
				t.Errorf("%d requests, %d bytes", requests, bytes)
			}
			// The server's own buffers are in this, too.
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 24<<20 {
				t.Errorf("%d bytes of memory", spent)
			}
		})
	}
}
