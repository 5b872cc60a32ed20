package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// measured are two times, measured in turn: the medians, and the median of how
// many times the other took what ours did.
type measured struct {
	ours, other time.Duration
	ratio       float64 // 0 without another
}

// sideBySide runs both in turn. Each says itself how long it took.
func sideBySide(times int, ours, other func() (time.Duration, error)) (measured, error) {
	var a, b []time.Duration
	var ratios []float64
	for range times {
		x, err := ours()
		if err != nil {
			return measured{}, err
		}
		a = append(a, x)
		if other == nil {
			continue
		}
		y, err := other()
		if err != nil {
			return measured{}, err
		}
		b, ratios = append(b, y), append(ratios, float64(y)/float64(x))
	}
	return measured{median(a), median(b), median(ratios)}, nil
}

func median[T time.Duration | float64](list []T) T {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// timed says how long f takes.
func timed(f func() error) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		began := time.Now()
		err := f()
		return time.Since(began), err
	}
}

// program runs a program to its end. Cutline exits with 1 when a picture fails.
func program(name string, arguments ...string) func() (time.Duration, error) {
	return timed(func() error {
		out, err := exec.Command(name, arguments...).Output()
		if exit, ok := err.(*exec.ExitError); ok {
			if len(out) > 0 && exit.ExitCode() == 1 {
				return nil
			}
			return fmt.Errorf("%s: %w: %s", name, err, exit.Stderr)
		}
		return err
	})
}

// command returns the command that the variable names, or nil.
func command(variable string, arguments ...string) func() (time.Duration, error) {
	name := os.Getenv(variable)
	if name == "" {
		return nil
	}
	return program(name, arguments...)
}
