// Package faults_test runs the function and an editor against the one-machine
// stack while requests fail, processes die, and messages come twice, late and
// out of order. After each schedule it looks whether what Cutline promises
// still holds.
package faults_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
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
	for range 2 * runtime.GOMAXPROCS(0) { // a schedule waits now and then
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
	fmt.Printf("figures: %d schedules, %d requests, %d faults and mishaps %v\n", n, requests, total, befallen)
}

// What the schedules look at, they would see broken: with a bug in the code,
// some of them fail.
func TestBugsAreFound(t *testing.T) {
	w, err := openWorld()
	if err != nil {
		t.Fatal(err)
	}
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
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				s := newSchedule(w, seed)
				s.network.bug = bug
				if err := s.run(); err != nil {
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
