package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"cutline/internal/corpus"
)

// RulesEvalCmd measures the rules on labelled captions.
type RulesEvalCmd struct {
	packs
	Corpus []string `arg:"" type:"existingfile" help:"Files of JSON Lines: objects with id, lang, fields (as cutline caption takes them) and expect (origin, verdict, and elements such as verification: true)."`
}

// Run prints a confusion matrix for each thing that is labelled, and every
// miss. The exit status is 1 when there is one.
func (cmd RulesEvalCmd) Run(ctx context.Context, std streams) error {
	r, err := cmd.load(ctx)
	if err != nil {
		return err
	}
	var captions []corpus.Caption
	for _, name := range cmd.Corpus {
		more, err := readCorpus(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		captions = append(captions, more...)
	}
	m, err := corpus.Evaluate(r, captions)
	if err != nil {
		return err
	}
	out := newPaper(std.out)
	out.line("Downwards what was expected, across what was judged.\n")
	out.matrix("origin", m.Origins)
	out.matrix("verdict", m.Verdicts)
	for _, name := range slices.Sorted(maps.Keys(m.Elements)) {
		out.matrix(name, m.Elements[name])
	}
	out.languages(m.Languages)
	for _, miss := range m.Misses {
		out.miss(miss)
	}
	out.line("%d captions, %d right, %d misses", m.Captions, m.Captions-len(m.Misses), len(m.Misses))
	if err := out.Flush(); err != nil {
		return err
	}
	if len(m.Misses) > 0 {
		return errFailed
	}
	return nil
}

func readCorpus(name string) ([]corpus.Caption, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return corpus.Read(f)
}

// matrix prints what was expected downwards, what was judged across.
func (p paper) matrix(what string, m corpus.Matrix) {
	columns := map[string]bool{}
	for expected, judged := range m {
		columns[expected] = true
		for j := range judged {
			columns[j] = true
		}
	}
	names := slices.Sorted(maps.Keys(columns))
	right, all := 0, 0
	p.table(func(w io.Writer) {
		fmt.Fprintf(w, "%s\t%s\t\n", what, strings.Join(names, "\t"))
		for _, expected := range names {
			fmt.Fprintf(w, "%s\t", expected)
			for _, judged := range names {
				n := m[expected][judged]
				all += n
				if judged == expected {
					right += n
				}
				fmt.Fprintf(w, "%s\t", count(n))
			}
			fmt.Fprintln(w)
		}
	})
	p.line("%s right of %d\n", share(right, all), all)
}

func count(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

func share(right, all int) string {
	if all == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(right)/float64(all))
}

func (p paper) languages(m map[string]corpus.Tally) {
	p.table(func(w io.Writer) {
		fmt.Fprintf(w, "language\tright\tall\t\n")
		for _, lang := range slices.Sorted(maps.Keys(m)) {
			fmt.Fprintf(w, "%s\t%d\t%d\t\n", lang, m[lang].Right, m[lang].All)
		}
	})
	p.line("")
}

func (p paper) table(write func(io.Writer)) {
	w := tabwriter.NewWriter(p, 6, 0, 2, ' ', tabwriter.AlignRight)
	write(w)
	w.Flush()
}

func (p paper) miss(m corpus.Miss) {
	p.line("%s (%s): %s", printable(m.ID), m.Lang, strings.Join(m.Wrong, "; "))
	p.wrapped("    ", shorten(m.Report.Caption.Text, 400))
	p.line("    %s", said(m.Report))
	if m.Note != "" {
		p.wrapped("    why it is there: ", m.Note)
	}
	p.line("")
}
