// Package faults_test runs the functions and an editor against the one-machine
// stack while requests fail, processes die, and messages come twice, late and
// out of order. After each schedule it looks whether what Cutline promises
// still holds. A schedule follows from its seed alone.
package faults_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"cutline/internal/local"
)

const bucketName = local.Bucket

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
