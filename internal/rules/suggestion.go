package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// change is one change to the caption: words are put in, or put in place of
// others. A sentence is put in where sentences of its kind usually stand.
type change struct {
	codes    []string // of the findings that it mends
	at       caption.Span
	text     string // what is written, with its marks
	settled  string // the same with doubts settled, to see whether it passes
	sentence bool
}

// suggest writes a caption that would pass into the report, and the changes to
// its findings. What is there stays, but for a wrong weekday: what is missing
// is added in its usual place, in the caption's language and its agency's
// words; what is not known is marked. There is no suggestion where words
// cannot help: for a kill notice, a file that cannot be read, broken content
// credentials; nor where an earlier one is still to be filled in.
func (c *assessment) suggest(rep *report.Report) {
	if len(c.unfilled(c.text)) > 0 {
		return
	}
	if c.text == "" {
		c.suggestForm(rep)
		return
	}
	for _, words := range c.wordings() {
		changes, ok := c.changes(rep, words)
		if !ok {
			return
		}
		for _, at := range c.places() {
			text, settled := c.apply(changes, at)
			if text == c.text || !c.passes(words.fill(settled)) {
				continue
			}
			rep.Suggestion = text
			for i := range rep.Findings {
				rep.Findings[i].Edits = c.edits(changes, rep.Findings[i].Code, at)
			}
			return
		}
	}
}

// suggestForm suggests a caption to be written where there is none, with what
// the metadata say of place, day and people.
func (c *assessment) suggestForm(rep *report.Report) {
	for _, f := range rep.Findings {
		if f.Code != "caption.missing" && f.Code != "source.missing" && !mendable(f) {
			return
		}
	}
	words := c.texts("en")
	text, credit := c.form(words)
	if text == "" {
		return
	}
	there := c.Rules.read(c.with(words.fill(text + credit)))
	judged := there.judge()
	changes, ok := there.changes(&judged, words)
	if !ok {
		return
	}
	for _, ch := range changes {
		if !ch.sentence {
			return
		}
		text += " " + ch.text
	}
	if text += credit; c.passes(words.fill(text)) {
		rep.Suggestion = text
	}
}

// mendable says whether words can mend the finding.
func mendable(f report.Finding) bool {
	switch f.Code {
	case "kill.notice", "metadata.unreadable", "c2pa.invalid", "caption.unfilled":
		return false
	}
	return true
}

// changes are what the findings that decide the verdict ask for. It says false
// when words cannot mend one of them.
func (c *assessment) changes(rep *report.Report, words Suggestions) ([]change, bool) {
	var list []change
	add := func(code, text string) {
		for i := range list {
			if list[i].sentence && list[i].text == text {
				list[i].codes = append(list[i].codes, code)
				return
			}
		}
		list = append(list, change{codes: []string{code}, text: text, settled: text, sentence: true})
	}
	for _, f := range rep.Findings {
		if f.Severity != report.SeverityFail && f.Severity != report.SeverityReview {
			continue
		}
		switch f.Code {
		case "source.missing":
			add(f.Code, c.naming(words, ""))
		case "source.misplaced", "provided.missing":
			add(f.Code, c.naming(words, c.partyWords(words.lang)))
		case "verification.missing", "verification.misplaced":
			add(f.Code, words.Verification)
		case "ai.undisclosed":
			add(f.Code, words.AI)
		case "caption.conflict":
			list = append(list, change{codes: []string{f.Code}, text: mark(words.Marks.Caption), sentence: true})
		default:
			settle, ok := c.settle(rep, f, words)
			if !ok {
				return nil, false
			}
			list = append(list, settle...)
		}
	}
	if slices.ContainsFunc(list, func(ch change) bool { return ch.text == "" }) {
		return nil, false // the pack has no such text
	}
	slices.SortStableFunc(list, func(a, b change) int { return rank(a, words) - rank(b, words) })
	return list, true
}

// rank is how sentences stand behind each other: who the picture is from,
// whether it is verified, what made it.
func rank(ch change, words Suggestions) int {
	switch ch.text {
	case words.Verification:
		return 1
	case words.AI:
		return 2
	case mark(words.Marks.Caption):
		return 3
	}
	return 0
}

// naming is the sentence or credit line that names who the picture is from; ""
// is nobody known.
func (c *assessment) naming(words Suggestions, name string) string {
	text, unknown := words.Provided, words.Marks.Source
	switch c.origin {
	case report.Own, report.Unknown, report.Synthetic:
		text, unknown = words.Credit, words.Marks.Author
	case report.Social:
		text, unknown = words.Posted, words.Marks.Account
	}
	if name == "" && unknown != "" {
		name = mark(unknown)
	}
	if name == "" {
		return ""
	}
	return strings.ReplaceAll(text, "{source}", name)
}

