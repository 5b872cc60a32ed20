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

	"golang.org/x/sync/errgroup"
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
	return u.picture(ctx, e, time.Time{})
}

// picture checks a picture with the sidecar that came for it, and once more
// if one came meanwhile, or if a report stands that may know less. The
// report counts more than one that was made at the time given, whatever this
// machine's clock says: what it is made of was seen later.
func (u *Uploads) picture(ctx context.Context, e bucket.Event, after time.Time) (failed error) {
	ctx, span := telemetry.Begin(ctx, "picture", "bucket", e.Bucket, "key", e.Key, "version", e.VersionID)
	up := &upload{Uploads: u, at: e.Time, after: after, took: &stages{took: map[string]time.Duration{}}}
	defer func() {
		up.took.current.End(failed)
		span.End(failed)
	}()
	opened := up.took.begin(ctx, "open")
	came, err := up.open(ctx, e)
	if gone(err) {
		// Its own event tells of what stands there now.
		u.Log.InfoContext(ctx, "the object is gone", "bucket", e.Bucket, "key", e.Key, "version", e.VersionID)
		return nil
	}
	if err != nil {
		return err
	}
	opened()
	for range 3 {
		up.beside = came
		if came, err = up.check(ctx); err != nil {
			return err
		}
		if slices.Equal(came, up.beside) && up.stands() {
			break
		}
		up.after = up.kept.Report.CheckedAt
	}
	up.measure()
	requests, read := up.object.Cost()
	span.Set("verdict", up.kept.Report.Verdict, "origin", up.kept.Report.Origin, "gets", requests, "bytes", read)
	u.Log.InfoContext(ctx, "checked", "bucket", e.Bucket, "key", e.Key, "version", up.object.VersionID,
		"verdict", up.kept.Report.Verdict, "origin", up.kept.Report.Origin, "latest", up.kept.Latest, "gets", requests, "bytes", read, "ms", up.took)
	return nil
}

// upload is one picture on its way from an event to its report. The steps, in
// the order in which they are taken:
//
//	open       the object, and the sidecars that came for it
//	check      its head: metadata, credentials, caption, rules
//	keep       the report: what was known before, the store, the object's tag
//	complete   the whole picture, where the rules ask for it, and keep again
//	lookAgain  for the kill notices and sidecars that came meanwhile
//	announce   its own notice, where its caption is one
type upload struct {
	*Uploads
	object  *bucket.Object
	beside  []store.Sidecar // that came, as far as is known
	picture *Picture
	sidecar string    // key of the one that was read; "" without one
	at      time.Time // of the event
	after   time.Time // when a report was made that counts less than this one
	named   bool      // its references are written down
	alike   []store.Alike
	kept    store.Kept // as the last report was stored
	tagged  string     // what its object was to be tagged with
	took    *stages
}

// open opens the object, and meanwhile looks for sidecars. That look may be
// some time behind: another one follows.
func (u *upload) open(ctx context.Context, e bucket.Event) (came []store.Sidecar, err error) {
	var looked errgroup.Group
	looked.Go(func() (err error) {
		came, err = u.Store.Sidecars(ctx, e.Bucket, withoutExtension(e.Key), store.Eventual)
		return err
	})
	u.object, err = u.Bucket.Open(ctx, e)
	if errors.Is(err, bucket.ErrReplaced) {
		// In a bucket without versions, what stands there now is the picture.
		// Its own event will come, or has come and lost nothing by this.
		e.ETag = ""
		u.object, err = u.Bucket.Open(ctx, e)
	}
	failed := looked.Wait()
	if err == nil {
		err = failed
	}
	return came, err
}

// check takes the picture from its sidecar to the store, and returns the
// sidecars that have come by then.
func (u *upload) check(ctx context.Context) ([]store.Sidecar, error) {
	looked := u.took.begin(ctx, "sidecar")
	beside, err := u.readBeside(ctx, u.object.Key, u.object.Bucket, u.beside)
	if err != nil {
		return nil, err
	}
	looked()
	checked := u.took.begin(ctx, "check")
	u.picture, err = u.Checker.Open(u.object, u.object.Size(), u.object.Key, beside.text)
	if err != nil {
		return nil, fmt.Errorf("check s3://%s/%s: %w", u.object.Bucket, u.object.Key, err)
	}
	checked()
	u.sidecar, u.alike = beside.key, nil
	return u.run(ctx)
}

// run stores the report of the head, then that of the whole picture where it
// is asked for; at last it looks at what came meanwhile, and spreads the
// picture's own notice if it is one. It returns the sidecars that have come.
func (u *upload) run(ctx context.Context) ([]store.Sidecar, error) {
	if err := u.keep(ctx, store.Eventual); err != nil {
		return nil, err
	}
	if u.picture.Pending() {
		if err := u.complete(ctx); err != nil {
			return nil, err
		}
	}
	came, err := u.lookAgain(ctx)
	return came, errors.Join(err, u.announce(ctx))
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
	return errors.Join(u.keep(ctx, store.Eventual), failed)
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
// is still being read is not passed yet. What is known of notices may be some
// time behind (Eventual) if lookAgain follows.
func (u *upload) keep(ctx context.Context, c store.Consistency) error {
	recalled := u.took.begin(ctx, "recall")
	if err := u.recall(ctx, c); err != nil {
		return err
	}
	recalled()
	stored := u.took.begin(ctx, "store")
	var err error
	if u.kept, err = u.Store.PutAgain(ctx, u.report(), u.kept); err != nil {
		return err
	}
	stored()
	defer u.took.begin(ctx, "tag")()
	return u.tagKept(ctx)
}

// report is that of the picture, with the names of its object.
func (u *upload) report() report.Report {
	rep := u.picture.Report()
	rep.Photo.Bucket, rep.Photo.Key = u.object.Bucket, u.object.Key
	rep.Photo.VersionID, rep.Photo.ETag, rep.Photo.Sequencer = u.object.VersionID, u.object.ETag, u.object.Sequencer
	rep.Photo.Sidecar = u.sidecar
	if !rep.CheckedAt.After(u.after) {
		rep.CheckedAt = u.after.Add(time.Nanosecond)
	}
	return rep
}

// stands says whether the report that counts is of the sidecar that was read,
// and of as much of the picture: where clocks differ, it may be an earlier one.
// Another's report, of the same sidecar, may be of what that said before.
func (u *upload) stands() bool {
	made := u.report()
	switch {
	case problemOf(u.kept.Report) != problemOf(made):
		return false
	case u.sidecar == "":
		return u.kept.Report.Photo.Sidecar == ""
	}
	return u.kept.Report.CheckedAt.Equal(made.CheckedAt)
}

// problemOf is why a picture was not looked at, or not read whole.
func problemOf(rep report.Report) string {
	if rep.Provenance == nil {
		return ""
	}
	return rep.Provenance.Problem
}
