package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Lint looks for what loads but is hardly meant, in packs over the built-in
// one: a name that two sources share, a finding without examples, a severity
// that changes nothing, a language without texts for suggestions, a pack
// without a name. The error is Load's.
func Lint(packs ...[]File) ([]*Problem, error) {
	base, err := readBuiltIn()
	if err != nil {
		return nil, err
	}
	return base.merged.lint(packs...)
}

func (m *merged) lint(packs ...[]File) ([]*Problem, error) {
	var doubts []*Problem
	for _, pack := range packs {
		layers, err := m.load(pack)
		if err != nil {
			return nil, err
		}
		doubts = append(doubts, m.doubts(layers)...)
	}
	slices.SortStableFunc(doubts, byPlace)
	return doubts, nil
}

// byPlace orders problems as they stand in their files.
func byPlace(a, b *Problem) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// doubts looks at the files of the pack that was merged last.
func (m *merged) doubts(layers []*layer) []*Problem {
	var list []*Problem
	add := func(l *layer, steps []step, format string, args ...any) {
		list = append(list, l.problem(steps, format, args...))
	}
	named := slices.ContainsFunc(layers, func(l *layer) bool { return l.Name != "" })
	if !named && len(layers) > 0 {
		list = append(list, &Problem{File: layers[0].file.Name, Message: "the pack has no name, so reports cannot tell that it was used"})
	}
	owners := m.owners()
	for _, l := range layers {
		for i, s := range l.Sources {
			steps := []step{"sources", i}
			for _, lang := range slices.Sorted(maps.Keys(s.Names)) {
				for j, name := range s.Names[lang] {
					if others := without(owners[evened(name)], s.ID); len(others) > 0 {
						add(l, under(steps, "names", lang, j), "%q is also a name of %s", name, strings.Join(others, ", "))
					}
				}
			}
		}
		for _, lang := range slices.Sorted(maps.Keys(l.Lexicons)) {
			if _, ok := m.suggestions[lang]; !ok {
				add(l, []step{"lexicons", key(lang)}, "no suggestions for %s: English texts are added to its captions", lang)
			}
		}
		for _, code := range slices.Sorted(maps.Keys(l.Findings)) {
			f, all := l.Findings[code], m.findings[code]
			if f.Message != "" && (len(all.Wrong) == 0 || len(all.Right) == 0) {
				add(l, []step{"findings", key(code)}, "%s has no example in which it is found and one in which it is not", code)
			}
			for _, o := range Origins {
				if severity, given := f.By[o]; given && severity == all.Severity {
					add(l, []step{"findings", code, "by", string(o)}, "%s is %s for every origin anyway", code, severity)
				}
			}
		}
	}
	return list
}

// owners returns the sources of each name.
func (m *merged) owners() map[string][]string {
	owners := map[string][]string{}
	for _, s := range m.sources {
		if s.Off {
			continue
		}
		for _, names := range s.Names {
			for _, name := range names {
				if n := evened(name); !slices.Contains(owners[n], s.ID) {
					owners[n] = append(owners[n], s.ID)
				}
			}
		}
	}
	return owners
}

func evened(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

func without(ids []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
}
