package bucket

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// PresignGet returns an address where anybody can read the object for a while.
// An empty version is the current one.
func (b *Bucket) PresignGet(ctx context.Context, bucket, key, version string, valid time.Duration) (string, error) {
	in := &s3.GetObjectInput{Bucket: &bucket, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	signed, err := b.presign.PresignGetObject(ctx, in, s3.WithPresignExpires(valid))
	if err != nil {
		return "", fmt.Errorf("sign a GET of s3://%s/%s: %w", bucket, key, err)
	}
	return signed.URL, nil
}

// PresignPut returns an address where anybody can put the object for a while.
func (b *Bucket) PresignPut(ctx context.Context, bucket, key string, valid time.Duration) (string, error) {
	signed, err := b.presign.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key}, s3.WithPresignExpires(valid))
	if err != nil {
		return "", fmt.Errorf("sign a PUT of s3://%s/%s: %w", bucket, key, err)
	}
	return signed.URL, nil
}
