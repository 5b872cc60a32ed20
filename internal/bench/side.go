package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// spent is what something took: by the clock, and of the processors' time, in
// all its threads and in the processes that it waited for.
type spent struct{ clock, processor time.Duration }

// run does something once.
type run func() (spent, error)

// measured are two times by the clock, measured in turn: the medians, and the
// median of how many times the other took what ours did.
type measured struct {
	ours, other time.Duration
	ratio       float64 // 0 without another
}

// sideBySide runs both in turn.
func sideBySide(times int, ours, other run) (measured, error) {
	var a, b []time.Duration
	var ratios []float64
	for range times {
		x, err := ours()
		if err != nil {
			return measured{}, err
		}
		a = append(a, x.clock)
		if other == nil {
			continue
		}
		y, err := other()
		if err != nil {
			return measured{}, err
		}
		b, ratios = append(b, y.clock), append(ratios, float64(y.clock)/float64(x.clock))
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

// timed says what f takes.
func timed(f func() error) run {
	return func() (spent, error) {
		began, before, err := time.Now(), syscall.Rusage{}, error(nil)
		if err = syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
			return spent{}, err
		}
		err = f()
		took := time.Since(began)
		var after syscall.Rusage
		if failed := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err == nil {
			err = failed
		}
		return spent{took, processorTime(after) - processorTime(before)}, err
	}
}

func processorTime(u syscall.Rusage) time.Duration {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// program runs a program to its end. Cutline exits with 1 when a picture fails.
func program(name string, arguments ...string) run { return programReading("", name, arguments...) }

// programReading gives it a file as its standard input.
func programReading(input, name string, arguments ...string) run {
	return func() (spent, error) {
		cmd := exec.Command(name, arguments...)
		if input != "" {
			f, err := os.Open(input)
			if err != nil {
				return spent{}, err
			}
			defer f.Close()
			cmd.Stdin = f
		}
		began := time.Now()
		out, err := cmd.Output()
		if exit, ok := err.(*exec.ExitError); ok {
			if len(out) == 0 || exit.ExitCode() != 1 {
				return spent{}, fmt.Errorf("%s: %w: %s", name, err, exit.Stderr)
			}
		} else if err != nil {
			return spent{}, err
		}
		return spent{time.Since(began), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
	}
}

// command returns the command that the variable names, or nil.
func command(variable string, arguments ...string) run {
	name := os.Getenv(variable)
	if name == "" {
		return nil
	}
	return program(name, arguments...)
}
