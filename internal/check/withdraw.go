package check

import (
	"context"
	"errors"
	"slices"

	"cutline/internal/report"
	"cutline/internal/store"
)

// Withdraw spreads a kill notice: every report of the pictures that it names,
// and of those that show the same, gets the finding, whether they came before
// or come later. It returns the pictures that it marked now. Repeats mark
// nothing more.
func (u *Uploads) Withdraw(ctx context.Context, k report.Kill) ([]store.Place, error) {
	// It is written down before the pictures are looked for: one that comes
	// meanwhile finds it.
	if err := u.Store.AddKill(ctx, k); err != nil {
		return nil, err
	}
	var marked []store.Place
	for _, name := range k.Names {
		named, err := u.named(ctx, name)
		if err != nil {
			return marked, err
		}
		for _, p := range named {
			reached, err := u.withdraw(ctx, k, p)
			marked = append(marked, reached...)
			if err != nil {
				return marked, err
			}
		}
	}
	return marked, nil
}

func (u *Uploads) named(ctx context.Context, name string) ([]store.Place, error) {
	if p, ok := store.ParseAddress(name); ok {
		return []store.Place{p}, nil
	}
	return u.Store.Named(ctx, name)
}

// withdraw marks one picture, and those that were seen to show the same.
func (u *Uploads) withdraw(ctx context.Context, k report.Kill, p store.Place) ([]store.Place, error) {
	rec, err := u.Store.Get(ctx, p.Bucket, p.Key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // it may come
	}
	if err != nil {
		return nil, err
	}
	same, err := u.Store.Copies(ctx, p.Bucket, p.Key)
	if err != nil {
		return nil, err
	}
	if rec.Provenance != nil {
		for _, s := range rec.Provenance.Seen {
			same = append(same, store.Place{Bucket: s.Bucket, Key: s.Key})
		}
	}
	var marked []store.Place
	mark := func(place store.Place, why string) error {
		k.Why = why
		done, err := u.mark(ctx, place, k)
		if done {
			marked = append(marked, place)
		}
		return err
	}
	if err := mark(p, ""); err != nil {
		return marked, err
	}
	for _, s := range same {
		if s == p {
			continue
		}
		if err := mark(s, p.Address()); err != nil {
			return marked, err
		}
	}
	return marked, nil
}

// mark puts a notice into all reports of a picture, the latest last, and the
// verdict onto its objects.
func (u *Uploads) mark(ctx context.Context, p store.Place, k report.Kill) (marked bool, err error) {
	versions, err := u.Store.Versions(ctx, p.Bucket, p.Key)
	if err != nil {
		return false, err
	}
	slices.Reverse(versions)
	for _, v := range versions {
		rec, err := u.Store.GetVersion(ctx, p.Bucket, p.Key, v.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return marked, err
		}
		var provenance report.Provenance
		if rec.Provenance != nil {
			provenance = *rec.Provenance
		}
		// Where the notice stands already, all of it is done again: whoever put
		// it there may have come to an end before the lists and the tag had it.
		rep, known := rec.Report, len(provenance.Kills)
		if provenance.Kills = mergeKills(provenance.Kills, k); len(provenance.Kills) > known {
			rep = u.Checker.again(rec.Report, provenance)
		}
		if _, err := u.Store.Put(ctx, rep); err != nil {
			return marked, err
		}
		marked = marked || len(provenance.Kills) > known
		if v.Removed {
			continue
		}
		if err := u.tag(ctx, u.Bucket.At(p.Bucket, p.Key, v.VersionID)); err != nil {
			return marked, err
		}
	}
	return marked, nil
}