// partyWords is the party's name as the credit line or a field has it, or else
// as the language calls it; "" when nobody is known.
func (c *assessment) partyWords(lang string) string {
	named := func(cr caption.Credit, text string) string {
		for _, p := range cr.Parts {
			if p.Class == caption.Known && slices.Contains(c.sources, c.Rules.sources[p.Source].ID) && c.handing(c.Rules.sources[p.Source].Kind) {
				return c.Rules.sources[p.Source].nameIn(text[p.Span.Start:p.Span.End])
			}
		}
		return ""
	}
	for _, cr := range c.reading.Credits {
		if name := named(cr, c.text); name != "" {
			return name
		}
	}
	for _, field := range []photo.Name{photo.Source, photo.Credit, photo.Byline} { // the source provides
		for _, f := range c.fields {
			if name := named(f.credit, f.field.Value); f.field.Name == field && name != "" {
				return name
			}
		}
	}
	if c.handedBy == "" { // at least who passed it on is known
		for _, id := range c.sources {
			if c.kind(id) == "distributor" {
				return c.Rules.sources[c.index[id]].NameIn(lang)
			}
		}
		return ""
	}
	for _, id := range c.sources {
		if s := c.Rules.sources[c.index[id]]; s.Name() == c.handedBy {
			return s.NameIn(lang)
		}
	}
	return c.handedBy
}

// nameIn is the source's longest name in the words of a credit line, as it is
// written there; "" when they call it otherwise.
func (s Source) nameIn(words string) string {
	longest := ""
	s = s.full()
	for _, name := range append(s.listed(), s.Credit...) {
		if wordsIn(name, "photo") >= 0 { // "Official White House Photo" provides nothing
			continue
		}
		if i := strings.Index(strings.ToLower(words), strings.ToLower(name)); i >= 0 && len(name) > len(longest) && i+len(name) <= len(words) {
			longest = words[i : i+len(name)]
		}
	}
	if !utf8.ValidString(longest) { // another case had another length
		return ""
	}
	return longest
}

// handing says whether a source of the kind hands out pictures itself.
func (c *assessment) handing(kind string) bool {
	return kind != "agency" && kind != "distributor" && !(kind == "social" && c.origin == report.Social)
}

// with is the picture with another caption in all its caption fields, as
// write-back makes them.
func (c *assessment) with(text string) Picture {
	p := c.picture
	p.Metadata.Fields = make([]photo.Field, 0, len(c.picture.Metadata.Fields)+1)
	there := false
	for _, f := range c.picture.Metadata.Fields {
		if f.Name == photo.Caption {
			f.Value, there = text, true
		}
		p.Metadata.Fields = append(p.Metadata.Fields, f)
	}
	if !there {
		p.Metadata.Fields = append(p.Metadata.Fields, photo.Field{Name: photo.Caption, From: "xmp:dc:description", Value: text})
	}
	return p
}

// passes says whether the picture would pass with this caption.
func (c *assessment) passes(text string) bool {
	return c.Rules.read(c.with(text)).judge().Verdict == report.Pass
}

// edits are the changes that one finding asks for, as edits of the caption.
func (c *assessment) edits(changes []change, code string, at int) []report.Edit {
	var edits []report.Edit
	for _, ch := range changes {
		if !slices.Contains(ch.codes, code) {
			continue
		}
		span, text := ch.at, ch.text
		if ch.sentence {
			span, text = c.insertion(at, []string{ch.text})
		}
		edits = append(edits, report.Edit{Span: c.spanOf(span), New: text})
	}
	return edits
}

// apply makes all changes, once with doubts and once with them settled.
func (c *assessment) apply(changes []change, at int) (text, settled string) {
	var sentences, settledSentences []string
	type edit struct {
		at            caption.Span
		text, settled string
	}
	var edits []edit
	for _, ch := range changes {
		if ch.sentence {
			sentences = append(sentences, ch.text)
			if ch.settled != "" {
				settledSentences = append(settledSentences, ch.settled)
			}
			continue
		}
		edits = append(edits, edit{ch.at, ch.text, ch.settled})
	}
	if len(sentences) > 0 {
		span, added := c.insertion(at, sentences)
		_, addedSettled := c.insertion(at, settledSentences)
		edits = append(edits, edit{span, added, addedSettled})
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.at.Start - b.at.Start })
	last := 0
	for _, e := range edits {
		if e.at.Start < last {
			continue // two changes of the same words
		}
		text += c.text[last:e.at.Start] + e.text
		settled += c.text[last:e.at.Start] + e.settled
		last = e.at.End
	}
	return text + c.text[last:], settled + c.text[last:]
}
