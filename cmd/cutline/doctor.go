package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/cloud"
	"cutline/internal/demo"
	"cutline/internal/report"
	"cutline/internal/store"
)

// DoctorCmd checks a deployment from end to end, with a picture that it
// uploads and deletes again.
type DoctorCmd struct {
	table
	packs
	Bucket string        `default:"photos" help:"Bucket of the pictures (${default})."`
	Prefix string        `help:"Prefix under which pictures are checked, as the stack's parameter has it."`
	Wait   time.Duration `default:"30s" help:"How long to wait for the picture's report (${default})."`
}

// canary is a picture that must fail: if it passes, nothing is checked.
const canary = "kcna-factory-no-disclaimer.jpg"

// clinic is what one visit of the doctor needs.
type clinic struct {
	DoctorCmd
	out   io.Writer
	s3    *s3.Client
	db    *dynamodb.Client
	store *store.Store
	sick  bool
}

// Run prints a line for each check. It exits with 1 when one fails.
func (cmd DoctorCmd) Run(ctx context.Context, std streams) error {
	// What fails twice is worth a line.
	loaded, err := cloud.Config(ctx, config.WithRetryer(func() aws.Retryer { return retry.AddWithMaxAttempts(retry.NewStandard(), 2) }))
	if err != nil {
		return err
	}
	db := store.NewClient(loaded)
	c := &clinic{DoctorCmd: cmd, out: std.out, s3: bucket.NewClient(loaded), db: db, store: store.New(db, cmd.Table)}
	if !c.see("credentials", credentialsKnown(ctx, loaded), "", signInToAWS) {
		return errFailed
	}
	_, err = c.s3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &cmd.Bucket})
	reached := c.see("bucket "+cmd.Bucket, err, "s3:ListBucket", "Is it the output PicturesBucket of the stack? For cutline dev, set AWS_ENDPOINT_URL_S3 to the address that it prints.")
	if reached {
		c.see("versions of objects", c.versioned(ctx), "s3:GetBucketVersioning", "Turn on versions for the bucket: without them a report can belong to bytes that are gone.")
		c.see("the bucket's policy", c.private(ctx), "s3:GetBucketPolicyStatus", "Take the statement that lets everybody in out of the bucket's policy, and block public access: pictures that are not cleared are there, too.")
	}
	shaped := c.see("table "+cmd.Table, c.shape(ctx), "dynamodb:DescribeTable", "Is it the output ReportsTable of the stack (CUTLINE_TABLE, --table)? A table of an earlier version is brought up to date by deploying the template. For cutline dev, set AWS_ENDPOINT_URL_DYNAMODB to the address that it prints.")
	_, err = check.LoadRules(ctx, cmd.Rules, check.Opened(bucket.New(c.s3)))
	c.see("rules", err, "s3:GetObject and s3:ListBucket for the pack", "cutline rules lint shows what is wrong with a pack. Until it is mended, the last good one stays in use.")
	if reached && shaped {
		c.canary(ctx)
	}
	if c.sick {
		return errFailed
	}
	return nil
}

// see prints what came of a check, and says whether it was well. The right is
// the one that whoever asks needs for it.
func (c *clinic) see(what string, err error, right, advice string) bool {
	if err == nil {
		fmt.Fprintf(c.out, "ok    %s\n", what)
		return true
	}
	c.sick = true
	fmt.Fprintf(c.out, "FAIL  %s: %v\n      %s\n", what, err, whatToDo(err, right, advice))
	return false
}

func (c *clinic) versioned(ctx context.Context) error {
	out, err := c.s3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &c.Bucket})
	if err == nil && out.Status != "Enabled" {
		return errors.New("they are off")
	}
	return err
}

// private says when everybody may read the bucket.
func (c *clinic) private(ctx context.Context) error {
	out, err := c.s3.GetBucketPolicyStatus(ctx, &s3.GetBucketPolicyStatusInput{Bucket: &c.Bucket})
	if code := codeOf(err); code == "NoSuchBucketPolicy" || code == "NotImplemented" { // the latter on one machine
		return nil
	}
	if err == nil && aws.ToBool(out.PolicyStatus.IsPublic) {
		return errors.New("it is public")
	}
	return err
}

