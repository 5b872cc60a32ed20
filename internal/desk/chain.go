package desk

import (
	"slices"
	"strings"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// link is one hand that the picture went through.
type link struct {
	Role string // what it did, for people
	Name string
	From string // the field that says so
}

// chain is the way of a picture from who made or provided it to the agency
// that sent it: the caption's credit line, else the credit fields.
func (d *desk) chain(rep report.Report) []link {
	text := strings.ToValidUTF8(rep.Caption.Text[max(0, len(rep.Caption.Text)-creditsIn):], "")
	var best caption.Credit
	for _, c := range d.Checker.Rules.Read(text).Credits {
		if len(c.Parts) >= len(best.Parts) {
			best = c
		}
	}
	links := d.links(best, text, rep.Caption.Field)
	for _, name := range []photo.Name{photo.Source, photo.Credit} {
		for _, f := range rep.Metadata {
			if f.Name == name && len(links) < maxLinks {
				links = append(links, d.links(d.Checker.Rules.ReadCredit(f.Value), f.Value, f.From)...)
			}
		}
	}
	// What the caption and a field both say stands once, as the caption has it.
	seen := map[string]bool{}
	links = slices.DeleteFunc(links, func(l link) bool {
		was := seen[l.Name]
		seen[l.Name] = true
		return was
	})
	rank := map[string]int{"made": 0, "provided": 1, "passed on": 2}
	slices.SortStableFunc(links, func(a, b link) int { return rank[a.Role] - rank[b.Role] })
	return links
}

// creditsIn is how much of a caption's end is read for a credit line, in bytes.
const creditsIn = 4000

// maxLinks bounds a chain that somebody made endless.
const maxLinks = 12

func (d *desk) links(c caption.Credit, text, from string) []link {
	var links []link
	for _, p := range c.Parts[:min(len(c.Parts), maxLinks)] {
		if p.Class == caption.Nameless || p.Span.Start < 0 || p.Span.End > len(text) || p.Span.Start >= p.Span.End {
			continue
		}
		l := link{Role: "made", Name: oneLine(60, text[p.Span.Start:p.Span.End]), From: from}
		switch {
		case p.Role == caption.Provider:
			l.Role = "provided"
		case p.Role == caption.Distributor:
			l.Role = "passed on"
		case c.Handout || p.Class == caption.AState || p.Class == caption.ABody:
			l.Role = "provided"
		}
		if sources := d.Checker.Rules.Sources(); p.Class == caption.Known && p.Source < len(sources) {
			l.Name = sources[p.Source].Name()
			if kind := sources[p.Source].Kind; l.Role == "made" && kind != "agency" && kind != "distributor" {
				l.Role = "provided"
			}
		}
		links = append(links, l)
	}
	return links
}
