package main

import (
	"context"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/credential"
	"cutline/internal/rules"
)

// packs is the flag that names a desk's own rules.
type packs struct {
	Rules []string `name:"rules" env:"CUTLINE_RULES" placeholder:"PACK" help:"A desk's own rule pack over the built-in ones: a YAML file, a folder, s3://bucket/key or s3://bucket/prefix/. May be given several times."`
}

// trust is the flag that names whose content credentials are trusted.
type trust struct {
	Trust string `name:"trust" env:"CUTLINE_TRUST" placeholder:"LIST" help:"Certificates of those whose content credentials are trusted, in PEM: a file, a folder, s3://bucket/key or s3://bucket/prefix/."`
}

// openS3 opens the buckets that the aws command line would reach.
func openS3(ctx context.Context) (*bucket.Bucket, error) {
	loaded, err := awsConfig(ctx)
	if err != nil {
		return nil, err
	}
	return bucket.New(bucket.NewClient(loaded)), nil
}

// load reads the trust list; nil, which trusts nobody, when none is named.
func (t trust) load(ctx context.Context) (*credential.TrustList, error) {
	return check.LoadTrust(ctx, t.Trust, openS3)
}

// load reads the built-in rules with the desk's own over them.
func (p packs) load(ctx context.Context) (*rules.Rules, error) {
	return check.LoadRules(ctx, p.Rules, openS3)
}

// decodingMemory is what decoding one picture may take on a machine of one's
// own, in bytes.
const decodingMemory = 256 << 20

// checker returns a checker by these rules.
func (p packs) checker(ctx context.Context) (*check.Checker, error) {
	loaded, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	return &check.Checker{Rules: loaded, Memory: decodingMemory, Version: cutlineVersion()}, nil
}
