package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"cutline/internal/check"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// maxCaptionLine bounds one caption with its fields, in bytes.
const maxCaptionLine = 1 << 20

// CaptionCmd checks captions that come without their pictures.
type CaptionCmd struct {
	packs
	JSON bool `name:"json" help:"Print one report per line as JSON."`
}

// Help tells what standard input may look like.
func (CaptionCmd) Help() string {
	return `Standard input is one caption as plain text, or JSON Lines: objects with an "id" and "fields" such as
{"id": "1", "fields": {"caption": "...", "credit": "...", "source": "...", "byline": "...", "byline_title": "...", "instructions": "...", "date_created": "...", "digital_source_type": "..."}}.
Reports come in the order of the lines, with their ids.`
}

// Run reads standard input to its end.
func (cmd CaptionCmd) Run(ctx context.Context, std streams) error {
	checker, err := cmd.checker(ctx)
	if err != nil {
		return err
	}
	out := newPrinter(std.out, cmd.JSON)
	in := bufio.NewReaderSize(std.in, maxCaptionLine)
	if startsWithObject(in) {
		err = captionLines(checker, in, out)
	} else {
		err = captionText(checker, in, out)
	}
	return errors.Join(err, out.close())
}

// startsWithObject tells JSON Lines from plain text by the first character
// that is no white space.
func startsWithObject(in *bufio.Reader) bool {
	head, _ := in.Peek(512)
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	return bytes.HasPrefix(bytes.TrimSpace(head), []byte("{"))
}

func captionText(checker *check.Checker, in io.Reader, out *printer) error {
	text, err := io.ReadAll(io.LimitReader(in, maxCaptionLine+1))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	if len(text) > maxCaptionLine {
		return fmt.Errorf("standard input: the caption is longer than %d bytes", maxCaptionLine)
	}
	value := string(bytes.ToValidUTF8(text, []byte("\ufffd")))
	return out.print("", checker.Caption([]photo.Field{{Name: photo.Caption, From: string(photo.Caption), Value: value}}))
}

func captionLines(checker *check.Checker, in io.Reader, out *printer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxCaptionLine)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimPrefix(bytes.TrimSpace(lines.Bytes()), []byte("\ufeff"))
		if len(line) == 0 {
			continue
		}
		rep, err := captionLine(checker, line)
		if err != nil {
			return fmt.Errorf("standard input, line %d: %w", n, err)
		}
		if err := out.print(rep.ID, rep); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	return nil
}

func captionLine(checker *check.Checker, line []byte) (report.Report, error) {
	id, fields, err := givenFields(line)
	if err != nil {
		return report.Report{}, err
	}
	rep := checker.Caption(fields)
	rep.ID = id
	return rep, nil
}

// givenFields reads an object with "id" and "fields".
func givenFields(line []byte) (id string, fields []photo.Field, err error) {
	var given struct {
		ID     string          `json:"id"`
		Fields json.RawMessage `json:"fields"`
	}
	if err := json.Unmarshal(line, &given); err != nil {
		return "", nil, err
	}
	if given.Fields == nil {
		return "", nil, errors.New(`no "fields"`)
	}
	fields, err = photo.Given(given.Fields)
	return given.ID, fields, err
}
