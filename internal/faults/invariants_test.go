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
	for key, o := range s.keys {
		for _, v := range o.versions {
			if v.id == "" {
				continue
			}
			if err := s.checkVersion(ctx, key, v); err != nil {
				return fmt.Errorf("%s, version %s: %w", key, v.id, err)
			}
		}
		if err := s.checkLatest(ctx, key, o); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		versions, err := s.rested.Versions(ctx, bucketName, key)
		if err != nil {
			return err
		}
		if len(versions) > len(o.versions) {
			return fmt.Errorf("%s: %d versions have a report, %d were uploaded", key, len(versions), len(o.versions))
		}
	}
	if err := s.checkDecisions(ctx); err != nil {
		return err
	}
	for _, m := range s.dead {
		if !m.poisoned {
			return fmt.Errorf("message %s is among the dead letters for good", m.id)
		}
	}
	return nil
}

// checkVersion: a version that is there has one report, of its own bytes, and
// a tag that agrees with it.
func (s *schedule) checkVersion(ctx context.Context, key string, v uploaded) error {
	rec, err := s.rested.GetVersion(ctx, bucketName, key, v.id)
	if v.removed {
		if err == nil && !rec.Deleted {
			return errors.New("it was removed, and its report does not say so")
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	}
	if err != nil {
		return err
	}
	if rec.Verdict != v.picture.verdict && !recirculated(rec.Report) || rec.Photo.VersionID != v.id || rec.Photo.Size != int64(len(v.picture.jpeg)) {
		return fmt.Errorf("its report says %s of version %s", rec.Verdict, rec.Photo.VersionID)
	}
	if rec.Provenance != nil && rec.Provenance.Pending {
		return errors.New("the whole picture is still said to be under way")
	}
	says, err := s.tag(ctx, key, v.id)
	if err != nil {
		return err
	}
	// Where an editor could not put the tag, it may still be the verdict.
	if says != rec.Clearance() && !(s.untagged[key] && says == string(rec.Verdict)) {
		return fmt.Errorf("its tag says %q, its verdict is %s and its clearance %s", says, rec.Verdict, rec.Clearance())
	}
	return nil
}

// tag is what the version's tag says.
func (s *schedule) tag(ctx context.Context, key, version string) (string, error) {
	tags, err := s.world.stack.S3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: aws.String(bucketName), Key: &key, VersionId: &version})
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
func (s *schedule) checkLatest(ctx context.Context, key string, o *object) error {
	latest, hidden := o.latest()
	rec, err := s.rested.Get(ctx, bucketName, key)
	if latest == "" {
		if err == nil && !rec.Deleted {
			return errors.New("every version was removed, and the report does not say so")
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	}
	if err != nil {
		return err
	}
	if rec.Photo.VersionID != latest {
		return fmt.Errorf("version %s is shown, %s is the latest", rec.Photo.VersionID, latest)
	}
	if rec.Deleted != hidden {
		return fmt.Errorf("deleted is %v, the object is hidden: %v", rec.Deleted, hidden)
	}
	if !s.untagged[key] {
		return nil
	}
	// The report's page lets an editor put the tag again.
	pictures := bucket.New(s.world.stack.S3)
	if _, err := check.Tag(ctx, pictures, s.rested, pictures.At(bucketName, key, latest)); err != nil {
		return err
	}
	if says, err := s.tag(ctx, key, latest); err != nil || says != rec.Clearance() {
		return fmt.Errorf("put again, its tag says %q, its clearance is %s: %w", says, rec.Clearance(), err)
	}
	return nil
}

// checkDecisions: what an editor was told is recorded stands in the history,
// once.
func (s *schedule) checkDecisions(ctx context.Context) error {
	for _, d := range s.taken {
		history, err := s.rested.History(ctx, bucketName, d.key)
		if err != nil {
			return err
		}
		n := 0
		for _, h := range history {
			if h.Reason == d.reason {
				n++
			}
		}
		if n != 1 {
			return fmt.Errorf("%s: the decision %q stands %d times in the history", d.key, d.reason, n)
		}
	}
	return nil
}

// recirculated says that the same picture came under another key, which is
// worth a look of its own.
func recirculated(rep report.Report) bool {
	return slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Code == "picture.recirculated" })
}
