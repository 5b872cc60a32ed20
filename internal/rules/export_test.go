package rules

import (
	"regexp"
	"strings"

	"cutline/internal/report"
)

// Decode reads one file of a pack as Load does, without the built-in one.
func Decode(f File) (*Pack, error) {
	l, err := decode(f)
	if err != nil {
		return nil, err
	}
	return &l.Pack, validate([]*layer{l}, newMerged())
}

// Words returns the words that packs may use for severities, origins and
// verdicts.
func Words(of string) []string {
	var words []string
	switch of {
	case "severity":
		for _, s := range severities {
			words = append(words, string(s))
		}
	case "origin":
		for _, o := range Origins {
			words = append(words, string(o))
		}
	case "verdict":
		for _, v := range verdicts {
			words = append(words, string(v))
		}
	}
	return words
}

// LintAlone is Lint of a pack that stands on its own.
func LintAlone(pack []File) ([]*Problem, error) { return newMerged().lint(pack) }

// Open says whether a text has marks or doubts.
func Open(r *Rules, text string) bool { return len(r.unfilled(text)) > 0 }

// Filling is what an editor fills marks with.
type Filling struct{ Author, Source, Account, Other string }

// Fill fills in the marks of the report's suggestion, and settles doubts about
// credits as the fields have it. Those about days that are not in the caption are
// left to the rules' own settling: it says false.
func (f Filling) Fill(r *Rules, rep report.Report) (string, bool) {
	text := rep.Suggestion
	for _, s := range r.suggestions {
		for i, m := range s.Marks.all() {
			if m != "" {
				text = strings.ReplaceAll(text, mark(m), []string{f.Source, f.Author, f.Account, f.Other, f.Other, "2026", ""}[i])
			}
		}
	}
	text = doubts.ReplaceAllStringFunc(text, func(mark string) string {
		words, question, _ := cutLast(mark[1:len(mark)-1], doubtful)
		for _, s := range r.suggestions {
			for _, d := range []string{s.Doubts.Credit, s.Doubts.Source} {
				before, after, _ := strings.Cut(d, "{credit}")
				if d == "" || !strings.HasPrefix(question, before) || !strings.HasSuffix(question, after) {
					continue
				}
				if strings.Contains(rep.Caption.Text, words) { // the credit
					return question[len(before) : len(question)-len(after)]
				}
				return words
			}
		}
		return mark
	})
	for _, f := range rep.Findings {
		if f.Code == "date.conflict" || f.Code == "date.impossible" && len(f.Spans) > 1 {
			return "", false
		}
	}
	return text, true
}

var doubts = regexp.MustCompile(`\[[^\[\]]+\]`)

// Texts returns the suggestions of a language.
func Texts(r *Rules, lang string) Suggestions { return r.suggestions[lang] }

// All returns all marks.
func (m Marks) All() []string { return m.all() }

// All returns all doubts.
func (d Doubts) All() []string { return d.all() }
