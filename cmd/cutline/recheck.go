package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/store"
)

// RecheckCmd checks the pictures of a bucket once more: from here, or with a
// state machine in AWS.
type RecheckCmd struct {
	packs
	table
	Bucket           string `required:"" help:"Bucket of the pictures."`
	Prefix           string `help:"Only keys that begin so."`
	Since            string `placeholder:"TIME" help:"Only what was uploaded since: 30d, 12h or 2026-11-01."`
	OnlyChangedRules bool   `help:"Leave out what these very rules have checked."`
	State            string `default:"cutline-recheck.json" type:"path" placeholder:"FILE" help:"Where it is written down how far it came (${default}). The same command goes on from there."`
	StateMachine     string `placeholder:"ARN" help:"Let AWS do it, with the deployed function: RecheckStateMachine of the stack's outputs. The deployed rules count."`
}

// rechecking is how many pictures are checked at once.
const rechecking = 8

// progress is what is written down between two pages.
type progress struct {
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
	Since  string `json:"since"`
	After  string `json:"after"` // the last key of the last page that is done
	check.Rechecked
	Failed int `json:"failed"`
}

// Run checks them and says how many; an error says how many could not be.
func (cmd RecheckCmd) Run(ctx context.Context, std streams) error {
	var since time.Time
	if cmd.Since != "" {
		var err error
		if since, err = parseSince(cmd.Since, time.Now()); err != nil {
			return err
		}
	}
	loaded, err := awsConfig(ctx)
	if err != nil {
		return err
	}
	if cmd.StateMachine != "" {
		return cmd.inAWS(ctx, std, loaded, since)
	}
	return cmd.fromHere(ctx, std, loaded, since)
}

// fromHere checks the pictures page by page, and writes down after each how
// far it came.
func (cmd RecheckCmd) fromHere(ctx context.Context, std streams, loaded aws.Config, since time.Time) error {
	checker, err := cmd.checker(ctx)
	if err != nil {
		return err
	}
	client := bucket.NewClient(loaded)
	uploads := &check.Uploads{
		Checker: checker, Bucket: bucket.New(client), Store: store.New(store.NewClient(loaded), cmd.Table),
		Log: slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	at, err := cmd.resume(std.err)
	if err != nil {
		return err
	}
	in := &s3.ListObjectsV2Input{Bucket: &cmd.Bucket, Prefix: &cmd.Prefix}
	if at.After != "" {
		in.StartAfter = &at.After
	}
	pages := s3.NewListObjectsV2Paginator(client, in)
	began := time.Now()
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list s3://%s/%s: %w", cmd.Bucket, cmd.Prefix, err)
		}
		for _, o := range page.Contents {
			at.After = *o.Key
		}
		failed, err := recheckPage(ctx, uploads, cmd.asked(page.Contents, since), &at)
		for _, err := range failed {
			fmt.Fprintln(std.err, "cutline:", err)
		}
		if err != nil {
			return err
		}
		if err := cmd.keep(at); err != nil {
			return err
		}
		fmt.Fprintf(std.err, "%d checked, %d left out, %d failed; %s; now at %s\n", at.Checked, at.Skipped, at.Failed, time.Since(began).Round(time.Second), at.After)
	}
	if err := os.Remove(cmd.State); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	fmt.Fprintf(std.out, "%d checked, %d left out, %d failed\n", at.Checked, at.Skipped, at.Failed)
	if at.Failed > 0 {
		return fmt.Errorf("%d pictures could not be checked; run it again for them", at.Failed)
	}
	return nil
}

// asked is what is asked about the pictures among the objects.
func (cmd RecheckCmd) asked(objects []types.Object, since time.Time) check.Recheck {
	asked := check.Recheck{Bucket: cmd.Bucket, Since: since, OnlyChangedRules: cmd.OnlyChangedRules}
	for _, o := range objects {
		if slices.Contains(pictureExtensions, strings.ToLower(path.Ext(*o.Key))) {
			asked.Objects = append(asked.Objects, check.Object{Key: *o.Key, Modified: float64(aws.ToTime(o.LastModified).UnixMilli()) / 1000})
		}
	}
	return asked
}

// recheckPage checks the pictures of one page side by side. Failed are those
// that could not be checked; the error is that the command was stopped.
func recheckPage(ctx context.Context, uploads *check.Uploads, asked check.Recheck, at *progress) (failed []error, err error) {
	done, errs := make([]check.Rechecked, len(asked.Objects)), make([]error, len(asked.Objects))
	var group errgroup.Group
	group.SetLimit(rechecking)
	for i, o := range asked.Objects {
		one := asked
		one.Objects = []check.Object{o}
		group.Go(func() error {
			done[i], errs[i] = uploads.Recheck(ctx, one)
			return nil
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("stopped: the same command goes on with this page: %w", err)
	}
	for i := range asked.Objects {
		at.Checked += done[i].Checked
		at.Skipped += done[i].Skipped
		if errs[i] != nil {
			at.Failed++
			failed = append(failed, errs[i])
		}
	}
	return failed, nil
}

// resume reads how far the same command came before.
func (cmd RecheckCmd) resume(out io.Writer) (progress, error) {
	start := progress{Bucket: cmd.Bucket, Prefix: cmd.Prefix, Since: cmd.Since}
	raw, err := os.ReadFile(cmd.State)
	if errors.Is(err, os.ErrNotExist) {
		return start, nil
	}
	if err != nil {
		return progress{}, err
	}
	var before progress
	if err := json.Unmarshal(raw, &before); err != nil {
		return progress{}, fmt.Errorf("%s: %w", cmd.State, err)
	}
	if before.Bucket != start.Bucket || before.Prefix != start.Prefix || before.Since != start.Since {
		return progress{}, fmt.Errorf("%s is of s3://%s/%s since %q: give another --state, or delete it", cmd.State, before.Bucket, before.Prefix, before.Since)
	}
	fmt.Fprintf(out, "going on after %s\n", before.After)
	return before, nil
}

// keep writes the progress down, whole or not at all.
func (cmd RecheckCmd) keep(at progress) error {
	raw, err := json.Marshal(at)
	if err != nil {
		return err
	}
	if err := os.WriteFile(cmd.State+".new", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(cmd.State+".new", cmd.State)
}
