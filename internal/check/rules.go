package check

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"cutline/internal/rules"
	"cutline/internal/store"
)

// ReadPack reads the files of a rule pack from its place.
func ReadPack(ctx context.Context, place string, open S3) ([]rules.File, error) {
	found, err := files(ctx, place, open, rules.IsPackFile)
	if err != nil {
		return nil, fmt.Errorf("rule pack: %w", err)
	}
	var pack []rules.File
	for _, f := range found {
		pack = append(pack, rules.File(f))
	}
	return pack, nil
}

// LoadRules reads the built-in rules, with the packs of these places over
// them, each over those before it. A pack that does not load is an error.
func LoadRules(ctx context.Context, places []string, open S3) (*rules.Rules, error) {
	var own [][]rules.File
	for _, place := range places {
		pack, err := ReadPack(ctx, place, open)
		if err != nil {
			return nil, err
		}
		own = append(own, pack)
	}
	return rules.Load(own...)
}

// DeployedRules reads the built-in rules for a function, with the pack of the
// place over them. No place, "", is no pack.
//
// A pack that loads is kept in the store as the last good one. One that does
// not, or that cannot be reached, is refused: the last good one stays in use,
// and the log says so in a line that an alarm watches. Where none was good
// yet there is nothing to stay with, and the error is the pack's.
func DeployedRules(ctx context.Context, place string, open S3, s *store.Store, log *slog.Logger) (*rules.Rules, error) {
	if place == "" {
		return rules.BuiltIn()
	}
	pack, err := ReadPack(ctx, place, open)
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
