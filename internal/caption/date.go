package caption

import (
	"time"
	"unicode/utf8"
)

// Date is a day that the text names.
type Date struct {
	Span     Span
	Year     int // of the Common Era; 0 when it is not said
	Month    time.Month
	Day      int
	Weekday  int  // 1 (Monday) to 7; 0 when none stands beside it
	Provided bool // the day when the picture was provided, not taken
	Taken    bool // the day when it was taken, in so many words
	Numeric  bool // written in figures, so that day and month may be the other way round
}

// Impossible says that there is no such day.
func (d Date) Impossible() bool {
	year := d.Year
	if year == 0 {
		year = 2024 // any leap year
	}
	return d.Day < 1 || d.Time().Day() != d.Day || time.Date(year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Month() != d.Month
}

// Time returns the day at midnight UTC, in a leap year if none is said.
func (d Date) Time() time.Time {
	year := d.Year
	if year == 0 {
		year = 2024
	}
	return time.Date(year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// Swapped returns the date with day and month the other way round, and whether
// it can be read so.
func (d Date) Swapped() (Date, bool) {
	if !d.Numeric || d.Day > 12 || d.Day < 1 {
		return d, false
	}
	d.Day, d.Month = int(d.Month), time.Month(d.Day)
	return d, true
}

func (t *text) dates(r *Reading) {
	for _, s := range t.sentences {
		g := t.grammar(s)
		for i := s.start; i < s.end; i++ {
			if t.tokens[i].class != number && !t.monthNear(i) { // most tokens
				continue
			}
			d, end, ok := t.dateAt(i, s, g)
			if !ok {
				continue
			}
			first, last := i, end
			if d.Weekday, first = t.weekdayBefore(i, s.start); d.Weekday == 0 {
				d.Weekday, last = t.weekdayAfter(end, s.end)
			}
			d.Span = t.span(first, last)
			d.Provided, d.Taken = t.purpose(first, last, s)
			r.Dates = append(r.Dates, d)
			i = end - 1
		}
	}
}

// num returns the number of at most so many digits at token i; 0 if there is
// none.
func (t *text) num(i, digits int) int {
	if i < 0 || i >= len(t.tokens) || t.tokens[i].class != number || utf8.RuneCount(t.wordAt(i)) > digits {
		return 0
	}
	n := 0
	for _, r := range string(t.wordAt(i)) {
		switch {
		case '0' <= r && r <= '9':
			n = 10*n + int(r-'0')
		case '٠' <= r && r <= '٩':
			n = 10*n + int(r-'٠')
		case '۰' <= r && r <= '۹':
			n = 10*n + int(r-'۰')
		default:
			return 0
		}
	}
	return n
}

func (t *text) year(i int) int {
	if n := t.num(i, 4); n >= 1826 && n <= 2199 {
		return n
	}
	return 0
}

// eras are what East Asian calendars count years from.
var eras = []struct {
	name string
	zero int
}{{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"民國", 1911}, {"民国", 1911}, {"주체", 1911}, {"主体", 1911}}

// yearOfEra returns the year at token i if an era's name stands before it.
func (t *text) yearOfEra(i int) int {
	n := t.num(i, 3)
	if n == 0 || i < 2 {
		return 0
	}
	for _, e := range eras {
		if string(t.wordAt(i-2))+string(t.wordAt(i-1)) == e.name {
			return e.zero + n
		}
	}
	return 0
}

// monthAt returns the month named at token i in any language, and where its
// name ends. Arabic captions give it twice, as the Levant and as Egypt say it.
func (t *text) monthAt(i int) (month, end int) {
	for h := t.hitAt(i); h < len(t.hits) && int(t.hits[h].start) == i; h++ {
		if m, e := int(t.lexicon.senses[t.hits[h].sense].month), int(t.hits[h].end); m > 0 && e > end {
			month, end = m, e
		}
	}
	if month > 0 && end < len(t.tokens) {
		next := end
		if t.is(next, "/") || t.is(next, "(") {
			next++
		}
		if next < len(t.tokens) {
			if again, e := t.monthAt(next); again == month {
				end = e
				if t.is(end, ")") {
					end++
				}
			}
		}
	}
	return month, end
}

// dateAt reads the date that begins at token i.
func (t *text) dateAt(i int, s sentence, g Grammar) (d Date, end int, ok bool) {
	if t.tokens[i].class == number {
		for _, read := range []func(int, sentence, Grammar) (Date, int, bool){t.yearFirst, t.dayFirst, t.figures} {
			if d, end, ok = read(i, s, g); ok {
				return d, end, true
			}
		}
		return Date{}, 0, false
	}
	return t.monthFirst(i, s)
}

// yearFirst reads 2019年1月8日, 2019-01-08, 2019.1.8 and 1月8日.
func (t *text) yearFirst(i int, s sentence, _ Grammar) (Date, int, bool) {
	y := t.year(i)
	if y == 0 {
		y = t.yearOfEra(i)
	}
	if y > 0 && i+4 < s.end {
		if t.is(i+1, "年") || t.is(i+1, "년") {
			if m, day := t.num(i+2, 2), t.num(i+4, 2); m >= 1 && m <= 12 && day > 0 && (t.is(i+3, "月") || t.is(i+3, "월")) {
				return Date{Year: y, Month: time.Month(m), Day: day}, t.dayMark(i+5, s.end), true
			}
		}
		if (t.is(i+1, "-") || t.is(i+1, "/") || t.is(i+1, ".")) && t.is(i+3, string(t.wordAt(i+1))) {
			if m, day := t.num(i+2, 2), t.num(i+4, 2); m >= 1 && m <= 12 && day > 0 {
				return Date{Year: y, Month: time.Month(m), Day: day}, i + 5, true
			}
		}
	}
	if m := t.num(i, 2); m >= 1 && m <= 12 && i+2 < s.end && (t.is(i+1, "月") || t.is(i+1, "월")) {
		if day := t.num(i+2, 2); day > 0 {
			return Date{Month: time.Month(m), Day: day}, t.dayMark(i+3, s.end), true
		}
	}
	return Date{}, 0, false
}

// dayMark returns where the date ends whose day stands before token i.
func (t *text) dayMark(i, end int) int {
	if i < end && (t.is(i, "日") || t.is(i, "일") || t.is(i, "号") || t.is(i, "號")) {
		return i + 1
	}
	return i
}

// ordinals are what may stand between a day and its month, or a month and its
// year.
var ordinals = map[string]bool{".": true, "º": true, "de": true, "del": true, "er": true, "th": true, "st": true, "nd": true, "rd": true, "of": true, "e": true, ",": true, "من": true, "o": true}

// dayFirst reads 8. Januar 2019, 8 de enero de 2019, 8th of January, 2019.
func (t *text) dayFirst(i int, s sentence, _ Grammar) (Date, int, bool) {
	day, j := t.num(i, 2), i+1
	for j < min(s.end, i+4) && ordinals[string(t.wordAt(j))] && !t.is(j, ",") {
		j++
	}
	if day == 0 || j >= s.end {
		return Date{}, 0, false
	}
	m, end := t.monthAt(j)
	if m == 0 || end > s.end {
		return Date{}, 0, false
	}
	d := Date{Month: time.Month(m), Day: day}
	for j = end; j < min(s.end, end+3) && ordinals[string(t.wordAt(j))]; j++ {
	}
	if y := t.year(j); y > 0 && j < s.end {
		d.Year, end = y, j+1
	}
	return d, end, true
}

// figures reads 8.1.2019, 08/01/2019 and 1/8/2019, in the language's order.
func (t *text) figures(i int, s sentence, g Grammar) (Date, int, bool) {
	day := t.num(i, 2)
	if day == 0 || i+4 >= s.end || !(t.is(i+1, ".") || t.is(i+1, "/") || t.is(i+1, "-")) || !t.is(i+3, string(t.wordAt(i+1))) {
		return Date{}, 0, false
	}
	m, y := t.num(i+2, 2), t.year(i+4)
	if m == 0 || y == 0 {
		return Date{}, 0, false
	}
	if g.MonthFirst && day <= 12 || m > 12 && day <= 12 {
		m, day = day, m
	}
	if m > 12 {
		return Date{}, 0, false
	}
	return Date{Year: y, Month: time.Month(m), Day: day, Numeric: !t.is(i+1, ".")}, i + 5, true
}

// monthFirst reads January 8, 2019 and Jan. 8.
func (t *text) monthFirst(i int, s sentence) (Date, int, bool) {
	m, j := t.monthAt(i)
	if m == 0 {
		return Date{}, 0, false
	}
	if t.is(j, ".") {
		j++
	}
	day := t.num(j, 2)
	if day == 0 || j >= s.end || t.is(j+1, ":") {
		return Date{}, 0, false
	}
	d, end := Date{Month: time.Month(m), Day: day}, j+1
	for j++; j < min(s.end, end+2) && ordinals[string(t.wordAt(j))]; j++ {
	}
	if y := t.year(j); y > 0 && j < s.end {
		d.Year, end = y, j+1
	}
	return d, end, day <= 31 || d.Year > 0
}

// weekdayAt returns the weekday named at token i: as the sentence's language
// says it, else as any does.
func (t *text) weekdayAt(i int) int {
	if t.weekdays[i] > 0 && t.tokens[i].to-t.tokens[i].from > 1 {
		return int(t.weekdays[i])
	}
	if t.tokens[i].to-t.tokens[i].from < 5 { // short forms mean too much elsewhere
		return 0
	}
	for h := t.hitAt(i); h < len(t.hits) && int(t.hits[h].start) == i; h++ {
		if d := t.lexicon.senses[t.hits[h].sense].weekday; d > 0 {
			return int(d)
		}
	}
	return 0
}

// weekdayBefore returns the weekday that stands before the date at i, and the
// token where it begins.
func (t *text) weekdayBefore(i, start int) (day, first int) {
	for j := i - 1; j >= max(start, i-4); j-- {
		if d := t.weekdayAt(j); d > 0 {
			return d, j
		}
		if t.tokens[j].class == dense { // 星期一 is several tokens, known by its first
			continue
		}
		if !t.is(j, ",") && !t.is(j, ".") && !t.is(j, "(") && !t.kinds[j].Has(The, In, Of, By) && !t.is(j, "le") && !t.is(j, "den") && !t.is(j, "dia") {
			break
		}
	}
	return 0, i
}

// shortWeekdays are the weekdays in one letter, as they stand in brackets
// behind a date.
var shortWeekdays = map[string]int{
	"月": 1, "火": 2, "水": 3, "木": 4, "金": 5, "土": 6, "日": 7,
	"월": 1, "화": 2, "수": 3, "목": 4, "금": 5, "토": 6, "일": 7,
	"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6,
}

// weekdayAfter returns the weekday that stands behind the date that ends at
// token i, and where it ends.
func (t *text) weekdayAfter(i, limit int) (day, end int) {
	j := i
	if t.is(j, "г") || t.is(j, "р") || t.is(j, "r") { // года, року, roku
		j++
	}
	bracket := t.is(j, "(")
	if bracket || t.is(j, ",") && j+2 >= limit {
		j++
	}
	if j >= limit {
		return 0, i
	}
	if d := shortWeekdays[string(t.wordAt(j))]; bracket && d > 0 && t.is(j+1, ")") {
		return d, j + 1
	}
	if d := t.weekdayAt(j); d > 0 && (t.wrapped || !t.tokens[j].line) {
		for h := t.hitAt(j); h < len(t.hits) && int(t.hits[h].start) == j; h++ {
			if t.lexicon.senses[t.hits[h].sense].weekday > 0 {
				return d, int(t.hits[h].end)
			}
		}
	}
	return 0, i
}

// purpose says whether the date between two tokens belongs to a word like
// released, or to one like taken.
func (t *text) purpose(first, last int, s sentence) (provided, taken bool) {
	for j := first - 1; j >= max(s.start, first-8); j-- {
		switch k := t.kinds[j]; {
		case k.Has(Provided):
			return true, false
		case k.Has(Taken):
			return false, true
		case k.Has(Picture, But), t.is(j, ")"), t.months[j] > 0:
			return false, false
		}
	}
	if last < s.end && t.tokens[last].class == dense { // 4月20日拍摄
		k := t.kinds[last]
		return k.Has(Provided), k.Has(Taken) && !k.Has(Provided)
	}
	return false, false
}
