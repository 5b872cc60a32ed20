package faults_test

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/report"
	"cutline/internal/store"
)

// check looks whether Cutline kept its promises once everything came to rest.
func (s *schedule) check() error {
	ctx := context.Background()
	for _, o := range s.objects {
		if err := s.checkObject(ctx, o); err != nil {
			return fmt.Errorf("%s of %s: %w", o.key, s.bucket, err)
		}
	}
	return errors.Join(s.checkList(ctx), s.checkDecisions(ctx), s.checkQueue(), s.noteState(ctx))
}

func (s *schedule) checkObject(ctx context.Context, o *object) error {
	for i := range o.versions {
		if v := &o.versions[i]; v.id != "" {
			if err := s.checkVersion(ctx, o, v); err != nil {
				return fmt.Errorf("version %s: %w", v.id, err)
			}
		}
	}
	shown, err := s.checkLatest(ctx, o)
	if err != nil {
		return err
	}
	versions, err := s.rested.Versions(ctx, s.bucket, o.key)
	if err == nil && len(versions) > len(o.versions) {
		err = fmt.Errorf("%d versions have a report, %d were uploaded", len(versions), len(o.versions))
	}
	return errors.Join(s.hold("no version has two reports, and nothing else has one", err), s.checkNotices(o, shown))
}

// checkVersion: a version that is there has a report, of its own bytes, and a
// tag that agrees with it.
func (s *schedule) checkVersion(ctx context.Context, o *object, v *uploaded) error {
	rec, err := s.rested.GetVersion(ctx, s.bucket, o.key, v.id)
	if v.removed {
		switch {
		case errors.Is(err, store.ErrNotFound):
			err = nil
		case err == nil && !rec.Deleted:
			err = errors.New("it was removed, and its report does not say so")
		}
		return s.hold("a removed version is said to be", err)
	}
	if err := s.hold("every version has a report", err); err != nil {
		return err
	}
	if err := s.checkReport(rec, o, v); err != nil {
		return err
	}
	return s.checkTag(ctx, o.key, v.id, rec)
}

// checkReport: the report is of this version, and complete.
func (s *schedule) checkReport(rec store.Record, o *object, v *uploaded) error {
	var err error
	if err := s.checkKill(o, v, rec); err != nil {
		return err
	}
	verdict := v.picture.verdict
	switch {
	case killed(rec.Report):
		verdict = report.Fail
	case rec.Photo.Sidecar != "":
		verdict = v.picture.beside
	}
	if rec.Verdict != verdict && !recirculated(rec.Report) || rec.Photo.VersionID != v.id || rec.Photo.Size != int64(len(v.picture.jpeg)) {
		err = fmt.Errorf("its report says %s of version %s", rec.Verdict, rec.Photo.VersionID)
	}
	if err := s.hold("a report is of its own version's bytes", err); err != nil {
		return err
	}
	if rec.Pending() {
		err = errors.New("the whole picture is still said to be under way")
	}
	return s.hold("nothing is pending for good", err)
}

// checkTag: the tag says what the report and the editors say. Where an editor
// could not put it, and knows, it may still be the verdict.
func (s *schedule) checkTag(ctx context.Context, key, version string, rec store.Record) error {
	says, err := s.tag(ctx, key, version)
	// An editor whose request died knows that the tag may be wrong. In a bucket
	// without versions it may even be that of what was replaced meanwhile.
	known := s.untagged[key] && (says == string(rec.Verdict) || version == "")
	if err == nil && says != rec.Clearance() && !known {
		err = fmt.Errorf("its tag says %q, its verdict is %s and its clearance %s", says, rec.Verdict, rec.Clearance())
	}
	return s.hold("a tag agrees with its report", err)
}

