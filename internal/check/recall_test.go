package check_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"cutline/internal/bucket"
	"cutline/internal/likeness/likenesstest"
	"cutline/internal/report"
	"cutline/internal/report/reporttest"
	"cutline/internal/store"
)

// captioned is a JPEG of a scene with a caption and, unless it is "", a
// transmission reference, in IPTC-IIM (2:120 and 2:103).
func captioned(t *testing.T, scene uint64, caption, ref string) []byte {
	t.Helper()
	m := likenesstest.Scene(scene, 240, 160)
	return withIIM(likenesstest.JPEG(t, m, 90), caption, ref)
}

func withIIM(picture []byte, caption, ref string) []byte {
	var iim []byte
	set := func(number byte, value string) {
		iim = binary.BigEndian.AppendUint16(append(iim, 0x1C, 2, number), uint16(len(value)))
		iim = append(iim, value...)
	}
	set(120, caption)
	if ref != "" {
		set(103, ref)
	}
	if len(iim)%2 == 1 {
		iim = append(iim, 0)
	}
	block := append([]byte("Photoshop 3.0\x008BIM\x04\x04\x00\x00"), binary.BigEndian.AppendUint32(nil, uint32(len(iim)))...)
	block = append(block, iim...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xED}, uint16(len(block)+2))
	return slices.Concat(picture[:2], segment, block, picture[2:])
}

const (
	complete = "In this Monday, Jan. 7, 2019, photo provided on Tuesday, Jan. 8, 2019 by the North Korean government, a train leaves Pyongyang. " +
		"Independent journalists were not given access to cover the event depicted in this image distributed by the North Korean government. " +
		"The content of this image is as provided and cannot be independently verified. Korean language watermark on image as provided by source reads: \"KCNA\". " +
		"(Korean Central News Agency/Korea News Service via AP)"
	passedOff = "A train leaves Moscow, Russia, on Friday, Oct. 10, 2025, in this handout picture. (Russian Defense Ministry Press Service via AP)"
)

func (b *bench) uploadAt(t *testing.T, key string, body []byte, at time.Time) {
	t.Helper()
	b.s3.mu.Lock()
	b.s3.bodies[key] = body
	b.s3.mu.Unlock()
	e := bucket.Event{Kind: bucket.Created, Bucket: "photos", Key: key, Sequencer: "0055AED6DCD90281E5", Time: at}
	if err := b.Upload(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	reporttest.Valid(t, b.report(t, key).Report)
}

func finding(rep report.Report, code string) *report.Finding {
	for _, f := range rep.Findings {
		if f.Code == code {
			return &f
		}
	}
	return nil
}

var morning = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func TestRecirculated(t *testing.T) {
	b := newBench(t)
	b.uploadAt(t, "first.jpg", captioned(t, 1, complete, ""), morning)
	b.uploadAt(t, "other.jpg", captioned(t, 2, complete, ""), morning)
	scene := likenesstest.Cropped(likenesstest.Scaled(likenesstest.Scene(1, 240, 160), 0.8), 0, 0, 0.03, 0.03)
	b.uploadAt(t, "again.jpg", withIIM(likenesstest.JPEG(t, scene, 60), passedOff, ""), morning.AddDate(0, 0, 1))

	rec := b.report(t, "again.jpg")
	f := finding(rec.Report, "picture.recirculated")
	if f == nil {
		t.Fatalf("not found: %+v", rec.Provenance)
	}
	for _, said := range []string{"2019-01-07", "2025-10-10", "its source was", "could not be verified"} {
		if !strings.Contains(f.Message, said) {
			t.Errorf("%q does not say %q", f.Message, said)
		}
	}
	seen := rec.Provenance.Seen
	if len(seen) != 1 || seen[0].Key != "first.jpg" || seen[0].Caption != complete || seen[0].Verdict != report.Pass || !seen[0].Disclaimer {
		t.Errorf("seen %+v", seen)
	}
	for _, key := range []string{"first.jpg", "other.jpg"} {
		if f := finding(b.report(t, key).Report, "picture.recirculated"); f != nil {
			t.Errorf("%s: %s", key, f.Message)
		}
	}
	// The same picture with the same words is sent twice every day.
	b.uploadAt(t, "twice.jpg", captioned(t, 2, complete, ""), morning.AddDate(0, 0, 1))
	if rec := b.report(t, "twice.jpg"); len(rec.Provenance.Seen) != 1 || finding(rec.Report, "picture.recirculated") != nil {
		t.Errorf("seen %+v, findings %+v", rec.Provenance.Seen, rec.Findings)
	}
}

const notice = "EDITORS, PLEASE KILL TOK801, a picture of a train in Pyongyang. The picture was digitally altered."

// A notice and the pictures that it withdraws come in any order, any number of
// times, and all end alike.
func TestKillInAnyOrder(t *testing.T) {
	events := map[string]func(*testing.T, *bench){
		"named": func(t *testing.T, b *bench) { b.uploadAt(t, "named.jpg", captioned(t, 1, complete, "TOK801"), morning) },
		"copy": func(t *testing.T, b *bench) {
			b.uploadAt(t, "copy.jpg", captioned(t, 1, complete, ""), morning.Add(time.Hour))
		},
		"other": func(t *testing.T, b *bench) { b.uploadAt(t, "other.jpg", captioned(t, 2, complete, "TOK802"), morning) },
		"advisory": func(t *testing.T, b *bench) {
			k, err := store.NewKill(notice, []string{"TOK801"}, morning)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.Withdraw(t.Context(), k); err != nil {
				t.Fatal(err)
			}
		},
	}
	for _, order := range [][]string{
		{"named", "copy", "other", "advisory"},
		{"advisory", "named", "copy", "other"},
		{"named", "advisory", "other", "copy"},
		{"other", "named", "advisory", "copy", "advisory", "named"},
		{"copy", "advisory", "named", "other", "copy"},
		{"copy", "advisory", "other", "named"},
		{"copy", "other", "named", "advisory"},
	} {
		eachWay(t, strings.Join(order, ", "), func(t *testing.T, b *bench) {
			for _, name := range order {
				events[name](t, b)
			}
			for key, killed := range map[string]bool{"named.jpg": true, "copy.jpg": true, "other.jpg": false} {
				rec := b.report(t, key)
				f := finding(rec.Report, "kill.notice")
				if (f != nil) != killed {
					t.Errorf("%s: %+v", key, rec.Findings)
					continue
				}
				want := "pass"
				if killed {
					want = "fail"
					if len(rec.Provenance.Kills) != 1 || !strings.Contains(f.Message, "digitally altered") {
						t.Errorf("%s: %s, %+v", key, f.Message, rec.Provenance.Kills)
					}
				}
				if string(rec.Verdict) != want || b.s3.tags[key] != want {
					t.Errorf("%s: verdict %s, tag %s, want %s", key, rec.Verdict, b.s3.tags[key], want)
				}
			}
		})
	}
}

// A notice may come as the caption of a picture.
func TestKillByCaption(t *testing.T) {
	b := newBench(t)
	b.uploadAt(t, "named.jpg", captioned(t, 1, complete, "TOK801"), morning)
	b.uploadAt(t, "notice.jpg", captioned(t, 3, notice, ""), morning)
	for _, key := range []string{"named.jpg", "notice.jpg"} {
		if rec := b.report(t, key); rec.Verdict != report.Fail || finding(rec.Report, "kill.notice") == nil || b.s3.tags[key] != "fail" {
			t.Errorf("%s: %+v, tag %s", key, rec.Findings, b.s3.tags[key])
		}
	}
}
