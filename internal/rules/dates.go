package rules

import (
	"fmt"
	"slices"
	"time"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// farApart is how far a caption's day may be from a field's. Time zones make a
// day's difference, and embargoes, slow post and cameras' clocks some more.
const farApart = 10 * 24 * time.Hour

// longAgo is how old a day may be that a picture of today speaks of: an
// anniversary, a birth.
const longAgo = 15 * 365 * 24 * time.Hour

func (c *assessment) findDates(rep *report.Report) {
	for i := range c.reading.Dates {
		d := &c.reading.Dates[i]
		if d.Impossible() {
			c.add(rep, "date.impossible", c.spansOf([]caption.Span{d.Span}), "There is no such day.")
			return
		}
		if d.Year > 0 && d.Weekday > 0 && !fallsOn(*d) {
			c.add(rep, "date.weekday", c.spansOf([]caption.Span{d.Span}), fmt.Sprintf("%s was a %s.", d.Time().Format("January 2, 2006"), d.Time().Weekday()))
		}
	}
	if taken, provided := c.daysOfMaking(); taken != nil && provided.Time().Before(taken.Time()) {
		c.add(rep, "date.impossible", []report.Span{c.spanOf(taken.Span), c.spanOf(provided.Span)}, "It was provided before it was taken.")
	}
	c.findDateConflict(rep)
}

// fallsOn says whether the date is on its weekday, in one order of day and
// month or the other.
func fallsOn(d caption.Date) bool {
	if weekday(d.Time()) == d.Weekday {
		return true
	}
	other, can := d.Swapped()
	return can && weekday(other.Time()) == d.Weekday
}

func weekday(t time.Time) int {
	if d := int(t.Weekday()); d > 0 {
		return d
	}
	return 7
}

// daysOfMaking returns the day on which the picture was taken, and that on
// which it was provided; nil if one of them is not said. The day that stands
// before that of providing is the one of the picture, or any of which the
// caption says so.
func (c *assessment) daysOfMaking() (taken, provided *caption.Date) {
	for i := range c.reading.Dates {
		d := &c.reading.Dates[i]
		switch {
		case d.Year == 0:
		case d.Provided:
			if provided == nil {
				provided = d
			}
		case d.Taken, taken == nil && provided == nil:
			taken = d
		}
	}
	if provided == nil {
		return nil, nil
	}
	return taken, provided
}

// findDateConflict compares the caption's days with the fields'. One day of
// the caption near a field's is enough.
func (c *assessment) findDateConflict(rep *report.Report) {
	if len(c.reading.File) > 0 {
		return
	}
	for _, f := range c.picture.Metadata.Fields {
		if f.Name != photo.DateCreated && f.Name != photo.DateGPS {
			continue
		}
		day, ok := fieldDay(f.Value)
		if !ok {
			continue
		}
		var far []caption.Span
		for _, d := range c.reading.Dates {
			if d.Year == 0 || !d.Taken && day.Sub(d.Time()) > longAgo {
				continue
			}
			if closeTo(d, day) {
				far = nil
				break
			}
			far = append(far, d.Span)
		}
		if len(far) > 0 {
			c.add(rep, "date.conflict", append(c.spansOf(far), wholeField(f)), fmt.Sprintf("%s says %s.", f.From, day.Format("January 2, 2006")))
			return
		}
	}
}

func closeTo(d caption.Date, day time.Time) bool {
	if d.Time().Sub(day).Abs() <= farApart {
		return true
	}
	other, can := d.Swapped()
	return can && other.Time().Sub(day).Abs() <= farApart
}

// resets are the days that cameras' clocks begin with when their battery was
// out: they say nothing.
var resets = []int{1970, 1980, 2000, 2001} // years, of their first day

// fieldDay returns the day of a date field, written as IPTC, EXIF or XMP do.
func fieldDay(value string) (time.Time, bool) {
	if len(value) < 8 {
		return time.Time{}, false
	}
	for _, layout := range []string{time.DateOnly, "2006:01:02", "20060102"} {
		if len(value) >= len(layout) {
			if day, err := time.Parse(layout, value[:len(layout)]); err == nil && day.Year() > 1826 && !(day.YearDay() == 1 && slices.Contains(resets, day.Year())) {
				return day, true
			}
		}
	}
	return time.Time{}, false
}
