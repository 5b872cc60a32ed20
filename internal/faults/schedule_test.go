package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cutline/internal/check"
	"cutline/internal/store"
)

// maxReceives is how often a message is handed out before it goes to the dead
// letters, as in the template.
const maxReceives = 5

// schedule is one run of a few uploads under faults. Everything in it follows
// from its seed: what is uploaded, which request goes on when, what befalls it.
type schedule struct {
	seed    uint64
	rnd     *rand.Rand
	world   *world
	network *network
	weather weather
	prefix  string
	inbox   chan string

	uploads *check.Uploads
	store   *store.Store // as the editor uses it
	rested  *store.Store // asked without faults, when all is over

	plan   []func() error // what the newsroom will do, in order
	queue  []*message     // visible
	flying map[*message]bool
	dead   []*message // dead letters: an alarm watches them
	actors []*actor

	keys     map[string]*object
	taken    []taken         // decisions that were acknowledged
	untagged map[string]bool // keys of which an editor does not know that the tag is put
	befallen map[string]int  // by fault
	trace    []string
	skew     time.Duration
}

type message struct {
	id       string
	body     string
	poisoned bool
	receives int
	handled  bool
}

// object is what the newsroom knows of one key: its versions in order.
type object struct {
	versions []uploaded
}

type uploaded struct {
	id      string // "" of a delete marker
	picture picture
	removed bool // for good
}

// latest returns the last version that is left, and whether a delete marker
// after it hides it.
func (o *object) latest() (id string, hidden bool) {
	for _, v := range slices.Backward(o.versions) {
		switch {
		case v.id == "":
			hidden = true
		case !v.removed:
			return v.id, hidden
		}
	}
	return "", hidden
}

type taken struct {
	key    string
	reason string
}

func newSchedule(w *world, seed uint64) *schedule {
	rnd := rand.New(rand.NewPCG(seed, 7))
	s := &schedule{
		seed: seed, rnd: rnd, world: w, network: &network{arrived: make(chan *request, 64)}, weather: someWeather(rnd),
		prefix: fmt.Sprintf("s%d-%d", seed, time.Now().UnixNano()), inbox: make(chan string, 16),
		flying: map[*message]bool{}, keys: map[string]*object{}, untagged: map[string]bool{}, befallen: map[string]int{},
	}
	checker := *w.checker
	checker.Now = func() time.Time { return time.Now().Add(s.skew) }
	s.uploads, s.store = w.functions(s.network, checker, s.prefix)
	w.mu.Lock()
	w.inboxes[s.prefix] = s.inbox
	w.mu.Unlock()
	s.planNewsroom()
	return s
}

// planNewsroom draws two to six uploads and deletions of one or two keys, and
// sometimes a message that nobody can read.
func (s *schedule) planNewsroom() {
	ctx := context.Background()
	for n := range 1 + s.rnd.IntN(2) {
		key := fmt.Sprintf("%s/a picture+%d 김.jpg", s.prefix, n)
		o := &object{}
		s.keys[key] = o
		upload := func() error {
			p := s.world.pictures[s.rnd.IntN(len(s.world.pictures))]
			version, body, err := s.world.put(ctx, key, p, s.inbox)
			o.versions = append(o.versions, uploaded{id: version, picture: p})
			s.send(body, false)
			return err
		}
		s.plan = append(s.plan, upload)
		for range s.rnd.IntN(3) {
			switch s.rnd.IntN(5) {
			case 0:
				s.plan = append(s.plan, func() error {
					s.befallen["object hidden"]++
					body, err := s.world.remove(ctx, key, "", s.inbox)
					o.versions = append(o.versions, uploaded{})
					s.send(body, false)
					return err
				})
				if s.rnd.IntN(2) == 0 {
					s.plan = append(s.plan, upload)
				}
			case 1:
				s.plan = append(s.plan, func() error {
					at := s.rnd.IntN(len(o.versions))
					if o.versions[at].removed || o.versions[at].id == "" {
						return nil
					}
					s.befallen["version deleted"]++
					body, err := s.world.remove(ctx, key, o.versions[at].id, s.inbox)
					o.versions[at].removed = true
					s.send(body, false)
					return err
				})
			default:
				s.plan = append(s.plan, upload)
			}
		}
		if s.rnd.IntN(3) == 0 {
			s.plan = append(s.plan, func() error { s.decide(key); return nil })
		}
	}
	if s.rnd.IntN(10) == 0 {
		s.plan = append(s.plan, func() error {
			s.befallen["poisoned message"]++
			s.send(`{"Records":[{"eventSource":"aws:s3","s3":7}]}`, true)
			return nil
		})
	}
}

func (s *schedule) send(body string, poisoned bool) {
	m := &message{id: fmt.Sprint(len(s.queue)+len(s.dead), "-", s.rnd.Uint32()), body: body, poisoned: poisoned}
	s.queue = append(s.queue, m)
	if s.rnd.IntN(4) == 0 { // S3 sends an event at least once
		s.befallen["event twice"]++
		s.queue = append(s.queue, &message{id: m.id + "-again", body: body, poisoned: poisoned})
	}
}

// start begins an actor. Its work runs until its first request, which then
// waits.
func (s *schedule) start(name string, work func(ctx context.Context), finish func(died bool)) {
	a := &actor{name: name}
	a.ctx, a.kill = context.WithCancel(context.Background())
	a.ctx = context.WithValue(a.ctx, actorKey{}, a)
	ended := make(chan struct{})
	a.finish = func() {
		a.kill()
		finish(a.dead)
	}
	s.actors = append(s.actors, a)
	go func() {
		defer close(ended)
		work(a.ctx)
	}()
	s.settle(a, ended)
	a.end = ended
}

