package desk

import (
	"cmp"
	"slices"

	"cutline/internal/report"
)

// piece is a run of the caption that one set of elements covers.
type piece struct {
	Text  string
	Name  string // of the element: "source", or "" for plain text
	Title string // of the element, for people
	Code  string // of the finding whose words these are
	Under bool   // it is of the credit line, and of a shorter element, too
}

type element struct {
	Name, Label string
	report.Element
	Needed bool
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

// part is a span of the caption that something is said of.
type part struct {
	report.Span
	name, title, code string
}

// pieces cuts the caption where an element or a finding begins or ends. Where
// elements overlap, the shortest is shown: it says most.
func pieces(rep report.Report) []piece {
	text := rep.Caption.Text
	var of, wrong []part
	inside := func(s report.Span) bool {
		return s.Field == rep.Caption.Field && s.Start >= 0 && s.Start < s.End && s.End <= len(text)
	}
	for _, e := range elements(rep) {
		for _, s := range e.Spans {
			if inside(s) {
				of = append(of, part{s, e.Name, e.Label, ""})
			}
		}
	}
	for _, f := range rep.Findings {
		for _, s := range f.Spans {
			if inside(s) && f.Severity != report.SeverityAdvice && s.End-s.Start < len(text) {
				wrong = append(wrong, part{s, "", "", f.Code})
			}
		}
	}
	edges := []int{0, len(text)}
	for _, p := range slices.Concat(of, wrong) {
		edges = append(edges, p.Start, p.End)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []piece
	for i := 0; i+1 < len(edges); i++ {
		element, finding := shortest(of, edges[i], edges[i+1]), shortest(wrong, edges[i], edges[i+1])
		one := piece{visible(text[edges[i]:edges[i+1]]), element.name, element.title, finding.code, false}
		one.Under = one.Name != "credit" && slices.ContainsFunc(of, func(p part) bool { return p.name == "credit" && p.Start <= edges[i] && p.End >= edges[i+1] })
		if n := len(out); n > 0 && out[n-1].Name == one.Name && out[n-1].Code == one.Code && out[n-1].Under == one.Under {
			out[n-1].Text += one.Text
			continue
		}
		out = append(out, one)
	}
	return out
}

// shortest is the shortest of the parts that cover the run.
func shortest(parts []part, from, to int) part {
	over := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.Start > from || p.End < to })
	if len(over) == 0 {
		return part{}
	}
	return slices.MinFunc(over, func(a, b part) int { return cmp.Compare(a.End-a.Start, b.End-b.Start) })
}

// quoted returns the words of spans, wherever they stand.
func quoted(rep report.Report, spans []report.Span) []string {
	var words []string
	for _, s := range spans {
		text, where := "", s.Field
		if s.Field == rep.Caption.Field {
			text, where = rep.Caption.Text, "the caption"
		} else {
			for _, f := range rep.Metadata {
				if f.From == s.Field {
					text = f.Value
					break
				}
			}
		}
		if s.Start >= 0 && s.Start < s.End && s.End <= len(text) && len(words) < 10 {
			words = append(words, "“"+short(text[s.Start:s.End])+"” in "+fieldName(where))
		}
	}
	return words
}
