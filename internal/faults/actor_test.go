package faults_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"
)

// actor is one piece of work under way: an invocation of a function, or an
// editor's decision. Each of its requests waits for the scheduler.
type actor struct {
	name   string
	time   *patience
	dead   atomic.Bool   // nothing that its goroutines still do is seen
	batch  []*message    // that it is about
	end    chan struct{} // closed when its work has returned
	finish func()        // what its end means, called by the scheduler
}

type actorKey struct{}

// context is what the actor's requests are known by.
func (a *actor) context() context.Context { return context.WithValue(a.time, actorKey{}, a) }

// done says whether its work has returned.
func (a *actor) done() bool {
	select {
	case <-a.end:
		return true
	default:
		return false
	}
}

// patience is the time of an invocation, which is over when the schedule says
// so: no real time passes.
type patience struct {
	context.Context
	over chan struct{}
	once sync.Once
}

func (p *patience) Done() <-chan struct{} { return p.over }

func (p *patience) end() { p.once.Do(func() { close(p.over) }) }

func (p *patience) Err() error {
	select {
	case <-p.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// tick is how much time passes from request to request. It is longer than the
// store ever waits before it tries again, so that after it every actor waits
// for the scheduler, whatever was drawn for those waits. And no number of
// ticks, nor of ticks beside a clock that is askew, is a whole minute.
const tick = 151 * time.Millisecond

// settle lets all that is under way come to where it waits for the scheduler,
// or to its end.
func settle() {
	time.Sleep(tick)
	synctest.Wait()
}

// start begins an actor.
func (s *schedule) start(name string, batch []*message, work func(a *actor), finish func(died bool)) {
	a := &actor{name: fmt.Sprint(name, " ", s.begun), batch: batch, time: &patience{Context: context.Background(), over: make(chan struct{})}, end: make(chan struct{})}
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
	settle()
}

// advance lets one request of one actor go on, and notes when the actor ended.
func (s *schedule) advance() {
	a := s.actors[s.rnd.IntN(len(s.actors))]
	if waiting := s.network.of(a); len(waiting) > 0 {
		q := waiting[s.rnd.IntN(len(waiting))]
		f := s.draw()
		s.transcript.note("%s asks %s: %s", a.name, q.asks, f)
		if f != none {
			s.befallen[f.String()]++
		}
		switch f {
		case outOfMemory, cutOff:
			a.dead.Store(true)
			a.time.end()
		case outOfTime:
			a.time.end()
		}
		synctest.Wait() // that its time is over has reached all contexts
		s.network.release(q, f)
		settle()
	}
	if a.done() {
		s.actors = slices.DeleteFunc(s.actors, func(b *actor) bool { return a == b })
		a.finish()
	}
}

// draw says what befalls the next request.
func (s *schedule) draw() fault {
	n := s.requests
	s.requests++
	if s.strike == nil {
		return s.weather.draw(s.rnd.IntN(1000))
	}
	if n == s.strike.at {
		return s.strike.fault
	}
	return none
}