// tag is what the version's tag says.
func (s *schedule) tag(ctx context.Context, key, version string) (string, error) {
	in := &s3.GetObjectTaggingInput{Bucket: &s.bucket, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	tags, err := s.world.s3.GetObjectTagging(ctx, in)
	if err != nil {
		return "", err
	}
	if len(tags.TagSet) != 1 || aws.ToString(tags.TagSet[0].Key) != bucket.VerdictTag {
		return "", fmt.Errorf("it has %d tags", len(tags.TagSet))
	}
	return aws.ToString(tags.TagSet[0].Value), nil
}

// checkLatest: the report that is shown is that of the version that was
// uploaded last of those that are left.
func (s *schedule) checkLatest(ctx context.Context, o *object) (store.Record, error) {
	latest, hidden := o.latest()
	rec, err := s.rested.Get(ctx, s.bucket, o.key)
	if latest == nil || hidden && errors.Is(err, store.ErrNotFound) {
		switch {
		case errors.Is(err, store.ErrNotFound):
			err = nil
		case err == nil && !rec.Deleted:
			err = errors.New("every version was removed, and the report does not say so")
		}
		return rec, s.hold("what is gone is said to be", err)
	}
	switch {
	case err != nil:
	case rec.Photo.VersionID != latest.id:
		err = fmt.Errorf("version %s is shown, %s is the latest", rec.Photo.VersionID, latest.id)
	case rec.Deleted != hidden:
		err = fmt.Errorf("deleted is %v, the object is hidden: %v", rec.Deleted, hidden)
	}
	if err := s.hold("the latest version is shown", err); err != nil || hidden {
		return rec, err
	}
	if err := s.checkBeside(o, rec); err != nil {
		return rec, err
	}
	if latest.id == "" { // there is only one, which was not looked at yet
		if err := errors.Join(s.checkReport(rec, o, latest), s.checkTag(ctx, o.key, "", rec)); err != nil {
			return rec, err
		}
	}
	if !s.untagged[o.key] {
		return rec, nil
	}
	pictures := bucket.New(s.world.s3)
	_, err = check.Tag(ctx, pictures, s.rested, pictures.At(s.bucket, o.key, latest.id))
	if says, failed := s.tag(ctx, o.key, latest.id); err == nil && (failed != nil || says != rec.Clearance()) {
		err = fmt.Errorf("put again, its tag says %q, its clearance is %s: %w", says, rec.Clearance(), failed)
	}
	return rec, s.hold("an editor can put a tag again", err)
}

// checkList: each picture that has a report stands in the list once, as its
// report is.
func (s *schedule) checkList(ctx context.Context) error {
	page, err := s.rested.List(ctx, store.Query{})
	if err != nil {
		return err
	}
	for _, o := range s.objects {
		rec, err := s.rested.Get(ctx, s.bucket, o.key)
		want := 1
		if errors.Is(err, store.ErrNotFound) {
			want, err = 0, nil
		}
		n := 0
		for _, row := range page.Rows {
			if row.Key != o.key {
				continue
			}
			if n++; row.Verdict != rec.Verdict || row.VersionID != rec.Photo.VersionID {
				err = fmt.Errorf("the list says %s of version %s", row.Verdict, row.VersionID)
			}
		}
		if n != want {
			err = fmt.Errorf("%s stands in the list %d times, not %d", o.key, n, want)
		}
		if err := s.hold("a picture stands in the list once, as it is", err); err != nil {
			return err
		}
	}
	return nil
}

// checkDecisions: what an editor was told is recorded stands in the history,
// once.
func (s *schedule) checkDecisions(ctx context.Context) error {
	for _, d := range s.taken {
		history, err := s.rested.History(ctx, s.bucket, d.key)
		n := 0
		for _, h := range history {
			if h.Reason == d.reason {
				n++
			}
		}
		if err == nil && n != 1 {
			err = fmt.Errorf("%s: the decision %q stands %d times in the history", d.key, d.reason, n)
		}
		if err := s.hold("a decision survives, once", err); err != nil {
			return err
		}
	}
	return nil
}

// recirculated says that the same picture came under another key, which is
// worth a look of its own.
func recirculated(rep report.Report) bool {
	return slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Code == "picture.recirculated" })
}
