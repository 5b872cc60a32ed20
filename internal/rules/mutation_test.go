package rules_test

import (
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"cutline/internal/corpus"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// TestMutations holds that how a caption is typed never changes what is
// decided about it, for each caption of the corpus: capitals, white space, characters
// that no reader sees, full-width forms, a letter wrong in a long word, the
// place of the credit line.
func TestMutations(t *testing.T) {
	r := builtIn(t)
	paths, err := filepath.Glob("testdata/corpus/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []corpus.Caption
	for _, path := range paths {
		for _, c := range readCorpus(t, path) {
			if captionOf(c) != "" && !strings.Contains(c.Note, "slip") { // two in a word are too many
				all = append(all, c)
			}
		}
	}
	missed := missedMutations(t)
	for name, mutate := range mutations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range all {
				text := captionOf(c)
				a := judgeWith(t, r, c, text)
				if name == "capitals" && slices.ContainsFunc(a.Findings, func(f report.Finding) bool { return f.Code == "source.missing" }) {
					continue // in capitals anybody might be a name
				}
				miss := strings.ReplaceAll(name, " ", "_") + " " + c.ID
				held := true
				for changed := range mutate(text) {
					if b := judgeWith(t, r, c, changed); a.Verdict != b.Verdict || a.Origin != b.Origin {
						if held = false; !missed[miss] {
							t.Errorf("%s: %s %s, and changed %s %s\n%s\n%s", c.ID, a.Origin, a.Verdict, b.Origin, b.Verdict, text, changed)
						}
						break
					}
				}
				if held && missed[miss] {
					t.Errorf("%s holds now: take it from testdata/mutations-missed.txt", miss)
				}
			}
		})
	}
}

// missedMutations returns the mutations that are known to change what is
// decided, as "mutation caption".
func missedMutations(t *testing.T) map[string]bool {
	list, err := os.ReadFile("testdata/mutations-missed.txt")
	if err != nil {
		t.Fatal(err)
	}
	missed := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			missed[f[0]+" "+f[1]] = true
		}
	}
	return missed
}

// mutations are the ways of typing a text otherwise, by name: each of them
// returns the texts that mean the same.
var mutations = map[string]func(text string) iter.Seq[string]{
	"capitals": one(strings.ToUpper),
	"spaces": func(text string) iter.Seq[string] {
		return each([]string{"  ", "\u00a0", " \u2009", "\t", "\u3000"}, func(space string) string {
			return strings.ReplaceAll(text, " ", space)
		})
	},
	"lines": func(text string) iter.Seq[string] { // as old systems break them
		return each([]int{30, 42, 55, 72, 90}, func(width int) string { return wrapped(text, width) })
	},
	"hidden": func(text string) iter.Seq[string] {
		return each([]string{"\u00ad", "\u200b", "\u2060", "\ufeff"}, func(hidden string) string {
			every := 2 + len(text)%7
			var b strings.Builder
			n := 0
			for _, r := range text {
				if n++; n%every == 0 {
					b.WriteString(hidden)
				}
				b.WriteRune(r)
			}
			return b.String()
		})
	},
	"full width": one(func(text string) string {
		return strings.Map(func(r rune) rune {
			if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
				return r + 0xFEE0
			}
			return r
		}, text)
	}),
	"curly": one(strings.NewReplacer("'", "’", " \"", " “", "\" ", "” ").Replace),
	"slip":  slips,
	"credit first": one(func(text string) string {
		at := strings.LastIndex(text, " (")
		if at < 0 || !strings.HasSuffix(text, ")") || strings.Contains(text[at:], "-") { // "(KCNA-Yonhap)" may be anything at the beginning
			return text
		}
		return text[at+1:] + " " + text[:at]
	}),
}

func one(mutate func(string) string) func(string) iter.Seq[string] {
	return func(text string) iter.Seq[string] { return each([]string{text}, mutate) }
}

func each[T any](list []T, mutate func(T) string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, v := range list {
			if !yield(mutate(v)) {
				return
			}
		}
	}
}

// wrapped breaks the lines of a text at a width.
func wrapped(text string, width int) string {
	var b strings.Builder
	column, at := 0, 0
	last := strings.LastIndexAny(text, ".。") // what follows it is mostly the credit line
	for _, word := range strings.SplitAfter(text, " ") {
		at += len(word)
		if column += len(word); column > width && at < last && !strings.HasPrefix(word, "(") {
			before := strings.TrimSuffix(b.String(), " ")
			b.Reset()
			b.WriteString(before + "\r\n")
			column = len(word)
		}
		b.WriteString(word)
	}
	return b.String()
}

// slips spells each long word of a disclaimer wrong, in four ways: a letter
// that is another, missing, changed places with the next, or there twice.
func slips(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for n, w := range longWords(text) {
			for way := range 4 {
				letters := []rune(text[w[0]:w[1]])
				at := 1 + (len(text)+7*n+3*way)%(len(letters)-2) // any of them
				if strings.ContainsRune("æœßäöüåø", letters[at]) || strings.ContainsRune("æœßäöüåø", letters[at+1]) {
					continue // read as two letters
				}
				switch way {
				case 0:
					letters[at] = 'x'
					if letters[0] >= 0x400 {
						letters[at] = 'ъ'
					}
				case 1:
					letters = slices.Delete(letters, at, at+1)
				case 2:
					letters[at], letters[at+1] = letters[at+1], letters[at]
				case 3:
					letters = slices.Insert(letters, at, letters[at])
				}
				if !yield(text[:w[0]] + string(letters) + text[w[1]:]) {
					return
				}
			}
		}
	}
}

// longWords returns the places of the words of ten letters and more that
// begin with a small one, and so are no names, in what is said of verifying.
func longWords(text string) [][2]int {
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		panic(err) // every other test says so
	}
	var words [][2]int
	for _, v := range lexicon.Read(text).Verifications {
		if !v.Denied || !v.AboutPicture {
			continue
		}
		start, letters, small := -1, 0, false
		for i, r := range text[:v.Span.End] + " " {
			if unicode.IsLetter(r) && !unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Arabic) {
				if start < 0 {
					start, letters, small = i, 0, unicode.IsLower(r)
				}
				letters++
				continue
			}
			if start >= v.Span.Start && letters >= 10 && small && !namePart(text[i:]) {
				words = append(words, [2]int{start, i})
			}
			start = -1
		}
	}
	return words
}

// namePart says whether a name follows, of which the word before may be the
// first: "des russischen Verteidigungsministeriums".
func namePart(rest string) bool {
	next := []rune(strings.TrimLeft(rest, " "))
	return len(next) > 0 && unicode.IsUpper(next[0])
}

func captionOf(c corpus.Caption) string {
	var fields map[string]json.RawMessage
	var text string
	if json.Unmarshal(c.Fields, &fields) != nil || json.Unmarshal(fields["caption"], &text) != nil {
		return ""
	}
	return text
}

func judgeWith(t rapid.TB, r *rules.Rules, c corpus.Caption, text string) report.Report {
	fields, err := photo.Given(c.Fields)
	if err != nil {
		t.Fatal(err)
	}
	for i := range fields {
		if fields[i].Name == photo.Caption && fields[i].Value == captionOf(c) {
			fields[i].Value = text
		}
	}
	return r.Judge(rules.Picture{Metadata: photo.Metadata{Fields: fields}})
}
