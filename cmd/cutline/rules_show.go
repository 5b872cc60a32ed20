package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutline/internal/rules"
)

// RulesShowCmd shows one part of the rules.
type RulesShowCmd struct {
	packs
	ID string `arg:"" help:"A finding's code, a source's id, or a language's code."`
}

// Run prints what is known of it. The desk shows the same of a finding under
// /rules/CODE.
func (cmd RulesShowCmd) Run(ctx context.Context, std streams) error {
	r, err := cmd.load(ctx)
	if err != nil {
		return err
	}
	out := newPaper(std.out)
	if f, ok := r.Finding(cmd.ID); ok {
		out.finding(cmd.ID, f)
		return out.Flush()
	}
	if s, ok := r.Source(cmd.ID); ok {
		out.source(r, s)
		return out.Flush()
	}
	if l, ok := r.Language(cmd.ID); ok {
		out.language(cmd.ID, l)
		return out.Flush()
	}
	return fmt.Errorf("no finding, source or language %q; see cutline rules list", cmd.ID)
}

func (p paper) finding(code string, f rules.Rule) {
	p.line("%s  %s", code, severities(f))
	p.wrapped("  ", f.Message)
	p.wrapped("  ", f.Why)
	for _, list := range []struct {
		title    string
		examples []rules.Example
	}{{"It is found in:", f.Wrong}, {"It is not found in:", f.Right}} {
		if len(list.examples) == 0 {
			continue
		}
		p.line("")
		p.line("%s", list.title)
		for _, e := range list.examples {
			for i, line := range e.Lines() {
				margin := "    "
				if i == 0 {
					margin = "  - "
				}
				p.wrapped(margin, line)
			}
		}
	}
}

func (p paper) source(r *rules.Rules, s rules.Source) {
	p.line("%s  %s", s.ID, strings.TrimSpace(s.Kind+"  "+s.Country))
	if s.Note != "" {
		p.wrapped("  ", s.Note)
	}
	for _, lang := range slices.Sorted(maps.Keys(s.Names)) {
		p.wrapped(fmt.Sprintf("  %-3s ", lang), strings.Join(s.Names[lang], ", "))
	}
	if len(s.Credit) > 0 {
		p.wrapped("  in credit lines only: ", strings.Join(s.Credit, ", "))
	}
	if s.Watermark != "" {
		p.wrapped("  its mark reads: ", s.Watermark)
	}
	for _, id := range s.Distributors {
		if by, ok := r.Source(id); ok {
			p.line("  passed on by %s (%s)", id, printable(by.Name()))
		}
	}
	var passes []string
	for _, other := range r.Sources() {
		if slices.Contains(other.Distributors, s.ID) {
			passes = append(passes, other.ID)
		}
	}
	if len(passes) > 0 {
		p.wrapped("  passes on ", strings.Join(passes, ", "))
	}
}

func (p paper) language(code string, l rules.Lexicon) {
	p.line("%s  %s, %s, %d words", code, l.Name, l.Script, countWords(l))
	for _, kind := range slices.Sorted(maps.Keys(l.Words)) {
		if len(l.Words[kind]) > 0 {
			p.wrapped("  "+kind+": ", strings.Join(l.Words[kind], ", "))
		}
	}
}
