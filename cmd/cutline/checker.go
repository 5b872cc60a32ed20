package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"

	"cutline/internal/bucket"
	"cutline/internal/check"
	"cutline/internal/credential"
	"cutline/internal/rules"
)

// packs is the flag that names a desk's own rules.
type packs struct {
	Rules []string `name:"rules" type:"path" placeholder:"PACK" help:"A desk's own rule pack, a folder or a YAML file, over the built-in ones. May be given several times."`
}

// trust is the flag that names whose content credentials are trusted.
type trust struct {
	Trust string `name:"trust" env:"CUTLINE_TRUST" placeholder:"LIST" help:"Certificates of those whose content credentials are trusted, in PEM: a file, a folder, or s3://bucket/key or s3://bucket/prefix/."`
}

// load reads the trust list; nil, which trusts nobody, when none is named.
func (t trust) load(ctx context.Context) (*credential.TrustList, error) {
	return check.LoadTrust(ctx, t.Trust, func(ctx context.Context) (*bucket.Bucket, error) {
		loaded, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, err
		}
		return bucket.New(bucket.NewClient(loaded)), nil
	})
}

// load reads the built-in rules with the desk's own over them.
func (p packs) load() (*rules.Rules, error) {
	own := make([][]rules.File, 0, len(p.Rules))
	for _, name := range p.Rules {
		pack, err := openPack(name)
		if err != nil {
			return nil, err
		}
		own = append(own, pack)
	}
	return rules.Load(own...)
}

// decodingMemory is what decoding one picture may take on a machine of one's
// own, in bytes.
const decodingMemory = 256 << 20

// checker returns a checker by these rules.
func (p packs) checker() (*check.Checker, error) {
	loaded, err := p.load()
	if err != nil {
		return nil, err
	}
	return &check.Checker{Rules: loaded, Memory: decodingMemory, Version: cutlineVersion()}, nil
}

// openPack reads a folder of YAML files, or a single one.
func openPack(name string) ([]rules.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("rule pack: %w", err)
	}
	if info.IsDir() {
		files, err := rules.Folder(os.DirFS(name), name)
		if err == nil && len(files) == 0 {
			return nil, fmt.Errorf("rule pack: no .yaml file in %s", name)
		}
		return files, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("rule pack: %w", err)
	}
	return []rules.File{{Name: name, Text: text}}, nil
}
