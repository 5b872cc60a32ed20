package caption_test

import (
	"fmt"
	"strings"
	"testing"

	"cutline/internal/caption"
	"cutline/internal/rules"
)

// typical are captions of about 600 bytes, as agencies write them.
var typical = map[string]string{
	"en": "In this Monday, March 2, 2026, photo provided on Tuesday, March 3, 2026, by the North Korean government, officials wait beside a train at a station in Wonsan, North Korea, before the arrival of a delegation of railway workers from the north of the country. Independent journalists were not given access to cover the event depicted in this image distributed by the North Korean government. The content of this image is as provided and cannot be independently verified. Korean language watermark on image as provided by source reads: \"KCNA\" which is the abbreviation for Korean Central News Agency. (Korean Central News Agency/Korea News Service via AP)",
	"ru": "На снимке, предоставленном пресс-службой Министерства обороны России 3 марта 2026 года, военнослужащие готовят к запуску беспилотный аппарат в неназванном месте. Независимых журналистов к съемке не допустили. Подлинность снимка, а также место и время съемки независимо подтвердить не удалось. (Пресс-служба Министерства обороны России via AP)",
	"ja": "朝鮮中央通信が2026年3月3日に配信した、元山の駅で列車を待つ当局者らの写真。撮影日は2日とされる。独立した立場の記者による取材は認められていない。写真の内容は独自に確認できていない。画像には同通信の透かしが入っている。駅には代表団の到着を待つ鉄道労働者が集まった。(朝鮮中央通信=共同)",
	"ar": "صورة وزعتها وكالة الأنباء المركزية الكورية يوم الثلاثاء 3 مارس 2026 تظهر مسؤولين ينتظرون قرب قطار في محطة في وونسان. ولم يسمح للصحفيين المستقلين بتغطية الحدث. ولم يتسن التحقق من محتوى الصورة بشكل مستقل. (وكالة الأنباء المركزية الكورية عبر رويترز)",
}

// BenchmarkRead reads a caption with all languages and sources on.
func BenchmarkRead(b *testing.B) {
	for _, lang := range []string{"en", "ru", "ja", "ar"} {
		b.Run(lang, func(b *testing.B) { read(b, typical[lang]) })
	}
}

// BenchmarkLength holds that the time grows with the length: the throughput
// stays the same.
func BenchmarkLength(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("%dx", n), func(b *testing.B) { read(b, strings.Repeat(typical["en"]+" ", n)) })
	}
}

func read(b *testing.B, text string) {
	lexicon, err := rules.BuiltInLexicon()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		lexicon.Read(text)
	}
}

// BenchmarkSources reads the same caption with the names of many more sources.
func BenchmarkSources(b *testing.B) {
	for _, n := range []int{300, 3000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			lexicon := caption.NewLexicon([]caption.Language{{Code: "en", Script: "latin"}})
			for i := range n {
				lexicon.Sources = append(lexicon.Sources, caption.Source{ID: fmt.Sprint(i), Kind: "state"})
				name := fmt.Sprintf("%c%c%c Ministry of %c%c Press Service", 'A'+i%26, 'a'+i/26%26, 'a'+i/676%26, 'A'+i/7%26, 'a'+i/5%26)
				if err := lexicon.Names(i, []string{name, fmt.Sprintf("Office %d of the Government", i)}, nil); err != nil {
					b.Fatal(err)
				}
			}
			if err := lexicon.Ready(); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(typical["en"])))
			for b.Loop() {
				lexicon.Read(typical["en"])
			}
		})
	}
}

// BenchmarkHostile reads 100 KB of what could make a reader look back and
// forth again and again.
func BenchmarkHostile(b *testing.B) {
	for _, unit := range []string{"verified ", "確認", "not ", "which ", "(KCNA/", "via AP/", "@a", "Photo: ", "Jan. 8, ", "-\n"} {
		b.Run(strings.TrimSpace(unit), func(b *testing.B) { read(b, strings.Repeat(unit, 100_000/len(unit))) })
	}
}