// settle waits until the actor has a request waiting, or has ended.
func (s *schedule) settle(a *actor, ended chan struct{}) {
	for {
		select {
		case q := <-s.network.arrived:
			q.actor.pending = append(q.actor.pending, q)
			if q.actor == a {
				return
			}
		case <-ended:
			a.done = true
			return
		}
	}
}

// invoke hands a batch of messages to the function.
func (s *schedule) invoke() {
	s.rnd.Shuffle(len(s.queue), func(i, j int) { s.queue[i], s.queue[j] = s.queue[j], s.queue[i] })
	n := min(len(s.queue), 1+s.rnd.IntN(3))
	batch := slices.Clone(s.queue[:n])
	s.queue = slices.Delete(s.queue, 0, n)
	var in events.SQSEvent
	for _, m := range batch {
		m.receives++
		in.Records = append(in.Records, events.SQSMessage{MessageId: m.id, Body: m.body, EventSource: "aws:sqs"})
	}
	raw, err := json.Marshal(in)
	if err != nil {
		panic(err)
	}
	if s.skew = time.Duration(s.rnd.IntN(5)-2) * time.Minute; s.skew != 0 {
		s.befallen["clock askew"]++
	}
	var answer events.SQSEventResponse
	var failed error
	s.start(fmt.Sprintf("function%d", len(s.trace)), func(ctx context.Context) {
		answer, failed = s.uploads.Handle(ctx, raw)
	}, func(died bool) {
		for _, m := range batch {
			again := died || failed != nil || slices.ContainsFunc(answer.BatchItemFailures, func(f events.SQSBatchItemFailure) bool { return f.ItemIdentifier == m.id })
			switch {
			case !again:
				m.handled = true
				if s.rnd.IntN(12) == 0 { // SQS hands a message out at least once
					s.befallen["message twice"]++
					s.queue = append(s.queue, &message{id: m.id + "+", body: m.body, poisoned: m.poisoned, receives: m.receives})
				}
			case m.receives >= maxReceives:
				s.dead = append(s.dead, m)
			default:
				s.queue = append(s.queue, m)
			}
		}
	})
}

// decide lets an editor decide about a picture, as often as it takes until
// nobody else was faster, and put the decision on the object, as the desk does.
func (s *schedule) decide(key string) {
	reason := fmt.Sprint("because ", s.rnd.Uint64())
	action := []store.Action{store.Approve, store.Hold, store.Kill, store.Note}[s.rnd.IntN(4)]
	tried, acknowledged, tagged := false, false, false
	s.start("editor", func(ctx context.Context) {
		for range 5 {
			rec, err := s.store.Get(ctx, bucketName, key)
			if err != nil {
				return
			}
			tried = true
			rec, err = s.store.Decide(ctx, bucketName, key, store.Decision{Action: action, By: "editor", At: time.Now(), Reason: reason}, rec.Revision)
			if errors.Is(err, store.ErrConflict) {
				continue
			}
			if err != nil {
				return
			}
			acknowledged = true
			_, err = check.Tag(ctx, s.uploads.Bucket, s.store, s.uploads.Bucket.At(bucketName, key, rec.Photo.VersionID))
			tagged = err == nil
			return
		}
	}, func(died bool) {
		if acknowledged {
			s.befallen["decision meanwhile"]++
			s.taken = append(s.taken, taken{key, reason})
		}
		if tried && !tagged {
			s.untagged[key] = true
		}
	})
}

// run plays the whole schedule: first under faults, then, as after an outage,
// without, with the dead letters sent again.
func (s *schedule) run() error {
	var err error
	if s.rested, err = s.world.open(context.Background(), s.prefix); err != nil {
		return err
	}
	for step := 0; len(s.plan) > 0 || len(s.queue) > 0 || len(s.actors) > 0; step++ {
		if step > 3000 {
			return fmt.Errorf("it does not come to an end")
		}
		switch n := s.rnd.IntN(10); {
		case n < 2 && len(s.plan) > 0:
			next := s.plan[0]
			s.plan = s.plan[1:]
			if err := next(); err != nil {
				return err
			}
		case n < 4 && len(s.queue) > 0 && len(s.actors) < 3:
			s.invoke()
		case len(s.actors) > 0:
			s.advance()
		}
	}
	s.weather = weather{}
	for _, m := range s.dead {
		if !m.poisoned {
			s.befallen["dead letter sent again"]++
			m.receives = 0
			s.queue = append(s.queue, m)
		}
	}
	s.dead = slices.DeleteFunc(s.dead, func(m *message) bool { return !m.poisoned })
	for len(s.queue) > 0 || len(s.actors) > 0 {
		if len(s.actors) > 0 {
			s.advance()
		} else {
			s.invoke()
		}
	}
	return s.check()
}

// advance lets one request of one actor go on, or notes that an actor ended.
func (s *schedule) advance() {
	a := s.actors[s.rnd.IntN(len(s.actors))]
	if !a.done {
		q := a.pending[0]
		a.pending = a.pending[1:]
		f := s.weather.draw(s.rnd)
		if f != none {
			s.befallen[f.String()]++
		}
		if f == killedBefore || f == killedAfter {
			a.dead = true
		}
		s.trace = append(s.trace, a.name+": "+f.String())
		q.proceed <- f
		if a.dead {
			a.kill()
		}
		if len(a.pending) == 0 {
			s.settle(a, a.end)
		}
	}
	if a.done {
		s.actors = slices.DeleteFunc(s.actors, func(b *actor) bool { return a == b })
		a.finish()
	}
}
