package check

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"cutline/internal/bucket"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// maxPack bounds a rule pack in S3, in bytes.
const maxPack = 8 << 20

// LoadRules reads the built-in rules, with the pack at s3://bucket/key or all
// below s3://bucket/prefix/ over them. No place is no pack.
//
// A pack that loads is kept in the store as the last good one. One that does
// not, or that cannot be reached, is refused: the last good one stays in use,
// and the log says so in a line that an alarm watches. Where none was good
// yet there is nothing to stay with, and the error is the pack's.
func LoadRules(ctx context.Context, place string, b *bucket.Bucket, s *store.Store, log *slog.Logger) (*rules.Rules, error) {
	if place == "" {
		return rules.BuiltIn()
	}
	pack, err := readPack(ctx, place, b)
	if err == nil {
		var loaded *rules.Rules
		if loaded, err = rules.Load(pack); err == nil {
			keepPack(ctx, pack, s, log)
			return loaded, nil
		}
	}
	last, lastErr := lastPack(ctx, s)
	if lastErr != nil {
		return nil, errors.Join(err, lastErr)
	}
	if last == nil {
		return nil, err
	}
	loaded, lastErr := rules.Load(last)
	if lastErr != nil {
		return nil, errors.Join(err, fmt.Errorf("the last good rule pack: %w", lastErr))
	}
	log.ErrorContext(ctx, PackRefused, "place", place, "error", err, "digest", loaded.Digest())
	return loaded, nil
}

// TryRules reads the same rules, and nothing else in their place: a pack that
// does not load is an error.
func TryRules(ctx context.Context, place string, b *bucket.Bucket) (*rules.Rules, error) {
	if place == "" {
		return rules.BuiltIn()
	}
	pack, err := readPack(ctx, place, b)
	if err != nil {
		return nil, err
	}
	return rules.Load(pack)
}

// PackRefused is the message of the log when a rule pack is refused and the
// last good one is used. The template's alarm looks for it.
const PackRefused = "rule pack refused"

func keepPack(ctx context.Context, pack []rules.File, s *store.Store, log *slog.Logger) {
	var files []store.PackFile
	for _, f := range pack {
		files = append(files, store.PackFile{Name: f.Name, Text: string(f.Text)})
	}
	if err := s.KeepPack(ctx, files); err != nil {
		log.WarnContext(ctx, "the rule pack is not kept", "error", err)
	}
}

func lastPack(ctx context.Context, s *store.Store) ([]rules.File, error) {
	kept, err := s.LastPack(ctx)
	if err != nil {
		return nil, err
	}
	var pack []rules.File
	for _, f := range kept {
		pack = append(pack, rules.File{Name: f.Name, Text: []byte(f.Text)})
	}
	return pack, nil
}

// readPack reads the files of a pack in S3.
func readPack(ctx context.Context, place string, b *bucket.Bucket) ([]rules.File, error) {
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
		if !rules.IsPackFile(k) {
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
	return pack, nil
}
