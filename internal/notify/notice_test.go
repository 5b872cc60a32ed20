package notify

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"cutline/internal/report"
	"cutline/internal/store"
)

// row reads a row as testdata/news.txt writes it: "fail v1 pending", with
// "deleted", a decision as "hold@3" (action and minute), and in a bucket without
// versions "rank5 came3" (the place among the events, and the hour).
func row(t *testing.T, text string) *store.Row {
	t.Helper()
	if text == "-" {
		return nil
	}
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	r := &store.Row{Bucket: "photos", Key: "김 a.jpg", Origin: report.State, Sources: []string{"kcna"}, Codes: []string{"verification.missing"}, Revision: text}
	for _, word := range strings.Fields(text) {
		var n int
		action, minute, decided := strings.Cut(word, "@")
		switch {
		case decided:
			fmt.Sscan(minute, &n)
			r.Decision = &store.Decision{Action: store.Action(action), By: "Anna", At: start.Add(time.Duration(n) * time.Minute), Version: r.VersionID}
		case word == "pending":
			r.Pending = true
		case word == "deleted":
			r.Deleted = true
		case strings.HasPrefix(word, "rank"):
			r.Rank = word
		case strings.HasPrefix(word, "came"):
			fmt.Sscanf(word, "came%d", &n)
			r.ArrivedAt = start.Add(time.Duration(n) * time.Hour)
		case strings.HasPrefix(word, "v"):
			r.VersionID = word
			fmt.Sscanf(word, "v%d", &n)
			r.ArrivedAt, r.CheckedAt = start.Add(time.Duration(n)*time.Hour), start.Add(time.Duration(n)*time.Hour)
		case word == "none":
		default:
			r.Verdict = report.Verdict(word)
		}
	}
	return r
}

// Each line of the file: the row before, the row after, and the news with and
// without reviews.
func TestNews(t *testing.T) {
	text, err := os.ReadFile("testdata/news.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, "|")
		if len(parts) != 4 {
			t.Fatalf("%q has %d parts", line, len(parts))
		}
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		c := Change{row(t, parts[0]), row(t, parts[1])}
		for i, reviews := range []bool{true, false} {
			var got []string
			for _, n := range c.news("", reviews) {
				got = append(got, strings.TrimPrefix(string(n.Type), "picture."))
			}
			want := parts[2+i]
			if want == "-" {
				want = ""
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: reviews %v: %v", line, reviews, got)
			}
		}
	}
}

func TestNotice(t *testing.T) {
	c := Change{row(t, "fail v1"), row(t, "fail v1 kill@5")}
	one, again := c.news("https://desk.example", false), c.news("https://desk.example", true)
	if len(one) != 1 || one[0].ID != again[0].ID || !strings.HasPrefix(one[0].ID, "msg_") {
		t.Fatalf("%+v, then %+v", one, again)
	}
	if got, want := one[0].Data.Report, "https://desk.example/reports/photos/%EA%B9%80%20a.jpg"; got != want {
		t.Errorf("report at %s, want %s", got, want)
	}
	other := Change{row(t, "fail v1 kill@5"), row(t, "fail v1 approve@6")}.news("", false)
	if other[0].ID == one[0].ID {
		t.Error("two decisions have one id")
	}
	if one[0].Timestamp.Minute() != 5 || one[0].Data.Decision.Action != store.Kill {
		t.Errorf("%+v", one[0])
	}
}
