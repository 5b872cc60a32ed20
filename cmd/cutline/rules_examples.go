package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cutline/internal/check"
	"cutline/internal/report"
)

// RulesTestCmd runs the examples of the rules.
type RulesTestCmd struct {
	packs
	Pack []string `arg:"" optional:"" help:"Packs over the built-in one: only their own examples are run. With none, all are."`
}

// Run prints one line for each example: where it stands, and which rule said
// what. The exit status is 1 when one does not hold.
func (cmd RulesTestCmd) Run(ctx context.Context, std streams) error {
	r, err := packs{slices.Concat(cmd.Rules, cmd.Pack)}.load(ctx)
	if err != nil {
		return err
	}
	tried := map[string]bool{}
	for _, place := range cmd.Pack {
		pack, err := check.ReadPack(ctx, place, openS3)
		if err != nil {
			return err
		}
		for _, f := range pack {
			tried[f.Name] = true
		}
	}
	out := newPaper(std.out)
	run, failed := 0, 0
	for _, t := range r.Try() {
		if file := t.At[:strings.LastIndexByte(t.At, ':')]; len(cmd.Pack) > 0 && !tried[file] {
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
