package rules_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cutline/internal/caption"
	"cutline/internal/corpus"
	"cutline/internal/rules"
)

// TestReorder holds that the order of a caption's sentences never changes what
// is decided about it, in every order of every caption of the corpus. Where the
// order says something it is kept: marks at the beginning ("FILE -") stay
// there, the credit line stays in its place, and a sentence that speaks of what
// was said before ("it could not be verified", "the group said") stays behind
// it. Sentences move past a credit line only if that is closed: what follows an
// open one may be its notices.
func TestReorder(t *testing.T) {
	r := builtIn(t)
	paths, err := filepath.Glob("testdata/corpus/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	type movable struct {
		corpus.Caption
		parts []part
		free  []string
	}
	var all []movable
	for _, path := range paths {
		for _, c := range readCorpus(t, path) {
			if parts, free := partsOf(r, captionOf(c)); len(free) > 1 {
				all = append(all, movable{c, parts, free})
			}
		}
	}
	if len(all) < 300 {
		t.Errorf("only %d captions have sentences that can be moved", len(all))
	}
	for _, m := range all {
		text := captionOf(m.Caption)
		a := judgeWith(t, r, m.Caption, text)
		orders(m.free, func(order []string) bool {
			changed := put(m.parts, order)
			b := judgeWith(t, r, m.Caption, changed)
			if a.Verdict != b.Verdict || a.Origin != b.Origin {
				t.Errorf("%s: %s %s, and changed %s %s\n%s\n%s", m.ID, a.Origin, a.Verdict, b.Origin, b.Verdict, text, changed)
				return false
			}
			return true
		})
	}
}

// orders calls f with every order of the list, until it says false.
func orders(list []string, f func([]string) bool) bool {
	if len(list) < 2 {
		return f(list)
	}
	for i := range list {
		first, rest := list[i], slices.Concat(list[:i], list[i+1:])
		if !orders(rest, func(order []string) bool { return f(append([]string{first}, order...)) }) {
			return false
		}
	}
	return true
}

// part is one sentence, or more that have to stay together.
type part struct {
	text  string
	stays bool // in its place
}

// put puts other sentences in the places of those that may be moved.
func put(parts []part, order []string) string {
	var b strings.Builder
	for _, p := range parts {
		if !p.stays {
			p.text, order = order[0], order[1:]
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// partsOf takes a caption apart, and returns what of it may be moved.
func partsOf(r *rules.Rules, text string) (parts []part, free []string) {
	whole := r.Read(text)
	var credits []caption.Span
	for _, c := range whole.Credits {
		credits = append(credits, c.Span)
	}
	at, open := 0, false
	for i, s := range sentencesOf(text) {
		from, to := at, at+len(s)
		at = to
		credit, closed := overlaps(credits, from, to), strings.ContainsAny(lastOf(s), ".。!?！？)）]］】")
		switch {
		case credit, open, i == 0 && overlaps(whole.File, from, to), !closed:
			parts = append(parts, part{s, true})
			open = open || credit && !closed // what follows may be notices
		case len(parts) > 0 && !standsAlone(r, whole, s, from, to):
			parts[len(parts)-1].text += s
		default:
			parts = append(parts, part{s, false})
		}
	}
	for _, p := range parts {
		if !p.stays {
			free = append(free, p.text)
		}
	}
	return parts, free
}

// lastOf returns the last character that is no white space.
func lastOf(s string) string {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	_, size := utf8.DecodeLastRuneInString(s)
	return s[len(s)-size:]
}

func overlaps(spans []caption.Span, from, to int) bool {
	return slices.ContainsFunc(spans, func(s caption.Span) bool { return s.Start < to && s.End > from })
}

// standsAlone says whether a sentence says the same alone as among the others.
func standsAlone(r *rules.Rules, whole caption.Reading, sentence string, from, to int) bool {
	alone := r.Read(sentence)
	var in caption.Reading
	for _, v := range whole.Verifications {
		if v.Span.Start >= from && v.Span.Start < to {
			in.Verifications = append(in.Verifications, v)
		}
	}
	for _, p := range whole.Provisions {
		if p.Word.Start >= from && p.Word.Start < to {
			in.Provisions = append(in.Provisions, p)
		}
	}
	return slices.EqualFunc(alone.Verifications, in.Verifications, func(a, b caption.Verified) bool {
		return a.Denied == b.Denied && a.AboutPicture == b.AboutPicture
	}) &&
		slices.EqualFunc(alone.Provisions, in.Provisions, func(a, b caption.Provision) bool {
			return a.By.Class == b.By.Class && a.By.Source == b.By.Source && a.Picture == b.Picture
		})
}

// sentencesOf splits a text where a sentence surely ends; the white space
// behind it belongs to it.
func sentencesOf(text string) []string {
	var list []string
	start := 0
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
		next, _ := utf8.DecodeRuneInString(rest)
		switch {
		case strings.ContainsRune("。！？", r):
		case strings.ContainsRune(".!?", r) && len(rest) < len(text[end:]) && (unicode.IsUpper(next) || strings.ContainsRune("([（【\"“«", next) || unicode.Is(unicode.Arabic, next) || unicode.Is(unicode.Hangul, next)) && !abbreviates(text[start:i]):
		default:
			continue
		}
		end = len(text) - len(rest)
		list = append(list, text[start:end])
		start = end
	}
	if start < len(text) {
		list = append(list, text[start:])
	}
	return list
}

// abbreviates says whether the last word of the text may be a short form, an
// initial, or a number that a name follows: Jan., Gen., U.S., am 9. Mai.
func abbreviates(text string) bool {
	word := text[strings.LastIndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })+1:]
	letters := utf8.RuneCountInString(word)
	first, _ := utf8.DecodeRuneInString(word)
	return letters <= 2 || letters <= 4 && (unicode.IsUpper(first) || strings.Contains("fot approx dok mat", strings.ToLower(word))) && len(word) == letters
}
