package caption

import (
	"slices"
	"testing"
)

func smallLexicon(t *testing.T) *Lexicon {
	t.Helper()
	l := NewLexicon([]Language{{Code: "en", Script: "latin"}})
	for kind, words := range map[Kind][]string{Picture: {"image", "pict~", "~foto"}, Verify: {"verif~"}} {
		for _, w := range words {
			if err := l.Word(0, kind, w); err != nil {
				t.Fatal(err)
			}
		}
	}
	l.Sources = []Source{{ID: "a"}, {ID: "b"}}
	for i, name := range []string{"Springfield Council", "Shelbyville"} {
		if err := l.Names(i, []string{name}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Ready(); err != nil {
		t.Fatal(err)
	}
	return l
}

func parties(l *Lexicon, text string) []string {
	var ids []string
	for _, c := range l.Read(text).Credits {
		for _, p := range c.Parts {
			if p.Class == Known {
				ids = append(ids, l.Sources[p.Source].ID)
			}
		}
	}
	return ids
}

// Compiled words find what the words themselves find, in their new places.
func TestCompiled(t *testing.T) {
	raw := smallLexicon(t).Compiled()
	l := NewLexicon([]Language{{Code: "en", Script: "latin"}})
	if err := l.AddCompiled(raw, []int{1, -1}); err != nil {
		t.Fatal(err)
	}
	l.Sources = []Source{{ID: "new"}, {ID: "a"}}
	if err := l.Names(0, []string{"Ogdenville"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.Ready(); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{"(Springfield Council)": {"a"}, "(Shelbyville)": nil, "(Ogdenville)": {"new"}} {
		if got := parties(l, text); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	for _, word := range []string{"image", "pictures", "windfoto", "verified"} {
		f := folded{}
		f.fold(word)
		if len(l.words.find(&f, 0, 0, nil)) == 0 && l.ends.ending(f.text) == nil {
			t.Errorf("%s is not found", word)
		}
	}
}

// What is damaged is refused, wherever it ends.
func TestCompiledDamaged(t *testing.T) {
	raw := smallLexicon(t).Compiled()
	for n := range raw {
		if err := NewLexicon(make([]Language, 1)).AddCompiled(raw[:n], []int{0, 1}); err == nil {
			t.Errorf("%d of %d bytes were taken", n, len(raw))
		}
	}
	if err := NewLexicon(make([]Language, 1)).AddCompiled(append(slices.Clone(raw), 0), []int{0, 1}); err == nil {
		t.Error("a byte too many was taken")
	}
	for i := range raw { // no panic
		damaged := slices.Clone(raw)
		damaged[i] ^= 0x55
		_ = NewLexicon(make([]Language, 1)).AddCompiled(damaged, []int{0, 1})
	}
}