// shape compares the table with the one that the store needs.
func (c *clinic) shape(ctx context.Context) error {
	out, err := c.db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &c.Table})
	if err != nil {
		return err
	}
	want := store.Schema(c.Table)
	var wrong []error
	for _, k := range want.KeySchema {
		if !slices.ContainsFunc(out.Table.KeySchema, func(is types.KeySchemaElement) bool {
			return *is.AttributeName == *k.AttributeName && is.KeyType == k.KeyType
		}) {
			wrong = append(wrong, fmt.Errorf("the key %s is missing", *k.AttributeName))
		}
	}
	have := map[string][]types.KeySchemaElement{}
	for _, index := range out.Table.GlobalSecondaryIndexes {
		have[*index.IndexName] = index.KeySchema
	}
	for _, index := range want.GlobalSecondaryIndexes {
		is, there := have[*index.IndexName]
		if !there {
			wrong = append(wrong, fmt.Errorf("the index %s is missing", *index.IndexName))
			continue
		}
		for _, k := range index.KeySchema {
			if !slices.ContainsFunc(is, func(is types.KeySchemaElement) bool {
				return *is.AttributeName == *k.AttributeName && is.KeyType == k.KeyType
			}) {
				wrong = append(wrong, fmt.Errorf("the index %s lacks the key %s", *index.IndexName, *k.AttributeName))
			}
		}
	}
	return errors.Join(wrong...)
}

// canary uploads a picture, waits for its report and tag, and deletes it.
func (c *clinic) canary(ctx context.Context) {
	picture, err := canaryPicture()
	if err != nil {
		c.see("canary", err, "", "This cutline is not whole: build it again.")
		return
	}
	key := c.Prefix + "cutline-doctor-" + rand.Text() + ".jpg"
	began := time.Now()
	put, err := c.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &c.Bucket, Key: &key, Body: bytes.NewReader(picture)})
	if !c.see("upload", err, "s3:PutObject", "A bucket policy may ask for more of an upload than the bucket's name, such as a key to encrypt with.") {
		return
	}
	defer func() {
		_, err := c.s3.DeleteObject(context.WithoutCancel(ctx), &s3.DeleteObjectInput{Bucket: &c.Bucket, Key: &key, VersionId: put.VersionId})
		c.see("the picture is deleted again", err, "s3:DeleteObject and s3:DeleteObjectVersion", "Delete s3://"+c.Bucket+"/"+key+" yourself.")
	}()
	rec, err := c.reported(ctx, key)
	if !c.see("events arrive, and a report is written", err, "dynamodb:GetItem on the table", "Does the bucket send its events (the parameters Events and Prefix; EventBridge has to be turned on for a bucket that was there before)? Are there dead letters (output DeadLetterQueue)? The log of the check function says what it did.") {
		return
	}
	fmt.Fprintf(c.out, "      after %s\n", time.Since(began).Round(10*time.Millisecond))
	if rec.Verdict != report.Fail {
		err = fmt.Errorf("a state handout without a disclaimer is judged %s", rec.Verdict)
	}
	c.see("a bad picture fails", err, "", "The desk's own rule pack switches off what the house rules ask for: cutline rules diff shows what it changes.")
	c.see("the verdict's tag", c.tagged(ctx, key, string(rec.Verdict)), "s3:GetObjectTagging", "May the check function tag (s3:PutObjectTagging, s3:PutObjectVersionTagging)? A bucket policy may forbid it.")
}

func canaryPicture() ([]byte, error) {
	pictures, err := demo.Pictures()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(pictures, func(p demo.Picture) bool { return p.Name == canary })
	if i < 0 {
		return nil, fmt.Errorf("there is no demo picture %s", canary)
	}
	return pictures[i].JPEG, nil
}

// reported waits for the report of the picture.
func (c *clinic) reported(ctx context.Context, key string) (store.Record, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	for {
		rec, err := c.store.Get(ctx, c.Bucket, key)
		if err == nil || !errors.Is(err, store.ErrNotFound) && ctx.Err() == nil {
			return rec, err
		}
		if err := pause(ctx); err != nil {
			return rec, fmt.Errorf("there is none after %s", c.Wait)
		}
	}
}

// tagged waits for the tag, which comes after the report.
func (c *clinic) tagged(ctx context.Context, key, verdict string) error {
	ctx, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	for {
		out, err := c.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &c.Bucket, Key: &key})
		if err != nil && ctx.Err() == nil && !bucket.Retryable(err) {
			return err
		}
		if err == nil {
			for _, tag := range out.TagSet {
				if aws.ToString(tag.Key) == bucket.VerdictTag && aws.ToString(tag.Value) == verdict {
					return nil
				}
			}
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("%s=%s is not there after %s", bucket.VerdictTag, verdict, c.Wait)
		}
	}
}

// pause waits until something may have changed, or the context ends.
func pause(ctx context.Context) error {
	timer := time.NewTimer(100 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
