package faults_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cutline/internal/check"
	"cutline/internal/local"
	"cutline/internal/store"
)

// schedule is one run of a few uploads under faults. Everything in it follows
// from its seed: what is uploaded, who goes on when, and what befalls a
// request, which is drawn by who asks for what and how often that was, so that
// it does not matter which of two requests at once is first.
type schedule struct {
	seed    uint64
	rnd     *rand.Rand
	world   *world
	network *network
	weather weather
	strike  *strike // instead of weather
	bucket  string
	prefix  string // of its keys, and its table
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
	skew     time.Duration
}

// strike is one fault that befalls one request, counted from 0.
type strike struct {
	at    int
	fault fault
}

func newSchedule(w *world, seed uint64) (*schedule, error) {
	rnd := rand.New(rand.NewPCG(seed, 7))
	s := &schedule{
		seed: seed, rnd: rnd, world: w, weather: someWeather(rnd), bucket: bucketName,
		prefix: fmt.Sprintf("s%d-%d", seed, time.Now().UnixNano()), inbox: make(chan string, 16),
		untagged: map[string]bool{}, befallen: map[string]int{}, held: map[string]int{},
	}
	var err error
	if s.own, s.database, err = w.database(s.prefix); err != nil {
		return nil, err
	}
	s.network = &network{arrived: make(chan *request, 64)}
	under := wire{}
	if s.own != nil { // a DynamoDB elsewhere has no stream here
		s.own.KeepChanges()
		s.notices = s.notify()
		under[atDynamoDB], under[atSNS], under[atSQS] = s.own, s.notices, s.notices
	}
	s.network.under = under
	s.uploads, s.store = w.functions(s.network, s.database, s.checker(), s.prefix)
	if s.rested, err = w.open(context.Background(), under, s.database, s.prefix); err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.inboxes[s.prefix] = s.inbox
	w.mu.Unlock()
	return s, nil
}

// checker has the clock that is askew.
func (s *schedule) checker() check.Checker {
	c := *s.world.checker
	c.Now = func() time.Time { return time.Now().Add(s.skew) }
	return c
}

// end removes what the schedule stored.
func (s *schedule) end() error {
	w := s.world
	w.mu.Lock()
	delete(w.inboxes, s.prefix)
	w.mu.Unlock()
	var err error
	if s.own != nil {
		err = errors.Join(s.own.Close(), os.Remove(filepath.Join(w.data, s.prefix+".journal")))
	}
	for _, part := range []string{"objects", "attributes", "versions"} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(w.data, "s3", part, s.bucket, s.prefix)))
	}
	return err
}

// start begins an actor. Its work runs until its first request, which then
// waits.
func (s *schedule) start(name string, batch []*message, work func(a *actor), finish func(died bool)) {
	a := &actor{name: name, batch: batch, number: s.begun, time: &patience{Context: context.Background(), over: make(chan struct{})}, asked: map[string]int{}, end: make(chan struct{})}
	s.begun++
	a.finish = func() {
		a.time.end()
		finish(a.dead.Load())
	}
	s.actors = append(s.actors, a)
	go func() {
		defer close(a.end)
		work(a)
	}()
	s.settle(a)
}

// settle waits until the actor has a request waiting, or has ended.
func (s *schedule) settle(a *actor) {
	for {
		select {
		case q := <-s.network.arrived:
			q.actor.pending = append(q.actor.pending, q)
			if q.actor == a {
				return
			}
		case <-a.end:
			a.done = true
			return
		}
	}
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

// advance lets one request of one actor go on, or notes that an actor ended.
func (s *schedule) advance() {
	a := s.actors[s.rnd.IntN(len(s.actors))]
	if !a.done {
		q := a.pending[0]
		a.pending = a.pending[1:]
		f := s.draw(q)
		if f != none {
			s.befallen[f.String()]++
		}
		switch f {
		case outOfMemory, cutOff:
			a.dead.Store(true)
		}
		if f == outOfTime {
			a.time.end()
		}
		q.proceed <- f
		<-q.answered // it may have others under way
		if a.dead.Load() {
			a.time.end()
		}
		if len(a.pending) == 0 {
			s.settle(a)
		}
	}
	if a.done {
		s.actors = slices.DeleteFunc(s.actors, func(b *actor) bool { return a == b })
		a.finish()
	}
}

// draw says what befalls a request.
func (s *schedule) draw(q *request) fault {
	n := s.requests
	s.requests++
	if s.strike != nil { // also after the others have come to an end
		if n == s.strike.at {
			return s.strike.fault
		}
		return none
	}
	h := fnv.New64a()
	fmt.Fprintln(h, s.seed, q.actor.number, q.asks, q.actor.asked[q.asks])
	q.actor.asked[q.asks]++
	return s.weather.draw(int(h.Sum64() % 1000))
}

// hold counts an invariant that was looked at and held, or says which did not.
func (s *schedule) hold(invariant string, err error) error {
	if err != nil {
		return fmt.Errorf("not so: %s: %w", invariant, err)
	}
	s.held[invariant]++
	return nil
}
