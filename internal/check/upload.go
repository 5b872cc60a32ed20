package check

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/report"
	"cutline/internal/store"
)

// Uploads checks the pictures of a bucket as they come.
type Uploads struct {
	Checker *Checker
	Bucket  *bucket.Bucket
	Store   *store.Store
	Log     *slog.Logger
}

// Upload takes one event from the object to the store. An error means that
// the event has to come again; whatever else is wrong stands in the report.
// Coming twice or out of order does no harm.
func (u *Uploads) Upload(ctx context.Context, e bucket.Event) error {
	if e.Kind == bucket.Removed {
		return u.Store.MarkDeleted(ctx, e.Bucket, e.Key, e.VersionID, e.Sequencer)
	}
	began := time.Now()
	object, err := u.Bucket.Open(ctx, e)
	if errors.Is(err, bucket.ErrGone) || errors.Is(err, bucket.ErrReplaced) {
		// Its own event tells of what stands there now.
		u.Log.InfoContext(ctx, "the object is gone", "bucket", e.Bucket, "key", e.Key, "version", e.VersionID, "reason", err)
		return nil
	}
	if err != nil {
		return err
	}
	rep, err := u.Checker.Picture(object, object.Size(), e.Key)
	if err != nil {
		return fmt.Errorf("check s3://%s/%s: %w", e.Bucket, e.Key, err)
	}
	rep.Photo.Bucket, rep.Photo.Key = e.Bucket, e.Key
	rep.Photo.VersionID, rep.Photo.ETag, rep.Photo.Sequencer = object.VersionID, object.ETag, e.Sequencer
	latest, err := u.Store.Put(ctx, rep)
	if err != nil {
		return err
	}
	if err := u.tag(ctx, object, rep); err != nil {
		return err
	}
	requests, read := object.Cost()
	u.Log.InfoContext(ctx, "checked", "bucket", e.Bucket, "key", e.Key, "version", object.VersionID,
		"verdict", rep.Verdict, "origin", rep.Origin, "latest", latest, "gets", requests, "bytes", read, "ms", time.Since(began).Milliseconds())
	return nil
}

// tag puts the verdict on the version that was read. The report is stored by
// then, so a failure loses none: one that may pass lets the event come again,
// and a refusal, which would be repeated for ever, is told.
func (u *Uploads) tag(ctx context.Context, o *bucket.Object, rep report.Report) error {
	err := u.Bucket.Tag(ctx, o, string(rep.Verdict))
	switch {
	case err == nil, errors.Is(err, bucket.ErrGone):
		return nil
	case bucket.Retryable(err) || ctx.Err() != nil:
		return err
	}
	u.Log.ErrorContext(ctx, "the verdict's tag is missing", "bucket", o.Bucket, "key", o.Key, "verdict", rep.Verdict, "error", err)
	return nil
}
