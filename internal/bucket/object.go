package bucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// How much one GET fetches, in bytes. Most pictures carry their metadata in
// the first block. For those that don't, each further GET fetches four times
// as much as the one before: a walk to the end of a file costs few requests,
// a jump costs little.
const (
	firstBlock = 256 << 10
	lastBlock  = 4 << 20
	growth     = 4

	// maxKept bounds what is kept of one object beside the first block.
	maxKept = 12 << 20
)

// Object is one version of an object. It reads its bytes when they are asked
// for, in blocks that it keeps. It serves one reader at a time or many.
type Object struct {
	Event
	size    int64
	tags    int    // how many tags it had when it was opened
	verdict string // that it was tagged with since

	ctx    context.Context
	client *s3.Client

	mu       sync.Mutex
	blocks   []block // the first one, then the others, the latest used at the end
	next     int64   // size of the next GET, bytes
	requests int
	fetched  int64
}

type block struct {
	offset int64
	data   []byte
}

// Open reads the first block of the version that the event tells of. Later
// reads use the context too. The error is ErrGone or ErrReplaced when this
// version can no longer be read.
func (b *Bucket) Open(ctx context.Context, e Event) (*Object, error) {
	o := &Object{Event: e, ctx: ctx, client: b.client, next: firstBlock * growth}
	got, err := o.get(ctx, fmt.Sprintf("bytes=0-%d", firstBlock-1))
	if isEmpty(err) {
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	if o.size, err = wholeSize(got); err != nil {
		return nil, fmt.Errorf("get s3://%s/%s: %w", e.Bucket, e.Key, err)
	}
	o.tags = int(aws.ToInt32(got.TagCount))
	o.VersionID = versionOf(got, e)
	o.ETag = strings.Trim(aws.ToString(got.ETag), `"`)
	data, err := o.read(got.Body, min(o.size, firstBlock))
	if err != nil {
		return nil, err
	}
	o.blocks = []block{{0, data}}
	return o, nil
}

// Size is the length of the object in bytes.
func (o *Object) Size() int64 { return o.size }

// Cost tells how many GETs the object took so far, and how many bytes they
// brought.
func (o *Object) Cost() (requests int, bytes int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.requests, o.fetched
}

// ReadAt implements io.ReaderAt. Its errors, io.EOF aside, are S3's.
func (o *Object) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for n < len(p) {
		at := off + int64(n)
		if at >= o.size {
			return n, io.EOF
		}
		b, err := o.blockAt(at, int64(len(p)-n))
		if err != nil {
			return n, err
		}
		n += copy(p[n:], b.data[at-b.offset:])
	}
	return n, nil
}

// blockAt returns a block with the byte at the offset, kept or fetched. Want
// is how many bytes from there on will be needed.
func (o *Object) blockAt(at, want int64) (block, error) {
	for i, b := range o.blocks {
		if at >= b.offset && at < b.offset+int64(len(b.data)) {
			if i > 0 {
				o.blocks = append(append(o.blocks[:i:i], o.blocks[i+1:]...), b)
			}
			return b, nil
		}
	}
	start, length := o.span(at, want)
	got, err := o.get(o.ctx, fmt.Sprintf("bytes=%d-%d", start, start+length-1))
	if err != nil {
		return block{}, err
	}
	defer got.Body.Close()
	o.forget(length)
	data, err := o.read(got.Body, length)
	if err != nil {
		return block{}, err
	}
	b := block{start, data}
	o.blocks = append(o.blocks, b)
	return b, nil
}

// span says what to fetch for a byte that is not kept, and makes the next
// fetch larger. Near the end of the object that is its whole end, since a
// directory there points back at what stands just before it, but for what is
// kept of it.
func (o *Object) span(at, want int64) (start, length int64) {
	length = min(max(o.next, want), lastBlock)
	o.next = min(o.next*growth, lastBlock)
	if at+length <= o.size {
		return at, length
	}
	start = max(0, o.size-length)
	for _, b := range o.blocks {
		if end := b.offset + int64(len(b.data)); end <= at {
			start = max(start, end)
		}
	}
	return start, o.size - start
}

// forget makes room for a block, the longest unused going first.
func (o *Object) forget(room int64) {
	kept := room
	for _, b := range o.blocks[1:] {
		kept += int64(len(b.data))
	}
	for kept > maxKept && len(o.blocks) > 1 {
		kept -= int64(len(o.blocks[1].data))
		o.blocks = append(o.blocks[:1], o.blocks[2:]...)
	}
}

// Stream reads the whole version from its beginning, in one GET.
func (o *Object) Stream(ctx context.Context) (io.ReadCloser, error) {
	if o.size == 0 {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	o.mu.Lock()
	got, err := o.get(ctx, "")
	o.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return &counted{got.Body, o}, nil
}

// counted is the body of an answer that counts as fetched.
type counted struct {
	io.ReadCloser
	object *Object
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.object.mu.Lock()
	c.object.fetched += int64(n)
	c.object.mu.Unlock()
	return n, err
}

// get asks for a range of this very version. An empty range is all of it.
func (o *Object) get(ctx context.Context, byteRange string) (*s3.GetObjectOutput, error) {
	in := &s3.GetObjectInput{Bucket: &o.Bucket, Key: &o.Key}
	if byteRange != "" {
		in.Range = &byteRange
	}
	switch {
	case o.VersionID != "":
		in.VersionId = &o.VersionID
	case o.ETag != "":
		in.IfMatch = aws.String(`"` + o.ETag + `"`)
	}
	o.requests++
	got, err := o.client.GetObject(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("get s3://%s/%s: %w", o.Bucket, o.Key, asGone(err))
	}
	return got, nil
}

// read reads exactly n bytes.
func (o *Object) read(body io.Reader, n int64) ([]byte, error) {
	data := make([]byte, n)
	got, err := io.ReadFull(body, data)
	o.fetched += int64(got)
	if err != nil {
		return nil, fmt.Errorf("get s3://%s/%s: the answer stopped after %d of %d bytes: %w", o.Bucket, o.Key, got, n, err)
	}
	return data, nil
}

// wholeSize is the object's length, which the answer to a range tells after
// the slash: "bytes 0-262143/5242880" (RFC 9110, section 14.4).
func wholeSize(got *s3.GetObjectOutput) (int64, error) {
	if got.ContentRange == nil {
		return aws.ToInt64(got.ContentLength), nil
	}
	_, after, _ := strings.Cut(*got.ContentRange, "/")
	size, err := strconv.ParseInt(after, 10, 64)
	if err != nil || size < 0 {
		return 0, fmt.Errorf("content range %q", *got.ContentRange)
	}
	return size, nil
}

// versionOf is the version that was read: the event's, or the one that S3
// names. Unversioned objects in a bucket with versions are called "null".
func versionOf(got *s3.GetObjectOutput, e Event) string {
	if e.VersionID != "" {
		return e.VersionID
	}
	return aws.ToString(got.VersionId)
}

// isEmpty recognizes S3's answer when a range of an empty object is asked for.
func isEmpty(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "InvalidRange"
}
