package rules

import (
	"maps"
	"slices"
	"strings"

	"cutline/internal/photo"
)

func (v *validator) exception(l *layer, e Exception, steps ...step) {
	if len(e.Findings) == 0 {
		v.add(l, steps, "an exception that names no findings")
	}
	if len(e.Sources)+len(e.Origins)+len(e.Languages) == 0 {
		v.add(l, steps, "an exception for everything: change the finding's severity instead")
	}
	for i, code := range e.Findings {
		v.code(l, code, under(steps, "findings", i)...)
	}
	for i, id := range e.Sources {
		v.id(l, id, under(steps, "sources", i)...)
	}
	for i, o := range e.Origins {
		oneOf(v, l, "origin", o, Origins, under(steps, "origins", i)...)
	}
	for i, lang := range e.Languages {
		v.language(l, lang, under(steps, "languages", i)...)
	}
	oneOf(v, l, "severity", e.Severity, severities, under(steps, "severity")...)
	v.needs(l, "a why: who agreed to it, and until when", e.Why, steps...)
}

func (v *validator) suggestions(l *layer, lang string) {
	s, steps := l.Suggestions[lang], []step{"suggestions", lang}
	v.language(l, lang, "suggestions", key(lang))
	for _, t := range []struct{ name, text, slot string }{
		{"provided", s.Provided, "{source}"}, {"posted", s.Posted, "{source}"}, {"credit", s.Credit, "{source}"},
		{"form", s.Form, "{scene}"}, {"form", s.Form, "{place}"}, {"form", s.Form, "{date}"},
	} {
		if t.text != "" && !strings.Contains(t.text, t.slot) {
			v.add(l, under(steps, t.name), "the text has no %s", t.slot)
		}
	}
	for _, t := range []struct{ name, text, slot string }{{"conflict", s.Doubts.Conflict, "{date}"}, {"credit", s.Doubts.Credit, "{credit}"}, {"source", s.Doubts.Source, "{credit}"}} {
		if t.text != "" && !strings.Contains(t.text, t.slot) {
			v.add(l, under(steps, "doubts", t.name), "the text has no %s", t.slot)
		}
	}
	for _, m := range s.Marks.all() {
		if strings.ContainsAny(m, "[]") {
			v.add(l, under(steps, "marks"), "square brackets are set around marks, and cannot stand in %q", m)
		}
	}
	for i, days := range s.Weekdays {
		if len(days) != 7 {
			v.add(l, under(steps, "weekdays", i), "%d weekdays; there are 7", len(days))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Agencies)) {
		v.id(l, id, under(steps, "agencies", key(id))...)
		if p := s.Agencies[id].Provided; p != "" && !strings.Contains(p, "{source}") {
			v.add(l, under(steps, "agencies", id, "provided"), "the text has no {source}")
		}
	}
}

func (v *validator) example(l *layer, e Example, steps ...step) {
	for name := range e.Fields {
		if !slices.Contains(photo.Names, name) || name == photo.Caption {
			v.add(l, under(steps, "fields", key(name)), "no field %q", name)
		}
	}
	if e.Origin != "" {
		oneOf(v, l, "origin", e.Origin, Origins, under(steps, "origin")...)
	}
	if e.Verdict != "" {
		oneOf(v, l, "verdict", e.Verdict, verdicts, under(steps, "verdict")...)
	}
	for i, id := range e.Sources {
		v.id(l, id, under(steps, "sources", i)...)
	}
	for i, code := range e.Finds {
		v.code(l, code, under(steps, "finds", i)...)
	}
	for i, code := range e.Clean {
		v.code(l, code, under(steps, "clean", i)...)
	}
}
