package caption_test

import (
	"testing"

	"cutline/internal/caption"
	"cutline/internal/rules"
)

// FuzzRead holds that any text can be read, that every span lies in it, and
// that reading it again says the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "(", "via", "(/ via AP", "@", "© 2024 Maxar", "In this photo provided by KCNA. It cannot be verified (KCNA via AP)",
		"写真の内容は独自に確認できていない。(朝鮮中央通信=共同)", "لم يتسن التحقق من صحة الصورة", "[조선중앙통신 제공]", "Jan. 99, 2019", "indepen-\ndently", "\xff\xfe(\x00",
	} {
		f.Add(seed)
	}
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := lexicon.Read(text)
		check := func(s caption.Span) {
			if s.Start < 0 || s.End < s.Start || s.End > len(text) {
				t.Fatalf("span %+v of %d bytes", s, len(text))
			}
		}
		for _, v := range r.Verifications {
			check(v.Span)
		}
		for _, p := range r.Provisions {
			check(p.Span)
			check(p.By.Span)
		}
		for _, c := range r.Credits {
			check(c.Span)
			for _, p := range c.Parts {
				check(p.Span)
			}
		}
		for _, d := range r.Dates {
			check(d.Span)
		}
		lexicon.ReadCredit(text)
	})
}
