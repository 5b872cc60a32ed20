package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	what   string
	ours   string
	beside string
	ratio  float64 // how many times better than what it is beside; 0 when there is none to compare
	goal   string
	met    string // "yes", "no", or "" without a goal
	limit  string // what no program can do without, and how far it is
}

const heading = "| what | Cutline | beside it | ratio | goal | met | limit |\n|---|---|---|---|---|---|---|\n"

func (r row) String() string {
	ratio := ""
	if r.ratio > 0 {
		ratio = fmt.Sprintf("%.2f", r.ratio)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s |", r.what, r.ours, r.beside, ratio, r.goal, r.met, r.limit)
}

// goal is what the ratio has to be at least, in words; none is none.
type goal struct {
	least float64
	says  string
}

var none goal

func atLeast(ratio float64, says string) goal { return goal{ratio, says} }

func met(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// row makes a row of times side by side.
func (m measured) row(what, other string, g goal, limit string) row {
	r := row{what: what, ours: short(m.ours), beside: other + " is not there", ratio: m.ratio, goal: g.says, limit: limit}
	if m.ratio > 0 {
		r.beside = other + " " + short(m.other)
		if g != none {
			r.met = met(m.ratio >= g.least)
		}
	}
	return r
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

// timesLimit says how far a time is from what no program can do without.
func timesLimit(limit time.Duration, what string, is time.Duration) string {
	return fmt.Sprintf("%s %s; this is %.2g times that", what, short(limit), float64(is)/float64(max(limit, 1)))
}

// measuredOn says when and where.
func measuredOn() string {
	return fmt.Sprintf("Measured on %s, %s, %d cores, %s.", time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), processor())
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

// The table stands in a file of its own, and in the README between these.
const (
	tableFile = "internal/bench/table.md"
	readme    = "README.md"
	begins    = "<!-- bench: make bench writes this -->\n"
	ends      = "<!-- bench ends -->\n"
)

// write puts the table into its file and the README.
func write(root, table string) error {
	tableFile, readme := filepath.Join(root, tableFile), filepath.Join(root, readme)
	if err := os.WriteFile(tableFile, []byte("# Cutline beside others\n\n"+table), 0o644); err != nil {
		return err
	}
	raw, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(raw), begins)
	_, after, ok2 := strings.Cut(rest, ends)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the table", readme)
	}
	return os.WriteFile(readme, []byte(before+begins+"\n"+table+"\n"+ends+after), 0o644)
}
