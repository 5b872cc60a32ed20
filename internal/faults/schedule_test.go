package faults_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"cutline/internal/check"
	"cutline/internal/local"
	"cutline/internal/store"
)

// schedule is one run of a few uploads under faults. Everything in it follows
// from its seed: what is uploaded, who goes on when, and what befalls a
// request. It runs in a bubble of synctest, where it alone says what goes on,
// and time is what it makes of it.
type schedule struct {
	seed    uint64
	rnd     *rand.Rand
	world   *world
	network *network
	weather weather
	strike  *strike // instead of weather
	bucket  string
	prefix  string // of its keys
	table   string
	inbox   chan string

	database string // URL
	own      *local.Database
	uploads  *check.Uploads
	store    *store.Store // as the editor uses it
	rested   *store.Store // asked without faults

	plan   []func() error // what the newsroom will do, in order
	queue  queue
	sent   int
	actors []*actor
	begun  int // actors

	objects  []*object
	taken    []decided
	untagged map[string]bool // keys of which an editor does not know that the tag is put
	notices  *notices

	befallen map[string]int // by fault
	held     map[string]int // by invariant
	requests int
	events   int

	transcript *transcript
}

// strike is one fault that befalls one request, counted from 0.
type strike struct {
	at    int
	fault fault
}

// newSchedule is called in a bubble. No two at a time have the same name.
func newSchedule(w *world, name string, seed uint64) (*schedule, error) {
	w.outside.adoptTime()
	rnd := rand.New(rand.NewPCG(seed, 7))
	s := &schedule{
		seed: seed, rnd: rnd, world: w, weather: someWeather(rnd), bucket: bucketName,
		prefix: name, table: fmt.Sprint(name, "-", time.Now().UnixNano()), inbox: w.openInbox(name),
		transcript: &transcript{}, untagged: map[string]bool{}, befallen: map[string]int{}, held: map[string]int{},
	}
	var err error
	if s.own, s.database, err = w.database(s.prefix); err != nil {
		return nil, err
	}
	under := wire{map[string]http.Handler{}, w.outside}
	s.network = &network{under: under, transcript: s.transcript}
	if s.own != nil { // a DynamoDB elsewhere has no stream here
		s.own.KeepChanges()
		s.notices = s.notify()
		under.own[atDynamoDB], under.own[atSNS], under.own[atSQS] = s.own, s.notices, s.notices
	}
	s.uploads, s.store = w.functions(s.network, s.database, s.table)
	s.rested, err = w.open(context.Background(), under, s.database, s.table)
	return s, err
}

// end removes what the schedule stored.
func (s *schedule) end() error {
	w := s.world
	w.closeInbox(s.prefix)
	var err error
	if s.own != nil {
		err = errors.Join(s.own.Close(), os.Remove(filepath.Join(w.data, s.prefix+".journal")))
	}
	for _, part := range []string{"objects", "attributes", "versions"} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(w.data, "s3", part, s.bucket, s.prefix)))
	}
	return err
}

// run plays the whole schedule: first under faults, then, as after an outage,
// without, with the dead letters sent again.
func (s *schedule) run() error {
	for step := 0; len(s.plan) > 0 || len(s.actors) > 0 || !s.queue.stuck(); step++ {
		switch step {
		case 2000: // no storm lasts for ever; one in 10,000 would need more steps
			s.weather = weather{}
		case 4000:
			return errors.New("it does not come to an end")
		}
		switch n := s.rnd.IntN(10); {
		case n < 2 && len(s.plan) > 0:
			next := s.plan[0]
			s.plan = s.plan[1:]
			if err := next(); err != nil {
				return err
			}
		case n < 4 && len(s.queue.waiting) > 0 && len(s.actors) < 3:
			s.invoke()
		case n == 4 && s.notices != nil:
			if _, err := s.tell(); err != nil {
				return err
			}
		case len(s.actors) > 0:
			s.advance()
		}
	}
	if err := s.checkAlarms(); err != nil {
		return err
	}
	s.weather = weather{}
	s.redrive()
	if s.notices != nil {
		s.notices.mend(s.befallen)
	}
	for {
		told, err := s.tell()
		switch {
		case err != nil:
			return err
		case told:
		case len(s.actors) > 0:
			s.advance()
		case len(s.queue.waiting) > 0:
			s.invoke()
		default:
			return s.check()
		}
	}
}

// hold counts an invariant that was looked at and held, or says which did not.
func (s *schedule) hold(invariant string, err error) error {
	if err != nil {
		return fmt.Errorf("not so: %s: %w", invariant, err)
	}
	s.held[invariant]++
	return nil
}
