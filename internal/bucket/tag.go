package bucket

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// VerdictTag is the tag that holds the verdict, so that a bucket's policy can
// keep back what is not cleared.
const VerdictTag = "cutline-verdict"

// At names a version of an object, unread, to be tagged. Whether it has tags is
// not known, so they are asked for.
func (b *Bucket) At(bucket, key, version string) *Object {
	return &Object{Event: Event{Bucket: bucket, Key: key, VersionID: version}, client: b.client, tags: 1}
}

// Tag puts the verdict on the version that was read, beside its other tags.
// The other tags are asked for only if the object had some when it was opened,
// which S3 tells only those who may read tags (s3:GetObjectTagging,
// s3:GetObjectVersionTagging).
func (b *Bucket) Tag(ctx context.Context, o *Object, verdict string) error {
	if o.verdict == verdict {
		return nil
	}
	var version *string
	if o.VersionID != "" {
		version = &o.VersionID
	}
	tags := []types.Tag{{Key: aws.String(VerdictTag), Value: &verdict}}
	if o.tags > 0 {
		got, err := b.client.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &o.Bucket, Key: &o.Key, VersionId: version})
		if err != nil {
			return fmt.Errorf("tags of s3://%s/%s: %w", o.Bucket, o.Key, asGone(err))
		}
		for _, tag := range got.TagSet {
			switch {
			case aws.ToString(tag.Key) != VerdictTag:
				tags = append(tags, tag)
			case aws.ToString(tag.Value) == verdict:
				o.verdict = verdict
				return nil
			}
		}
	}
	_, err := b.client.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{
		Bucket: &o.Bucket, Key: &o.Key, VersionId: version,
		Tagging: &types.Tagging{TagSet: tags},
	})
	if err != nil {
		return fmt.Errorf("tag s3://%s/%s: %w", o.Bucket, o.Key, asGone(err))
	}
	o.verdict = verdict
	return nil
}
