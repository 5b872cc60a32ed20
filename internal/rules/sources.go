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
func (s *Source) fields() []*string {
	return []*string{&s.ID, &s.Kind, &s.Country, &s.Language, &s.Watermark, &s.name, &s.packed}
}

var errSources = errors.New("the table of sources is damaged")

// packSources writes the table: for each source the texts of fields and its
// distributors with spaces between them, each with its length, a little-endian
// number of two bytes, before it.
func packSources(mode cbor.EncMode, sources []Source) ([]byte, error) {
	var table []byte
	for _, s := range sources {
		packed, err := mode.Marshal(rest{s.Names, s.Credit, s.Note})
		if err != nil {
			return nil, err
		}
		s.name, s.packed = s.Name(), string(packed)
		distributors := strings.Join(s.Distributors, " ")
		for _, field := range append(s.fields(), &distributors) {
			if len(*field) > 1<<16-1 {
				return nil, errors.New("source " + s.ID + ": too long")
			}
			table = binary.LittleEndian.AppendUint16(table, uint16(len(*field)))
			table = append(table, *field...)
		}
	}
	return table, nil
}

// unpackSources reads the table. The sources are not full.
func unpackSources(table string) ([]Source, error) {
	sources := make([]Source, 0, 1024)
	next := func() (field string) {
		if len(table) < 2 {
			table = "-" // no length, so that it ends nowhere
			return ""
		}
		n := 2 + int(table[0]) + int(table[1])<<8
		if n > len(table) {
			table = "-"
			return ""
		}
		field, table = table[2:n], table[n:]
		return field
	}
	for len(table) > 1 {
		var s Source
		for _, field := range s.fields() {
			*field = next()
		}
		if list := next(); list != "" {
			s.Distributors = strings.Fields(list)
		}
		sources = append(sources, s)
	}
	if table != "" {
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
