package photo_test

import (
	"encoding/binary"
	"testing"

	"cutline/internal/photo"
)

// TestTimes: what EXIF and IIM say of a day, a time and a zone, in ISO's form.
func TestTimes(t *testing.T) {
	for _, c := range []struct{ taken, fraction, zone, want string }{
		{"2019:01:07 10:20:30", "", "", "2019-01-07T10:20:30"},
		{"2019:01:07 10:20:30", "25", "+09:00", "2019-01-07T10:20:30.25+09:00"},
		{"2019:01:07 10:20:30", "", "Z", "2019-01-07T10:20:30Z"},
		{"2019:01:07 10:20:30", "", "+9", "2019-01-07T10:20:30"},
		{"2019:01:07 10:20:30-03:30", "", "", "2019-01-07T10:20:30-03:30"},
		{"2019:01:07 10:20:30Z", "", "", "2019-01-07T10:20:30Z"},
		{"2019-01-07T10:20:30", "", "", "2019-01-07T10:20:30"},
		{"2019:01:07", "", "", "2019-01-07"},
		{"2019:02:30 10:20:30", "", "", ""},
		{"0000:00:00 00:00:00", "", "", ""},
		{"    :  :     :  :  ", "", "", ""},
		{"yesterday", "", "", ""},
	} {
		tags := []tag{{0x9003, 2, []byte(c.taken + "\x00")}, {0x9011, 2, []byte(c.zone + "\x00")}, {0x9291, 2, []byte(c.fraction + "\x00")}}
		m := photo.ReadBlock("exif", subDirectory(tags))
		if got := m.First(photo.DateCreated).Value; got != c.want {
			t.Errorf("EXIF %q, %q, %q is %q, want %q", c.taken, c.fraction, c.zone, got, c.want)
		}
	}
	for _, c := range []struct{ day, clock, want string }{
		{"20190107", "", "2019-01-07"},
		{"20190107", "102030+0900", "2019-01-07T10:20:30+09:00"},
		{"20190107", "102030", "2019-01-07T10:20:30"},
		{"20190107", "midday", "2019-01-07"},
		{"00000000", "102030", ""},
		{"2019-01-07", "", "2019-01-07"},
	} {
		block := dataset(2, 55, []byte(c.day))
		if c.clock != "" {
			block = append(block, dataset(2, 60, []byte(c.clock))...)
		}
		m := photo.ReadBlock("iptc", block)
		if got := m.First(photo.DateCreated).Value; got != c.want {
			t.Errorf("IIM %q, %q is %q, want %q", c.day, c.clock, got, c.want)
		}
	}
}

// TestPosition: minutes and seconds may be absent, but not degrees.
func TestPosition(t *testing.T) {
	rational := func(pairs ...uint32) (b []byte) {
		for _, n := range pairs {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		return b
	}
	for _, c := range []struct {
		latitude, longitude []byte
		want                string
	}{
		{rational(69, 1, 38, 1, 57, 1), rational(18, 1, 57, 1, 19, 1), "69.649167,-18.955278"},
		{rational(69, 1, 389520, 10000, 0, 1), rational(18, 1, 573180, 10000, 0, 0), "69.649200,-18.955300"},
		{rational(0, 0, 0, 0, 0, 0), rational(0, 0, 0, 0, 0, 0), ""},
		{rational(269, 1, 0, 1, 0, 1), rational(18, 1, 0, 1, 0, 1), ""},
	} {
		outer := tiffBlock(binary.BigEndian, []tag{{0x8825, 4, u32(26)}})
		inner := tiffBlock(binary.BigEndian, []tag{{1, 2, []byte("N\x00")}, {2, 5, c.latitude}, {3, 2, []byte("W\x00")}, {4, 5, c.longitude}})[8:]
		for _, i := range []int{1, 3} {
			entry := inner[2+12*i+8:]
			binary.BigEndian.PutUint32(entry, binary.BigEndian.Uint32(entry)+18)
		}
		m := photo.ReadBlock("exif", append(outer, inner...))
		if got := m.First(photo.GPS).Value; got != c.want {
			t.Errorf("the position is %q, want %q", got, c.want)
		}
	}
}
