package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cutline/internal/check"
	"cutline/internal/demo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// pictures are how many the folder holds.
const pictures = 300

// files measures the command beside other programs that read metadata.
func files(b *bench) ([]row, error) {
	all, err := sideBySide(7, b.checks(b.folder), exifTool(b.folder))
	if err != nil {
		return nil, err
	}
	reading, err := sideBySide(5, timed(func() error { return readAll(b.folder) }), nil)
	if err != nil {
		return nil, err
	}
	one, err := sideBySide(20, b.checks(b.one), exifTool(b.one))
	if err != nil {
		return nil, err
	}
	nothing, err := sideBySide(20, program(b.program("nothing")), nil)
	if err != nil {
		return nil, err
	}
	exiv2, err := sideBySide(20, b.checks(b.one), command("CUTLINE_EXIV2", "-pa", b.one))
	return []row{
		all.row("a folder of 300 pictures, whole job", "ExifTool, one process, metadata only,", atLeast(20, "20 times"), timesLimit(reading.ours, "reading the bytes takes", all.ours)),
		one.row("one picture, one process", "ExifTool", atLeast(10, "10 times"), timesLimit(nothing.ours, "a process that does nothing takes", one.ours)),
		exiv2.row("one picture, one process, beside exiv2", "exiv2", none, ""),
	}, err
}

func (b *bench) checks(path string) run {
	return program(b.program("cutline"), "check", "--json", path)
}

// exifTool reads the metadata of a picture, or of all in a folder in one
// process; nil when it is not there.
func exifTool(path string) run {
	return command("CUTLINE_EXIFTOOL", "-q", "-j", "-EXIF:all", "-IPTC:all", "-XMP:all", "-r", path)
}

func readAll(folder string) error {
	paths, err := filepath.Glob(folder + "/*")
	if err != nil {
		return err
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, f)
		if f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// makePictures fills a folder with the pictures of the corpus, over and over,
// or with the demo's where there is none.
func (b *bench) makePictures() error {
	b.folder = filepath.Join(b.work, "pictures")
	if err := os.Mkdir(b.folder, 0o755); err != nil {
		return err
	}
	found, err := filepath.Glob("../shared/corpus/images/*/*")
	if err != nil {
		return err
	}
	var all [][]byte
	for _, path := range found {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all = append(all, data)
	}
	made, err := demo.Pictures()
	if err != nil {
		return err
	}
	house, err := rules.BuiltIn()
	if err != nil {
		return err
	}
	checker := &check.Checker{Rules: house}
	for _, p := range made {
		rep, err := checker.Picture(bytes.NewReader(p.JPEG), int64(len(p.JPEG)), p.Name)
		if err != nil {
			return err
		}
		switch rep.Origin {
		case report.Own:
			b.own = p.JPEG
		case report.State:
			b.state = p.JPEG
		}
		if len(found) == 0 {
			all = append(all, p.JPEG)
		}
	}
	for i := range pictures {
		if err := os.WriteFile(filepath.Join(b.folder, fmt.Sprintf("%03d.jpg", i)), all[i%len(all)], 0o644); err != nil {
			return err
		}
	}
	b.one = filepath.Join(b.work, "one.jpg")
	return os.WriteFile(b.one, b.own, 0o644)
}
