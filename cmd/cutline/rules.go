package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"cutline/internal/rules"
)

// RulesCmd shows and tries the house rules, a file each subcommand.
type RulesCmd struct {
	List    RulesListCmd    `cmd:"" help:"List the findings, or the sources or languages that are known."`
	Show    RulesShowCmd    `cmd:"" help:"Show one finding, source or language."`
	Test    RulesTestCmd    `cmd:"" help:"Run the examples of the rules, which are their tests."`
	Lint    RulesLintCmd    `cmd:"" help:"Look for what is wrong or doubtful in a rule pack."`
	Explain RulesExplainCmd `cmd:"" help:"Tell how a verdict comes about, step by step."`
	Diff    RulesDiffCmd    `cmd:"" help:"Tell which stored verdicts a changed pack would change."`
	Eval    RulesEvalCmd    `cmd:"" help:"Measure the rules on labelled captions."`
}

// paper is what a subcommand prints on.
type paper struct{ *bufio.Writer }

func newPaper(w io.Writer) paper { return paper{bufio.NewWriter(w)} }

// line prints one line.
func (p paper) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// wrapped prints a text in lines of at most 100 columns: the first behind
// the margin, the others as far in.
func (p paper) wrapped(margin, text string) {
	line, empty := margin, true
	for _, word := range strings.Fields(printable(text)) {
		if !empty && uniseg.StringWidth(line)+1+uniseg.StringWidth(word) > 100 {
			p.line("%s", line)
			line, empty = strings.Repeat(" ", uniseg.StringWidth(margin)), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	p.line("%s", line)
}

// severities is a rule's severity, and where origins differ.
func severities(f rules.Rule) string {
	list := []string{string(f.Severity)}
	for _, o := range rules.Origins {
		if s, differs := f.By[o]; differs {
			list = append(list, fmt.Sprintf("%s: %s", o, s))
		}
	}
	return strings.Join(list, ", ")
}
