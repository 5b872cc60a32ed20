package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cutline/internal/check"
	"cutline/internal/rules"
)

const caption = `In this Monday, March 2, 2026, photo provided on Tuesday, March 3, 2026, by the North Korean government, officials wait beside a train at a station in Wonsan, North Korea, before the arrival of a delegation of railway workers from the north of the country. Independent journalists were not given access to cover the event depicted in this image distributed by the North Korean government. The content of this image is as provided and cannot be independently verified. Korean language watermark on image as provided by source reads: "KCNA" which is the abbreviation for Korean Central News Agency. (Korean Central News Agency/Korea News Service via AP)`

// reading measures what the function does with a picture's head and caption.
func reading(work string) ([]row, error) {
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		return nil, err
	}
	per, allocations, err := headOfPicture(work, house)
	if err != nil {
		return nil, err
	}
	read := func(text string) testing.BenchmarkResult {
		return testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				lexicon.Read(text)
			}
		})
	}
	one, ten := read(caption), read(strings.Repeat(caption+" ", 10))
	rows := []row{
		{what: "metadata, caption and verdict, median picture", ours: fmt.Sprintf("%s, %.0f allocations", short(per), allocations), goal: "400µs, 200 allocations"},
		{what: "caption of 620 bytes, all languages", ours: fmt.Sprintf("%s, %d allocations", short(time.Duration(one.NsPerOp())), one.AllocsPerOp()), goal: "30µs, a few"},
		{what: "caption reading, MB/s", ours: fmt.Sprintf("%.1f", speed(one)), other: fmt.Sprintf("ten times as long: %.1f", speed(ten)), ratio: speed(ten) / speed(one), goal: "20, linear"},
	}
	folder := filepath.Join(work, "captions")
	if err := writeCaptions(folder); err != nil {
		return nil, err
	}
	vale, err := beside("1,000 captions, one process", "Vale", "",
		3, program("sh", "-c", work+"/cutline caption --json < "+folder+"/all.jsonl"), command("CUTLINE_VALE", "--config", folder+"/vale.ini", "--output", "line", folder+"/text"))
	return append(rows, vale), err
}

func speed(r testing.BenchmarkResult) float64 {
	return float64(r.Bytes) * float64(r.N) / r.T.Seconds() / 1e6
}

// headOfPicture returns the time and allocations of the median picture.
func headOfPicture(work string, house *rules.Rules) (time.Duration, float64, error) {
	paths, err := filepath.Glob(work + "/pictures/*")
	if err != nil {
		return 0, 0, err
	}
	checker := &check.Checker{Rules: house}
	var times []time.Duration
	var allocations []float64
	for _, path := range paths[:min(68, len(paths))] {
		data, err := os.ReadFile(path)
		if err != nil {
			return 0, 0, err
		}
		open := func() {
			if _, err := checker.Open(bytes.NewReader(data), int64(len(data)), path, nil); err != nil {
				panic(err) // the reader is memory
			}
		}
		allocations = append(allocations, testing.AllocsPerRun(5, open))
		least := time.Hour
		for range 30 {
			began := time.Now()
			open()
			least = min(least, time.Since(began))
		}
		times = append(times, least)
	}
	slices.Sort(times)
	slices.Sort(allocations)
	return times[len(times)/2], allocations[len(allocations)/2], nil
}

// writeCaptions writes a thousand captions as Cutline and as Vale take them,
// with a rule for Vale of the kind that one would write.
func writeCaptions(folder string) error {
	for _, dir := range []string{"text", "styles/Desk"} {
		if err := os.MkdirAll(filepath.Join(folder, dir), 0o755); err != nil {
			return err
		}
	}
	var all bytes.Buffer
	for i := range 1000 {
		text := fmt.Sprintf("Picture %d. %s", i, caption)
		fmt.Fprintf(&all, "{\"id\": \"%d\", \"fields\": {\"caption\": %q}}\n", i, text)
		if err := os.WriteFile(filepath.Join(folder, "text", fmt.Sprintf("%d.txt", i)), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for name, content := range map[string]string{
		"all.jsonl":              all.String(),
		"vale.ini":               "StylesPath = styles\nMinAlertLevel = suggestion\n[*.txt]\nBasedOnStyles = Desk\n",
		"styles/Desk/Source.yml": "extends: conditional\nmessage: \"'%s' needs a disclaimer\"\nlevel: error\nfirst: '(KCNA|Xinhua|TASS|SANA|IRNA)'\nsecond: '(cannot|could not) be (independently )?verified'\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// hashSpeed is that of SHA-256 alone, in bytes a second.
func hashSpeed(data []byte) float64 {
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			sha256.Sum256(data)
		}
	})
	return float64(len(data)) * float64(r.N) / r.T.Seconds()
}
