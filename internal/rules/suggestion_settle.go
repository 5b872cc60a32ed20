package rules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// settle is the change where the caption says something that cannot be right:
// a weekday is put right; of other slips nobody but an editor can tell what is
// meant, so the words are marked with the question.
func (c *assessment) settle(rep *report.Report, f report.Finding, words Suggestions) ([]change, bool) {
	codes := []string{f.Code}
	switch f.Code {
	case "date.weekday":
		return c.rightWeekdays(codes, words)
	case "date.impossible":
		for _, d := range c.reading.Dates {
			if d.Impossible() {
				return []change{c.doubted(codes, d.Span, words.Doubts.Date, lastOfMonth(c.textAt(d.Span), d))}, true
			}
		}
		taken, provided := c.takenAndProvided(f)
		if taken == nil || provided == nil {
			return nil, false
		}
		return []change{c.doubted(codes, provided.Span, words.Doubts.Date, c.textAt(taken.Span))}, true
	case "date.conflict":
		for _, field := range c.picture.Metadata.All(photo.DateCreated) {
			if day, ok := fieldDay(field.Value); ok && len(f.Spans) > 0 && words.Date != "" {
				is := day.Format(words.Date)
				at := caption.Span{Start: f.Spans[0].Start, End: f.Spans[0].End}
				return []change{c.doubted(codes, at, strings.ReplaceAll(words.Doubts.Conflict, "{date}", is), is)}, true
			}
		}
	case "credit.conflict":
		return c.settleCredit(rep, words)
	}
	return nil, false
}

func (c *assessment) textAt(s caption.Span) string { return c.text[s.Start:s.End] }

// doubted marks words with a question. Settled, they read as is.
func (c *assessment) doubted(codes []string, at caption.Span, question, is string) change {
	ch := change{codes: codes, at: at, settled: is}
	if question != "" && !strings.ContainsAny(c.textAt(at), "[]") {
		ch.text = doubt(c.textAt(at), question)
	}
	return ch
}

// takenAndProvided are the two days of a finding that a picture was provided
// before it was taken.
func (c *assessment) takenAndProvided(f report.Finding) (taken, provided *caption.Date) {
	if len(f.Spans) < 2 {
		return nil, nil
	}
	for i := range c.reading.Dates {
		switch d := &c.reading.Dates[i]; d.Span.Start {
		case f.Spans[0].Start:
			taken = d
		case f.Spans[1].Start:
			provided = d
		}
	}
	return taken, provided
}

// lastOfMonth is a date with a day that its month has not, put to one that it
// has, and on its weekday. It only serves to see whether the rest of a caption passes.
func lastOfMonth(words string, d caption.Date) string {
	year, month := d.Year, d.Month
	if year == 0 {
		year = 2024
	}
	if month < 1 || month > 12 {
		return fmt.Sprintf("%d-01-01", year)
	}
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	for d.Weekday != 0 && weekday(last) != d.Weekday {
		last = last.AddDate(0, 0, -1)
	}
	return strings.Replace(words, strconv.Itoa(d.Day), strconv.Itoa(min(last.Day(), d.Day)), 1)
}

// beside is how far from a date its weekday may stand, in bytes.
const beside = 40

// rightWeekdays puts the weekdays right that do not belong to their dates, in
// the form in which they stand.
func (c *assessment) rightWeekdays(codes []string, words Suggestions) ([]change, bool) {
	var list []change
	for _, d := range c.reading.Dates {
		if d.Weekday == 0 || d.Year == 0 || d.Impossible() || weekday(d.Time()) == d.Weekday {
			continue
		}
		at, right, found := c.weekdayBeside(d, words)
		for _, lang := range slices.Sorted(maps.Keys(c.suggestions)) { // it may be mistaken
			if found {
				break
			}
			at, right, found = c.weekdayBeside(d, c.suggestions[lang])
		}
		if !found {
			return nil, false
		}
		list = append(list, change{codes: codes, at: at, text: right, settled: right})
	}
	return list, len(list) > 0
}

// weekdayBeside finds the words of a date's weekday, the nearest and of those
// the longest, and the words of the right one.
func (c *assessment) weekdayBeside(d caption.Date, words Suggestions) (at caption.Span, right string, found bool) {
	best := -1
	for _, days := range words.Weekdays {
		for _, place := range c.wordsAt(days[d.Weekday-1], max(0, d.Span.Start-beside), min(len(c.text), d.Span.End+beside)) {
			score := 10*(beside-distance(place, d.Span)) + place.End - place.Start
			if score > best {
				best, at, right, found = score, place, sameCase(c.textAt(place), days[weekday(d.Time())-1]), true
			}
		}
	}
	return at, right, found
}

func distance(a, b caption.Span) int {
	return max(0, a.Start-b.End, b.Start-a.End)
}

// wordsAt finds words in a part of the caption, whatever their case, that are
// no part of longer ones.
func (c *assessment) wordsAt(words string, from, to int) []caption.Span {
	var found []caption.Span
	for i := from; i < to; i++ {
		if !utf8.RuneStart(c.text[i]) {
			continue
		}
		end, ok := foldPrefix(c.text[i:], words)
		if !ok {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(c.text[:i])
		after, _ := utf8.DecodeRuneInString(c.text[i+end:])
		first, _ := utf8.DecodeRuneInString(words)
		if joins(before, first) || joins(after, first) {
			continue
		}
		found = append(found, caption.Span{Start: i, End: i + end})
	}
	return found
}

// joins says whether a letter beside a word would make it a longer one. In
// scripts without spaces it does not.
func joins(beside, first rune) bool {
	return unicode.IsLetter(beside) && !unicode.In(first, unicode.Han, unicode.Hangul, unicode.Hiragana) && first != '(' && first != '（'
}

// foldPrefix says whether a text begins with words, their case aside, and how
// many of its bytes they take.
func foldPrefix(text, words string) (int, bool) {
	rest := text
	for _, want := range words {
		is, size := utf8.DecodeRuneInString(rest)
		if apostropheLike(is) {
			is = '\''
		}
		if size == 0 || unicode.ToLower(is) != unicode.ToLower(want) {
			return 0, false
		}
		rest = rest[size:]
	}
	return len(text) - len(rest), true
}

func apostropheLike(r rune) bool { return r == '’' || r == 'ʼ' || r == '‘' }

// sameCase writes words as others are written: in capitals, with a capital
// first, or as they are.
func sameCase(like, words string) string {
	if like == strings.ToUpper(like) && like != strings.ToLower(like) {
		return strings.ToUpper(words)
	}
	first, size := utf8.DecodeRuneInString(words)
	switch is, _ := utf8.DecodeRuneInString(like); {
	case unicode.IsUpper(is):
		return string(unicode.ToUpper(first)) + words[size:]
	case unicode.IsLower(is):
		return string(unicode.ToLower(first)) + words[size:]
	}
	return words
}
