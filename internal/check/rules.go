package check

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"cutline/internal/bucket"
	"cutline/internal/rules"
)

// maxPack bounds a rule pack in S3, in bytes.
const maxPack = 8 << 20

// LoadRules reads the built-in rules, with the pack at s3://bucket/key or all
// below s3://bucket/prefix/ over them. No place is no pack.
func LoadRules(ctx context.Context, place string, b *bucket.Bucket) (*rules.Rules, error) {
	if place == "" {
		return rules.BuiltIn()
	}
	address, ok := strings.CutPrefix(place, "s3://")
	name, key, _ := strings.Cut(address, "/")
	if !ok || name == "" {
		return nil, fmt.Errorf("rule pack: %q is not s3://bucket/prefix/", place)
	}
	keys := []string{key}
	if key == "" || strings.HasSuffix(key, "/") {
		var err error
		if keys, err = b.Keys(ctx, name, key); err != nil {
			return nil, fmt.Errorf("rule pack: %w", err)
		}
	}
	var pack []rules.File
	size := 0
	for _, k := range keys {
		if ext := path.Ext(k); ext != ".yaml" && ext != ".yml" {
			continue
		}
		text, err := b.Small(ctx, name, k, maxPack)
		if err != nil {
			return nil, fmt.Errorf("rule pack: %w", err)
		}
		if size += len(text); size > maxPack {
			return nil, errors.New("rule pack: it is larger than 8 MiB")
		}
		pack = append(pack, rules.File{Name: "s3://" + name + "/" + k, Text: text})
	}
	if len(pack) == 0 {
		return nil, fmt.Errorf("rule pack: there is no YAML file at %s", place)
	}
	return rules.Load(pack)
}
