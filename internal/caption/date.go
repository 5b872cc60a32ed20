package caption

import (
	"strconv"
	"time"
)

// Date is a day that the text names.
type Date struct {
	Span     Span
	Year     int // 0 when it is not said
	Month    time.Month
	Day      int
	Weekday  int  // 1 (Monday) to 7; 0 when none stands beside it
	Provided bool // the day when the picture was provided, not taken
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

func (t *text) dates(r *Reading) {
	for _, s := range t.sentences {
		g := t.grammar(s)
		for i := s.start; i < s.end; i++ {
			d, end, ok := t.dateAt(i, s, g)
			if !ok {
				continue
			}
			first := i
			d.Weekday, first = t.weekdayBefore(i, s.start)
			d.Span = t.span(first, end)
			d.Provided = t.isProvidedDate(first, s.start)
			r.Dates = append(r.Dates, d)
			i = end - 1
		}
	}
}

func (t *text) num(i, digits int) int {
	if i < 0 || i >= len(t.tokens) || t.tokens[i].class != number || t.tokens[i].to-t.tokens[i].from > digits {
		return 0
	}
	n, err := strconv.Atoi(string(t.wordAt(i)))
	if err != nil {
		return 0
	}
	return n
}

func (t *text) year(i int) int {
	if n := t.num(i, 4); n >= 1826 && n <= 2199 {
		return n
	}
	return 0
}

// dateAt reads the date that begins at token i.
func (t *text) dateAt(i int, s sentence, g Grammar) (d Date, end int, ok bool) {
	if y := t.year(i); y > 0 && i+4 < s.end {
		if t.is(i+1, "年") || t.is(i+1, "년") {
			if m := t.num(i+2, 2); m >= 1 && m <= 12 && (t.is(i+3, "月") || t.is(i+3, "월")) {
				if day := t.num(i+4, 2); day > 0 {
					return Date{Year: y, Month: time.Month(m), Day: day}, min(i+6, s.end), true
				}
			}
		}
		if (t.is(i+1, "-") || t.is(i+1, "/") || t.is(i+1, ".")) && t.is(i+3, string(t.wordAt(i+1))) {
			if m, day := t.num(i+2, 2), t.num(i+4, 2); m >= 1 && m <= 12 && day > 0 {
				return Date{Year: y, Month: time.Month(m), Day: day}, i + 5, true
			}
		}
	}
	if m := t.months[i]; m > 0 { // January 8, 2019
		j := i + 1
		if t.is(j, ".") {
			j++
		}
		if day := t.num(j, 2); day > 0 && j < s.end && !(t.is(j+1, ":")) {
			d = Date{Month: time.Month(m), Day: day}
			end = j + 1
			j++
			if t.is(j, ",") {
				j++
			}
			if y := t.year(j); y > 0 && j < s.end {
				d.Year, end = y, j+1
			}
			return d, end, day <= 31 || d.Year > 0
		}
	}
	if day := t.num(i, 2); day > 0 { // 8. Januar 2019, 8 de enero de 2019
		j := i + 1
		for j < s.end && (t.is(j, ".") || t.is(j, "º") || t.is(j, "de") || t.is(j, "er") || t.is(j, "th") || t.is(j, "st") || t.is(j, "nd") || t.is(j, "rd")) {
			j++
		}
		if j < s.end && j < i+4 && t.months[j] > 0 {
			d = Date{Month: time.Month(t.months[j]), Day: day}
			end = j + 1
			j++
			for j < s.end && (t.is(j, ".") || t.is(j, ",") || t.is(j, "de") || t.is(j, "del")) {
				j++
			}
			if y := t.year(j); y > 0 && j < s.end {
				d.Year, end = y, j+1
			}
			return d, end, true
		}
		if i+4 < s.end && (t.is(i+1, ".") || t.is(i+1, "/")) && t.is(i+3, string(t.wordAt(i+1))) {
			if m, y := t.num(i+2, 2), t.year(i+4); m > 0 && y > 0 {
				if g.MonthFirst && day <= 12 || m > 12 && day <= 12 {
					m, day = day, m
				}
				if m <= 12 {
					return Date{Year: y, Month: time.Month(m), Day: day}, i + 5, true
				}
			}
		}
		if i+3 < s.end && (t.is(i+1, "月") || t.is(i+1, "월")) && day <= 12 {
			if dd := t.num(i+2, 2); dd > 0 {
				return Date{Month: time.Month(day), Day: dd}, min(i+4, s.end), true
			}
		}
	}
	return Date{}, 0, false
}

// weekdayBefore returns the weekday that stands before the date at i, and the
// token where it begins.
func (t *text) weekdayBefore(i, start int) (day, first int) {
	for j := i - 1; j >= max(start, i-4); j-- {
		if t.weekdays[j] > 0 && t.tokens[j].to-t.tokens[j].from > 1 {
			return int(t.weekdays[j]), j
		}
		if !t.is(j, ",") && !t.is(j, ".") && !t.is(j, "(") && !t.kinds[j].Has(The, In, Of, By) && !t.is(j, "le") && !t.is(j, "den") {
			break
		}
	}
	return 0, i
}

// isProvidedDate says whether the date before token i belongs to a word like
// released, rather than to one like taken.
func (t *text) isProvidedDate(i, start int) bool {
	for j := i - 1; j >= max(start, i-8); j-- {
		if t.kinds[j].Has(Provided) {
			return true
		}
		if t.kinds[j].Has(Taken, Picture, But) || t.is(j, ")") || t.months[j] > 0 {
			return false
		}
	}
	return false
}
