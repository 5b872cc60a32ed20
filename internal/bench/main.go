// Command bench measures Cutline beside what one would use instead, all in one
// run, side by side in turn, and prints a table (make bench). Programs that are
// not there are left out, and said to be.
//
//	CUTLINE_EXIFTOOL, CUTLINE_EXIV2, CUTLINE_VALE   the commands' names
//	CUTLINE_PYTHON                                  a python that has c2pa-python, boto3, Pillow and awslambdaric
//
// With -write the table goes into internal/bench/table.md and the README, and
// what CI compares into internal/bench/ratios.md. With -ratios only that is
// measured, in a minute or two, and compared (or written, with -write).
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	var b bench
	only := flag.Bool("ratios", false, "compare the ratios with those of "+ratiosFile+", and fail where one is worse by more than a third")
	into := flag.Bool("write", false, "write the table into its file and the README, and the ratios into theirs")
	flag.IntVar(&b.reports, "reports", 100_000, "how many the desk's list is of")
	flag.Parse()
	if err := b.run(*only, *into); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	reports int
	root    string // the checkout
	work    string // a folder for the run
	folder  string // of pictures
	texts   string // a folder of captions
	one     string // a picture of the folder's kind
	own     []byte // a picture of a desk's own photographer
	state   []byte // a handout that is read whole
	*servers
}

// measurement gives some rows of the table.
type measurement func(*bench) ([]row, error)

func (b *bench) program(name string) string { return filepath.Join(b.work, name) }

func (b *bench) run(only, into bool) error {
	var err error
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
	if err := b.makeCaptions(); err != nil {
		return err
	}
	switch {
	case only && into:
		return b.writeRatios()
	case only:
		return b.compareRatios()
	}
	return b.table(into)
}

// table measures everything, and writes it down if that is asked for.
func (b *bench) table(into bool) error {
	var table strings.Builder
	say := func(format string, args ...any) {
		fmt.Printf(format, args...)
		fmt.Fprintf(&table, format, args...)
	}
	say("%s\n\n%s", measuredOn(), heading)
	bill := ""
	// What pictures cost is counted while no others are there.
	counted := func(b *bench) (_ []row, err error) { bill, err = cost(b); return nil, err }
	kept := func(b *bench) ([]row, error) { // before a whole bench's reports stand in the memory
		if !into {
			return nil, nil
		}
		return nil, b.writeRatios()
	}
	for _, measure := range []measurement{commandMemory, kept, files, reading, credentials, function, counted, requests, stack, deskList, functionMemory} {
		rows, err := measure(b)
		if err != nil {
			return err
		}
		for _, r := range rows {
			say("%s\n", r)
		}
	}
	say("%s", bill)
	if !into {
		return nil
	}
	return write(b.root, table.String())
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
