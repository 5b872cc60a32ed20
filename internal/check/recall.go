package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cutline/internal/likeness"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/store"

	"golang.org/x/sync/errgroup"
)

// meanwhile is how much later than this picture another may be dated and
// still count as earlier: of two that come at once, each sees the other.
const meanwhile = time.Minute

// maxSeen bounds the earlier uploads that a report shows.
const maxSeen = 8

// recall adds what was known before: the notices that withdraw the picture,
// and, once its pixels were seen, the same picture in earlier uploads.
func (u *upload) recall(ctx context.Context, c store.Consistency) error {
	rep := u.report()
	here := store.Place{Bucket: rep.Photo.Bucket, Key: rep.Photo.Key}
	for _, ref := range refsOf(rep) {
		if u.named {
			break
		}
		if err := u.Store.Name(ctx, ref, here); err != nil {
			return err
		}
	}
	u.named = true
	kills, err := u.Store.Kills(ctx, namesOf(rep), c)
	if err != nil {
		return err
	}
	if u.picture.upright != nil {
		copies, err := u.recognize(ctx, rep)
		if err != nil {
			return err
		}
		kills = append(kills, copies...)
	}
	u.picture.withdrawn(kills)
	return nil
}

// recognize looks for the same picture in earlier uploads, and returns the
// notices that withdraw one of them.
func (u *upload) recognize(ctx context.Context, rep report.Report) ([]report.Kill, error) {
	if u.at.IsZero() {
		u.at = rep.CheckedAt
	}
	// It writes itself down before it looks, so that of two that come at once
	// at least one finds the other.
	if err := u.Store.Remember(ctx, rep, u.at); err != nil {
		return nil, err
	}
	here := store.Place{Bucket: rep.Photo.Bucket, Key: rep.Photo.Key}
	probes, err := u.picture.upright.Probes()
	if errors.Is(err, likeness.ErrPlain) { // what is left of it, cropped, could be anything
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := u.Store.Alike(ctx, probes, here)
	if err != nil {
		return nil, err
	}
	u.alike = found
	sightings := make([]sighting, len(found))
	var looks errgroup.Group
	earlier := 0
	for i, a := range found {
		if a.At.After(u.at.Add(meanwhile)) || earlier == maxSeen {
			looks.Go(func() error { return u.Store.Copied(ctx, here, a.Place) })
			continue
		}
		earlier++
		looks.Go(func() (err error) {
			sightings[i], err = u.sighting(ctx, here, a)
			return err
		})
	}
	if err := looks.Wait(); err != nil {
		return nil, err
	}
	var seen []report.Sighting
	var kills []report.Kill
	for _, s := range sightings {
		if s.known {
			seen, kills = append(seen, s.Sighting), append(kills, s.kills...)
		}
	}
	u.picture.known.Provenance.Seen = seen
	u.picture.judge()
	return kills, nil
}

// sighting is an earlier upload of the picture, with the notices that withdraw
// it. It is not known when there is no report of it.
type sighting struct {
	report.Sighting
	kills []report.Kill
	known bool
}

// sighting looks at an earlier upload, once it is noted there that this one
// shows the same: a notice that comes for it meanwhile finds this one.
func (u *upload) sighting(ctx context.Context, here store.Place, a store.Alike) (sighting, error) {
	before, err := u.Store.Before(ctx, a)
	if errors.Is(err, store.ErrNotFound) {
		return sighting{}, nil
	}
	if err != nil {
		return sighting{}, err
	}
	if err := u.Store.Copied(ctx, a.Place, here); err != nil {
		return sighting{}, err
	}
	kills, err := u.Store.Kills(ctx, namesOf(before.Report), store.Strong)
	if err != nil {
		return sighting{}, err
	}
	for i := range kills {
		kills[i].Why = a.Address()
	}
	s := sighting{Sighting: u.Checker.Rules.Remember(before.Report), kills: kills, known: true}
	s.Bucket, s.Key, s.Version, s.At, s.Distance = a.Bucket, a.Key, a.Version, a.At, a.Distance
	s.Killed = s.Killed || len(kills) > 0
	if before.Decision != nil {
		s.Decision = string(before.Decision.Action)
	}
	return s, nil
}

// lookAgain looks at what others may have done while the picture was checked,
// all at once: it stores the report once more if a notice came, tags the object
// anew if an editor decided, and returns the sidecars that are there.
func (u *upload) lookAgain(ctx context.Context) ([]store.Sidecar, error) {
	looked := u.took.begin(ctx, "again")
	names := namesOf(u.report())
	for _, s := range u.picture.known.Provenance.Seen {
		names = append(names, store.Place{Bucket: s.Bucket, Key: s.Key}.Address())
	}
	var kills []report.Kill
	var stands string
	var came []store.Sidecar
	var looks errgroup.Group
	looks.Go(func() (err error) {
		kills, err = u.Store.Kills(ctx, names, store.Strong)
		return err
	})
	looks.Go(func() (err error) {
		stands, err = u.Store.Clearance(ctx, u.object.Bucket, u.object.Key, u.object.VersionID)
		return err
	})
	looks.Go(func() (err error) {
		came, err = u.Store.Sidecars(ctx, u.object.Bucket, withoutExtension(u.object.Key), store.Strong)
		return err
	})
	if err := looks.Wait(); err != nil {
		return nil, err
	}
	looked()
	known := func(k report.Kill) bool {
		return slices.ContainsFunc(u.picture.known.Provenance.Kills, func(o report.Kill) bool { return o.ID == k.ID })
	}
	switch {
	case slices.ContainsFunc(kills, func(k report.Kill) bool { return !known(k) }):
		if err := u.keep(ctx, store.Strong); err != nil {
			return nil, err
		}
	case stands == u.tagged:
		return came, nil
	}
	return came, u.tag(ctx, u.object)
}

// withdrawn notes the notices that withdraw the picture.
func (p *Picture) withdrawn(kills []report.Kill) {
	merged := mergeKills(nil, kills...)
	if len(merged) != len(p.known.Provenance.Kills) {
		p.known.Provenance.Kills = merged
		p.judge()
	}
}

// mergeKills adds notices that are not there yet, by id, the oldest first.
func mergeKills(kills []report.Kill, more ...report.Kill) []report.Kill {
	kills = slices.Clone(kills)
	for _, k := range more {
		if !slices.ContainsFunc(kills, func(o report.Kill) bool { return o.ID == k.ID }) {
			kills = append(kills, k)
		}
	}
	slices.SortStableFunc(kills, func(a, b report.Kill) int { return a.At.Compare(b.At) })
	return kills
}

// refsOf are the transmission references of a picture's fields.
func refsOf(rep report.Report) []string {
	var refs []string
	for _, f := range rep.Metadata {
		if f.Name == photo.JobID {
			refs = append(refs, rules.Refs(f.Value)...)
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// namesOf are what a notice may call a picture: its address and references.
func namesOf(rep report.Report) []string {
	here := store.Place{Bucket: rep.Photo.Bucket, Key: rep.Photo.Key}
	return append([]string{here.Address()}, refsOf(rep)...)
}

// again judges a stored report anew, with what is known of its picture now.
// It takes the place of the report that it was made from, and of no later one.
func (c *Checker) again(rep report.Report, provenance report.Provenance) report.Report {
	known := rules.Again(rep)
	known.Provenance = provenance
	made := c.judge(known)
	made.Photo, made.Trimmed, made.CheckedAt = rep.Photo, rep.Trimmed, rep.CheckedAt.Add(time.Nanosecond)
	return made
}

// announce spreads the notices that name the picture to those that show the
// same and came first, and the notice that its caption is.
func (u *upload) announce(ctx context.Context) error {
	rep := u.report()
	here := store.Place{Bucket: rep.Photo.Bucket, Key: rep.Photo.Key}
	for _, k := range u.picture.known.Provenance.Kills {
		if k.Why != "" {
			continue
		}
		k.Why = here.Address()
		for _, a := range u.alike {
			if _, err := u.mark(ctx, a.Place, k); err != nil {
				return err
			}
		}
	}
	notice := slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Code == "kill.notice" && len(f.Spans) > 0 })
	if !notice {
		return nil
	}
	names := namesOf(rep)
	for _, ref := range rules.Refs(rep.Caption.Text) {
		if !slices.Contains(names, ref) {
			names = append(names, ref)
		}
	}
	at := u.at
	if at.IsZero() {
		at = rep.CheckedAt
	}
	kill, err := store.NewKill(rep.Caption.Text, names[:min(len(names), 50)], at)
	if err != nil {
		return fmt.Errorf("the notice of %s: %w", names[0], err)
	}
	_, err = u.Withdraw(ctx, kill)
	return err
}
