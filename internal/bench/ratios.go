package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cutline/internal/rules"
)

// ratiosFile keeps the ratios that CI compares with.
const ratiosFile = "internal/bench/ratios.md"

// A ratio may fall by a third. One that fell by more than a tenth is measured
// again, up to three times, before that counts.
const (
	worse = 2. / 3
	alike = 0.9
)

// pair is something of ours and what it is beside, measured in turn.
type pair struct {
	what, other  string
	times        int
	ours, theirs run
}

// pairs are what CI compares. What each takes of the processors' time hardly
// depends on what else they do meanwhile, and the least of several times less
// still.
func (b *bench) pairs() ([]pair, error) {
	house, err := rules.BuiltIn()
	if err != nil {
		return nil, err
	}
	more, err := manySources(house)
	if err != nil {
		return nil, err
	}
	paths, err := signed()
	if err != nil {
		return nil, err
	}
	return []pair{
		{"a folder of 300 pictures", "ExifTool, one process", 5, b.checks(b.folder), exifTool(b.folder)},
		{"one picture, one process", "ExifTool", 15, b.checks(b.one), exifTool(b.one)},
		{"1,000 captions, one process", "Vale", 7, b.captions(), b.vale()},
		{"a caption ten times as long", "ten times as often", 101, reads(house, long, many/10), reads(house, caption, many)},
		{"ten times the sources", "those built in", 101, reads(more, caption, many), reads(house, caption, many)},
		{"content credentials", "c2pa-python", 5, validates(paths), c2paPython(paths)},
		{"cold start, to the first poll", "a function with the same clients", 25, coldStart(b.program("check")), coldStart(b.program("bare"))},
	}, nil
}

// least is the least processor time of both sides.
type least struct{ ours, theirs time.Duration }

// ratio is how many times more the other takes; 0 when it is not there.
func (l least) ratio() float64 { return float64(l.theirs) / float64(max(l.ours, 1)) }

// measure runs both sides in turn. What was least before stays so.
func (l *least) measure(p pair) error {
	if p.theirs == nil {
		return nil
	}
	for range p.times {
		ours, err := p.ours()
		if err != nil {
			return err
		}
		theirs, err := p.theirs()
		if err != nil {
			return err
		}
		if l.ours == 0 || ours.processor < l.ours {
			l.ours = ours.processor
		}
		if l.theirs == 0 || theirs.processor < l.theirs {
			l.theirs = theirs.processor
		}
	}
	return nil
}

// compareRatios prints the ratios then and now, and fails where one is worse.
func (b *bench) compareRatios() error {
	then, err := readRatios(filepath.Join(b.root, ratiosFile))
	if err != nil {
		return err
	}
	pairs, err := b.pairs()
	if err != nil {
		return err
	}
	fmt.Print("| what | beside | then | now |\n|---|---|---|---|\n")
	var fallen []error
	for _, p := range pairs {
		was, known := then[p.what]
		if !known {
			return fmt.Errorf("%s has no ratio of %q: make bench writes it", ratiosFile, p.what)
		}
		var now least
		for i := 0; i < 3 && now.ratio() < was*alike; i++ {
			if err := now.measure(p); err != nil {
				return err
			}
		}
		says := strconv.FormatFloat(now.ratio(), 'f', 2, 64)
		switch {
		case p.theirs == nil:
			says = "is not there"
		case now.ratio() < was*worse:
			fallen = append(fallen, fmt.Errorf("%s: %s, was %.2f", p.what, says, was))
		}
		fmt.Printf("| %s | %s | %.2f | %s |\n", p.what, p.other, was, says)
	}
	if len(fallen) > 0 {
		return fmt.Errorf("worse by more than a third: %w", errors.Join(fallen...))
	}
	return nil
}

// writeRatios measures them for those who compare later.
func (b *bench) writeRatios() error {
	pairs, err := b.pairs()
	if err != nil {
		return err
	}
	text := "# What CI compares\n\nHow many times more processor time the other takes: the least of several, in turn. Written by `make bench`. " + measuredOn() + "\n\n| what | beside | ratio |\n|---|---|---|\n"
	for _, p := range pairs {
		var l least
		if err := l.measure(p); err != nil {
			return err
		}
		if p.theirs == nil {
			return fmt.Errorf("%s: %s is not there", p.what, p.other)
		}
		text += fmt.Sprintf("| %s | %s | %.2f |\n", p.what, p.other, l.ratio())
	}
	return os.WriteFile(filepath.Join(b.root, ratiosFile), []byte(text), 0o644)
}

// readRatios reads the ratios by what they are of.
func readRatios(path string) (map[string]float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ratios := map[string]float64{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "|")
		if len(cells) != 5 {
			continue
		}
		if ratio, err := strconv.ParseFloat(strings.TrimSpace(cells[3]), 64); err == nil {
			ratios[strings.TrimSpace(cells[1])] = ratio
		}
	}
	return ratios, lines.Err()
}
