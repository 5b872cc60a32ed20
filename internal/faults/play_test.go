package faults_test

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// tally is what schedules came to.
type tally struct {
	schedules, requests int
	befallen, held      map[string]int
	failures            []string
}

// play runs schedules side by side, each in a bubble.
func play(t *testing.T, n int, made func(i int) (*schedule, error)) tally {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // what a schedule keeps is small
	sum := tally{befallen: map[string]int{}, held: map[string]int{}}
	numbers := make(chan int)
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 4 * runtime.GOMAXPROCS(0) { // a schedule waits now and then
		group.Go(func() {
			for i := range numbers {
				s, err := one(t, func() (*schedule, error) { return made(i) })
				mu.Lock()
				if err != nil {
					sum.failures = append(sum.failures, err.Error())
					if n == 1 && s != nil {
						t.Log(strings.Join(s.transcript.lines, "\n"))
					}
				} else {
					sum.add(s)
				}
				mu.Unlock()
			}
		})
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	group.Wait()
	for _, f := range sum.failures[:min(5, len(sum.failures))] {
		t.Error(f)
	}
	return sum
}

// one plays one schedule, which ends with everything that it began.
func one(t *testing.T, made func() (*schedule, error)) (s *schedule, err error) {
	synctest.Test(t, func(*testing.T) {
		if s, err = made(); err != nil {
			return
		}
		if err = s.run(); err != nil {
			err = fmt.Errorf("CUTLINE_SEED=%d CUTLINE_SCHEDULES=1 (%+v): %w", s.seed, s.strike, err)
		}
		err = errors.Join(err, s.end())
	})
	return s, err
}

func (t *tally) add(s *schedule) {
	t.schedules++
	t.requests += s.requests
	for f, n := range s.befallen {
		t.befallen[f] += n
	}
	for invariant, n := range s.held {
		t.held[invariant] += n
	}
}

// print writes the figures, which .ci/run shows.
func (t *tally) print(what string) {
	fmt.Printf("figures: %d %s, %d requests\n", t.schedules, what, t.requests)
	for _, list := range []struct {
		what string
		of   map[string]int
	}{{"faults and mishaps", t.befallen}, {"invariants held", t.held}} {
		total := 0
		var each []string
		for _, name := range slices.Sorted(maps.Keys(list.of)) {
			total += list.of[name]
			each = append(each, fmt.Sprint(name, " ", list.of[name]))
		}
		fmt.Printf("figures: %d %s: %s\n", total, list.what, strings.Join(each, ", "))
	}
}
