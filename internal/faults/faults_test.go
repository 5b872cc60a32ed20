// Package faults_test runs the functions and an editor against the one-machine
// stack while requests fail, processes die, and messages come twice, late and
// out of order. After each schedule it looks whether what Cutline promises
// still holds.
package faults_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"cutline/internal/local"
)

const bucketName = local.Bucket

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

// CUTLINE_SCHEDULES says how many schedules are played, CUTLINE_SEED which one
// comes first: a failure prints its seed, and what happened where that one is
// played alone.
func TestSchedules(t *testing.T) {
	w := openWorld(t)
	n, first := number(t, "CUTLINE_SCHEDULES", 60), uint64(number(t, "CUTLINE_SEED", 1))
	sum := play(t, n, func(i int) (*schedule, error) { return someSchedule(w, first+uint64(i)) })
	sum.print("schedules")
	if n < 1000 {
		return // too few for all that can happen
	}
	for _, mishap := range mishaps(w) {
		if sum.befallen[mishap] == 0 {
			t.Errorf("%s: it never happened", mishap)
		}
	}
	for _, invariant := range invariants(w) {
		if sum.held[invariant] == 0 {
			t.Errorf("%s: it was never looked at", invariant)
		}
	}
}

// someSchedule is drawn by its seed.
func someSchedule(w *world, seed uint64) (*schedule, error) {
	s, err := newSchedule(w, fmt.Sprint("s", seed), seed)
	if err != nil {
		return nil, err
	}
	if s.rnd.IntN(4) == 0 {
		s.bucket = plainBucket
	}
	s.queue.full = s.rnd.IntN(3) == 0
	s.plan = s.someNewsroom()
	return s, nil
}

// mishaps are all that can happen, by the names that they are counted by.
func mishaps(w *world) []string {
	all := []string{
		"clock askew", "dead letter", "dead letter sent again", "dead letters refused", "decision meanwhile", "deleted between event and read", "event twice",
		"kill notice", "message late", "message out of order", "message twice", "object hidden", "poisoned message", "replaced between event and read", "sidecar put", "sidecar taken away", "version deleted",
	}
	if w.elsewhere == "" {
		all = append(all, "notice refused for good", "queue of the undelivered closed")
	}
	for f := fault(1); f < faults; f++ {
		all = append(all, f.String())
	}
	return all
}

// invariants are all that is looked at, by the names that they are counted by.
func invariants(w *world) []string {
	all := []string{
		"every version has a report", "no version has two reports, and nothing else has one", "a report is of its own version's bytes", "nothing is pending for good",
		"the latest version is shown", "a removed version is said to be", "what is gone is said to be", "a picture stands in the list once, as it is",
		"a tag agrees with its report", "an editor can put a tag again", "a decision survives, once",
		"a sidecar is part of its picture's report", "a kill notice reaches the picture, its copies, and nothing else",
		"nothing is stuck without an alarm", "every message is handled, or a dead letter that nobody can read",
	}
	if w.elsewhere == "" {
		all = append(all, "a failed picture is told, or kept as undelivered", "a decision is told, or kept as undelivered")
	}
	return all
}

// What the schedules look at, they would see broken: with a bug in the code,
// some of them fail.
func TestBugsAreFound(t *testing.T) {
	w := openWorld(t)
	for name, bug := range map[string]func(*http.Request) *http.Response{
		"conditions are forgotten": func(r *http.Request) *http.Response {
			if r.Header.Get("X-Amz-Target") != "" {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				body = condition.ReplaceAll(body, nil)
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			}
			return nil
		},
		"tags are not put": func(r *http.Request) *http.Response {
			if r.Method == http.MethodPut && r.URL.Query().Has("tagging") {
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
			}
			return nil
		},
		"notices are not sent": func(r *http.Request) *http.Response {
			if r.URL.Host != atSNS {
				return nil
			}
			body := io.NopCloser(strings.NewReader(`<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`))
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				_, err := one(t, func() (*schedule, error) {
					s, err := someSchedule(w, seed)
					if err == nil {
						s.network.bug = bug
					}
					return s, err
				})
				if err != nil {
					t.Logf("found by seed %d: %v", seed, err)
					return
				}
			}
			t.Error("no schedule finds it")
		})
	}
}

var condition = regexp.MustCompile(`"ConditionExpression":"[^"]*",`)

func number(t *testing.T, name string, fallback int) int {
	text := os.Getenv(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
