package rules

import (
	"maps"
	"slices"

	"cutline/internal/report"
)

// merge puts a file of a pack over what is there. This is the one place that
// says how:
//
//	sources       of a known id: kind, country, language, watermark and note
//	              replace, names,
//	              credit and distributors are added; off takes it out
//	findings      severity, message and why replace, by replaces origin by origin;
//	              examples take the place of the earlier ones
//	lexicons      of a known language: words, months and weekdays are added, the
//	              rest replaces
//	suggestions   text by text
//	whole         replaces
//	exceptions, placeholders, programs, examples    are added; of exceptions the last that
//	              holds decides
//
// What a pack leaves out stays as it was.
func (m *merged) merge(p *Pack) {
	if p.Name != "" {
		m.names = append(m.names, p.Name)
	}
	for _, s := range p.Sources {
		at, known := m.index[s.ID]
		if !known {
			m.index[s.ID] = len(m.sources)
			m.sources = append(m.sources, s)
			continue
		}
		m.sources[at] = m.sources[at].over(s)
	}
	for code, f := range p.Findings {
		m.findings[code] = m.findings[code].over(f)
	}
	for lang, l := range p.Lexicons {
		m.lexicons[lang] = m.lexicons[lang].over(l)
	}
	for lang, s := range p.Suggestions {
		m.suggestions[lang] = m.suggestions[lang].over(s)
	}
	m.exceptions = append(m.exceptions, p.Exceptions...)
	m.placeholders = append(m.placeholders, p.Placeholders...)
	m.programs = append(m.programs, p.Programs...)
	if p.Whole != nil {
		m.whole = *p.Whole
	}
	m.examples = append(m.examples, p.Examples...)
}

// merged is packs put together, not yet ready to judge.
type merged struct {
	names        []string
	sources      []Source
	index        map[string]int // of sources by id
	findings     map[string]Rule
	lexicons     map[string]Lexicon
	suggestions  map[string]Suggestions
	exceptions   []Exception
	placeholders []string
	programs     []Program
	whole        Whole
	examples     []Example
}

func newMerged() *merged {
	return &merged{index: map[string]int{}, findings: map[string]Rule{}, lexicons: map[string]Lexicon{}, suggestions: map[string]Suggestions{}}
}

// knows says whether a source is there and on.
func (m *merged) knows(id string) bool {
	at, there := m.index[id]
	return there && !m.sources[at].Off
}

// on drops the sources that are off.
func (m *merged) on() {
	m.sources = slices.DeleteFunc(m.sources, func(s Source) bool { return s.Off })
	m.number()
}

func (m *merged) number() {
	m.index = make(map[string]int, len(m.sources))
	for i := range m.sources {
		m.index[m.sources[i].ID] = i
	}
}

func (s Source) over(by Source) Source {
	replace(&s.Kind, by.Kind)
	replace(&s.Country, by.Country)
	replace(&s.Language, by.Language)
	replace(&s.Watermark, by.Watermark)
	replace(&s.Note, by.Note)
	s.Names = added(s.Names, by.Names)
	s.Credit = slices.Concat(s.Credit, by.Credit)
	s.Distributors = slices.Concat(s.Distributors, by.Distributors)
	s.Off = by.Off
	return s
}

func (r Rule) over(by Rule) Rule {
	replace(&r.Severity, by.Severity)
	replace(&r.Short, by.Short)
	replace(&r.Message, by.Message)
	replace(&r.Why, by.Why)
	if by.By != nil {
		both := maps.Clone(r.By)
		if both == nil {
			both = map[report.Origin]report.Severity{}
		}
		maps.Copy(both, by.By)
		r.By = both
	}
	if by.Wrong != nil {
		r.Wrong = by.Wrong
	}
	if by.Right != nil {
		r.Right = by.Right
	}
	return r
}

func (l Lexicon) over(by Lexicon) Lexicon {
	replace(&l.Name, by.Name)
	replace(&l.Script, by.Script)
	replace(&l.DateOrder, by.DateOrder)
	replace(&l.Grammar.Head, by.Grammar.Head)
	replace(&l.Grammar.Adposition, by.Grammar.Adposition)
	replace(&l.Grammar.Object, by.Grammar.Object)
	replace(&l.Grammar.Negation, by.Grammar.Negation)
	replace(&l.Grammar.Double, by.Grammar.Double)
	replace(&l.Grammar.Agent, by.Grammar.Agent)
	replace(&l.Grammar.Owner, by.Grammar.Owner)
	l.Grammar.Compound = l.Grammar.Compound || by.Grammar.Compound
	l.Grammar.Capitals = l.Grammar.Capitals || by.Grammar.Capitals
	l.Related = slices.Concat(l.Related, by.Related)
	l.Function = slices.Concat(l.Function, by.Function)
	l.Words = added(l.Words, by.Words)
	l.Months = addedEach(l.Months, by.Months)
	l.Weekdays = addedEach(l.Weekdays, by.Weekdays)
	return l
}

func (s Suggestions) over(by Suggestions) Suggestions {
	for _, t := range []struct{ old, by *string }{
		{&s.Verification, &by.Verification}, {&s.Provided, &by.Provided}, {&s.Posted, &by.Posted}, {&s.Credit, &by.Credit}, {&s.AI, &by.AI},
		{&s.Form, &by.Form}, {&s.Date, &by.Date}, {&s.Marks.Source, &by.Marks.Source}, {&s.Marks.Author, &by.Marks.Author},
		{&s.Marks.Account, &by.Marks.Account}, {&s.Marks.Scene, &by.Marks.Scene}, {&s.Marks.Place, &by.Marks.Place}, {&s.Marks.Date, &by.Marks.Date},
		{&s.Marks.Caption, &by.Marks.Caption}, {&s.Doubts.Date, &by.Doubts.Date}, {&s.Doubts.Conflict, &by.Doubts.Conflict}, {&s.Doubts.Credit, &by.Doubts.Credit}, {&s.Doubts.Source, &by.Doubts.Source},
	} {
		replace(t.old, *t.by)
	}
	if by.Weekdays != nil {
		s.Weekdays = by.Weekdays
	}
	if by.Agencies != nil {
		both := maps.Clone(s.Agencies)
		if both == nil {
			both = map[string]Style{}
		}
		for id, style := range by.Agencies {
			old := both[id]
			replace(&old.Verification, style.Verification)
			replace(&old.Provided, style.Provided)
			both[id] = old
		}
		s.Agencies = both
	}
	return s
}

func replace[T ~string](old *T, by T) {
	if by != "" {
		*old = by
	}
}

// added returns the lists with further ones behind them.
func added(lists, further map[string][]string) map[string][]string {
	if len(lists) == 0 {
		return further
	}
	if len(further) == 0 {
		return lists
	}
	both := maps.Clone(lists)
	for key, list := range further {
		both[key] = slices.Concat(both[key], list)
	}
	return both
}

func addedEach(lists, further [][]string) [][]string {
	if len(lists) != len(further) {
		return slices.Concat(lists, further) // one of them is empty
	}
	both := make([][]string, len(lists))
	for i := range lists {
		both[i] = slices.Concat(lists[i], further[i])
	}
	return both
}

// beyond returns what a merged source has that it had not before.
func (s Source) beyond(before Source) Source {
	names := map[string][]string{}
	for lang, list := range s.Names {
		names[lang] = list[len(before.Names[lang]):]
	}
	return Source{Names: names, Credit: s.Credit[len(before.Credit):]}
}
