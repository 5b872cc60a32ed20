package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cutline/internal/caption"
)

// texts are the texts of a language, of English where it has none.
func (r *Rules) texts(lang string) Suggestions {
	words, known := r.suggestions[lang]
	if !known {
		lang = "en"
		words = r.suggestions[lang]
	}
	words.lang = lang
	return words
}

// brief is a caption, in bytes, whose few words tell its language less surely
// than its agency does.
const brief = 200

// wordings are the texts to be tried: the agency's own, then the language's,
// and English, since the language of a short caption may be mistaken.
func (c *assessment) wordings() []Suggestions {
	agencies, via := c.agencies()
	lang := c.reading.Lang
	for i, s := range agencies {
		if s.Language != "" && len(c.text) < brief && (!via || i == len(agencies)-1) {
			lang = s.Language
		}
	}
	if lang == "zh" && traditional(c.text) {
		lang = "zh-Hant"
	}
	words := c.texts(lang)
	list := []Suggestions{words}
	if n := len(agencies); n > 0 {
		if style, has := words.Agencies[agencies[n-1].ID]; has {
			own := words
			replace(&own.Verification, style.Verification)
			replace(&own.Provided, style.Provided)
			list = []Suggestions{own, words}
		}
	}
	if words.lang != "en" {
		list = append(list, c.texts("en"))
	}
	return list
}

// agencies are those of the credit line, or else of the fields, that send the
// picture: the last one sends it here, by way of which it comes if the line says
// via.
func (c *assessment) agencies() (list []Source, via bool) {
	credits := c.reading.Credits
	for _, f := range c.fields {
		credits = append(credits[:len(credits):len(credits)], f.credit)
	}
	for _, cr := range credits {
		for _, p := range cr.Parts {
			if p.Class == caption.Known && c.Rules.sources[p.Source].Kind == "agency" {
				list = append(list, c.Rules.sources[p.Source])
			}
		}
		if list != nil {
			return list, cr.Via
		}
	}
	return nil, false
}

// traditional says whether Chinese is written in traditional characters, by
// some common ones that have another form in the simplified script.
func traditional(text string) bool {
	return strings.ContainsAny(text, "這個國們來時說為與對發會現開關從東車長門問間見觀讓過還進達運電視聯網頭題馬魚鳥點圖導據灣臺灣衛訊總統賴動軍攝權護隊營廣實顯書寫廠區豐億員陳黨滿災濟稱報紙擊戰線場緬烏韓檢畫攝證練獲災樓燒")
}

// places are where sentences may be added, the usual one first: before a
// credit line that ends the caption, else at its end.
func (c *assessment) places() []int {
	end := len(strings.TrimRightFunc(c.text, unicode.IsSpace))
	at := min(c.creditStart(), end)
	if at == end {
		return []int{end}
	}
	return []int{at, end}
}

const (
	opening = "([（［【〔"
	closing = ")]）］】〕"
	stops   = ".!?。！？…؟\"”»"
)

// creditStart returns where the credit line at the caption's end begins, with
// its bracket and the white space before it; the caption's end when there is
// none. It stands behind the end of a sentence, or in brackets.
func (c *assessment) creditStart() int {
	for _, cr := range slices.SortedFunc(slices.Values(c.reading.Credits), func(a, b caption.Credit) int { return a.Span.Start - b.Span.Start }) {
		words := strings.TrimRightFunc(c.text[:cr.Span.Start], unicode.IsSpace)
		open, size := utf8.DecodeLastRuneInString(words)
		bracketed := strings.ContainsRune(opening, open)
		if bracketed {
			words = words[:len(words)-size]
		}
		words = strings.TrimRightFunc(c.withoutLabel(words), unicode.IsSpace)
		if words == "" {
			continue
		}
		rest := strings.TrimLeft(c.text[cr.Span.End:], closing+" .\n")
		if last, _ := utf8.DecodeLastRuneInString(words); strings.ContainsRune(stops, last) || bracketed && rest == "" {
			return len(words)
		}
	}
	return len(c.text)
}

// withoutLabel takes "Foto:", "Fot." or the like off the end of a text: what
// stands before the name in the credit line of a language, or any word with a
// colon.
func (c *assessment) withoutLabel(text string) string {
	label := strings.TrimRightFunc(text, unicode.IsSpace)
	for _, s := range c.suggestions {
		before, _, _ := strings.Cut(s.Credit, "{source}")
		before = strings.TrimRightFunc(strings.TrimLeft(before, opening), unicode.IsSpace)
		if n := len(label) - len(before); before != "" && n > 0 && strings.EqualFold(label[n:], before) {
			return label[:n]
		}
	}
	last, size := utf8.DecodeLastRuneInString(label)
	if last != ':' && last != '：' {
		return text
	}
	before := strings.TrimRightFunc(label[:len(label)-size], unicode.IsSpace)
	if i := strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		_, size := utf8.DecodeRuneInString(before[i:])
		return before[:i+size]
	}
	return text
}

// insertion puts sentences in at a place, with the full stop that the text
// before may lack, and the white space that the language sets.
func (c *assessment) insertion(at int, sentences []string) (caption.Span, string) {
	stop, gap := ".", gap(c.reading.Lang)
	if gap == "" {
		stop = "。"
	}
	before := strings.TrimRightFunc(c.text[:at], unicode.IsSpace)
	added := ""
	if last, _ := utf8.DecodeLastRuneInString(before); before != "" && !strings.ContainsRune(stops+closing, last) && len(sentences) > 0 {
		added = stop
	}
	for i, s := range sentences {
		if i > 0 || before != "" {
			added += gap
		}
		added += s
	}
	if next, _ := utf8.DecodeRuneInString(c.text[at:]); at < len(c.text) && !unicode.IsSpace(next) {
		added += gap
	}
	return caption.Span{Start: len(before), End: len(before)}, added
}

// gap is what a language sets between sentences.
func gap(lang string) string {
	switch lang {
	case "ja", "zh", "zh-Hant":
		return ""
	}
	return " "
}
