// Package faults_test runs the function and an editor against the one-machine
// stack while requests fail, processes die, and messages come twice, late and
// out of order. After each schedule it looks whether what Cutline promises
// still holds.
package faults_test

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"cutline/internal/local"
)

const bucketName = local.Bucket

// CUTLINE_SCHEDULES says how many schedules are played, CUTLINE_SEED which one
// comes first: a failure prints its seed.
func TestSchedules(t *testing.T) {
	w, err := openWorld()
	if err != nil {
		t.Fatal(err)
	}
	n, first := number(t, "CUTLINE_SCHEDULES", 60), uint64(number(t, "CUTLINE_SEED", 1))
	seeds := make(chan uint64)
	var mu sync.Mutex
	var group sync.WaitGroup
	befallen, requests, failures := map[string]int{}, 0, 0
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for seed := range seeds {
				s := newSchedule(w, seed)
				err := s.run()
				mu.Lock()
				for f, n := range s.befallen {
					befallen[f] += n
				}
				requests += len(s.trace)
				if err != nil && failures < 5 {
					t.Errorf("CUTLINE_SEED=%d CUTLINE_SCHEDULES=1: %v", seed, err)
					failures++
				}
				mu.Unlock()
			}
		})
	}
	for i := range n {
		seeds <- first + uint64(i)
	}
	close(seeds)
	group.Wait()
	total := 0
	for _, f := range slices.Sorted(maps.Keys(befallen)) {
		total += befallen[f]
	}
	fmt.Printf("figures: %d schedules, %d requests, %d faults %v\n", n, requests, total, befallen)
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
