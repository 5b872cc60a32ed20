package bucket_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"pgregory.net/rapid"

	"cutline/internal/bucket"
)

// served is an S3 that has one object.
type served struct {
	mu   sync.Mutex
	data []byte
	etag string
	code string // the error that it answers with, "" for none
	tags string // the body of the last tagging
	had  []string
}

func (s *served) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fail := func(status int, code string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
	}
	switch {
	case s.code == "NoSuchKey" || s.code == "NoSuchVersion":
		fail(http.StatusNotFound, s.code)
	case s.code == "MethodNotAllowed":
		fail(http.StatusMethodNotAllowed, s.code)
	case s.code != "":
		fail(http.StatusForbidden, s.code)
	case r.URL.Query().Has("tagging") && r.Method == http.MethodPut:
		body, _ := io.ReadAll(r.Body)
		s.tags = string(body)
	case r.URL.Query().Has("tagging"):
		var set strings.Builder
		for _, tag := range s.had {
			name, value, _ := strings.Cut(tag, "=")
			set.WriteString("<Tag><Key>" + name + "</Key><Value>" + value + "</Value></Tag>")
		}
		io.WriteString(w, "<Tagging><TagSet>"+set.String()+"</TagSet></Tagging>")
	case r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != `"`+s.etag+`"`:
		fail(http.StatusPreconditionFailed, "PreconditionFailed")
	case len(s.data) == 0:
		fail(http.StatusRequestedRangeNotSatisfiable, "InvalidRange")
	default:
		if len(s.had) > 0 {
			w.Header().Set("X-Amz-Tagging-Count", fmt.Sprint(len(s.had)))
		}
		w.Header().Set("ETag", `"`+s.etag+`"`)
		r.Header.Del("If-Match")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.data))
	}
}

func open(t testing.TB, s *served) *bucket.Bucket {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return bucket.New(bucket.NewClient(aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}))
}

func bytesOf(n int) []byte {
	data := make([]byte, n)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return data
}

// What is in the first 256 KiB costs one GET.
func TestTheHeadCostsOneGet(t *testing.T) {
	s := &served{data: bytesOf(3 << 20), etag: "e1"}
	o, err := open(t, s).Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a b.jpg", ETag: "e1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, off := range []int64{0, 100_000, 256<<10 - 10} {
		p := make([]byte, 10)
		if _, err := o.ReadAt(p, off); err != nil || !bytes.Equal(p, s.data[off:off+10]) {
			t.Errorf("at %d: %x, %v", off, p, err)
		}
	}
	if gets, read := o.Cost(); gets != 1 || read != 256<<10 || o.Size() != 3<<20 {
		t.Errorf("%d GETs of %d bytes", gets, read)
	}
}

// A walk to the end of an object brings none of its bytes twice.
func TestNoByteComesTwice(t *testing.T) {
	for _, size := range []int{300 << 10, 700 << 10, 2 << 20, 9 << 20} {
		s := &served{data: bytesOf(size), etag: "e1"}
		o, err := open(t, s).Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a.jpg"})
		if err != nil {
			t.Fatal(err)
		}
		for off := 0; off < size; off += 60_000 {
			if _, err := o.ReadAt(make([]byte, 4), int64(off)); err != nil && err != io.EOF {
				t.Fatal(err)
			}
		}
		if _, read := o.Cost(); read > int64(size) {
			t.Errorf("of %d bytes %d came", size, read)
		}
	}
}

// Whatever is read in whatever order, it is the object's bytes.
func TestAnyReadIsTheObjects(t *testing.T) {
	s := &served{data: bytesOf(9<<20 + 17), etag: "e1"}
	b := open(t, s)
	rapid.Check(t, func(r *rapid.T) {
		o, err := b.Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a.jpg"})
		if err != nil {
			r.Fatal(err)
		}
		for range rapid.IntRange(1, 12).Draw(r, "reads") {
			off := rapid.Int64Range(0, int64(len(s.data))+5).Draw(r, "offset")
			p := make([]byte, rapid.IntRange(0, 1<<20).Draw(r, "length"))
			n, err := o.ReadAt(p, off)
			want := s.data[min(off, int64(len(s.data))):]
			want = want[:min(len(p), len(want))]
			if n != len(want) || !bytes.Equal(p[:n], want) || (err == io.EOF) != (n < len(p)) || err != nil && err != io.EOF {
				r.Fatalf("%d bytes at %d: %d, %v", len(p), off, n, err)
			}
		}
	})
}

func TestGoneAndReplaced(t *testing.T) {
	for _, c := range []struct {
		code, etag string
		want       error
	}{
		{"NoSuchKey", "", bucket.ErrGone},
		{"NoSuchVersion", "", bucket.ErrGone},
		{"MethodNotAllowed", "", bucket.ErrGone}, // a delete marker
		{"", "another", bucket.ErrReplaced},
	} {
		s := &served{data: []byte("x"), etag: "e1", code: c.code}
		if _, err := open(t, s).Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a.jpg", ETag: c.etag}); !errors.Is(err, c.want) {
			t.Errorf("%s %s: %v, want %v", c.code, c.etag, err, c.want)
		}
	}
	s := &served{code: "AccessDenied"}
	if _, err := open(t, s).Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a.jpg"}); err == nil || errors.Is(err, bucket.ErrGone) || bucket.Retryable(err) {
		t.Errorf("a refusal: %v", err)
	}

	// Replaced between two reads: never bytes of two versions in one picture.
	s = &served{data: bytesOf(1 << 20), etag: "e1"}
	o, err := open(t, s).Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a.jpg"})
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.etag = "e2"
	s.mu.Unlock()
	if _, err := o.ReadAt(make([]byte, 10), 900_000); !errors.Is(err, bucket.ErrReplaced) {
		t.Errorf("a read after the object was replaced: %v", err)
	}
}

func TestEmptyObject(t *testing.T) {
	o, err := open(t, &served{}).Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a.jpg"})
	if err != nil || o.Size() != 0 {
		t.Fatalf("%v", err)
	}
	if n, err := o.ReadAt(make([]byte, 1), 0); n != 0 || err != io.EOF {
		t.Errorf("%d, %v", n, err)
	}
}

// The verdict stands beside the other tags, and is not written again when it
// is there.
func TestTag(t *testing.T) {
	for _, c := range []struct {
		had  []string
		want []string // in what is written; nothing is when nil
	}{
		{nil, []string{"<Key>cutline-verdict</Key><Value>fail</Value>"}},
		{[]string{"desk=sport"}, []string{"<Key>cutline-verdict</Key><Value>fail</Value>", "<Key>desk</Key><Value>sport</Value>"}},
		{[]string{"desk=sport", "cutline-verdict=pass"}, []string{"<Key>cutline-verdict</Key><Value>fail</Value>", "<Key>desk</Key><Value>sport</Value>"}},
		{[]string{"cutline-verdict=fail"}, nil},
	} {
		s := &served{data: []byte("x"), etag: "e1", had: c.had}
		b := open(t, s)
		o, err := b.Open(t.Context(), bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: "a.jpg"})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Tag(t.Context(), o, "fail"); err != nil {
			t.Error(err)
		}
		if (s.tags == "") != (c.want == nil) || strings.Count(s.tags, "<Tag>") != len(c.want) {
			t.Errorf("%v: %s", c.had, s.tags)
		}
		for _, want := range c.want {
			if !strings.Contains(s.tags, want) {
				t.Errorf("%v: %s lacks %s", c.had, s.tags, want)
			}
		}
	}
}
