// Command bench measures Cutline beside what one would use instead, all in one
// run, side by side in turn, and prints a table (make bench). Programs that are
// not there are left out, and said to be.
//
//	CUTLINE_EXIFTOOL, CUTLINE_EXIV2, CUTLINE_VALE   the commands' names
//	CUTLINE_PYTHON                                  a python that has c2pa-python, boto3, Pillow and awslambdaric
//
// With -write the table goes into internal/bench/table.md and the README. With
// -short only ratios are measured, in a few minutes. With -against FILE it
// compares them with those of an earlier table, and fails where one became
// worse by more than a third, in the best of three tries.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	var b bench
	against := flag.String("against", "", "a table of an earlier run")
	flag.BoolVar(&b.short, "short", false, "measure ratios only, less often")
	into := flag.Bool("write", false, "write the table into its file and the README")
	flag.IntVar(&b.reports, "reports", 100_000, "how many the desk's list is of")
	flag.Parse()
	if err := b.run(*against, *into); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	short   bool
	reports int
	root    string // the checkout
	work    string // a folder for the run
	folder  string // of pictures
	one     string // a picture of the folder's kind
	own     []byte // a picture of a desk's own photographer
	state   []byte // a handout that is read whole
	*servers
}

// measurement gives some rows of the table.
type measurement func(*bench) ([]row, error)

// times is how often something is measured in a short and in a whole run.
func (b *bench) times(short, whole int) int {
	if b.short {
		return short
	}
	return whole
}

func (b *bench) program(name string) string { return filepath.Join(b.work, name) }

func (b *bench) run(against string, into bool) error {
	before, err := readRatios(against)
	if err != nil {
		return err
	}
	if b.work, err = os.MkdirTemp("", "cutline-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.work)
	if b.root, err = os.Getwd(); err != nil { // the stack's gateway goes elsewhere
		return err
	}
	defer b.close()
	if err := build(b.work); err != nil {
		return err
	}
	if err := b.makePictures(); err != nil {
		return err
	}
	var table strings.Builder
	say := func(format string, args ...any) {
		fmt.Printf(format, args...)
		fmt.Fprintf(&table, format, args...)
	}
	say("Measured on %s, %s, %d cores, %s.\n\n%s", time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), processor(), heading)
	parts := []measurement{files, reading, credentials, function}
	bill := ""
	if !b.short { // what pictures cost, while no others are there
		cost := func(b *bench) (_ []row, err error) { bill, err = cost(b); return nil, err }
		parts = slices.Concat([]measurement{commandMemory}, parts, []measurement{cost, requests, stack, deskList, functionMemory})
	}
	var worse []string
	for _, measure := range parts {
		rows, err := measure(b)
		for range 2 { // noise does not come three times
			if err != nil || len(fallen(rows, before)) == 0 {
				break
			}
			var again []row
			if again, err = measure(b); err == nil {
				rows = better(rows, again)
			}
		}
		if err != nil {
			return err
		}
		for _, r := range rows {
			say("%s\n", r)
		}
		worse = append(worse, fallen(rows, before)...)
	}
	say("%s", bill)
	if len(worse) > 0 {
		return fmt.Errorf("worse by more than a third: %s", strings.Join(worse, "; "))
	}
	if into {
		return write(b.root, table.String())
	}
	return nil
}

// fallen says which ratios are worse than before by more than a third.
func fallen(rows []row, before map[string]float64) []string {
	var worse []string
	for _, r := range rows {
		if was := before[r.what]; was > 0 && r.ratio > 0 && r.ratio < was*2/3 {
			worse = append(worse, fmt.Sprintf("%s: %.2f, was %.2f", r.what, r.ratio, was))
		}
	}
	return worse
}

// better returns of each row the one with the better ratio.
func better(rows, again []row) []row {
	for i := range rows {
		if i < len(again) && again[i].ratio > rows[i].ratio {
			rows[i] = again[i]
		}
	}
	return rows
}

// build makes the programs that are measured.
func build(work string) error {
	for program, source := range map[string]string{"cutline": "./cmd/cutline", "check": "./functions/check", "bare": "./internal/bench/bare", "nothing": "./internal/bench/nothing"} {
		cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", work+"/"+program, source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w: %s", program, err, out)
		}
	}
	return nil
}
