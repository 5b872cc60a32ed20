package store

import (
	"slices"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// maxReport is how long a report in JSON may be, in bytes: an item of
// DynamoDB holds 400 KB, its keys and the names of its attributes included.
const maxReport = 380_000

// trim shortens a report that is too large for an item, the least needed
// parts first, and says in Trimmed which. It leaves other reports alone.
func trim(rep *report.Report) {
	for _, step := range []struct {
		part  string
		apply func(*report.Report)
	}{
		{"metadata", func(r *report.Report) { r.Metadata = shorter(r.Metadata, 1000, 4000) }},
		{"caption.others", func(r *report.Report) { r.Caption.Others = shorter(r.Caption.Others, 20, 8000) }},
		{"provenance", withoutIngredients},
		{"suggestion", func(r *report.Report) { r.Suggestion = "" }},
		{"metadata", func(r *report.Report) { r.Metadata = shorter(r.Metadata, 200, 200) }},
		{"findings", fewerFindings},
		{"problems", fewerProblems},
		{"provenance", func(r *report.Report) { r.Provenance = nil }},
		{"caption", shorterCaption},
	} {
		encoded, err := encode(rep)
		if err != nil || len(encoded) <= maxReport {
			return
		}
		step.apply(rep)
		if !slices.Contains(rep.Trimmed, step.part) {
			rep.Trimmed = append(slices.Clip(rep.Trimmed), step.part)
		}
	}
}

func first[T any](list []T, n int) []T { return slices.Clone(list[:min(n, len(list))]) }

// shorter is at most n fields, of values of at most size bytes.
func shorter(fields []photo.Field, n, size int) []photo.Field {
	fields = first(fields, n)
	for i, f := range fields {
		fields[i].Value = cut(f.Value, size)
		fields[i].From = cut(f.From, 200)
	}
	return fields
}

func fewerProblems(r *report.Report) {
	r.Problems = first(r.Problems, 20)
	for i := range r.Problems {
		r.Problems[i].Message = cut(r.Problems[i].Message, 500)
	}
}

func withoutIngredients(r *report.Report) {
	if r.Provenance == nil || r.Provenance.C2PA == nil {
		return
	}
	credentials, provenance := *r.Provenance.C2PA, *r.Provenance
	credentials.Ingredients = nil
	credentials.Actions = first(credentials.Actions, 50)
	provenance.C2PA = &credentials
	r.Provenance = &provenance
}

func fewerFindings(r *report.Report) {
	r.Findings = first(r.Findings, 50)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Message = cut(f.Message, 1000)
		f.Spans, f.Edits, f.Related = first(f.Spans, 20), nil, first(f.Related, 5)
	}
	elements(r, func(e *report.Element) { e.Spans = first(e.Spans, 20) })
}

// shorterCaption keeps the beginning of a caption, and the spans in it. Each
// byte may take six in JSON.
func shorterCaption(r *report.Report) {
	r.Caption.Text = cut(r.Caption.Text, 40_000)
	r.Provider = cut(r.Provider, 200)
	r.Sources = first(r.Sources, 50)
	for i := range r.Sources {
		r.Sources[i] = cut(r.Sources[i], 200)
	}
	outside := func(s report.Span) bool {
		return s.Field == r.Caption.Field && s.End > len(r.Caption.Text)
	}
	for i := range r.Findings {
		r.Findings[i].Spans = slices.DeleteFunc(slices.Clone(r.Findings[i].Spans), outside)
	}
	elements(r, func(e *report.Element) { e.Spans = slices.DeleteFunc(slices.Clone(e.Spans), outside) })
}

func elements(r *report.Report, change func(*report.Element)) {
	e := &r.Elements
	for _, element := range []*report.Element{&e.Source, &e.Provided, &e.Verification, &e.Access, &e.Watermark, &e.Credit, &e.Date} {
		change(element)
	}
}
