package bucket

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// MaxKeys bounds a listing: folders of settings, not of pictures.
const MaxKeys = 1000

// Keys lists the objects below a prefix, at most a thousand.
func (b *Bucket) Keys(ctx context.Context, bucket, prefix string) ([]string, error) {
	out, err := b.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, MaxKeys: aws.Int32(MaxKeys)})
	if err != nil {
		return nil, fmt.Errorf("list s3://%s/%s: %w", bucket, prefix, err)
	}
	var keys []string
	for _, o := range out.Contents {
		keys = append(keys, aws.ToString(o.Key))
	}
	return keys, nil
}

// Small reads a whole object, of at most limit bytes.
func (b *Bucket) Small(ctx context.Context, bucket, key string, limit int64) ([]byte, error) {
	got, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, fmt.Errorf("get s3://%s/%s: %w", bucket, key, asGone(err))
	}
	defer got.Body.Close()
	data, err := io.ReadAll(io.LimitReader(got.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("get s3://%s/%s: %w", bucket, key, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("get s3://%s/%s: it is larger than %d bytes", bucket, key, limit)
	}
	return data, nil
}
