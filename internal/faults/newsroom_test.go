package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cutline/internal/check"
	"cutline/internal/store"
)

// object is what the newsroom knows of one key: its versions in order.
type object struct {
	key      string
	versions []uploaded
	beside   bool // a sidecar is
}

type uploaded struct {
	id      string // "" in a bucket without versions
	marker  bool   // the object was hidden, or deleted where there are no versions
	picture picture
	removed bool // for good
}

// latest returns the last version that is left, nil when none is, and whether
// a delete marker after it hides it.
func (o *object) latest() (v *uploaded, hidden bool) {
	for i := range slices.Backward(o.versions) {
		switch v := &o.versions[i]; {
		case v.marker:
			hidden = true
		case !v.removed:
			return v, hidden
		}
	}
	return nil, hidden
}

// decided is a decision of which the editor was told that it is recorded.
type decided struct {
	key    string
	action store.Action
	reason string
}

// someNewsroom draws one to six uploads and deletions of one or two keys,
// decisions about them, and sometimes a sidecar, a picture and the notice that
// kills it, or a message that nobody can read.
func (s *schedule) someNewsroom() (plan []func() error) {
	for n := range 1 + s.rnd.IntN(2) {
		o := s.object(fmt.Sprint("a picture+", n, " 김.jpg"))
		upload := func() error { return s.upload(o, s.rnd.IntN(ordinary)) }
		plan = append(plan, upload)
		for range s.rnd.IntN(3) {
			switch s.rnd.IntN(5) {
			case 0:
				plan = append(plan, func() error { return s.hide(o) })
				if s.rnd.IntN(2) == 0 {
					plan = append(plan, upload)
				}
			case 1:
				plan = append(plan, func() error { return s.removeVersion(o, s.rnd.IntN(len(o.versions))) })
			default:
				plan = append(plan, upload)
			}
		}
		if s.rnd.IntN(20) == 0 {
			at := s.rnd.IntN(len(plan) + 1)
			plan = slices.Insert(plan, at, func() error { return s.putBeside(o) })
			if s.rnd.IntN(2) == 0 {
				plan = append(plan, func() error { return s.removeBeside(o) })
			}
		}
		if s.rnd.IntN(3) == 0 {
			action := []store.Action{store.Approve, store.Hold, store.Kill, store.Note}[s.rnd.IntN(4)]
			plan = append(plan, func() error { s.decide(o, action); return nil })
		}
	}
	if s.rnd.IntN(25) == 0 {
		named, notice := s.object("named.jpg"), s.object("notice.jpg")
		plan = slices.Insert(plan, s.rnd.IntN(len(plan)+1), func() error { return s.upload(named, s.world.named) })
		plan = slices.Insert(plan, s.rnd.IntN(len(plan)+1), func() error {
			s.befallen["kill notice"]++
			return s.upload(notice, s.world.notice)
		})
	}
	if s.rnd.IntN(10) == 0 {
		plan = append(plan, func() error {
			s.befallen["poisoned message"]++
			s.send(`{"Records":[{"eventSource":"aws:s3","s3":7}]}`, "")
			return nil
		})
	}
	return plan
}

func (s *schedule) object(name string) *object {
	o := &object{key: s.prefix + "/" + name}
	s.objects = append(s.objects, o)
	return o
}

func (s *schedule) upload(o *object, picture int) error {
	s.between("replaced", o)
	p := s.world.pictures[picture]
	version, err := s.world.put(context.Background(), s.bucket, o.key, p.jpeg)
	if err != nil {
		return err
	}
	o.versions = append(o.versions, uploaded{id: version, picture: p})
	return s.arrived("uploaded", o)
}

// hide deletes the object: with versions, that is a marker above them.
func (s *schedule) hide(o *object) error {
	s.between("deleted", o)
	s.befallen["object hidden"]++
	if err := s.world.remove(context.Background(), s.bucket, o.key, ""); err != nil {
		return err
	}
	o.versions = append(o.versions, uploaded{marker: true})
	return s.arrived("hidden", o)
}

func (s *schedule) removeVersion(o *object, at int) error {
	v := &o.versions[at]
	if v.removed || v.id == "" {
		return nil
	}
	s.between("deleted", o)
	s.befallen["version deleted"]++
	if err := s.world.remove(context.Background(), s.bucket, o.key, v.id); err != nil {
		return err
	}
	v.removed = true
	return s.arrived("removed", o)
}

// arrived sends S3's message of what happened to an object. It gets a time and a
// sequencer of the schedule, and the version a name, which are the same in
// every run.
func (s *schedule) arrived(what string, o *object) error {
	var in events.S3Event
	if err := json.Unmarshal([]byte(<-s.inbox), &in); err != nil {
		return err
	}
	for i := range in.Records {
		s.events++
		in.Records[i].EventTime = time.Now().UTC()
		of := &in.Records[i].S3.Object
		of.Sequencer = fmt.Sprintf("%016X", s.events)
		s.transcript.name(of.VersionID)
		s.transcript.note("%s %s, version %s", o.key, what, of.VersionID)
	}
	body, err := json.Marshal(in)
	s.send(string(body), o.key)
	return err
}

// between counts what happens to an object between an event about it and the
// end of what the function does for that.
func (s *schedule) between(what string, o *object) {
	about := func(m *message) bool { return m.key == o.key }
	if slices.ContainsFunc(s.queue.waiting, about) || slices.ContainsFunc(s.actors, func(a *actor) bool { return slices.ContainsFunc(a.batch, about) }) {
		s.befallen[what+" between event and read"]++
	}
}

// decide lets an editor decide about a picture, as often as it takes until
// nobody else was faster, and put the decision on the object, as the desk does.
func (s *schedule) decide(o *object, action store.Action) {
	reason := fmt.Sprint("because ", s.rnd.Uint64())
	tried, acknowledged, tagged := false, false, false
	s.start("editor", nil, func(a *actor) {
		ctx := a.context()
		for range 5 {
			rec, err := s.store.Get(ctx, s.bucket, o.key)
			if err != nil {
				return
			}
			tried = true
			rec, err = s.store.Decide(ctx, s.bucket, o.key, store.Decision{Action: action, By: "editor", At: time.Now(), Reason: reason}, rec.Revision)
			if errors.Is(err, store.ErrConflict) {
				continue
			}
			if err != nil {
				return
			}
			acknowledged = true
			_, err = check.Tag(ctx, s.uploads.Bucket, s.store, s.uploads.Bucket.At(s.bucket, o.key, rec.Photo.VersionID))
			tagged = err == nil
			return
		}
	}, func(died bool) {
		if acknowledged {
			s.befallen["decision meanwhile"]++
			s.taken = append(s.taken, decided{o.key, action, reason})
		}
		if tried && !tagged {
			s.untagged[o.key] = true
		}
	})
}
