package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/store"
)

// Recheck asks for pictures that are there already to be checked once more:
// after new rules, or because they came before Cutline. The state machine
// Recheck in template.yaml sends it, and "cutline recheck" does the same.
type Recheck struct {
	Bucket string `json:"bucket"`
	// Since leaves out what was uploaded earlier. The zero time is all.
	Since time.Time `json:"since,omitzero"`
	// OnlyChangedRules leaves out what these very rules have checked.
	OnlyChangedRules bool     `json:"only_changed_rules,omitempty"`
	Objects          []Object `json:"objects"`
}

// Object is an object as S3 lists it.
type Object struct {
	Key      string  `json:"key"`
	Modified float64 `json:"modified"` // seconds since 1970, as a distributed map has it
}

// Rechecked is what came of it.
type Rechecked struct {
	Checked int `json:"checked"`
	Skipped int `json:"skipped"`
}

// Recheck checks the objects. The error joins those of all objects that have
// to be asked for again; doing so does the others no harm.
func (u *Uploads) Recheck(ctx context.Context, in Recheck) (Rechecked, error) {
	var done Rechecked
	var failed error
	for _, o := range in.Objects {
		if err := ctx.Err(); err != nil {
			return done, errors.Join(failed, fmt.Errorf("no time left for s3://%s/%s: %w", in.Bucket, o.Key, err))
		}
		again, err := u.recheck(ctx, in, o)
		switch {
		case err != nil:
			failed = errors.Join(failed, err)
		case again:
			done.Checked++
		default:
			done.Skipped++
		}
	}
	return done, failed
}

func (u *Uploads) recheck(ctx context.Context, in Recheck, o Object) (bool, error) {
	if time.UnixMilli(int64(o.Modified * 1000)).Before(in.Since) {
		return false, nil
	}
	if in.OnlyChangedRules {
		rec, err := u.Store.Get(ctx, in.Bucket, o.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
		if err == nil && rec.Rules.Digest == u.Checker.Rules.Digest() {
			return false, nil
		}
	}
	return true, u.Upload(ctx, bucket.Event{Kind: bucket.Created, Bucket: in.Bucket, Key: o.Key})
}

// Invoke is the Lambda function: events of S3, which Handle takes, or a
// Recheck under the name "recheck".
func (u *Uploads) Invoke(ctx context.Context, raw json.RawMessage) (any, error) {
	var in struct {
		Recheck *struct {
			Recheck
			Since string `json:"since"` // RFC 3339, or empty
		} `json:"recheck"`
	}
	if err := json.Unmarshal(raw, &in); err != nil || in.Recheck == nil {
		return u.Handle(ctx, raw)
	}
	asked := in.Recheck.Recheck
	if in.Recheck.Since != "" {
		var err error
		if asked.Since, err = time.Parse(time.RFC3339, in.Recheck.Since); err != nil {
			return nil, fmt.Errorf("recheck: since: %w", err)
		}
	}
	ctx, cancel := withMargin(ctx)
	defer cancel()
	done, err := u.Recheck(ctx, asked)
	u.Log.InfoContext(ctx, "rechecked", "bucket", asked.Bucket, "checked", done.Checked, "skipped", done.Skipped)
	if err != nil {
		u.Log.ErrorContext(ctx, "a recheck failed", "error", err)
		return nil, err
	}
	return done, nil
}
