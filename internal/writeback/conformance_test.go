package writeback

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cutline/internal/photo"
)

// TestConformance corrects the caption of every picture of the corpus beside
// the checkout, and of the golden ones, and has ExifTool read what came out:
// the three captions are alike, and every other tag is as it was.
// CUTLINE_EXIFTOOL is the command's name.
func TestConformance(t *testing.T) {
	command := os.Getenv("CUTLINE_EXIFTOOL")
	if command == "" {
		t.Skip("CUTLINE_EXIFTOOL is not set: not compared with ExifTool")
	}
	corpus, _ := filepath.Glob("../../../shared/corpus/images/*/*")
	golden, _ := filepath.Glob("../photo/testdata/pictures/*.*")
	folder := t.TempDir()
	var before, after []string
	inPicture, inSidecar := 0, 0
	for _, path := range append(corpus, golden...) {
		picture, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".json" {
			continue
		}
		c, err := Correct(bytes.NewReader(picture), nil, Texts{photo.Caption: caption})
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		name := filepath.Join(folder, filepath.Base(path))
		if c.Picture == nil {
			if filepath.Ext(path) == ".jpg" && !bytes.Contains(picture, []byte("jumb")) {
				t.Logf("%s: sidecar: %s", filepath.Base(path), c.Reason)
			}
			inSidecar++
			if err := os.WriteFile(name+".xmp", c.Sidecar, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		inPicture++
		if !bytes.Equal(scan(picture), scan(c.Picture)) {
			t.Errorf("%s: the image data changed", filepath.Base(path))
		}
		if err := os.WriteFile(name, c.Picture, 0o644); err != nil {
			t.Fatal(err)
		}
		before, after = append(before, path), append(after, name)
	}
	old, now := exiftool(t, command, before), exiftool(t, command, after)
	for i := range before {
		compare(t, filepath.Base(before[i]), merged(old[i]), merged(now[i]))
	}
	sidecars, _ := filepath.Glob(folder + "/*.xmp")
	for i, tags := range exiftool(t, command, sidecars) {
		if got := tags["XMP-dc:Description"]; got != caption {
			t.Errorf("%s says %q", filepath.Base(sidecars[i]), got)
		}
	}
	t.Logf("\n    %d pictures corrected in IPTC-IIM, XMP and EXIF alike, %d by a sidecar", inPicture, inSidecar)
}

// scan is the picture from its image data on.
func scan(picture []byte) []byte { return picture[imageStart(picture):] }

// imageStart walks the segments.
func imageStart(picture []byte) int {
	at := 2
	for at+4 <= len(picture) && picture[at+1] != markerSOS {
		if picture[at+1] == 0xFF {
			at++
			continue
		}
		at += 2 + int(picture[at+2])<<8 + int(picture[at+3])
	}
	return min(at, len(picture))
}

func exiftool(t *testing.T, command string, paths []string) []map[string]any {
	t.Helper()
	if len(paths) == 0 {
		return nil
	}
	var list strings.Builder
	for _, p := range paths {
		absolute, err := filepath.Abs(p)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&list, absolute)
	}
	c := exec.Command(command, "-j", "-G1:4", "-a", "-n", "-u", "-@", "-")
	c.Stdin = strings.NewReader(list.String())
	out, err := c.Output()
	if len(out) == 0 {
		t.Fatalf("%s: %v", command, err)
	}
	var tags []map[string]any
	if err := json.Unmarshal(out, &tags); err != nil {
		t.Fatal(err)
	}
	if len(tags) != len(paths) {
		t.Fatalf("ExifTool read %d of %d files", len(tags), len(paths))
	}
	return tags
}

var copies = regexp.MustCompile(`:Copy\d+`)

// merged puts a tag's copies together, whose numbers depend on other tags.
func merged(tags map[string]any) map[string]string {
	values := map[string][]string{}
	for tag, value := range tags {
		tag = copies.ReplaceAllString(tag, "")
		values[tag] = append(values[tag], fmt.Sprint(value))
	}
	all := map[string]string{}
	for tag, list := range values {
		slices.Sort(list)
		all[tag] = strings.Join(list, " | ")
	}
	return all
}

// compare holds that only the captions changed, and what follows from them.
func compare(t *testing.T, name string, before, after map[string]string) {
	for _, tag := range []string{"IFD0:ImageDescription", "IPTC:Caption-Abstract", "XMP-dc:Description"} {
		if after[tag] != caption {
			t.Errorf("%s: %s is %q", name, tag, after[tag])
		}
	}
	if warning := after["ExifTool:Warning"]; warning != "" && !strings.Contains(before["ExifTool:Warning"], warning) {
		t.Errorf("%s: ExifTool warns: %s", name, warning)
	}
	if strings.HasPrefix(name, "iim-") { // ExifTool reads its character set rightly only now
		return
	}
	for _, tag := range slices.Sorted(maps.Keys(before)) {
		if !follows(tag) && before[tag] != after[tag] {
			t.Errorf("%s: %s was %.200q, is %.200q", name, tag, before[tag], after[tag])
		}
	}
	for tag, value := range after {
		if _, was := before[tag]; !was && !follows(tag) {
			t.Errorf("%s: %s is new: %.200q", name, tag, value)
		}
	}
}

// follows says whether a tag has to change, or tells of the file rather than
// of what is in it.
func follows(tag string) bool {
	for _, part := range []string{"SourceFile", "System:", "File:", "ImageDescription", "Caption-Abstract", "XMP-dc:Description", "IPTCDigest", "CodedCharacterSet", "ExifTool:Warning", "ApplicationRecordVersion", "Offset", "OffsetStart", "Start", "XMP-x:XMPToolkit", "ExifByteOrder", "Composite"} {
		if strings.Contains(tag, part) {
			return true
		}
	}
	return false
}
