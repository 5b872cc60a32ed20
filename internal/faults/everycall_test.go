package faults_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"cutline/internal/report"
	"cutline/internal/store"
)

// stories are short days in a newsroom, one thing after the other.
var stories = map[string]func(s *schedule) []func() error{
	"an own picture": func(s *schedule) []func() error {
		o := s.object("own.jpg")
		return []func() error{func() error { return s.upload(o, s.world.of(report.Own)) }}
	},
	"a state's handout, decided about": func(s *schedule) []func() error {
		o := s.object("state.jpg")
		return []func() error{
			func() error { return s.upload(o, s.world.of(report.State)) },
			func() error { s.decide(o, store.Hold); return nil },
		}
	},
	"a picture, replaced": func(s *schedule) []func() error {
		o := s.object("replaced.jpg")
		return []func() error{
			func() error { return s.upload(o, s.world.of(report.State)) },
			func() error { return s.upload(o, s.world.of(report.Own)) },
		}
	},
	"a picture, replaced where there are no versions": func(s *schedule) []func() error {
		s.bucket = plainBucket
		o := s.object("replaced.jpg")
		return []func() error{
			func() error { return s.upload(o, s.world.of(report.Own)) },
			func() error { return s.upload(o, s.world.of(report.State)) },
		}
	},
	"two versions, the later removed": func(s *schedule) []func() error {
		o := s.object("removed.jpg")
		return []func() error{
			func() error { return s.upload(o, s.world.of(report.Own)) },
			func() error { return s.upload(o, s.world.of(report.Own)) },
			func() error { return s.removeVersion(o, 1) },
		}
	},
	"a picture, deleted": func(s *schedule) []func() error {
		o := s.object("deleted.jpg")
		return []func() error{
			func() error { return s.upload(o, s.world.of(report.Own)) },
			func() error { return s.hide(o) },
		}
	},
}

// of is the number of the first picture of an origin.
func (w *world) of(origin report.Origin) int {
	return slices.IndexFunc(w.pictures, func(p picture) bool { return p.origin == origin })
}

// told is a story under one fault.
func told(w *world, name string, hit *strike) (*schedule, error) {
	s, err := newSchedule(w, 5)
	if err != nil {
		return nil, err
	}
	s.strike = hit
	s.plan = stories[name](s)
	return s, nil
}

// Each fault befalls each request of each story: the process dies at every
// step, and every answer is lost once. With CUTLINE_EVERY_CALL, that is; else
// one in some.
func TestEveryCall(t *testing.T) {
	w := openWorld(t)
	type one struct {
		story string
		strike
	}
	var all []one
	calls := 0
	for _, name := range slices.Sorted(maps.Keys(stories)) {
		fair, err := told(w, name, &strike{at: -1})
		if err != nil {
			t.Fatal(err)
		}
		if err := fair.run(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := fair.end(); err != nil {
			t.Fatal(err)
		}
		calls += fair.requests
		for at := range fair.requests {
			for f := fault(1); f < faults; f++ {
				all = append(all, one{name, strike{at, f}})
			}
		}
	}
	stride := 97
	if os.Getenv("CUTLINE_EVERY_CALL") != "" {
		stride = 1
	}
	n := len(all) / stride
	sum := play(t, n, func(i int) (*schedule, error) { return told(w, all[i*stride].story, &all[i*stride].strike) })
	struck := 0
	for f := fault(1); f < faults; f++ {
		struck += sum.befallen[f.String()]
	}
	if struck < n*9/10 { // a story whose course is another can be shorter
		t.Errorf("of %d faults %d happened", n, struck)
	}
	sum.print(fmt.Sprintf("of %d stories, each with one fault at one of %d calls", len(all), calls))
}
