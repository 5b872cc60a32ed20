package rules_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cutline/internal/corpus"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// hopeless are findings that no words can mend.
var hopeless = []string{"kill.notice", "metadata.unreadable", "c2pa.invalid"}

// withCaption judges a labelled caption with another text.
func withCaption(t *testing.T, r *rules.Rules, c corpus.Caption, text string) report.Report {
	t.Helper()
	fields, err := photo.Given(c.Fields)
	if err != nil {
		t.Fatal(err)
	}
	there := false
	for i := range fields {
		if fields[i].Name == photo.Caption {
			fields[i].Value, there = text, true
		}
	}
	if !there {
		fields = append(fields, photo.Field{Name: photo.Caption, From: "caption", Value: text})
	}
	return r.Judge(rules.Picture{Metadata: photo.Metadata{Fields: fields}})
}

// Every caption of the corpora that does not pass gets a suggestion that does,
// whatever its marks are filled with; one still to be filled in does not pass
// and gets no other; and what was there is still there.
func TestSuggestions(t *testing.T) {
	r := builtIn(t)
	paths, err := filepath.Glob("testdata/corpus/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		for _, c := range readCorpus(t, path) {
			rep := judge(t, r, c)
			if rep.Verdict == report.Pass {
				if rep.Suggestion != "" {
					t.Errorf("%s passes, and has a suggestion", c.ID)
				}
				continue
			}
			if slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return slices.Contains(hopeless, f.Code) }) {
				continue
			}
			if rep.Suggestion == "" {
				t.Errorf("%s: %v without a suggestion\n%s", c.ID, codes(rep), rep.Caption.Text)
				continue
			}
			checkSuggestion(t, r, c, rep)
		}
	}
}

func checkSuggestion(t *testing.T, r *rules.Rules, c corpus.Caption, rep report.Report) {
	t.Helper()
	if !slices.Contains(codes(rep), "date.weekday") && !subsequence(rep.Caption.Text, rep.Suggestion) {
		t.Errorf("%s: the suggestion changes what was there\n%s\n%s", c.ID, rep.Caption.Text, rep.Suggestion)
	}
	if again := withCaption(t, r, c, rep.Suggestion); again.Suggestion != "" {
		t.Errorf("%s: a suggestion for the suggestion\n%s\n%s", c.ID, rep.Suggestion, again.Suggestion)
	} else if rules.Open(r, rep.Suggestion) != (again.Verdict == report.Fail) {
		t.Errorf("%s: %s %v with parts to be filled in\n%s", c.ID, again.Verdict, codes(again), rep.Suggestion)
	}
	for _, filling := range []rules.Filling{
		{Author: "Joan Baird", Source: "Acme Corporation", Account: "@harbourwatch", Other: "Boats"},
		{Author: "Maria Gonzalez", Source: "Springfield Museum", Account: "@river_cam", Other: "A ferry"},
	} {
		filled, ok := filling.Fill(r, rep)
		if !ok {
			continue
		}
		settled := settleDays(filled, 12)
		again := withCaption(t, r, c, settled)
		for day := 13; slices.Contains(codes(again), "date.weekday") && day < 19; day++ { // the one with its weekday
			settled = settleDays(filled, day)
			again = withCaption(t, r, c, settled)
		}
		if again.Verdict != report.Pass || again.Suggestion != "" {
			t.Errorf("%s: %s %v after the suggestion\n%s\n%s", c.ID, again.Verdict, codes(again), c.Fields, settled)
		}
	}
	for _, f := range rep.Findings {
		for _, e := range f.Edits {
			if e.Span.Field != rep.Caption.Field || e.Span.Start > e.Span.End || e.Span.End > len(rep.Caption.Text) || e.New == "" {
				t.Errorf("%s: %s: no edit of the caption: %+v", c.ID, f.Code, e)
			}
		}
		if decides := f.Severity == report.SeverityFail || f.Severity == report.SeverityReview; decides && rep.Caption.Text != "" && len(f.Edits) == 0 {
			t.Errorf("%s: %s has no edits", c.ID, f.Code)
		}
	}
}

var wrongDay = regexp.MustCompile(`\[([^\[\]]*?)(29|30|31)([^\[\]]*) – [^\[\]]*\]`)

// settleDays puts a day that its month has into marked dates.
func settleDays(text string, day int) string {
	return wrongDay.ReplaceAllString(text, fmt.Sprintf("${1}%d${3}", day))
}

func codes(rep report.Report) []string {
	var list []string
	for _, f := range rep.Findings {
		if f.Severity != report.SeverityAdvice {
			list = append(list, f.Code)
		}
	}
	return list
}

func subsequence(part, whole string) bool {
	for _, r := range part {
		i := strings.IndexRune(whole, r)
		if i < 0 {
			return false
		}
		whole = whole[i+len(string(r)):]
	}
	return true
}

