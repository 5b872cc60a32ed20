package main

import (
	"fmt"
	"strings"

	"cutline/internal/report"
)

// RulesTestCmd runs the examples of the rules.
type RulesTestCmd struct {
	packs
	Pack []string `arg:"" optional:"" type:"path" help:"Packs over the built-in one: only their own examples are run. With none, all are."`
}

// Run prints one line for each example: where it stands, and which rule said
// what. The exit status is 1 when one does not hold.
func (cmd RulesTestCmd) Run(std streams) error {
	r, err := packs{Rules: append(cmd.Rules, cmd.Pack...)}.load()
	if err != nil {
		return err
	}
	out := newPaper(std.out)
	run, failed := 0, 0
	for _, t := range r.Try() {
		if len(cmd.Pack) > 0 && !within(t.At, cmd.Pack) {
			continue
		}
		run++
		word := "ok  "
		if len(t.Missed) > 0 {
			failed++
			word = "FAIL"
		}
		out.line("%s  %s  %s  %s", word, printable(t.At), t.Report.Verdict, said(t.Report))
		if len(t.Missed) > 0 {
			out.line("      %s", strings.Join(t.Missed, "; "))
			for _, line := range t.Lines() {
				out.wrapped("      ", line)
			}
		}
	}
	out.line("%d examples, %d failed", run, failed)
	if err := out.Flush(); err != nil {
		return err
	}
	if failed > 0 {
		return errFailed
	}
	return nil
}

// within says whether an example stands in one of the packs.
func within(where string, packs []string) bool {
	for _, p := range packs {
		if strings.HasPrefix(where, p+":") || strings.HasPrefix(where, strings.TrimSuffix(p, "/")+"/") {
			return true
		}
	}
	return false
}

// said tells which rules spoke, each with the words that decided it.
func said(rep report.Report) string {
	if len(rep.Findings) == 0 {
		return "nothing found"
	}
	var list []string
	for _, f := range rep.Findings {
		one := fmt.Sprintf("%s (%s)", f.Code, f.Severity)
		if len(f.Spans) > 0 {
			if words := wordsAt(rep, f.Spans[0]); words != "" {
				one += fmt.Sprintf(" %q", printable(shorten(words, 40)))
			}
		}
		list = append(list, one)
	}
	return strings.Join(list, ", ")
}
