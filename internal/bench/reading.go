package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutline/internal/check"
	"cutline/internal/rules"
)

const caption = `In this Monday, March 2, 2026, photo provided on Tuesday, March 3, 2026, by the North Korean government, officials wait beside a train at a station in Wonsan, North Korea, before the arrival of a delegation of railway workers from the north of the country. Independent journalists were not given access to cover the event depicted in this image distributed by the North Korean government. The content of this image is as provided and cannot be independently verified. Korean language watermark on image as provided by source reads: "KCNA" which is the abbreviation for Korean Central News Agency. (Korean Central News Agency/Korea News Service via AP)`

// reading measures what the function does with a picture's head and caption.
func reading(b *bench) ([]row, error) {
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	vale, err := sideBySide(7, b.captions(), b.vale())
	if err != nil {
		return nil, err
	}
	rows := []row{vale.row("1,000 captions, one process", "Vale", none, "")}
	length, err := sideBySide(51, reads(house, long, many/10), reads(house, caption, many))
	if err != nil {
		return nil, err
	}
	more, err := manySources(house)
	if err != nil {
		return nil, err
	}
	names, err := sideBySide(51, reads(more, caption, many), reads(house, caption, many))
	if err != nil {
		return nil, err
	}
	speed := func(d time.Duration) float64 { return many * float64(len(caption)) / d.Seconds() / 1e6 }
	rows = append(rows,
		row{what: "caption reading, MB/s, ten times as long", ours: fmt.Sprintf("%.1f", speed(length.ours)), beside: fmt.Sprintf("once as long %.1f", speed(length.other)),
			ratio: length.ratio, goal: "linear", met: met(length.ratio > 0.85)},
		row{what: "caption reading, MB/s, ten times the sources", ours: fmt.Sprintf("%.1f", speed(names.ours)), beside: fmt.Sprintf("those built in %.1f", speed(names.other)),
			ratio: names.ratio, goal: "under 1.5 times the time", met: met(names.ratio > 1/1.5)})
	pass, err := sideBySide(51, timed(func() error {
		for range many {
			evened(caption)
		}
		return nil
	}), nil)
	if err != nil {
		return nil, err
	}
	one := length.other / many
	allocations := testing.AllocsPerRun(100, func() { house.Read(caption) })
	head, headAllocations, hashed, err := headOfPicture(b, house)
	return append(rows,
		row{what: fmt.Sprintf("caption of %d bytes, all languages", len(caption)), ours: fmt.Sprintf("%s, %.0f allocations", short(one), allocations), goal: "30µs, a few",
			met: met(one <= 30*time.Microsecond), limit: timesLimit(pass.ours/many, "a pass that makes letters small takes", one)},
		row{what: "caption reading, MB/s", ours: fmt.Sprintf("%.1f", speed(length.other)), goal: "over 20", met: met(speed(length.other) > 20)},
		row{what: "metadata, caption and verdict, median picture", ours: fmt.Sprintf("%s, %.0f allocations", short(head), headAllocations), goal: "400µs, 200 allocations",
			met: met(head <= 400*time.Microsecond && headAllocations <= 200), limit: timesLimit(hashed, "copying what is read takes", head)}), err
}

// many is how often a caption is read in what is timed; long is one that is
// ten times as long.
const many = 200

var long = strings.Repeat(caption+" ", 10)

func reads(house *rules.Rules, text string, times int) run {
	return timed(func() error {
		for range times {
			house.Read(text)
		}
		return nil
	})
}

func (b *bench) captions() run {
	return programReading(filepath.Join(b.texts, "all.jsonl"), b.program("cutline"), "caption", "--json")
}

func (b *bench) vale() run {
	return command("CUTLINE_VALE", "--config", filepath.Join(b.texts, "vale.ini"), "--output", "line", filepath.Join(b.texts, "text"))
}

// evened is one pass over a text, and the least that any reader does.
func evened(text string) string {
	b := make([]byte, 0, len(text))
	for i := range len(text) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}

// manySources returns rules like the built-in ones with ten times the sources,
// under names of the same kind.
func manySources(house *rules.Rules) (*rules.Rules, error) {
	var files []rules.File
	for i := range 9 * len(house.Sources()) {
		if i%1000 == 0 { // a file has its bounds
			files = append(files, rules.File{Name: fmt.Sprint(i, ".yaml"), Text: []byte("sources:\n")})
		}
		last := &files[len(files)-1].Text
		*last = fmt.Appendf(*last, "  - {id: many-%d, kind: state, names: {en: [%c%c%c Ministry of %c%c Press Service %d, Office %d of the Government]}}\n",
			i, 'A'+i%26, 'a'+i/26%26, 'a'+i/676%26, 'A'+i/7%26, 'a'+i/5%26, i, i)
	}
	return rules.Load(files)
}

// counted notes what is read, in bytes.
type counted struct {
	*bytes.Reader
	n int
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(p, at)
	c.n += n
	return n, err
}

// headOfPicture returns the time and allocations of the median picture, and
// the time that copying what it reads takes.
func headOfPicture(b *bench, house *rules.Rules) (took time.Duration, allocated float64, copied time.Duration, err error) {
	paths, err := filepath.Glob(b.folder + "/*")
	if err != nil {
		return 0, 0, 0, err
	}
	checker := &check.Checker{Rules: house}
	var times, copies []time.Duration
	var allocations []float64
	for _, path := range paths[:min(68, len(paths))] {
		data, err := os.ReadFile(path)
		if err != nil {
			return 0, 0, 0, err
		}
		open := func() {
			if _, err := checker.Open(bytes.NewReader(data), int64(len(data)), path, nil); err != nil {
				panic(err) // the reader is memory
			}
		}
		read := &counted{Reader: bytes.NewReader(data)}
		if _, err := checker.Open(read, int64(len(data)), path, nil); err != nil {
			return 0, 0, 0, err
		}
		space := make([]byte, min(read.n, len(data)))
		allocations = append(allocations, testing.AllocsPerRun(5, open))
		m, err := sideBySide(31, timed(func() error { open(); return nil }), timed(func() error { copy(space, data); return nil }))
		if err != nil {
			return 0, 0, 0, err
		}
		times, copies = append(times, m.ours), append(copies, m.other)
	}
	return median(times), median(allocations), median(copies), nil
}

// makeCaptions writes a thousand captions as Cutline and as Vale take them,
// with a rule for Vale of the kind that one would write.
func (b *bench) makeCaptions() error {
	b.texts = filepath.Join(b.work, "captions")
	for _, dir := range []string{"text", "styles/Desk"} {
		if err := os.MkdirAll(filepath.Join(b.texts, dir), 0o755); err != nil {
			return err
		}
	}
	var all bytes.Buffer
	for i := range 1000 {
		text := fmt.Sprintf("Picture %d. %s", i, caption)
		fmt.Fprintf(&all, "{\"id\": \"%d\", \"fields\": {\"caption\": %q}}\n", i, text)
		if err := os.WriteFile(filepath.Join(b.texts, "text", fmt.Sprintf("%d.txt", i)), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for name, content := range map[string]string{
		"all.jsonl":              all.String(),
		"vale.ini":               "StylesPath = styles\nMinAlertLevel = suggestion\n[*.txt]\nBasedOnStyles = Desk\n",
		"styles/Desk/Source.yml": "extends: conditional\nmessage: \"'%s' needs a disclaimer\"\nlevel: error\nfirst: '(KCNA|Xinhua|TASS|SANA|IRNA)'\nsecond: '(cannot|could not) be (independently )?verified'\n",
	} {
		if err := os.WriteFile(filepath.Join(b.texts, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}
