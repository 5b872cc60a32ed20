package check

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/report"
	"cutline/internal/store"
	"cutline/internal/telemetry"
)

// Uploads checks the pictures of a bucket as they come.
type Uploads struct {
	Checker *Checker
	Bucket  *bucket.Bucket
	Store   *store.Store
	Log     *slog.Logger
	Metrics *telemetry.Metrics // nil for none
}

// Upload takes one event from the object to the store. An error means that
// the event has to come again; whatever else is wrong stands in the report.
// Coming twice or out of order does no harm.
func (u *Uploads) Upload(ctx context.Context, e bucket.Event) error {
	switch {
	case IsSidecar(e.Key):
		return u.sidecar(ctx, e)
	case e.Kind == bucket.Removed:
		return u.Store.MarkDeleted(ctx, e.Bucket, e.Key, e.VersionID, e.Sequencer)
	}
	return u.picture(ctx, e)
}

// picture checks a picture with the sidecar that came for it, and once more
// if one came meanwhile.
func (u *Uploads) picture(ctx context.Context, e bucket.Event) error {
	name := withoutExtension(e.Key)
	came, err := u.Store.Sidecars(ctx, e.Bucket, name)
	if err != nil {
		return err
	}
	for range 3 {
		if err := u.pictureBeside(ctx, e, came); err != nil {
			return err
		}
		now, err := u.Store.Sidecars(ctx, e.Bucket, name)
		if err != nil || slices.Equal(now, came) {
			return err
		}
		came = now
	}
	return nil
}

func (u *Uploads) pictureBeside(ctx context.Context, e bucket.Event, came []store.Sidecar) (failed error) {
	ctx, span := telemetry.Begin(ctx, "picture", "bucket", e.Bucket, "key", e.Key, "version", e.VersionID)
	took := &stages{took: map[string]time.Duration{}}
	opened := took.begin(ctx, "open")
	defer func() {
		took.current.End(failed)
		span.End(failed)
	}()
	object, err := u.Bucket.Open(ctx, e)
	if errors.Is(err, bucket.ErrReplaced) {
		// In a bucket without versions, what stands there now is the picture.
		// Its own event will come, or has come and lost nothing by this.
		e.ETag = ""
		object, err = u.Bucket.Open(ctx, e)
	}
	if gone(err) {
		// Its own event tells of what stands there now.
		u.Log.InfoContext(ctx, "the object is gone", "bucket", e.Bucket, "key", e.Key, "version", e.VersionID)
		return nil
	}
	if err != nil {
		return err
	}
	opened()
	looked := took.begin(ctx, "sidecar")
	beside, err := u.beside(ctx, e.Key, e.Bucket, came)
	if err != nil {
		return err
	}
	looked()
	checked := took.begin(ctx, "check")
	picture, err := u.Checker.Open(object, object.Size(), e.Key, beside.text)
	if err != nil {
		return fmt.Errorf("check s3://%s/%s: %w", e.Bucket, e.Key, err)
	}
	checked()
	up := &upload{Uploads: u, object: object, picture: picture, sidecar: beside.key, at: e.Time, took: took}
	if err := up.run(ctx); err != nil {
		return err
	}
	up.measure()
	requests, read := object.Cost()
	span.Set("verdict", up.kept.Report.Verdict, "origin", up.kept.Report.Origin, "gets", requests, "bytes", read)
	u.Log.InfoContext(ctx, "checked", "bucket", e.Bucket, "key", e.Key, "version", object.VersionID,
		"verdict", up.kept.Report.Verdict, "origin", up.kept.Report.Origin, "latest", up.kept.Latest, "gets", requests, "bytes", read, "ms", took)
	return nil
}

// upload is one picture on its way to the store.
type upload struct {
	*Uploads
	object  *bucket.Object
	picture *Picture
	sidecar string    // its key; "" without one
	at      time.Time // of the event
	alike   []store.Alike
	kept    store.Kept // as the last report was stored
	took    *stages
}

// run stores the report of the head, then that of the whole picture where it
// is asked for; at last it looks at kill notices that came meanwhile, and
// spreads the picture's own if it is one.
func (u *upload) run(ctx context.Context) error {
	if err := u.keep(ctx); err != nil {
		return err
	}
	if u.picture.Pending() {
		if err := u.complete(ctx); err != nil {
			return err
		}
	}
	return errors.Join(u.lookAgain(ctx), u.announce(ctx))
}

// gone says that a version can no longer be read.
func gone(err error) bool {
	return errors.Is(err, bucket.ErrGone) || errors.Is(err, bucket.ErrReplaced)
}

// complete reads the whole picture and stores its report again. When that
// fails, the report says so and the event comes again: no report waits for
// ever for something that does not happen.
func (u *upload) complete(ctx context.Context) error {
	failed := u.readWhole(ctx)
	switch {
	case gone(failed):
		u.picture.GiveUp("The picture was deleted or replaced before all of it was read.")
		failed = nil
	case failed != nil:
		u.picture.GiveUp("The whole picture could not be read, so what its pixels and credentials prove is not known yet.")
	}
	return errors.Join(u.keep(ctx), failed)
}

// readWhole leaves enough of the time to store what came of it.
func (u *upload) readWhole(ctx context.Context) error {
	defer u.took.begin(ctx, "whole")()
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	stream, err := u.object.Stream(ctx)
	if err != nil {
		return err
	}
	defer stream.Close()
	return u.picture.ReadWhole(stream)
}

// keep stores the report as it is now, with what was known before about the
// picture, and puts the verdict that stands then on the object. A picture that
// is still being read is not passed yet.
func (u *upload) keep(ctx context.Context) error {
	recalled := u.took.begin(ctx, "recall")
	if err := u.recall(ctx); err != nil {
		return err
	}
	recalled()
	stored := u.took.begin(ctx, "store")
	var err error
	if u.kept, err = u.Store.Put(ctx, u.report()); err != nil {
		return err
	}
	stored()
	defer u.took.begin(ctx, "tag")()
	return u.tag(ctx, u.object)
}

// report is that of the picture, with the names of its object.
func (u *upload) report() report.Report {
	rep := u.picture.Report()
	rep.Photo.Bucket, rep.Photo.Key = u.object.Bucket, u.object.Key
	rep.Photo.VersionID, rep.Photo.ETag, rep.Photo.Sequencer = u.object.VersionID, u.object.ETag, u.object.Sequencer
	rep.Photo.Sidecar = u.sidecar
	return rep
}
