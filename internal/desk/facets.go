package desk

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"slices"
	"time"

	"cutline/internal/store"
)

// facetsOf is how many pictures, the newest ones, the filters' counts are of.
const facetsOf = 2000

// facets are the filters that are chosen by a click, with how many pictures
// each would list once they are counted.
type facets struct {
	Groups  []facetGroup
	Filters filters
	Counted bool
	Looked  int
	Until   time.Time
}

type facetGroup struct {
	Name, Label string
	Choices     []choice
}

type choice struct {
	Value, Label string
	URL          string
	Chosen       bool
	Class        string
	N            int // -1 when it was not counted
}

// facets builds the filters. Sources and languages are many, so only those
// are offered that were counted.
func (d *desk) facets(f filters, q store.Query, counted *store.Facets) facets {
	out := facets{Filters: f, Counted: counted != nil}
	if counted != nil {
		out.Looked, out.Until = counted.Looked, counted.Until
	}
	group := func(name, label, chosen string, choices []choice) {
		all := choice{Label: "all", URL: f.With(name, ""), Chosen: chosen == "", N: -1}
		choices = slices.DeleteFunc(choices, func(c choice) bool { return c.N == 0 && c.Value != chosen })
		for i := range choices {
			c := &choices[i]
			if c.Chosen = c.Value == chosen; c.Chosen {
				c.URL = f.With(name, "")
			} else {
				c.URL = f.With(name, c.Value)
			}
		}
		out.Groups = append(out.Groups, facetGroup{name, label, append([]choice{all}, choices...)})
	}
	n := func(count func() int) int {
		if counted == nil {
			return -1
		}
		return count()
	}
	var list []choice
	for _, v := range verdicts {
		list = append(list, choice{Value: string(v), Label: string(v), Class: string(v), N: n(func() int { return counted.Verdicts[v] })})
	}
	group("verdict", "Verdict", string(q.Verdict), list)

	reviewed := ""
	if q.Reviewed != nil {
		reviewed = map[bool]string{true: "yes", false: "no"}[*q.Reviewed]
	}
	group("reviewed", "Decision", reviewed, []choice{
		{Value: "no", Label: "to do", N: n(func() int { return counted.Reviewed[false] })},
		{Value: "yes", Label: "decided", N: n(func() int { return counted.Reviewed[true] })},
	})

	list = nil
	for _, o := range origins {
		list = append(list, choice{Value: string(o), Label: string(o), N: n(func() int { return counted.Origins[o] })})
	}
	group("origin", "Origin", string(q.Origin), list)

	list = nil
	for _, code := range d.Checker.Rules.Codes() {
		list = append(list, choice{Value: code, Label: d.codeWords(code), N: n(func() int { return counted.Codes[code] })})
	}
	slices.SortStableFunc(list, func(a, b choice) int { return b.N - a.N })
	group("code", "What is wrong", q.Code, list)

	if counted != nil {
		group("source", "Source", q.Source, largest(counted.Sources, q.Source, d.sourceName))
		group("lang", "Language", q.Lang, largest(counted.Langs, q.Lang, language))
	}
	return out
}

// largest are the values that count most, and the one that is chosen.
func largest(counts map[string]int, chosen string, label func(string) string) []choice {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
	})
	var list []choice
	for i, key := range keys {
		if key != "" && (i < 10 || key == chosen) {
			list = append(list, choice{Value: key, Label: label(key), N: counts[key]})
		}
	}
	return list
}

// queueFacets are the filters of a list alone, counted.
func (d *desk) queueFacets(w http.ResponseWriter, r *http.Request) {
	q, err := d.query(r)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	counted, err := d.Store.Facets(r.Context(), q, facetsOf)
	if err != nil {
		d.apiFailed(w, r, err)
		return
	}
	var body bytes.Buffer
	if err := d.pages.ExecuteTemplate(&body, "facets", d.facets(filtersOf(r), q, &counted)); err != nil {
		d.apiFailed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body.Bytes())
}

// language is the English name of an ISO 639-1 code.
func language(code string) string {
	if name, ok := languages[code]; ok {
		return name
	}
	return oneLine(20, code)
}

var languages = map[string]string{
	"ar": "Arabic", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "id": "Indonesian",
	"it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
	"ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}
