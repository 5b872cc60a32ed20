package rules

import (
	"sort"
	"strings"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// unknownParty stands in a suggestion for a name that has to be filled in.
const unknownParty = "[name of the source]"

// suggest returns the caption with what it lacks, in its usual place, or ""
// when words alone cannot mend it. Nothing that is there changes but a wrong
// weekday. Filled in, the result passes its own check.
func (c *assessment) suggest(rep *report.Report) string {
	if c.text == "" {
		return ""
	}
	words, ok := c.suggestions[rep.Caption.Lang]
	if !ok {
		words = c.suggestions["en"]
	}
	var add []string
	text := c.text
	name := c.handedBy
	if name == "" {
		name = unknownParty
	}
	provided := strings.ReplaceAll(words.Provided, "{source}", name)
	for _, f := range rep.Findings {
		if f.Severity != report.SeverityFail && f.Severity != report.SeverityReview {
			continue
		}
		switch f.Code {
		case "verification.missing", "verification.misplaced":
			add = append(add, words.Verification)
		case "source.missing", "source.misplaced", "provided.missing":
			if c.origin != report.Own && (len(add) == 0 || add[0] != provided) {
				add = append([]string{provided}, add...)
			}
		case "ai.undisclosed":
			add = append(add, words.AI)
		case "date.weekday":
			text = c.rightWeekday(text)
		default:
			return ""
		}
	}
	suggestion := insert(text, strings.Join(add, sentenceGap(rep.Caption.Lang)), c.creditStart(), sentenceGap(rep.Caption.Lang))
	if suggestion == c.text || !c.passes(suggestion) {
		return ""
	}
	return suggestion
}

// passes says whether the caption would pass with this text and its unknown
// parts filled in.
func (c *assessment) passes(suggestion string) bool {
	filled := strings.ReplaceAll(suggestion, unknownParty, "Acme Corporation")
	p := c.picture
	p.Metadata.Fields = nil
	for _, f := range c.picture.Metadata.Fields {
		if f.Name == photo.Caption { // write-back makes all of them the same
			f.Value = filled
		}
		p.Metadata.Fields = append(p.Metadata.Fields, f)
	}
	again := c.Rules.read(p)
	return again.report().Verdict == report.Pass
}

// creditStart returns where the last credit line begins if it ends the
// caption, brackets included; else the end of the caption.
func (c *assessment) creditStart() int {
	at := len(c.text)
	credits := c.reading.Credits
	sort.Slice(credits, func(i, j int) bool { return credits[i].Span.Start < credits[j].Span.Start })
	for _, cr := range credits {
		before := strings.TrimRight(c.text[:cr.Span.Start], " \t\r\n([（［【")
		if len(before) == 0 {
			continue
		}
		if end := strings.TrimSpace(before); strings.HasSuffix(end, ".") || strings.HasSuffix(end, "。") || strings.HasSuffix(end, "\"") || strings.HasSuffix(end, "!") {
			return len(before)
		}
	}
	return at
}

// sentenceGap is what stands between two sentences.
func sentenceGap(lang string) string {
	if lang == "ja" || lang == "zh" {
		return ""
	}
	return " "
}

func insert(text, added string, at int, gap string) string {
	if added == "" {
		return text
	}
	at = min(at, len(text))
	before, after := strings.TrimRight(text[:at], " \t\r\n"), text[at:]
	if before != "" && !strings.ContainsAny(before[len(before)-1:], ".!?\")]") && !strings.HasSuffix(before, "。") && !strings.HasSuffix(before, "）") {
		before += "."
	}
	if after != "" && !strings.HasPrefix(after, " ") && !strings.HasPrefix(after, "\n") && gap != "" {
		after = gap + after
	}
	return before + gap + added + after
}

// rightWeekday returns the text with the English weekday that belongs to the
// date. Other languages write it in too many ways to replace it safely.
func (c *assessment) rightWeekday(text string) string {
	for _, d := range c.reading.Dates {
		if d.Weekday == 0 || d.Year == 0 || d.Impossible() || weekday(d.Time()) == d.Weekday {
			continue
		}
		words := text[d.Span.Start:d.Span.End]
		day := d.Time().Weekday().String()
		for _, wrong := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
			if strings.HasPrefix(words, wrong) {
				return text[:d.Span.Start] + day + words[len(wrong):] + text[d.Span.End:]
			}
		}
	}
	return text
}
