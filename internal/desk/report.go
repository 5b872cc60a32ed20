package desk

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"cutline/internal/report"
	"cutline/internal/signin"
	"cutline/internal/store"
)

type reportPage struct {
	store.Record
	Picture  string
	Caption  []piece
	Elements []element
	Chain    []link
	Sources  string
	Findings []finding
	Versions []store.Version
	History  []store.Decision
	Stalled  bool // the report should have been completed long ago
	Me       signin.Person
}

// piece is a run of the caption that one set of elements covers.
type piece struct {
	Text string
	Name string // of the element: "source", or "" for plain text
	Code string // of the finding whose words these are
}

type element struct {
	Name, Label string
	report.Element
	Needed bool
}

type link struct{ Role, Name string }

type finding struct {
	report.Finding
	Why   string
	Words []string
}

// completed is when a report's second stage has ended, with all its retries.
const completed = 30 * time.Minute

func (d *desk) report(w http.ResponseWriter, r *http.Request) {
	bucket, key := r.PathValue("bucket"), r.PathValue("key")
	rec, err := d.Store.Get(r.Context(), bucket, key)
	if v := r.URL.Query().Get("version"); err == nil && v != "" {
		rec, err = d.Store.GetVersion(r.Context(), bucket, key, v)
	}
	if err != nil {
		d.failed(w, r, err)
		return
	}
	p := d.reportPage(rec)
	p.Me = signin.From(r.Context())
	p.Picture = pictureURL("pictures", bucket, key, rec.Photo.VersionID, rec.Photo.Format)
	if rec.Deleted {
		p.Picture = ""
	}
	if p.Versions, err = d.Store.Versions(r.Context(), bucket, key); err != nil {
		d.failed(w, r, err)
		return
	}
	if p.History, err = d.Store.History(r.Context(), bucket, key); err != nil {
		d.failed(w, r, err)
		return
	}
	d.page(w, r, http.StatusOK, "report.html", key, p)
}

func (d *desk) reportPage(rec store.Record) reportPage {
	p := reportPage{Record: rec, Sources: d.sourceNames(rec.Sources)}
	p.Elements = elements(rec.Report)
	p.Caption = pieces(rec.Report)
	for _, f := range rec.Findings {
		rule, _ := d.Checker.Rules.Finding(f.Code)
		p.Findings = append(p.Findings, finding{f, rule.Why, quoted(rec.Report, f.Spans)})
	}
	return p
}

func elements(rep report.Report) []element {
	e := rep.Elements
	state := rep.Origin == report.State
	third := state || rep.Origin == report.Handout
	return []element{
		{"source", "Source named", e.Source, rep.Origin != report.Own},
		{"provided", "Said to be provided", e.Provided, third},
		{"verification", "Not independently verified", e.Verification, state || rep.Origin == report.Social},
		{"access", "No access for reporters", e.Access, false},
		{"watermark", "Watermark explained", e.Watermark, false},
		{"credit", "Credit line", e.Credit, false},
		{"date", "Date", e.Date, false},
	}
}

// pieces cuts the caption where an element begins or ends. Where elements
// overlap, the shortest is shown: it says most.
func pieces(rep report.Report) []piece {
	type part struct {
		report.Span
		name, code string
	}
	var parts []part
	text := rep.Caption.Text
	add := func(s report.Span, name, code string) {
		if s.Field == rep.Caption.Field && s.Start >= 0 && s.Start < s.End && s.End <= len(text) {
			parts = append(parts, part{s, name, code})
		}
	}
	for _, e := range elements(rep) {
		for _, s := range e.Spans {
			add(s, e.Name, "")
		}
	}
	for _, f := range rep.Findings {
		if f.Severity == report.SeverityFail || f.Severity == report.SeverityReview {
			for _, s := range f.Spans {
				if s.End-s.Start < len(text) {
					add(s, "problem", f.Code)
				}
			}
		}
	}
	edges := []int{0, len(text)}
	for _, p := range parts {
		edges = append(edges, p.Start, p.End)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []piece
	for i := 0; i+1 < len(edges); i++ {
		from, to := edges[i], edges[i+1]
		var over []part
		for _, p := range parts {
			if p.Start <= from && to <= p.End {
				over = append(over, p)
			}
		}
		one := piece{Text: visible(text[from:to])}
		if len(over) > 0 {
			shortest := slices.MinFunc(over, func(a, b part) int { return cmp.Compare(a.End-a.Start, b.End-b.Start) })
			one.Name, one.Code = shortest.name, shortest.code
		}
		if n := len(out); n > 0 && out[n-1].Name == one.Name && out[n-1].Code == one.Code {
			out[n-1].Text += one.Text
			continue
		}
		out = append(out, one)
	}
	return out
}

// quoted returns the words of spans, wherever they stand.
func quoted(rep report.Report, spans []report.Span) []string {
	var words []string
	for _, s := range spans {
		text := ""
		if s.Field == rep.Caption.Field {
			text = rep.Caption.Text
		} else {
			for _, f := range rep.Metadata {
				if f.From == s.Field {
					text = f.Value
					break
				}
			}
		}
		if s.Start >= 0 && s.Start < s.End && s.End <= len(text) {
			words = append(words, s.Field+": "+short(text[s.Start:s.End]))
		}
	}
	return words
}
