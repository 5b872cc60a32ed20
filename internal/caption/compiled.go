package caption

import (
	"encoding/binary"
	"errors"
)

// Building tries out of thousands of words takes longer than a function's
// start should. So the built-in ones are kept as the tries themselves, which
// are little more than copied. The form, all numbers unsigned varints:
//
//	senses    their number, then each: kind, languages, month, weekday, bits
//	          (1 function, 2 credit, 4 acronym), source + 1
//	4 tries   words, endings, names, slips, each:
//	  sets    their number, then each: how many senses, and which
//	  nodes   their number, then a byte each: how many edges lead from it; the
//	          first may have 256, of which 0 stands for
//	  labels  a byte for each edge
//	  marked  how many nodes have senses, then each: how far behind the one
//	          before, and its set

// errCompiled says that compiled words are not in the form that is written.
var errCompiled = errors.New("compiled words are damaged")

// Compiled returns all that the lexicon finds, in the form that AddCompiled
// takes. It must be ready, and not be made of compiled words itself.
func (l *Lexicon) Compiled() []byte {
	b := binary.AppendUvarint(nil, uint64(len(l.senses)))
	for _, s := range l.senses {
		bits := uint64(0)
		if s.function {
			bits |= 1
		}
		if s.credit {
			bits |= 2
		}
		if s.acronym {
			bits |= 4
		}
		for _, n := range []uint64{uint64(s.kind), uint64(s.langs), uint64(s.month), uint64(s.weekday), bits, uint64(s.source + 1)} {
			b = binary.AppendUvarint(b, n)
		}
	}
	for _, tries := range l.all() {
		t := newTrie(nil)
		if len(*tries) > 0 {
			t = (*tries)[0]
		}
		b = t.appendTo(b)
	}
	return b
}

func (l *Lexicon) all() []*layers { return []*layers{&l.words, &l.ends, &l.names, &l.slips} }

func (t *trie) appendTo(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(t.sets)))
	for _, set := range t.sets {
		b = binary.AppendUvarint(b, uint64(len(set)))
		for _, s := range set {
			b = binary.AppendUvarint(b, uint64(s))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(t.set)))
	marked := 0
	for i := range t.set {
		b = append(b, byte(t.first[i+1]-t.first[i]))
		if t.set[i] > 0 {
			marked++
		}
	}
	b = append(b, t.labels...)
	b = binary.AppendUvarint(b, uint64(marked))
	last := 0
	for i, set := range t.set {
		if set > 0 {
			b = binary.AppendUvarint(b, uint64(i-last))
			b = binary.AppendUvarint(b, uint64(set))
			last = i
		}
	}
	return b
}

// AddCompiled adds words and names that Compiled made. Their languages are the
// lexicon's, in the same order. The source that was at index i is now at
// sources[i], or is left out where that is negative.
func (l *Lexicon) AddCompiled(raw []byte, sources []int) error {
	in := input{raw: raw}
	base := int32(len(l.senses))
	out := make([]bool, 0, 1024) // senses of sources that are left out
	for range in.count() {
		s := sense{kind: Kind(in.number()), langs: uint32(in.number()), month: int8(in.number()), weekday: int8(in.number())}
		bits := in.number()
		s.function, s.credit, s.acronym, s.source = bits&1 != 0, bits&2 != 0, bits&4 != 0, int32(in.number())-1
		left := false
		if s.source >= 0 {
			if int(s.source) >= len(sources) {
				return errCompiled
			}
			left = sources[s.source] < 0
			s.source = int32(sources[s.source])
		}
		l.senses, out = append(l.senses, s), append(out, left)
	}
	for _, tries := range l.all() {
		t, err := in.trie(base, out)
		if err != nil {
			return err
		}
		if tries == &l.slips {
			t.indexSlips()
		}
		if len(t.labels) > 0 {
			*tries = append(*tries, t)
		}
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

func (in *input) number() uint64 {
	n, size := binary.Uvarint(in.raw)
	if size <= 0 {
		in.raw, in.failed = nil, true
		return 0
	}
	in.raw = in.raw[size:]
	return n
}

// count reads how many of something follow, each of a byte at least.
func (in *input) count() int {
	n := in.number()
	if n > uint64(len(in.raw)) {
		in.raw, in.failed = nil, true
		return 0
	}
	return int(n)
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

func (in *input) trie(base int32, out []bool) (trie, error) {
	var t trie
	t.sets = make([][]int32, in.count())
	all := make([]int32, 0, 4*len(t.sets)) // most sets are of one sense
	for i := range t.sets {
		start := len(all)
		for range in.count() {
			s := int(in.number())
			if s >= len(out) {
				return trie{}, errCompiled
			}
			if !out[s] {
				all = append(all, base+int32(s))
			}
		}
		t.sets[i] = all[start:len(all):len(all)]
	}
	edges := in.bytes(in.count())
	t.first, t.set = make([]uint32, len(edges)+1), make([]uint16, len(edges))
	next := uint32(0)
	for i, n := range edges {
		next += uint32(n)
		if i == 0 && n == 0 && len(edges) > 1 {
			next = 256
		}
		t.first[i+1] = next
	}
	if int(next) != len(edges)-1 {
		return trie{}, errCompiled
	}
	t.labels = in.bytes(int(next))
	at := uint64(0)
	for range in.count() {
		at += in.number()
		set := in.number()
		if at >= uint64(len(t.set)) || set >= uint64(len(t.sets)) {
			return trie{}, errCompiled
		}
		t.set[at] = uint16(set)
	}
	if in.failed || len(t.sets) == 0 || len(t.sets) > maxSets {
		return trie{}, errCompiled
	}
	t.index()
	return t, nil
}
