package rules_test

import (
	"encoding/json"
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
// decided about it, over the whole corpus: capitals, white space, characters
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
	for name, mutate := range mutations {
		t.Run(name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("reads the whole corpus again and again")
			}
			rapid.Check(t, func(t *rapid.T) {
				c := rapid.SampledFrom(all).Draw(t, "caption")
				text := captionOf(c)
				changed := mutate(t, text)
				a, b := judgeWith(t, r, c, text), judgeWith(t, r, c, changed)
				if name == "capitals" && slices.ContainsFunc(a.Findings, func(f report.Finding) bool { return f.Code == "source.missing" }) {
					t.Skip("in capitals anybody might be a name")
				}
				if a.Verdict != b.Verdict || a.Origin != b.Origin {
					t.Fatalf("%s: %s %s, and changed %s %s\n%s\n%s", c.ID, a.Origin, a.Verdict, b.Origin, b.Verdict, text, changed)
				}
			})
		})
	}
}

var mutations = map[string]func(t *rapid.T, text string) string{
	"capitals": func(_ *rapid.T, text string) string { return strings.ToUpper(text) },
	"spaces": func(t *rapid.T, text string) string {
		space := rapid.SampledFrom([]string{"  ", "\u00a0", " \u2009", "\t", "\u3000"}).Draw(t, "space")
		return strings.ReplaceAll(text, " ", space)
	},
	"lines": func(t *rapid.T, text string) string { // as old systems break them
		width := rapid.IntRange(30, 90).Draw(t, "width")
		var b strings.Builder
		column := 0
		words := strings.SplitAfter(text, " ")
		last := strings.LastIndexAny(text, ".。") // what follows it is mostly the credit line
		at := 0
		for _, word := range words {
			at += len(word)
			if column += len(word); column > width && at < last && !strings.HasPrefix(word, "(") {
				text := strings.TrimSuffix(b.String(), " ")
				b.Reset()
				b.WriteString(text + "\r\n")
				column = len(word)
			}
			b.WriteString(word)
		}
		return b.String()
	},
	"hidden": func(t *rapid.T, text string) string {
		hidden := rapid.SampledFrom([]string{"\u00ad", "\u200b", "\u2060", "\ufeff"}).Draw(t, "hidden")
		every := rapid.IntRange(2, 9).Draw(t, "every")
		var b strings.Builder
		n := 0
		for _, r := range text {
			if n++; n%every == 0 {
				b.WriteString(hidden)
			}
			b.WriteRune(r)
		}
		return b.String()
	},
	"full width": func(_ *rapid.T, text string) string {
		return strings.Map(func(r rune) rune {
			if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
				return r + 0xFEE0
			}
			return r
		}, text)
	},
	"curly": func(_ *rapid.T, text string) string {
		return strings.NewReplacer("'", "’", " \"", " “", "\" ", "” ").Replace(text)
	},
	"slip": func(t *rapid.T, text string) string { // in a disclaimer
		words := longWords(t, text)
		if len(words) == 0 {
			return text
		}
		w := rapid.SampledFrom(words).Draw(t, "word")
		letters := []rune(text[w[0]:w[1]])
		at := rapid.IntRange(1, len(letters)-2).Draw(t, "letter")
		if strings.ContainsRune("æœßäöüåø", letters[at]) || strings.ContainsRune("æœßäöüåø", letters[at+1]) {
			return text // read as two letters
		}
		switch rapid.IntRange(0, 3).Draw(t, "slip") {
		case 0:
			letters[at] = 'x'
			if letters[0] >= 0x400 {
				letters[at] = 'ъ'
			}
		case 1:
			letters = append(letters[:at], letters[at+1:]...)
		case 2:
			letters[at], letters[at+1] = letters[at+1], letters[at]
		case 3:
			letters = append(letters[:at+1], letters[at:]...)
		}
		return text[:w[0]] + string(letters) + text[w[1]:]
	},
	"credit first": func(_ *rapid.T, text string) string {
		at := strings.LastIndex(text, " (")
		if at < 0 || !strings.HasSuffix(text, ")") || strings.Contains(text[at:], "-") { // "(KCNA-Yonhap)" may be anything at the beginning
			return text
		}
		return text[at+1:] + " " + text[:at]
	},
}

// longWords returns the places of the words of ten letters and more that
// begin with a small one, and so are no names, in what is said of verifying.
func longWords(t rapid.TB, text string) [][2]int {
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		t.Fatal(err)
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
