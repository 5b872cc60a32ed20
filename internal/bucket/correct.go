package bucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Verdict returns what the object's tag says; "" when it has none.
func (b *Bucket) Verdict(ctx context.Context, bucket, key, version string) (string, error) {
	in := &s3.GetObjectTaggingInput{Bucket: &bucket, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	got, err := b.client.GetObjectTagging(ctx, in)
	if err != nil {
		return "", fmt.Errorf("tags of s3://%s/%s: %w", bucket, key, asGone(err))
	}
	for _, tag := range got.TagSet {
		if aws.ToString(tag.Key) == VerdictTag {
			return aws.ToString(tag.Value), nil
		}
	}
	return "", nil
}

// Replace puts a new version of an object, with the type, metadata and tags
// of the one it was made from, the verdict aside. The error is ErrReplaced
// when that is no longer the current one.
func (b *Bucket) Replace(ctx context.Context, o *Object, body []byte) (version string, err error) {
	in := &s3.HeadObjectInput{Bucket: &o.Bucket, Key: &o.Key}
	if o.VersionID != "" {
		in.VersionId = &o.VersionID
	}
	was, err := b.client.HeadObject(ctx, in)
	if err != nil {
		return "", fmt.Errorf("head of s3://%s/%s: %w", o.Bucket, o.Key, asGone(err))
	}
	tags, err := b.otherTags(ctx, o)
	if err != nil {
		return "", err
	}
	put := &s3.PutObjectInput{
		Bucket: &o.Bucket, Key: &o.Key, Body: bytes.NewReader(body), IfMatch: aws.String(`"` + o.ETag + `"`),
		ContentType: was.ContentType, CacheControl: was.CacheControl, ContentDisposition: was.ContentDisposition, Metadata: was.Metadata,
	}
	if tags != "" {
		put.Tagging = &tags
	}
	out, err := b.client.PutObject(ctx, put)
	if err != nil {
		return "", fmt.Errorf("put s3://%s/%s: %w", o.Bucket, o.Key, asGone(err))
	}
	return aws.ToString(out.VersionId), nil
}

// otherTags are the tags beside the verdict, as a PUT takes them.
func (b *Bucket) otherTags(ctx context.Context, o *Object) (string, error) {
	if o.tags == 0 {
		return "", nil
	}
	in := &s3.GetObjectTaggingInput{Bucket: &o.Bucket, Key: &o.Key}
	if o.VersionID != "" {
		in.VersionId = &o.VersionID
	}
	got, err := b.client.GetObjectTagging(ctx, in)
	if err != nil {
		return "", fmt.Errorf("tags of s3://%s/%s: %w", o.Bucket, o.Key, asGone(err))
	}
	tags := url.Values{}
	for _, tag := range got.TagSet {
		if aws.ToString(tag.Key) != VerdictTag {
			tags.Set(aws.ToString(tag.Key), aws.ToString(tag.Value))
		}
	}
	return tags.Encode(), nil
}

// Sidecar is an XMP document beside a picture.
type Sidecar struct {
	Data []byte
	etag string // "" when there is none yet
}

// Sidecar reads the object at the key, of at most limit bytes; it is empty
// when there is none.
func (b *Bucket) Sidecar(ctx context.Context, bucket, key string, limit int64) (Sidecar, error) {
	got, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err = asGone(err); errors.Is(err, ErrGone) {
		return Sidecar{}, nil
	}
	if err != nil {
		return Sidecar{}, fmt.Errorf("get s3://%s/%s: %w", bucket, key, err)
	}
	defer got.Body.Close()
	var data bytes.Buffer
	n, err := data.ReadFrom(io.LimitReader(got.Body, limit+1))
	switch {
	case err != nil:
		return Sidecar{}, fmt.Errorf("get s3://%s/%s: %w", bucket, key, err)
	case n > limit:
		return Sidecar{}, fmt.Errorf("get s3://%s/%s: it is larger than %d bytes", bucket, key, limit)
	}
	return Sidecar{data.Bytes(), strings.Trim(aws.ToString(got.ETag), `"`)}, nil
}

// PutSidecar writes a sidecar in the place of the one that was read, or where
// there was none. The error is ErrReplaced when another came meanwhile.
func (b *Bucket) PutSidecar(ctx context.Context, bucket, key string, was Sidecar, data []byte) error {
	in := &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(data), ContentType: aws.String("application/rdf+xml")}
	if was.etag != "" {
		in.IfMatch = aws.String(`"` + was.etag + `"`)
	} else {
		in.IfNoneMatch = aws.String("*")
	}
	if _, err := b.client.PutObject(ctx, in); err != nil {
		return fmt.Errorf("put s3://%s/%s: %w", bucket, key, asGone(err))
	}
	return nil
}
