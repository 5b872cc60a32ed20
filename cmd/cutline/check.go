package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"cutline/internal/check"
	"cutline/internal/report"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/sync/errgroup"
)

// maxStdin bounds a picture on standard input, in bytes.
const maxStdin = 2 << 30

// pictureExtensions are the files that a folder is searched for. A file that
// is named itself is checked whatever it is called.
var pictureExtensions = []string{".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".png", ".webp", ".heic", ".heif", ".avif"}

// CheckCmd checks pictures.
type CheckCmd struct {
	packs
	trust
	JSON  bool     `name:"json" help:"Print one report per line as JSON."`
	Paths []string `arg:"" name:"path" help:"Files, folders (with all that is in them), s3://bucket/key or s3://bucket/prefix/, - for standard input."`
}

// Run checks the pictures side by side and prints their reports in order.
func (cmd CheckCmd) Run(ctx context.Context, std streams) error {
	checker, err := cmd.checker(ctx)
	if err != nil {
		return err
	}
	checker.Alone = true
	if checker.Trust, err = cmd.trust.load(ctx); err != nil {
		return err
	}
	pictures, err := find(ctx, cmd.Paths, std.in)
	if err != nil {
		return err
	}
	out := newPrinter(std.out, cmd.JSON)
	bar := newProgress(std.err, len(pictures))

	type result struct {
		report.Report
		err error
	}
	results := make([]chan result, len(pictures))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	var group errgroup.Group
	group.SetLimit(2 * runtime.GOMAXPROCS(0))
	go func() {
		for i, picture := range pictures {
			group.Go(func() error {
				rep, err := picture.check(ctx, checker)
				results[i] <- result{rep, err}
				return nil
			})
		}
	}()

	var unread []error
	for i, picture := range pictures {
		var r result
		select {
		case r = <-results[i]:
		case <-ctx.Done():
			return errors.Join(out.out.Flush(), errors.New("stopped"))
		}
		bar.Add(1)
		if r.err != nil {
			unread = append(unread, r.err)
			continue
		}
		if err := out.print(picture.name, r.Report); err != nil {
			return err
		}
	}
	bar.Finish()
	if err := errors.Join(unread...); err != nil {
		return errors.Join(out.out.Flush(), err)
	}
	return out.close()
}

// newProgress shows progress on a terminal, and nothing elsewhere.
func newProgress(w io.Writer, total int) *progressbar.ProgressBar {
	if total < 10 || !onTerminal(w) {
		return progressbar.DefaultSilent(int64(total))
	}
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("checking"),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
}

// picture is something to check, not yet opened.
type picture struct {
	name  string
	check func(context.Context, *check.Checker) (report.Report, error)
}

// find lists the pictures that the user named. Files in folders come in the
// order of their names.
func find(ctx context.Context, paths []string, stdin io.Reader) ([]picture, error) {
	var pictures []picture
	for _, path := range paths {
		var found []picture
		var err error
		switch {
		case path == "-":
			found = []picture{{name: "-", check: func(_ context.Context, c *check.Checker) (report.Report, error) {
				return checkStdin(c, stdin)
			}}}
		case strings.HasPrefix(path, "s3://"):
			found, err = findObjects(ctx, path)
		default:
			found, err = findFiles(path)
		}
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("there is no picture in %s", path)
		}
		pictures = append(pictures, found...)
	}
	return pictures, nil
}

func findFiles(path string) ([]picture, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() {
		return []picture{file(path)}, nil
	}
	if !info.IsDir() { // opening a pipe would wait for whoever writes it
		return nil, fmt.Errorf("%s is neither a file nor a folder; a pipe is read from standard input, as -", path)
	}
	var pictures []picture
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Type().IsRegular() && slices.Contains(pictureExtensions, strings.ToLower(filepath.Ext(name))) {
			pictures = append(pictures, file(name))
		}
		return nil
	})
	return pictures, err
}

func file(path string) picture {
	return picture{name: path, check: func(_ context.Context, c *check.Checker) (report.Report, error) {
		f, err := os.Open(path)
		if err != nil {
			return report.Report{}, err
		}
		defer f.Close()
		return checkFile(c, f, path)
	}}
}

func checkFile(c *check.Checker, f *os.File, path string) (report.Report, error) {
	info, err := f.Stat()
	if err != nil {
		return report.Report{}, err
	}
	beside, sidecar, err := readSidecar(path)
	if err != nil {
		return report.Report{}, err
	}
	rep, err := c.PictureBeside(f, info.Size(), filepath.Base(path), sidecar)
	if err != nil {
		return report.Report{}, err
	}
	rep.Photo.Path, rep.Photo.Sidecar = path, beside
	return rep, nil
}

// readSidecar reads the XMP sidecar of a file, when it has one.
func readSidecar(path string) (name string, text []byte, err error) {
	if path == "-" {
		return "", nil, nil
	}
	for _, name := range check.SidecarsOf(path) {
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, check.MaxSidecar))
		return name, text, err
	}
	return "", nil, nil
}

// checkStdin spools standard input into a file, since metadata may stand
// anywhere in a picture.
func checkStdin(c *check.Checker, stdin io.Reader) (report.Report, error) {
	spool, err := os.CreateTemp("", "cutline-*")
	if err != nil {
		return report.Report{}, err
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	size, err := io.Copy(spool, io.LimitReader(stdin, maxStdin+1))
	if err != nil {
		return report.Report{}, fmt.Errorf("read standard input: %w", err)
	}
	if size > maxStdin {
		return report.Report{}, fmt.Errorf("standard input: the picture is larger than %d bytes", maxStdin)
	}
	return checkFile(c, spool, "-")
}
