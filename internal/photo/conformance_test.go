package photo_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cutline/internal/photo"
)

// TestConformance compares every field with what ExifTool reads: on pictures
// that it writes itself, in each container, block and character set, and on
// the corpus beside the checkout. CUTLINE_EXIFTOOL is the command's name.
func TestConformance(t *testing.T) {
	command := os.Getenv("CUTLINE_EXIFTOOL")
	if command == "" {
		t.Skip("CUTLINE_EXIFTOOL is not set: not compared with ExifTool")
	}
	tool := exiftool{t, command, t.TempDir()}
	scores := map[photo.Name]*score{}
	differences := readDifferences(t)
	pictures := writeMade(tool)
	if *keep {
		keepGolden(t, pictures, tool.path)
	}
	read := tool.readMade(pictures)
	for _, p := range pictures {
		compare(t, scores, differences, p.name, tool.path(p.name), read[p.name])
		checkWanted(t, tool.path(p.name), p.want)
	}
	corpus, _ := filepath.Glob("../../../shared/corpus/images/*/*")
	if len(corpus) == 0 {
		t.Log("no corpus beside the checkout")
	}
	tags := tool.tags(nil, corpus)
	for _, path := range corpus {
		compare(t, scores, differences, filepath.Base(path), path, tags[filepath.Base(path)])
	}
	for difference := range differences {
		if !differences[difference].met && (len(corpus) > 0 || tool.wrote(difference.file)) {
			t.Errorf("testdata/differences.txt: %s %s differs no more", difference.file, difference.from)
		}
	}
	printScores(t, scores, len(pictures), len(corpus))
}

// score is how often a field agreed.
type score struct{ agreed, explained, differed int }

func printScores(t *testing.T, scores map[photo.Name]*score, made, corpus int) {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pictures written with ExifTool, %d of the corpus\n%-20s %7s %7s %9s %9s\n", made, corpus, "field", "texts", "agree", "explained", "")
	total := &score{}
	line := func(name string, s *score) {
		all := s.agreed + s.explained + s.differed
		fmt.Fprintf(&b, "%-20s %7d %7d %9d %8.2f%%\n", name, all, s.agreed, s.explained, 100*float64(s.agreed)/float64(all))
	}
	for _, name := range slices.Sorted(maps.Keys(scores)) {
		s := scores[name]
		line(string(name), s)
		total.agreed, total.explained, total.differed = total.agreed+s.agreed, total.explained+s.explained, total.differed+s.differed
	}
	line("all", total)
	t.Log("\n" + b.String())
}

// difference is a text that is read otherwise than ExifTool does, on purpose.
type difference struct{ file, from string }

type reason struct {
	why string
	met bool
}

// readDifferences reads testdata/differences.txt: file, field and reason,
// with tabs between. A file of "*.jpg" stands for all that match.
func readDifferences(t *testing.T) map[difference]*reason {
	b, err := os.ReadFile("testdata/differences.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[difference]*reason{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.SplitN(line, "\t", 3)
		if len(parts) != 3 || parts[2] == "" {
			t.Fatalf("testdata/differences.txt: no reason in %q", line)
		}
		all[difference{parts[0], parts[1]}] = &reason{why: parts[2]}
	}
	return all
}

func compare(t *testing.T, scores map[photo.Name]*score, differences map[difference]*reason, name, path string, tags map[string]any) {
	if tags == nil { // ExifTool cannot decode its texts
		return
	}
	want, got := fromExifTool(tags), fromRead(t, path)
	for _, key := range slices.Sorted(maps.Keys(union(want, got))) {
		from, _, _ := strings.Cut(key, "@")
		field := names[from]
		s := scores[field]
		if s == nil {
			s = &score{}
			scores[field] = s
		}
		if slices.Equal(want[key], got[key]) {
			s.agreed++
			continue
		}
		if why := explained(differences, name, from); why != nil {
			why.met = true
			s.explained++
			continue
		}
		s.differed++
		t.Errorf("%s %s\n read     %.300q\n exiftool %.300q", name, key, got[key], want[key])
	}
}

func explained(differences map[difference]*reason, name, from string) *reason {
	for d, why := range differences {
		file, _ := filepath.Match(d.file, name)
		field, _ := filepath.Match(d.from, from)
		if file && field {
			return why
		}
	}
	return nil
}

func union(a, b map[string][]string) map[string]bool {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return all
}

func checkWanted(t *testing.T, path string, want map[string]string) {
	got := fromRead(t, path)
	for from, text := range want {
		if !slices.Contains(got[from], text) && !slices.ContainsFunc(slices.Collect(maps.Keys(got)), func(k string) bool {
			return strings.HasPrefix(k, from+"@") && slices.Contains(got[k], text)
		}) {
			t.Errorf("%s: %s\n read  %.300q\n wrote %.300q", filepath.Base(path), from, got[from], text)
		}
	}
}

