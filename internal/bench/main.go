// Command bench measures Cutline beside what one would use instead, all in one
// run, and prints a table (make bench). Programs that are not there are left
// out, and said to be.
//
//	CUTLINE_EXIFTOOL, CUTLINE_EXIV2, CUTLINE_VALE   the commands' names
//	CUTLINE_PYTHON                                  a python that has c2pa-python, boto3, Pillow and awslambdaric
//
// With -against FILE it compares the ratios with those of an earlier table,
// and fails where one became worse by more than a third.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	what  string
	ours  string
	other string
	goal  string
	ratio float64 // how many times better than the other; 0 when there is none to compare
}

func main() {
	against := flag.String("against", "", "a table of an earlier run")
	flag.Parse()
	if err := run(*against); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(against string) error {
	work, err := os.MkdirTemp("", "cutline-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := build(work); err != nil {
		return err
	}
	fmt.Printf("Measured on %s, %s, %d cores, %s.\n\n", time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), processor())
	fmt.Println("| what | Cutline | beside it | ratio | goal |\n|---|---|---|---|---|")
	before, err := readRatios(against)
	if err != nil {
		return err
	}
	var worse []string
	for _, measure := range []func(string) ([]row, error){files, reading, credentials, function, stack, memory} {
		rows, err := measure(work)
		if err != nil {
			return err
		}
		for _, r := range rows {
			ratio := ""
			if r.ratio > 0 {
				ratio = fmt.Sprintf("%.2f", r.ratio)
			}
			fmt.Printf("| %s | %s | %s | %s | %s |\n", r.what, r.ours, r.other, ratio, r.goal)
			if was := before[r.what]; was > 0 && r.ratio > 0 && r.ratio < was*2/3 {
				worse = append(worse, fmt.Sprintf("%s: %.2f, was %.2f", r.what, r.ratio, was))
			}
		}
	}
	if len(worse) > 0 {
		return fmt.Errorf("worse by more than a third: %s", strings.Join(worse, "; "))
	}
	return nil
}

// build makes the programs that are measured.
func build(work string) error {
	for program, source := range map[string]string{"cutline": "./cmd/cutline", "check": "./functions/check", "desk": "./functions/desk", "bare": "./internal/bench/bare"} {
		cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", work+"/"+program, source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w: %s", program, err, out)
		}
	}
	return nil
}

func processor() string {
	raw, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	if m := regexp.MustCompile(`model name\s*: (.*)`).FindSubmatch(raw); m != nil {
		return string(m[1])
	}
	return runtime.GOARCH
}

// readRatios reads the ratios of a table by what they are of.
func readRatios(path string) (map[string]float64, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ratios := map[string]float64{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "|")
		if len(cells) < 6 {
			continue
		}
		if ratio, err := strconv.ParseFloat(strings.TrimSpace(cells[4]), 64); err == nil {
			ratios[strings.TrimSpace(cells[1])] = ratio
		}
	}
	return ratios, lines.Err()
}

// command returns the command that the variable names, or nil.
func command(variable string, arguments ...string) func() error {
	name := os.Getenv(variable)
	if name == "" {
		return nil
	}
	return program(name, arguments...)
}

// program runs a program to its end. Cutline exits with 1 when a picture fails.
func program(name string, arguments ...string) func() error {
	return func() error {
		out, err := exec.Command(name, arguments...).Output()
		if exit, ok := err.(*exec.ExitError); ok && len(out) > 0 && exit.ExitCode() == 1 {
			return nil
		}
		return err
	}
}

// sideBySide runs both in turn, and returns the least time that each took.
func sideBySide(times int, ours, other func() error) (a, b time.Duration, err error) {
	for range times {
		for i, f := range []func() error{ours, other} {
			if f == nil {
				continue
			}
			began := time.Now()
			if err := f(); err != nil {
				return 0, 0, err
			}
			took, least := time.Since(began), &a
			if i == 1 {
				least = &b
			}
			if *least == 0 || took < *least {
				*least = took
			}
		}
	}
	return a, b, nil
}

// beside measures two side by side, and makes a row of it.
func beside(what, otherName, goal string, times int, ours, other func() error) (row, error) {
	a, b, err := sideBySide(times, ours, other)
	if err != nil {
		return row{}, fmt.Errorf("%s: %w", what, err)
	}
	r := row{what: what, ours: short(a), other: otherName + " is not there", goal: goal}
	if other != nil {
		r.other, r.ratio = otherName+" "+short(b), float64(b)/float64(a)
	}
	return r, nil
}

// short is a time with three digits.
func short(d time.Duration) string {
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.String()
}
