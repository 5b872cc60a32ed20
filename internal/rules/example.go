package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// Trial is an example and what came of it.
type Trial struct {
	Example
	Code   string // the finding whose example it is; "" for one of the pack itself
	Report report.Report
	Missed []string // what did not come out as it must, as plain sentences
}

// Try runs all examples: the rules' tests.
func (r *Rules) Try() []Trial {
	var trials []Trial
	for _, code := range r.Codes() {
		f := r.findings[code]
		for _, e := range f.Wrong {
			e.Finds = append([]string{code}, e.Finds...)
			trials = append(trials, r.try(e, code))
		}
		for _, e := range f.Right {
			e.Clean = append([]string{code}, e.Clean...)
			trials = append(trials, r.try(e, code))
		}
	}
	for _, e := range r.examples {
		trials = append(trials, r.try(e, ""))
	}
	return trials
}

func (r *Rules) try(e Example, code string) Trial {
	p := e.Picture()
	if e.Before != "" {
		before := Example{Caption: e.Before}.Picture()
		p.Provenance.Seen = []report.Sighting{r.Remember(r.Judge(before))}
	}
	t := Trial{Example: e, Code: code, Report: r.Judge(p)}
	miss := func(format string, args ...any) { t.Missed = append(t.Missed, fmt.Sprintf(format, args...)) }
	if e.Origin != "" && t.Report.Origin != e.Origin {
		miss("the origin is %s, not %s", t.Report.Origin, e.Origin)
	}
	if e.Verdict != "" && t.Report.Verdict != e.Verdict {
		miss("the verdict is %s, not %s", t.Report.Verdict, e.Verdict)
	}
	for _, id := range e.Sources {
		if !slices.Contains(t.Report.Sources, id) {
			miss("the source %s is not found", id)
		}
	}
	for _, code := range e.Finds {
		if !found(t.Report, code) {
			miss("%s is not found", code)
		}
	}
	for _, code := range e.Clean {
		if found(t.Report, code) {
			miss("%s is found", code)
		}
	}
	return t
}

func found(rep report.Report, code string) bool {
	return slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Code == code })
}

// Picture returns the picture that the example describes.
func (e Example) Picture() Picture {
	var p Picture
	if e.IIM != "" {
		p.Metadata.Fields = append(p.Metadata.Fields,
			photo.Field{Name: photo.Caption, From: "xmp:dc:description", Value: e.Caption},
			photo.Field{Name: photo.Caption, From: "iptc:2:120", Value: e.IIM})
	} else if e.Caption != "" {
		p.Metadata.Fields = append(p.Metadata.Fields, photo.Field{Name: photo.Caption, From: string(photo.Caption), Value: e.Caption})
	}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		p.Metadata.Fields = append(p.Metadata.Fields, photo.Field{Name: name, From: string(name), Value: e.Fields[name]})
	}
	if e.Credentials != "" {
		p.Provenance.C2PA = &report.Credentials{Present: true, State: e.Credentials}
	}
	if e.Thumbnail == "other" {
		p.Provenance.Previews = []report.Preview{{From: "exif:Thumbnail"}}
	}
	if e.Unreadable {
		p.Metadata.Problems = append(p.Metadata.Problems, photo.Problem{Block: "file", Message: "The end of the file is missing.", Fatal: true})
	}
	return p
}

// Lines returns the example as lines of text: what is given, then what it shows.
func (e Example) Lines() []string {
	var lines []string
	switch {
	case e.Unreadable:
		lines = append(lines, "(a damaged file)")
	case strings.TrimSpace(e.Caption) == "":
		lines = append(lines, "(no caption)")
	default:
		lines = append(lines, e.Caption)
	}
	if e.IIM != "" {
		lines = append(lines, "iptc:2:120: "+e.IIM)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		lines = append(lines, fmt.Sprintf("%s: %s", name, e.Fields[name]))
	}
	if e.Credentials != "" {
		lines = append(lines, "content credentials: "+e.Credentials)
	}
	if e.Before != "" {
		lines = append(lines, "when it came before: "+e.Before)
	}
	if e.Thumbnail != "" {
		lines = append(lines, "the thumbnail: of the "+e.Thumbnail+" picture")
	}
	if e.Note != "" {
		lines = append(lines, e.Note)
	}
	return lines
}
