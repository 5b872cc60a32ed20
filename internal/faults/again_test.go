package faults_test

import (
	"fmt"
	"testing"
)

// A seed is a schedule: played again it is the same, request by request, with
// the same faults and the same end, however busy the machine is.
func TestSameAgain(t *testing.T) {
	w := openWorld(t)
	n, first := max(20, number(t, "CUTLINE_SCHEDULES", 0)/50), uint64(number(t, "CUTLINE_SEED", 1))
	var of [2][]*transcript
	for run := range of {
		of[run] = make([]*transcript, n)
		play(t, n, func(i int) (*schedule, error) {
			s, err := someSchedule(w, first+uint64(i))
			if err == nil {
				of[run][i] = s.transcript
			}
			return s, err
		})
	}
	lines := 0
	for i := range n {
		once, again := of[0][i], of[1][i]
		if once == nil || again == nil {
			continue // which was said
		}
		lines += len(once.lines)
		if at, same := once.same(again); !same {
			t.Errorf("seed %d, line %d:\n%s\nand, played again:\n%s", first+uint64(i), at, once.line(at), again.line(at))
		}
	}
	fmt.Printf("figures: %d schedules, the same when played again, in all %d lines of what happened\n", n, lines)
}
