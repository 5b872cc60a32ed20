package main

import (
	"fmt"
	"os"
	"path/filepath"

	"cutline/internal/demo"
)

// pictures are how many the folder holds.
const pictures = 300

// files measures the command beside other programs that read metadata.
func files(work string) ([]row, error) {
	folder, one, err := makeFolder(work)
	if err != nil {
		return nil, err
	}
	cutline := filepath.Join(work, "cutline")
	exiftool := []string{"-q", "-j", "-EXIF:all", "-IPTC:all", "-XMP:all"}
	var rows []row
	for _, m := range []struct {
		what, other, goal string
		times             int
		ours, beside      func() error
	}{
		{"a folder of 300 pictures", "ExifTool, one process", "20", 3,
			program(cutline, "check", "--json", folder), command("CUTLINE_EXIFTOOL", append(exiftool, "-r", folder)...)},
		{"one picture, one process", "ExifTool", "10", 10,
			program(cutline, "check", "--json", one), command("CUTLINE_EXIFTOOL", append(exiftool, one)...)},
		{"one picture, one process, beside exiv2", "exiv2", "", 10,
			program(cutline, "check", "--json", one), command("CUTLINE_EXIV2", "-pa", one)},
	} {
		r, err := beside(m.what, m.other, m.goal, m.times, m.ours, m.beside)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// makeFolder fills a folder with the pictures of the corpus, over and over, or
// with the demo's where there is none.
func makeFolder(work string) (folder, one string, err error) {
	folder = filepath.Join(work, "pictures")
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", "", err
	}
	found, err := filepath.Glob("../shared/corpus/images/*/*")
	if err != nil {
		return "", "", err
	}
	var all [][]byte
	for _, path := range found {
		data, err := os.ReadFile(path)
		if err != nil {
			return "", "", err
		}
		all = append(all, data)
	}
	made, err := demo.Pictures()
	if err != nil {
		return "", "", err
	}
	if len(all) == 0 {
		for _, p := range made {
			all = append(all, p.JPEG)
		}
	}
	for i := range pictures {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%03d.jpg", i)), all[i%len(all)], 0o644); err != nil {
			return "", "", err
		}
	}
	one = filepath.Join(work, "one.jpg")
	return folder, one, os.WriteFile(one, made[0].JPEG, 0o644)
}
