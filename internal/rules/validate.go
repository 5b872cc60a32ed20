package rules

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/agnivade/levenshtein"

	"cutline/internal/caption"
	"cutline/internal/report"
)

// What a pack may say, beside the codes and ids that packs define.
var (
	severities = []report.Severity{report.SeverityOff, report.SeverityAdvice, report.SeverityReview, report.SeverityFail}
	verdicts   = []report.Verdict{report.Pass, report.Review, report.Fail}
	dateOrders = []string{"dmy", "mdy", "ymd"}
)

// forms are made for the first pack that is not built in, and not as each
// program starts.
var forms = sync.OnceValue(func() (f struct{ id, code, language, country *regexp.Regexp }) {
	f.id = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	f.code = regexp.MustCompile(`^[a-z0-9]+(\.[a-z0-9-]+)+$`)
	f.language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z]{2,4})?$`)
	f.country = regexp.MustCompile(`^[A-Z]{2}$`)
	return f
})

// Origins are all origins, in the order in which people are told of them.
var Origins = []report.Origin{report.Own, report.State, report.Handout, report.Social, report.Satellite, report.Synthetic, report.Unknown}

// maxText bounds one text of a pack, in bytes.
const maxText = 4000

// problems collects what is wrong with the files of a pack.
type problems []error

func (p *problems) add(l *layer, steps []step, format string, args ...any) {
	*p = append(*p, l.problem(steps, format, args...))
}

// maxProblems is how many are told at once.
const maxProblems = 20

func (p problems) err() error {
	slices.SortStableFunc(p, func(a, b error) int {
		var at, other *Problem
		if !errors.As(a, &at) || !errors.As(b, &other) {
			return 0
		}
		return byPlace(at, other)
	})
	if len(p) > maxProblems {
		more := len(p) - maxProblems
		p = append(p[:maxProblems:maxProblems], fmt.Errorf("and %d more", more))
	}
	return errors.Join(p...)
}

// validate checks what the files of a pack say, over what the packs before
// it said.
func validate(layers []*layer, before *merged) error {
	v := validator{before: before, where: map[string]string{}, own: newMerged()}
	for _, l := range layers {
		v.own.merge(&l.Pack)
	}
	for _, l := range layers {
		v.layer(l)
	}
	return v.err()
}

type validator struct {
	problems
	before *merged           // the packs before this one
	own    *merged           // this one
	where  map[string]string // what was defined, in which file
}

func (v *validator) layer(l *layer) {
	if l.Name != "" {
		v.once(l, "a name", "name")
		v.text(l, l.Name, "name")
	}
	for i, s := range l.Sources {
		v.source(l, s, "sources", i)
	}
	for _, lang := range slices.Sorted(maps.Keys(l.Lexicons)) {
		v.lexicon(l, lang)
	}
	for _, code := range slices.Sorted(maps.Keys(l.Findings)) {
		v.finding(l, code)
	}
	for i, e := range l.Exceptions {
		v.exception(l, e, "exceptions", i)
	}
	for _, lang := range slices.Sorted(maps.Keys(l.Suggestions)) {
		v.once(l, "suggestions for "+lang, "suggestions", key(lang))
		v.suggestions(l, lang)
	}
	for i, t := range l.Placeholders {
		v.text(l, t, "placeholders", i)
	}
	for i, p := range l.Programs {
		oneOf(v, l, "kind of program", p.Kind, ProgramKinds, "programs", i, "kind")
		for j, n := range p.Names {
			v.text(l, n, "programs", i, "names", j)
		}
	}
	if l.Whole != nil {
		v.once(l, "whole", "whole")
		for i, o := range l.Whole.Origins {
			oneOf(v, l, "origin", o, Origins, "whole", "origins", i)
		}
	}
	for i, e := range l.Examples {
		v.example(l, e, "examples", i)
	}
}

// once allows a thing in one place of a pack: two would hide each other.
func (v *validator) once(l *layer, what string, steps ...step) {
	if first, twice := v.where[what]; twice {
		v.add(l, steps, "%s stands in this pack twice, first in %s", what, first)
		return
	}
	v.where[what] = l.file.Name
}

func (v *validator) text(l *layer, t string, steps ...step) {
	switch {
	case strings.TrimSpace(t) == "":
		v.add(l, steps, "an empty text")
	case len(t) > maxText:
		v.add(l, steps, "a text of %d bytes; at most %d are allowed", len(t), maxText)
	}
}

func (v *validator) needs(l *layer, what, t string, steps ...step) {
	if strings.TrimSpace(t) == "" {
		v.add(l, steps, "it needs %s", what)
	}
}

func under(steps []step, further ...step) []step { return slices.Concat(steps, further) }

func (v *validator) source(l *layer, s Source, steps ...step) {
	if s.ID == "" {
		v.add(l, steps, "a source without an id")
		return
	}
	if !forms().id.MatchString(s.ID) {
		v.add(l, under(steps, "id"), "%q is no id: small letters, digits, and hyphens between them", s.ID)
	}
	v.once(l, "the source "+s.ID, under(steps, "id")...)
	known := v.before.knows(s.ID)
	if s.Off {
		if !known {
			v.add(l, under(steps, "id"), "no earlier pack has a source %q to take out%s", s.ID, v.like(s.ID, slices.Collect(maps.Keys(v.before.index))))
		}
		return
	}
	if s.Kind != "" || !known {
		oneOf(v, l, "kind", s.Kind, Kinds, under(steps, "kind")...)
	}
	if s.Country != "" && !forms().country.MatchString(s.Country) {
		v.add(l, under(steps, "country"), "%q is no country code of two capitals", s.Country)
	}
	if s.Language != "" {
		v.language(l, s.Language, under(steps, "language")...)
	}
	if len(s.Names)+len(s.Credit) == 0 && !known {
		v.add(l, steps, "the source %s has no names", s.ID)
	}
	for _, lang := range slices.Sorted(maps.Keys(s.Names)) {
		v.language(l, lang, under(steps, "names", key(lang))...)
		for i, name := range s.Names[lang] {
			v.name(l, name, under(steps, "names", lang, i)...)
		}
	}
	for i, name := range s.Credit {
		v.name(l, name, under(steps, "credit", i)...)
	}
	for i, id := range s.Distributors {
		v.id(l, id, under(steps, "distributors", i)...)
	}
}

// name checks that a name can be found in a caption.
func (v *validator) name(l *layer, name string, steps ...step) {
	if !strings.ContainsFunc(name, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) {
		v.add(l, steps, "a name without letters: %q", name)
		return
	}
	v.text(l, name, steps...)
}

func (v *validator) word(l *layer, word string, steps ...step) {
	v.text(l, word, steps...)
	if err := caption.NewLexicon(make([]caption.Language, 1)).Word(0, caption.Picture, word); err != nil {
		v.add(l, steps, "%v", err)
	}
}

func (v *validator) id(l *layer, id string, steps ...step) {
	if !v.before.knows(id) && !v.own.knows(id) {
		v.add(l, steps, "no source %q%s", id, v.like(id, v.ids()))
	}
}

func (v *validator) ids() []string {
	return slices.Concat(slices.Collect(maps.Keys(v.before.index)), slices.Collect(maps.Keys(v.own.index)))
}

func (v *validator) code(l *layer, code string, steps ...step) {
	_, before := v.before.findings[code]
	_, own := v.own.findings[code]
	if !before && !own {
		v.add(l, steps, "no finding %q%s", code, v.like(code, slices.Collect(maps.Keys(v.before.findings))))
	}
}

func (v *validator) language(l *layer, lang string, steps ...step) {
	if !forms().language.MatchString(lang) {
		v.add(l, steps, "%q is no language code such as en", lang)
	}
}

// like suggests the known word nearest to a wrong one.
func (v *validator) like(wrong string, known []string) string {
	slices.Sort(known)
	best, distance := "", 3
	for _, k := range known {
		if d := levenshtein.ComputeDistance(wrong, k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; %q is meant?", best)
}

func oneOf[T ~string](v *validator, l *layer, what string, is T, allowed []T, steps ...step) {
	if !slices.Contains(allowed, is) {
		var list []string
		for _, a := range allowed {
			list = append(list, string(a))
		}
		if is == "" {
			v.add(l, steps, "it needs a %s: %s", what, strings.Join(list, ", "))
			return
		}
		v.add(l, steps, "no %s %q; one of %s", what, is, strings.Join(list, ", "))
	}
}

// grammars are the words that a grammar may use.
var grammars = map[string][]string{
	"head":       {"first", "last"},
	"adposition": {"before", "after"},
	"object":     {"before", "after", "both"},
	"negation":   {"before", "after", "both"},
	"double":     {"cancels", "one"},
	"agent":      {"preposition", "case"},
	"owner":      {"preposition", "case"},
}

func (v *validator) lexicon(l *layer, lang string) {
	x, steps := l.Lexicons[lang], []step{"lexicons", lang}
	v.once(l, "the lexicon of "+lang, "lexicons", key(lang))
	v.language(l, lang, "lexicons", key(lang))
	_, known := v.before.lexicons[lang]
	if x.Script != "" || !known {
		oneOf(v, l, "script", x.Script, Scripts, under(steps, "script")...)
	}
	if x.DateOrder != "" || !known {
		oneOf(v, l, "order of dates", x.DateOrder, dateOrders, under(steps, "date_order")...)
	}
	for name, is := range map[string]string{"head": x.Grammar.Head, "adposition": x.Grammar.Adposition, "object": x.Grammar.Object, "negation": x.Grammar.Negation, "double": x.Grammar.Double, "agent": x.Grammar.Agent, "owner": x.Grammar.Owner} {
		if is != "" {
			oneOf(v, l, name, is, grammars[name], under(steps, "grammar", name)...)
		}
	}
	for i, w := range x.Function {
		v.word(l, w, under(steps, "function", i)...)
	}
	for _, kind := range slices.Sorted(maps.Keys(x.Words)) {
		if _, ok := caption.KindNamed(kind); !ok {
			v.add(l, under(steps, "words", key(kind)), "no kind of word %q%s", kind, v.like(kind, caption.KindNames()))
		}
		for i, w := range x.Words[kind] {
			v.word(l, w, under(steps, "words", kind, i)...)
		}
	}
	if n := len(x.Months); n != 0 && n != 12 {
		v.add(l, under(steps, "months"), "%d months; there are 12", n)
	}
	if n := len(x.Weekdays); n != 0 && n != 7 {
		v.add(l, under(steps, "weekdays"), "%d weekdays; there are 7", n)
	}
	for what, lists := range map[string][][]string{"months": x.Months, "weekdays": x.Weekdays} {
		for i, list := range lists {
			for j, w := range list {
				v.word(l, w, under(steps, what, i, j)...)
			}
		}
	}
}

func (v *validator) finding(l *layer, code string) {
	f, steps := l.Findings[code], []step{"findings", code}
	v.once(l, "the finding "+code, "findings", key(code))
	known := true
	if len(v.before.findings) > 0 { // only the built-in pack brings new ones: each has its code
		if _, known = v.before.findings[code]; !known {
			v.add(l, []step{"findings", key(code)}, "no finding %q%s", code, v.like(code, slices.Collect(maps.Keys(v.before.findings))))
		}
	} else {
		if !forms().code.MatchString(code) {
			v.add(l, []step{"findings", key(code)}, "%q is no code such as date.weekday", code)
		}
		oneOf(v, l, "severity", f.Severity, severities, under(steps, "severity")...)
		v.needs(l, "a short text", f.Short, steps...)
		v.needs(l, "a message", f.Message, steps...)
		v.needs(l, "a why", f.Why, steps...)
	}
	if f.Severity != "" {
		oneOf(v, l, "severity", f.Severity, severities, under(steps, "severity")...)
	}
	for _, origin := range slices.Sorted(maps.Keys(f.By)) {
		severity := f.By[origin]
		oneOf(v, l, "origin", origin, Origins, under(steps, "by", key(origin))...)
		oneOf(v, l, "severity", severity, severities, under(steps, "by", string(origin))...)
	}
	for i, e := range f.Wrong {
		v.example(l, e, under(steps, "wrong", i)...)
	}
	for i, e := range f.Right {
		v.example(l, e, under(steps, "right", i)...)
	}
}
