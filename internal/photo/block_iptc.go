package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf8"
)

// iimField is what a dataset of record 2 is for.
type iimField struct {
	name Name
	from string
}

// iimFields are the datasets of record 2 that are fields (IPTC-IIM 4.2,
// chapter 6).
var iimFields = func() (fields [256]iimField) {
	for set, name := range map[byte]Name{
		5: Title, 15: Category, 25: Keyword, 30: DateReleased, 40: Instructions, 55: DateCreated, 62: DateDigitized, 65: Software,
		80: Byline, 85: BylineTitle, 90: City, 92: Sublocation, 95: State, 100: CountryCode, 101: Country, 103: JobID, 105: Headline,
		110: Credit, 115: Source, 116: Copyright, 120: Caption, 122: CaptionWriter,
	} {
		fields[set] = iimField{name, "iptc:2:" + string([]byte{'0' + set/100, '0' + set/10%10, '0' + set%10})}
	}
	return fields
}()

// iimClocks are the datasets that hold the time of a day in another.
var iimClocks = map[byte]byte{35: 30, 60: 55, 63: 62}

// iptc reads a stream of datasets: a mark 0x1C, record, dataset, length
// (IPTC-IIM 4.2, 1.5 and 1.6).
func (m *Metadata) iptc(b []byte) {
	var declared iso2022
	isDeclared := false
	var days [256]int // of the fields that hold a day, one more than their place in Fields
	var clocks [256]string
	for len(b) >= 5 {
		if b[0] != 0x1C {
			if strings.Trim(string(b[:min(len(b), 64)]), "\x00") != "" {
				m.problem("iptc", errors.New("a dataset does not begin where it should"))
			}
			break
		}
		record, set := b[1], b[2]
		head, n, err := datasetLength(b)
		if err != nil {
			m.problem("iptc", err)
			break
		}
		if n > len(b)-head {
			m.problem("iptc", errors.New("the last dataset is cut off"))
			n = len(b) - head
		}
		value := b[head : head+n]
		b = b[head+n:]
		switch {
		case record == 1 && set == 90:
			declared, isDeclared = declaration(value)
		case record == 2:
			if day, ok := iimClocks[set]; ok {
				clocks[day] = string(value)
			}
			field := iimFields[set]
			if field.name == "" {
				continue
			}
			var text string
			switch field.name {
			case DateCreated, DateDigitized, DateReleased: // of digits, whatever is declared
				text = iimDay(decodeText(value))
				if text != "" && days[set] == 0 {
					days[set] = len(m.Fields) + 1
				}
			default:
				text = iimText(value, declared, isDeclared)
			}
			m.add(field.name, field.from, text, "")
		}
	}
	for set, at := range days {
		if at > 0 && at <= len(m.Fields) {
			m.Fields[at-1].Value += iimClock(clocks[set])
		}
	}
}

// datasetLength returns the length of a dataset's head and of its value. An
// extended dataset gives the length of its length first.
func datasetLength(b []byte) (head, n int, err error) {
	n = int(binary.BigEndian.Uint16(b[3:]))
	if n&0x8000 == 0 {
		return 5, n, nil
	}
	size := n & 0x7FFF
	if size > 4 || len(b) < 5+size {
		return 0, 0, errors.New("a dataset is too long")
	}
	n = 0
	for _, c := range b[5 : 5+size] {
		n = n<<8 | int(c)
	}
	return 5 + size, n, nil
}

// declaration reads the escape sequences of dataset 1:90.
func declaration(value []byte) (s iso2022, ok bool) {
	for len(value) > 0 {
		if value[0] != 0x1B {
			return s, false
		}
		n := s.escape(value)
		if n == 0 {
			return s, false
		}
		value = value[n:]
		ok = true
	}
	return s, ok && !s.unknown
}

// IIMText decodes a text of record 2 by the value of dataset 1:90, which is
// empty when there is none. It says false when the text is not in the
// character set that is declared.
func IIMText(value, declared []byte) (string, bool) {
	if len(declared) == 0 {
		return decodeText(value), true
	}
	set, ok := declaration(declared)
	if !ok {
		return "", false
	}
	return set.decode(value)
}

// iimText decodes by what dataset 1:90 declares, else as UTF-8 if that is
// valid, else as Latin-1. A program that took another's UTF-8 for one of the
// sets of single bytes, and declared that, is not believed: letters that read
// as UTF-8 are UTF-8.
func iimText(b []byte, declared iso2022, isDeclared bool) string {
	if isDeclared && !(declared.right().one != nil && declared.whole == "" && !ascii(b) && bytes.IndexByte(b, 0x1B) < 0 && utf8.Valid(b)) {
		if text, ok := declared.decode(b); ok {
			return text
		}
	}
	return decodeText(b)
}

// iimDay returns CCYYMMDD in ISO's form, and anything else as it is.
func iimDay(s string) string {
	s = strings.TrimSpace(s)
	if len(s) == 8 && digits(s) {
		if s == "00000000" {
			return ""
		}
		return s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	return s
}

// iimClock returns HHMMSS±HHMM in ISO's form, with the T before it; "" when
// it is no time.
func iimClock(s string) string {
	s = strings.TrimSpace(s)
	if len(s) < 6 || !digits(s[:6]) {
		return ""
	}
	clock := "T" + s[:2] + ":" + s[2:4] + ":" + s[4:6]
	if len(s) == 11 && (s[6] == '+' || s[6] == '-') && digits(s[7:]) {
		clock += s[6:9] + ":" + s[9:]
	}
	return clock
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
