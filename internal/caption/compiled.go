package caption

import (
	"encoding/binary"
	"errors"
)

// Building tries out of thousands of words takes longer than a function's
// start should, and so does copying them. So the built-in ones are kept as the
// tries themselves, which are read where they lie. The form, all numbers
// little-endian and, where nothing else is said, of 4 bytes:
//
//	senses  their number, then 12 bytes each: kind, month, weekday, bits
//	        (1 function, 2 credit, 4 acronym), 4 languages, 4 source + 1
//	tries   words, endings, names, then the number of languages and their
//	        slips, each:
//	  lengths  in bytes, of nodes, labels, sets, senses, nearby, indexed
//	  those    nodes as trie has them; of each set where its senses end; the
//	           senses of all sets

// errCompiled says that compiled words are not in the form that is written.
var errCompiled = errors.New("compiled words are damaged")

const senseSize = 12

// Compiled returns all that the lexicon finds, in the form that AddCompiled
// takes. It must be ready, and not be made of compiled words itself.
func (l *Lexicon) Compiled() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, uint32(len(l.senses)))
	for _, s := range l.senses {
		bits := byte(0)
		for i, is := range []bool{s.function, s.credit, s.acronym} {
			if is {
				bits |= 1 << i
			}
		}
		b = append(b, byte(s.kind), byte(s.month), byte(s.weekday), bits)
		b = le.AppendUint32(b, s.langs)
		b = le.AppendUint32(b, uint32(s.source+1))
	}
	for _, tries := range []layers{l.words, l.ends, l.names} {
		b = tries.appendTo(b)
	}
	b = le.AppendUint32(b, uint32(len(l.slips)))
	for _, tries := range l.slips {
		b = tries.appendTo(b)
	}
	return b
}

// appendTo appends the only layer, or an empty trie.
func (l layers) appendTo(b []byte) []byte {
	t := newTrie(nil, nil)
	if len(l) > 0 {
		t = l[0]
	}
	le := binary.LittleEndian
	var sets, senses []byte
	for _, set := range t.sets {
		for _, s := range set {
			senses = le.AppendUint32(senses, uint32(s))
		}
		sets = le.AppendUint32(sets, uint32(len(senses)/4))
	}
	parts := [][]byte{t.nodes, t.labels, sets, senses, t.nearby, t.indexed}
	for _, part := range parts {
		b = le.AppendUint32(b, uint32(len(part)))
	}
	for _, part := range parts {
		b = append(b, part...)
	}
	return b
}

// AddCompiled adds words and names that Compiled made, and keeps raw. Their
// languages are the lexicon's, in the same order. The source that was at index
// i is now at sources[i], or is left out where that is negative.
func (l *Lexicon) AddCompiled(raw []byte, sources []int) error {
	in := input{raw: raw}
	base := len(l.senses)
	left := map[int32]bool{} // senses of sources that are left out
	records := in.bytes(senseSize * in.number())
	l.senses = append(make([]sense, 0, base+len(records)/senseSize), l.senses...)
	for ; len(records) > 0; records = records[senseSize:] {
		s := sense{
			kind: Kind(records[0]), month: int8(records[1]), weekday: int8(records[2]),
			function: records[3]&1 != 0, credit: records[3]&2 != 0, acronym: records[3]&4 != 0,
			langs: binary.LittleEndian.Uint32(records[4:]), source: int32(binary.LittleEndian.Uint32(records[8:])) - 1,
		}
		if s.source >= 0 {
			if int(s.source) >= len(sources) {
				return errCompiled
			}
			if s.source = int32(sources[s.source]); s.source < 0 {
				left[int32(len(l.senses))] = true
			}
		}
		l.senses = append(l.senses, s)
	}
	for _, tries := range []*layers{&l.words, &l.ends, &l.names} {
		in.layer(tries, int32(base), left)
	}
	for i := range in.number() {
		if i >= len(l.slips) {
			return errCompiled
		}
		in.layer(&l.slips[i], int32(base), left)
	}
	if in.failed || len(in.raw) > 0 {
		return errCompiled
	}
	return nil
}

// input reads the compiled form. Having failed, it gives zeros.
type input struct {
	raw    []byte
	failed bool
}

func (in *input) number() int {
	if b := in.bytes(4); b != nil {
		return int(binary.LittleEndian.Uint32(b))
	}
	return 0
}

func (in *input) bytes(n int) []byte {
	if n > len(in.raw) {
		in.raw, in.failed = nil, true
		return nil
	}
	b := in.raw[:n:n]
	in.raw = in.raw[n:]
	return b
}

// layer appends a trie, if there is anything in it.
func (in *input) layer(tries *layers, base int32, left map[int32]bool) {
	var lengths [6]int
	for i := range lengths {
		lengths[i] = in.number()
	}
	t := trie{nodes: in.bytes(lengths[0]), labels: in.bytes(lengths[1])}
	sets, senses := in.bytes(lengths[2]), in.bytes(lengths[3])
	t.nearby, t.indexed = in.bytes(lengths[4]), in.bytes(lengths[5])
	if in.failed || len(t.labels) == 0 || len(t.nodes) < nodeSize {
		return
	}
	all := make([]int32, 0, len(senses)/4)
	t.sets = make([][]int32, 0, len(sets)/4)
	for from := 0; len(sets) > 0; sets = sets[4:] {
		to, start := int(binary.LittleEndian.Uint32(sets)), len(all)
		if to > len(senses)/4 {
			in.failed = true
			return
		}
		for ; from < to; from++ {
			if s := base + int32(binary.LittleEndian.Uint32(senses[4*from:])); !left[s] {
				all = append(all, s)
			}
		}
		t.sets = append(t.sets, all[start:len(all):len(all)])
	}
	if _, to := t.node(0).edges(); int(to) > len(t.labels) {
		in.failed = true
		return
	}
	t.index()
	*tries = append(*tries, t)
}
