package rules

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// There are a thousand sources, and a caption names two of them. So a start
// reads only what judging needs of each, and the rest when it is asked for.

// rest is what is kept packed of a source.
type rest struct {
	Names  map[string][]string `cbor:"1,keyasint"`
	Credit []string            `cbor:"2,keyasint"`
	Note   string              `cbor:"3,keyasint"`
}

// fields are what is read of a source at once, in the order of the table.
func (s *Source) fields() [6]*string {
	return [...]*string{&s.ID, &s.Kind, &s.Country, &s.Language, &s.Watermark, &s.name}
}

var errSources = errors.New("the table of sources is damaged")

// packSources writes the table: the length of what is read at once, in four
// bytes; that; the rest of all sources. Of each source are read at once the
// texts of fields, its distributors with spaces between them, and the length
// of its rest. Lengths have two bytes, and stand before their texts. All
// numbers are little-endian.
func packSources(mode cbor.EncMode, sources []Source) ([]byte, error) {
	var heads, all []byte
	le := binary.LittleEndian
	for _, s := range sources {
		packed, err := mode.Marshal(rest{s.Names, s.Credit, s.Note})
		if err != nil {
			return nil, err
		}
		s.name = s.Name()
		distributors := strings.Join(s.Distributors, " ")
		fields := s.fields()
		for _, field := range append(fields[:], &distributors) {
			if len(*field)|len(packed) > 1<<16-1 {
				return nil, errors.New("source " + s.ID + ": too long")
			}
			heads = append(le.AppendUint16(heads, uint16(len(*field))), *field...)
		}
		heads, all = le.AppendUint16(heads, uint16(len(packed))), append(all, packed...)
	}
	return slices.Concat(le.AppendUint32(nil, uint32(len(heads))), heads, all), nil
}

// unpackSources reads the table. The sources are not full.
func unpackSources(table string) ([]Source, error) {
	length := func(size int) (n int) { // 0 where there is none
		for i := range size {
			if i < len(table) {
				n |= int(table[i]) << (8 * i)
			}
		}
		table = table[min(size, len(table)):]
		return n
	}
	size := length(4)
	if size > len(table) {
		return nil, errSources
	}
	table, all := table[:size], table[size:]
	field := func() (text string) {
		n := min(length(2), len(table))
		text, table = table[:n], table[n:]
		return text
	}
	sources := make([]Source, 0, 1536)
	for len(table) > 0 {
		var s Source
		for _, to := range s.fields() {
			*to = field()
		}
		if list := field(); list != "" {
			s.Distributors = strings.Fields(list)
		}
		n := min(length(2), len(all))
		s.packed, all = all[:n], all[n:]
		sources = append(sources, s)
	}
	if all != "" {
		return nil, errSources
	}
	return sources, nil
}

// full returns the source with all that is known of it.
func (s Source) full() Source {
	var r rest
	if s.packed == "" || cbor.Unmarshal([]byte(s.packed), &r) != nil { // the table is our own
		return s
	}
	s.Names, s.Credit, s.Note, s.name, s.packed = r.Names, r.Credit, r.Note, "", ""
	return s
}

func (m *merged) fullSources() []Source {
	sources := make([]Source, len(m.sources))
	for i := range sources {
		sources[i] = m.sources[i].full()
	}
	return sources
}

// Name returns what people call the source.
func (s Source) Name() string {
	if s.name != "" {
		return s.name
	}
	return s.NameIn("en")
}

// NameIn returns what people call the source in a language, or else in
// English, or else in any.
func (s Source) NameIn(lang string) string {
	s = s.full()
	for _, l := range append([]string{lang, "en"}, slices.Sorted(maps.Keys(s.Names))...) {
		if names := s.Names[l]; len(names) > 0 {
			return names[0]
		}
	}
	if len(s.Credit) > 0 {
		return s.Credit[0]
	}
	return s.ID
}

// listed returns the source's names in all languages.
func (s Source) listed() []string {
	var names []string
	for _, lang := range slices.Sorted(maps.Keys(s.Names)) {
		names = append(names, s.Names[lang]...)
	}
	return names
}
