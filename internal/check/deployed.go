package check

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"cutline/internal/bucket"
	"cutline/internal/cloud"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// Deployed is what the functions that know pictures and reports have in
// common: they reach them, and judge, in the same way.
type Deployed struct {
	Config  aws.Config // for further clients
	Bucket  *bucket.Bucket
	Store   *store.Store
	Checker *Checker
}

// FromVariables makes it by the environment: CUTLINE_TABLE, CUTLINE_RULES and
// CUTLINE_TRUST, and what AWS's clients read themselves. Options go over
// these. An error names the variable.
func FromVariables(ctx context.Context, variable func(name string) string, version string, log *slog.Logger, options ...func(*config.LoadOptions) error) (Deployed, error) {
	table := variable("CUTLINE_TABLE")
	if table == "" {
		return Deployed{}, errors.New("CUTLINE_TABLE is not set: it names the DynamoDB table of the reports")
	}
	if variable("CUTLINE_RULES") == "" {
		go rules.BuiltIn() // read while the clients are made: a cold start waits for both
	}
	loaded, err := cloud.Config(ctx, options...)
	if err != nil {
		return Deployed{}, err
	}
	d := Deployed{Config: loaded, Bucket: bucket.New(bucket.NewClient(loaded)), Store: store.New(store.NewClient(loaded), table), Checker: &Checker{Version: version}}
	if d.Checker.Rules, err = DeployedRules(ctx, variable("CUTLINE_RULES"), Opened(d.Bucket), d.Store, log); err != nil {
		return Deployed{}, fmt.Errorf("CUTLINE_RULES: %w", err)
	}
	if d.Checker.Trust, err = LoadTrust(ctx, variable("CUTLINE_TRUST"), Opened(d.Bucket)); err != nil {
		return Deployed{}, fmt.Errorf("CUTLINE_TRUST: %w", err)
	}
	return d, nil
}
