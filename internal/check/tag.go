package check

import (
	"context"
	"errors"
	"fmt"

	"cutline/internal/bucket"
	"cutline/internal/store"
)

// Tag puts on a version of an object what its report and its editors say, and
// returns that. It looks again afterwards, for whoever decides meanwhile tags
// it too, and the last to look must see both. Where the bucket keeps no
// versions, whoever dies before that may leave on an object the tag of what it
// replaced: the desk shows it, and puts it again.
func Tag(ctx context.Context, pictures *bucket.Bucket, reports *store.Store, o *bucket.Object) (string, error) {
	tagged := ""
	for range maxTags {
		stands, err := reports.Clearance(ctx, o.Bucket, o.Key, o.VersionID)
		if err != nil || stands == tagged {
			return tagged, err
		}
		if err := pictures.Tag(ctx, o, stands); err != nil {
			return "", fmt.Errorf("%w: %w", errTag, err)
		}
		tagged = stands
	}
	return "", fmt.Errorf("%w: the decisions about s3://%s/%s change faster than it is tagged", errTag, o.Bucket, o.Key)
}

// errTag says that S3 did not take the tag.
var errTag = errors.New("the tag cannot be put")

// maxTags is how often a tag is put before that is given up.
const maxTags = 5

// tag is Tag, with what may fail about it told.
func (u *Uploads) tag(ctx context.Context, o *bucket.Object) error {
	_, err := Tag(ctx, u.Bucket, u.Store, o)
	return u.untagged(ctx, o, err)
}

// tagKept puts what was stored a moment ago on the object, for lookAgain to see
// whether it is still so.
func (u *upload) tagKept(ctx context.Context) (err error) {
	u.tagged = u.kept.Clearance
	switch {
	case !u.kept.Latest:
		u.tagged, err = Tag(ctx, u.Bucket, u.Store, u.object)
	case u.tagged != "":
		if err = u.Bucket.Tag(ctx, u.object, u.tagged); err != nil {
			err = fmt.Errorf("%w: %w", errTag, err)
		}
	}
	return u.untagged(ctx, u.object, err)
}

// untagged tells of a tag that cannot be put. The report is stored by then, so
// a failure loses none: one that may pass lets the event come again, and a
// refusal, which would be repeated for ever, is told by an alarm.
func (u *Uploads) untagged(ctx context.Context, o *bucket.Object, err error) error {
	switch {
	case err == nil, errors.Is(err, bucket.ErrGone):
		return nil
	case !errors.Is(err, errTag), bucket.Retryable(err), ctx.Err() != nil:
		return err
	}
	u.Log.ErrorContext(ctx, TagMissing, "bucket", o.Bucket, "key", o.Key, "version", o.VersionID, "error", err)
	return nil
}

// TagMissing is the message of the log when a tag cannot be put, so that an
// object has none, or one that is no longer so. The template's alarm looks for
// it.
const TagMissing = "tag missing"
