package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"cutline/internal/rules"
)

// RulesListCmd lists what the rules hold.
type RulesListCmd struct {
	packs
	What string `arg:"" optional:"" enum:"findings,sources,languages,exceptions" default:"findings" help:"findings (if nothing is said), sources, languages or exceptions."`
}

// Run prints one line each.
func (cmd RulesListCmd) Run(ctx context.Context, std streams) error {
	r, err := cmd.load(ctx)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	switch cmd.What {
	case "findings":
		for _, code := range r.Codes() {
			f, _ := r.Finding(code)
			fmt.Fprintf(out, "%s\t%s\t%s\n", code, severities(f), f.Message)
		}
	case "sources":
		for _, s := range r.Sources() {
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", s.ID, s.Kind, s.Country, printable(s.Name()))
		}
	case "languages":
		for _, code := range r.Languages() {
			l, _ := r.Language(code)
			fmt.Fprintf(out, "%s\t%s\t%s\t%d words\n", code, l.Name, l.Script, countWords(l))
		}
	case "exceptions":
		for _, e := range r.Exceptions() {
			fmt.Fprintf(out, "%s\t%s\t%s\n", e.Severity, printable(e.String()), printable(e.Why))
		}
	}
	return out.Flush()
}

func countWords(l rules.Lexicon) int {
	n := len(l.Function)
	for _, words := range l.Words {
		n += len(words)
	}
	return n
}
