package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// RulesExplainCmd tells how a verdict comes about.
type RulesExplainCmd struct {
	packs
	File string `arg:"" optional:"" help:"A picture: a file or s3://bucket/key. With none, standard input: a caption as text, or as a line of JSON as cutline caption takes it."`
}

// Run prints the derivation.
func (cmd RulesExplainCmd) Run(ctx context.Context, std streams) error {
	checker, err := cmd.checker(ctx)
	if err != nil {
		return err
	}
	out := newPaper(std.out)
	if cmd.File == "" || cmd.File == "-" {
		fields, err := typed(std.in)
		if err != nil {
			return err
		}
		out.explain("", checker.Rules, rules.Picture{Metadata: photo.Metadata{Fields: fields}})
		return out.Flush()
	}
	pictures, err := find(ctx, []string{cmd.File}, std.in)
	if err != nil {
		return err
	}
	checker.Alone = true
	for _, p := range pictures {
		rep, err := p.check(ctx, checker)
		if err != nil {
			return err
		}
		out.explain(p.name, checker.Rules, rules.Again(rep))
	}
	return out.Flush()
}

// typed reads the fields of one caption that was typed.
func typed(in io.Reader) ([]photo.Field, error) {
	head := bufio.NewReaderSize(in, maxCaptionLine)
	asJSON := startsWithObject(head)
	text, err := io.ReadAll(io.LimitReader(head, maxCaptionLine+1))
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	if len(text) > maxCaptionLine {
		return nil, fmt.Errorf("standard input: the caption is longer than %d bytes", maxCaptionLine)
	}
	if asJSON {
		_, fields, err := givenFields(bytes.TrimPrefix(bytes.TrimSpace(text), []byte("\ufeff")))
		return fields, err
	}
	return []photo.Field{{Name: photo.Caption, From: string(photo.Caption), Value: string(bytes.ToValidUTF8(text, []byte("\ufffd")))}}, nil
}

// chapters are the subjects of a derivation's steps, with what stands above
// them.
var chapters = map[rules.Subject]string{
	rules.AboutEvidence: "What speaks",
	rules.AboutOrigin:   "Where the picture comes from",
	rules.AboutSource:   "Who is named",
	rules.AboutElement:  "What the caption has",
	rules.AboutFinding:  "What was found",
	rules.AboutVerdict:  "Verdict",
}

func (p paper) explain(name string, r *rules.Rules, picture rules.Picture) {
	rep, derivation := r.Explain(picture)
	if name != "" {
		p.line("%s", printable(name))
	}
	if rep.Caption.Text != "" {
		p.wrapped("  ", rep.Caption.Text)
		p.line("  (%s)", captionFrom(rep))
	}
	var last rules.Subject
	for _, s := range derivation.Steps {
		if s.About != last {
			last = s.About
			p.line("")
			p.line("%s", chapters[s.About])
		}
		p.step(s)
	}
	p.line("")
}

func captionFrom(rep report.Report) string {
	from := "the field " + rep.Caption.Field
	if rep.Caption.Lang != "" {
		from += ", in the language " + rep.Caption.Lang
	}
	return from
}

func (p paper) step(s rules.Step) {
	text := s.Says
	if s.From != "" && s.About != rules.AboutFinding {
		text = s.From + ": " + text
	}
	p.wrapped("  - ", text)
	if s.Words != "" && s.About != rules.AboutElement {
		p.wrapped("      ", fmt.Sprintf("%q", shorten(s.Words, 200)))
	}
	if s.Why != "" {
		p.wrapped("      ", s.Why)
	}
}
