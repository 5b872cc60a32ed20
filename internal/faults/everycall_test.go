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
	"a picture, and its sidecar": func(s *schedule) []func() error {
		o := s.object("corrected.jpg")
		return []func() error{
			func() error { return s.upload(o, s.world.of(report.Own)) },
			func() error { return s.putBeside(o) },
		}
	},
	"a sidecar that was there first, taken away": func(s *schedule) []func() error {
		o := s.object("corrected.jpg")
		return []func() error{
			func() error { return s.putBeside(o) },
			func() error { return s.upload(o, s.world.of(report.Own)) },
			func() error { return s.removeBeside(o) },
		}
	},
	"a kill notice, and the picture that it names": func(s *schedule) []func() error {
		notice, named := s.object("notice.jpg"), s.object("named.jpg")
		return []func() error{
			func() error { return s.upload(notice, s.world.notice) },
			func() error { return s.upload(named, s.world.named) },
		}
	},
	"a picture and its copy, killed": func(s *schedule) []func() error {
		named, again, notice := s.object("named.jpg"), s.object("copy.jpg"), s.object("notice.jpg")
		return []func() error{
			func() error { return s.upload(named, s.world.named) },
			func() error { return s.upload(again, s.world.of(report.State)) },
			func() error { return s.upload(notice, s.world.notice) },
		}
	},
}

// storyUnder is a story under one fault.
func storyUnder(w *world, name, story string, hit *strike) (*schedule, error) {
	s, err := newSchedule(w, name, 5)
	if err != nil {
		return nil, err
	}
	s.strike = hit
	s.plan = stories[story](s)
	return s, nil
}

// Each fault befalls each request of each story: the process dies at every
// step, and every answer is lost once. With CUTLINE_EVERY_CALL, that is; else
// one in some.
func TestEveryCall(t *testing.T) {
	w := openWorld(t)
	type struck struct {
		story string
		strike
	}
	var all []struck
	calls := 0
	for _, name := range slices.Sorted(maps.Keys(stories)) {
		fair, err := one(t, func() (*schedule, error) { return storyUnder(w, "fair", name, &strike{at: -1}) })
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		calls += fair.requests
		for at := range fair.requests {
			for f := fault(1); f < faults; f++ {
				all = append(all, struck{name, strike{at, f}})
			}
		}
	}
	stride := 97
	if os.Getenv("CUTLINE_EVERY_CALL") != "" {
		stride = 1
	}
	n := len(all) / stride
	sum := play(t, n, func(i int) (*schedule, error) {
		return storyUnder(w, fmt.Sprint("c", i), all[i*stride].story, &all[i*stride].strike)
	})
	happened := 0
	for f := fault(1); f < faults; f++ {
		happened += sum.befallen[f.String()]
	}
	if happened != n { // up to its fault, a story is as it was without
		t.Errorf("of %d faults %d happened", n, happened)
	}
	sum.print(fmt.Sprintf("of %d stories, each with one fault at one of %d calls", len(all), calls))
}