// The texts of every language are read as what they are meant to say.
func TestSuggestionTexts(t *testing.T) {
	r := builtIn(t)
	for _, lang := range append(r.Languages(), "zh-Hant") {
		s := rules.Texts(r, lang)
		plain := scenes[lang]
		named := func(text, by string) string { return strings.ReplaceAll(text, "{source}", by) }
		for what, c := range map[string]struct {
			text  string
			holds func(report.Report) bool
		}{
			"verification": {s.Verification + " (KCNA via AP)", func(rep report.Report) bool { return rep.Elements.Verification.Present }},
			"provided": {named(s.Provided, "KCNA"), func(rep report.Report) bool {
				return rep.Elements.Provided.Present && rep.Elements.Source.Present && slices.Equal(rep.Sources, []string{"kcna"})
			}},
			"provided by somebody": {named(s.Provided, "Acme Corporation"), func(rep report.Report) bool {
				return rep.Origin == report.Handout && rep.Elements.Provided.Present && rep.Elements.Source.Present
			}},
			"posted": {named(s.Posted, "@harbourwatch") + " " + s.Verification, func(rep report.Report) bool { return rep.Origin == report.Social && rep.Verdict == report.Pass }},
			"credit": {named(s.Credit, "Joan Baird"), func(rep report.Report) bool { return rep.Origin == report.Own && rep.Verdict == report.Pass }},
			"ai":     {s.AI + " " + named(s.Credit, "Joan Baird"), func(rep report.Report) bool { return rep.Origin == report.Synthetic && rep.Verdict == report.Pass }},
		} {
			if rep := judgeCaption(r, plain+" "+c.text); !c.holds(rep) {
				t.Errorf("%s: %s is read as %s %s %v, sources %v, provided %v\n%s", lang, what, rep.Verdict, rep.Origin, codes(rep), rep.Sources, rep.Elements.Provided.Present, c.text)
			}
		}
		if lang != "zh-Hant" && len(s.Weekdays) == 0 || s.Date == "" || s.Form == "" || slices.Contains(s.Marks.All(), "") || slices.Contains(s.Doubts.All(), "") {
			t.Errorf("%s lacks a text: %+v", lang, s)
		}
	}
}

// scenes are captions without any source, so that the language shows.
var scenes = map[string]string{
	"ar": "شاحنات تنتظر عند معبر حدودي في المطر.", "da": "En færge sejler ud fra havnen i regnvejr.", "de": "Eine Straßenbahn fährt im Regen durch die Stadt.",
	"en": "A ferry leaves the harbour in the rain.", "es": "Un tranvía recorre la ciudad bajo la lluvia.", "fr": "Un tramway traverse la ville sous la pluie.",
	"id": "Sebuah kapal meninggalkan pelabuhan di tengah hujan.", "it": "Un traghetto lascia il porto sotto la pioggia.", "ja": "雨の中、港を出るフェリー。",
	"ko": "비 오는 날 여객선이 항구를 떠나고 있다.", "nl": "Een veerboot verlaat de haven in de regen.", "no": "En ferge forlater havnen i regnet.",
	"pl": "Tramwaj jedzie przez miasto w deszczu.", "pt": "Um bonde atravessa a cidade sob a chuva.", "ru": "Паром выходит из порта под дождём.",
	"sv": "En färja lämnar hamnen i regnet.", "tr": "Vapur yağmurda limandan ayrılıyor.", "uk": "Пором виходить із порту під дощем.",
	"zh": "渡轮在雨中离开港口。", "zh-Hant": "渡輪在雨中離開港口。",
}

// Suggestions are written as the agency and the script have it, and stand
// where such words stand.
func TestSuggestionForms(t *testing.T) {
	r := builtIn(t)
	for text, want := range map[string]string{
		"A train stands in Wonsan, North Korea. KCNA via REUTERS":                     "A train stands in Wonsan, North Korea. Reuters could not independently verify the authenticity, content, location or date of this image. KCNA via REUTERS",
		"A train stands in Wonsan, North Korea (KCNA via AP)":                         "A train stands in Wonsan, North Korea. The content of this image is as provided and cannot be independently verified. (KCNA via AP)",
		"Kim Jong-un besøker en fabrikk i Wonsan. Foto: KCNA/KNS via AP / NTB":        "Kim Jong-un besøker en fabrikk i Wonsan. Innholdet i bildet har ikke latt seg verifisere av uavhengige kilder. Foto: KCNA/KNS via AP / NTB",
		"会见。新华社发（李明摄）":                                                                "会见。图片由新华社提供。图片内容无法独立核实。新华社发（李明摄）",
		"Le nouveau train. (Photo SNCF Voyageurs)":                                    "Le nouveau train. Photo fournie par : SNCF Voyageurs. (Photo SNCF Voyageurs)",
		"Giorgia Meloni a Tunisi. (Filippo Attili/Palazzo Chigi/LaPresse)":            "Giorgia Meloni a Tunisi. Foto fornita da Palazzo Chigi. Non è stato possibile verificare in modo indipendente il contenuto di questa immagine. (Filippo Attili/Palazzo Chigi/LaPresse)",
		"President Trump signs an order. (Official White House Photo by Daniel To)":   "President Trump signs an order. Photo provided by White House. The content of this image is as provided and cannot be independently verified. (Official White House Photo by Daniel To)",
		"軍事パレード（朝鮮通信＝時事）":                                                             "軍事パレード。写真は朝鮮通信社提供。写真の内容は独自に確認できていない。（朝鮮通信＝時事）",
		"朝中社發布的照片，顯示平壤的閱兵儀式。朝中社／路透社":                                                  "朝中社發布的照片，顯示平壤的閱兵儀式。圖片內容無法獨立核實。朝中社／路透社",
		"Robotnice w fabryce w Pjongjangu stoją przy maszynach. Fot. PAP/EPA/KCNA":    "Robotnice w fabryce w Pjongjangu stoją przy maszynach. Zdjęcie udostępnione przez: KCNA. Treści tego zdjęcia nie udało się niezależnie zweryfikować. Fot. PAP/EPA/KCNA",
		"Boats leave the harbour of Oban on Wednesday, May 4, 2026. (AP Photo/J. B)":  "Boats leave the harbour of Oban on Monday, May 4, 2026. (AP Photo/J. B)",
		"Рабочие вышли на площадь во вторник, 20 мая 2024 года. REUTERS/Анна Лескова": "Рабочие вышли на площадь в понедельник, 20 мая 2024 года. REUTERS/Анна Лескова",
	} {
		if got := judgeCaption(r, text).Suggestion; got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}
