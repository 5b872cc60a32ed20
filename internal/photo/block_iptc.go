package photo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// iimNames are the datasets of record 2 that are fields (IPTC-IIM 4.2,
// chapter 6).
var iimNames = map[byte]Name{
	5: Title, 15: Category, 25: Keyword, 40: Instructions, 55: DateCreated, 62: DateDigitized, 80: Byline, 85: BylineTitle,
	90: City, 92: Sublocation, 95: State, 100: CountryCode, 101: Country, 103: JobID, 105: Headline, 110: Credit,
	115: Source, 116: Copyright, 120: Caption, 122: CaptionWriter, 30: DateReleased, 65: Software,
}

// iptc reads a stream of datasets: a mark 0x1C, record, dataset, length.
func (m *Metadata) iptc(b []byte) {
	charset := ""
	var created, createdTime string
	for len(b) >= 5 {
		if b[0] != 0x1C {
			if strings.Trim(string(b), "\x00") != "" {
				m.problem("iptc", errors.New("a dataset does not begin where it should"))
			}
			break
		}
		record, set := b[1], b[2]
		n := int(binary.BigEndian.Uint16(b[3:]))
		head := 5
		if n&0x8000 != 0 { // an extended dataset gives the length of its length
			size := n & 0x7FFF
			if size > 4 || len(b) < 5+size {
				m.problem("iptc", errors.New("a dataset is too long"))
				return
			}
			n = 0
			for _, c := range b[5 : 5+size] {
				n = n<<8 | int(c)
			}
			head = 5 + size
		}
		if n > len(b)-head {
			m.problem("iptc", errors.New("the last dataset is cut off"))
			n = len(b) - head
		}
		value := b[head : head+n]
		b = b[head+n:]
		switch {
		case record == 1 && set == 90:
			charset = string(value)
		case record == 2 && set == 60:
			createdTime = string(value)
		case record == 2:
			name, wanted := iimNames[set]
			if !wanted {
				continue
			}
			text := iimText(value, charset)
			switch set {
			case 55, 62, 30:
				text = iimDay(text)
				if set == 55 {
					created = text
					continue
				}
			}
			m.add(name, fmt.Sprintf("iptc:2:%03d", set), text, "")
		}
	}
	if created != "" {
		if len(createdTime) >= 6 && strings.Trim(createdTime[:6], "0123456789") == "" {
			created += "T" + createdTime[:2] + ":" + createdTime[2:4] + ":" + createdTime[4:6]
			if len(createdTime) == 11 {
				created += createdTime[6:9] + ":" + createdTime[9:]
			}
		}
		m.add(DateCreated, "iptc:2:055", created, "")
	}
}

// iimDay returns CCYYMMDD in ISO's form, and anything else as it is.
func iimDay(s string) string {
	s = strings.TrimSpace(s)
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		if s == "00000000" {
			return ""
		}
		return s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	return s
}

// iimText decodes by the escape sequence of dataset 1:90 (ISO 2022), else as
// UTF-8 if that is valid, else as Latin-1.
func iimText(b []byte, charset string) string {
	var e encoding.Encoding
	switch charset {
	case "\x1b%G", "\x1b%/G", "\x1b%/H", "\x1b%/I":
		if isUTF8(b) {
			return string(b)
		}
	case "\x1b.A", "\x1b-A":
		return latin1(b)
	case "\x1b.B", "\x1b-B":
		e = charmap.ISO8859_2
	case "\x1b-C":
		e = charmap.ISO8859_3
	case "\x1b-D":
		e = charmap.ISO8859_4
	case "\x1b-L":
		e = charmap.ISO8859_5
	case "\x1b-G":
		e = charmap.ISO8859_6
	case "\x1b-F", "\x1b.F":
		e = charmap.ISO8859_7
	case "\x1b-H":
		e = charmap.ISO8859_8
	case "\x1b-M":
		e = charmap.ISO8859_9
	case "\x1b-b":
		e = charmap.ISO8859_15
	case "\x1b$)C", "\x1b$C":
		e = korean.EUCKR
	case "\x1b$)B", "\x1b$B":
		e = japanese.EUCJP
	case "\x1b$)A", "\x1b$A":
		e = simplifiedchinese.GBK
	}
	if e != nil && !(isUTF8(b) && !ascii(b) && e != korean.EUCKR) {
		if text, err := e.NewDecoder().Bytes(b); err == nil {
			return string(text)
		}
	}
	return decodeText(b)
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
