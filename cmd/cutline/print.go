package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"cutline/internal/report"

	"golang.org/x/term"
)

// printer shows reports, for people or one per line as JSON, and remembers
// whether one of them failed.
type printer struct {
	out    *bufio.Writer
	json   *json.Encoder // nil for people
	colour bool
	failed bool
}

func newPrinter(w io.Writer, asJSON bool) *printer {
	p := &printer{out: bufio.NewWriter(w)}
	if asJSON {
		p.json = json.NewEncoder(p.out)
		p.json.SetEscapeHTML(false)
	} else {
		p.colour = onTerminal(w) && os.Getenv("NO_COLOR") == ""
	}
	return p
}

func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// print shows the report of what the user calls name, which may be "".
func (p *printer) print(name string, rep report.Report) error {
	if rep.Verdict == report.Fail {
		p.failed = true
	}
	if p.json != nil {
		return p.json.Encode(rep)
	}
	p.people(name, rep)
	return p.out.Flush()
}

// close ends the output. It returns errFailed when a report did.
func (p *printer) close() error {
	if err := p.out.Flush(); err != nil {
		return err
	}
	if p.failed {
		return errFailed
	}
	return nil
}

func (p *printer) people(name string, rep report.Report) {
	origin := string(rep.Origin)
	if from := cmp.Or(strings.Join(rep.Sources, ", "), printable(rep.Provider)); from != "" {
		origin += " (" + from + ")"
	}
	heading := []string{p.paint(string(rep.Verdict), strings.ToUpper(string(rep.Verdict)))}
	if name != "" {
		heading = append(heading, printable(name))
	}
	fmt.Fprintln(p.out, strings.Join(append(heading, origin), "  "))
	if rep.Caption.Text != "" {
		fmt.Fprintf(p.out, "    %s\n", printable(shorten(rep.Caption.Text, 160)))
	}
	for _, f := range rep.Findings {
		fmt.Fprintf(p.out, "  %s %s: %s\n", p.paint(string(f.Severity), fmt.Sprintf("%-6s", f.Severity)), f.Code, printable(f.Message))
		for _, s := range f.Spans {
			if words := wordsAt(rep, s); words != "" {
				fmt.Fprintf(p.out, "         %s: %q\n", s.Field, words)
			}
		}
	}
	p.provenance(rep)
	if rep.Suggestion != "" {
		fmt.Fprintf(p.out, "  suggested caption:\n    %s\n", printable(rep.Suggestion))
	}
	fmt.Fprintln(p.out)
}

// provenance shows what the file proves, beside what its caption says.
func (p *printer) provenance(rep report.Report) {
	if rep.Provenance == nil {
		return
	}
	if rep.Provenance.Problem != "" {
		fmt.Fprintf(p.out, "  %s\n", printable(rep.Provenance.Problem))
	}
	if c := rep.Provenance.C2PA; c != nil && c.Present {
		fmt.Fprintf(p.out, "  content credentials: %s\n", c.State)
		for _, sentence := range c.Tell(rep.Provenance.Pending) {
			fmt.Fprintf(p.out, "    %s\n", printable(sentence))
		}
	}
}

// wordsAt returns the words of a span, from the caption or the metadata.
func wordsAt(rep report.Report, s report.Span) string {
	if s.Field == rep.Caption.Field && s.End <= len(rep.Caption.Text) {
		return rep.Caption.Text[s.Start:s.End]
	}
	for _, f := range rep.Metadata {
		if f.From == s.Field && s.End <= len(f.Value) {
			return f.Value[s.Start:s.End]
		}
	}
	return ""
}

// paint colours text by what it says of a picture, on a terminal.
func (p *printer) paint(level, text string) string {
	codes := map[string]string{"fail": "1;31", "review": "1;33", "pass": "1;32", "advice": "36"}
	code, known := codes[level]
	if !p.colour || !known {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// printable keeps hostile text from driving the terminal: control and format
// characters become spaces.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)
}

// shorten cuts s to at most n runes.
func shorten(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