// fromRead returns the texts by their place and language.
func fromRead(t *testing.T, path string) map[string][]string {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	m, err := photo.Read(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, f := range m.Fields {
		key := f.From
		if f.Lang != "" && f.Lang != "x-default" {
			key += "@" + f.Lang
		}
		if text := normal(f.From, f.Value); text != "" {
			all[key] = append(all[key], text)
		}
	}
	for _, texts := range all {
		slices.Sort(texts)
	}
	return all
}

// names is each place's field, and tagPlaces where ExifTool's tags are read.
var names, tagPlaces = func() (map[string]photo.Name, map[string]string) {
	b, err := os.ReadFile("testdata/exiftool-tags.txt")
	if err != nil {
		panic(err)
	}
	names, places := map[string]photo.Name{}, map[string]string{}
	for line := range strings.Lines(string(b)) {
		if parts := strings.Fields(line); len(parts) == 3 {
			names[parts[0]] = photo.Name(parts[2])
			places[parts[1]] = parts[0]
		}
	}
	return names, places
}()

var (
	copies    = regexp.MustCompile(`:Copy\d+`)
	blocks    = regexp.MustCompile(`^IPTC\d+:`)
	languages = regexp.MustCompile(`^(.+)-([a-z]{2,3}(-[A-Za-z]+)?)$`)
)

// fromExifTool returns ExifTool's texts by the place that they are read from
// here, and their language.
func fromExifTool(tags map[string]any) map[string][]string {
	all := map[string][]string{}
	plain := map[string][]string{} // by ExifTool's own names
	for name, value := range tags {
		name = blocks.ReplaceAllString(copies.ReplaceAllString(name, ""), "IPTC:")
		texts := texts(value)
		plain[name] = append(plain[name], texts...)
		lang := ""
		place, ok := tagPlaces[name]
		if !ok {
			if parts := languages.FindStringSubmatch(name); parts != nil {
				place, lang = tagPlaces[parts[1]], "@"+parts[2]
			}
		}
		if place == "" {
			continue
		}
		for _, text := range texts {
			for _, one := range parts(place, text) {
				if one = normal(place, one); one != "" { // dates of zeros are none
					all[place+lang] = append(all[place+lang], one)
				}
			}
		}
	}
	combine(all, plain)
	for key, texts := range all {
		place, _, _ := strings.Cut(key, "@")
		for i := range texts {
			texts[i] = normal(place, texts[i])
		}
		slices.Sort(texts)
	}
	return all
}

// combine puts together what ExifTool has in several tags: a day and its
// time, a time and its zone, latitude and longitude.
func combine(all, plain map[string][]string) {
	one := func(name string) string {
		if len(plain[name]) > 0 {
			return strings.TrimSpace(plain[name][0])
		}
		return ""
	}
	for place, tag := range map[string]string{"iptc:2:055": "IPTC:TimeCreated", "iptc:2:062": "IPTC:DigitalCreationTime", "iptc:2:030": "IPTC:ReleaseTime"} {
		if days := all[place]; len(days) == 1 && one(tag) != "" {
			days[0] += "T" + one(tag)
		}
	}
	for place, tag := range map[string]string{"exif:DateTimeOriginal": "Original", "exif:DateTimeDigitized": "Digitized", "exif:DateTime": ""} {
		if times := all[place]; len(times) == 1 {
			if s := one("ExifIFD:SubSecTime" + tag); s != "" && strings.Contains(times[0], "T") {
				times[0] += "." + s
			}
			times[0] += one("ExifIFD:OffsetTime" + tag)
		}
	}
	if days := all["exif:GPSDateStamp"]; len(days) == 1 && one("GPS:GPSTimeStamp") != "" {
		clock, _, _ := strings.Cut(one("GPS:GPSTimeStamp"), ".")
		days[0] += "T" + clock + "Z"
	}
	for place, group := range map[string]string{"exif:GPS": "GPS:", "xmp:exif:GPS": "XMP-exif:"} {
		y, errY := strconv.ParseFloat(one(group+"GPSLatitude"), 64)
		x, errX := strconv.ParseFloat(one(group+"GPSLongitude"), 64)
		if errY != nil || errX != nil || math.Abs(y) > 90 || math.Abs(x) > 180 {
			continue
		}
		if one("GPS:GPSLatitudeRef") == "S" && group == "GPS:" {
			y = -y
		}
		if one("GPS:GPSLongitudeRef") == "W" && group == "GPS:" {
			x = -x
		}
		all[place] = []string{normal(place, fmt.Sprintf("%.6f,%.6f", y, x))}
	}
}

// parts splits a text that is several fields here.
func parts(place, text string) []string {
	if place == "exif:XPKeywords" {
		return strings.Split(text, ";")
	}
	return []string{text}
}

// normal makes texts comparable: dates in one form, positions to a metre or
// ten, no white space at the end, which ExifTool drops in some tags.
func normal(place, text string) string {
	text = strings.TrimRight(text, "\x00 \t\r\n")
	switch {
	case strings.HasPrefix(string(names[place]), "date_"):
		text = strings.Replace(text, " ", "T", 1)
		day, clock, _ := strings.Cut(text, "T")
		day = strings.ReplaceAll(day, ":", "-")
		if clock != "" {
			day += "T" + strings.Replace(clock, "+00:00", "Z", 1)
		}
		if strings.HasPrefix(day, "0000") || strings.Trim(day, "- T") == "" {
			return ""
		}
		return day
	case names[place] == photo.GPS:
		y, x, _ := strings.Cut(text, ",")
		latitude, _ := strconv.ParseFloat(y, 64)
		longitude, _ := strconv.ParseFloat(x, 64)
		return fmt.Sprintf("%.4f,%.4f", latitude, longitude)
	}
	return text
}

func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case json.Number:
		return []string{v.String()}
	case bool:
		return []string{fmt.Sprint(v)}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, texts(one)...)
		}
		return all
	}
	return nil
}
