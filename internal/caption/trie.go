package caption

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// anything stands in a trie for the rest of a word.
const anything = '\x01'

// trie maps folded texts to senses, and finds all that begin at a place in
// one walk, however many it holds. The k-th edge of all leads to node k+1. What
// lies behind a node follows it, so that a walk reads what lies near.
type trie struct {
	labels []byte    // of the edges, sorted within a node
	nodes  []byte    // see node
	sets   [][]int32 // senses; the first is empty

	root    [256]int32 // where each byte leads from the first node, or -1
	nearby  []byte     // bits, for slip: see indexSlips
	indexed []byte     // bits by node: it is noted there
}

// node is 8 bytes, little-endian: 4 for its first edge, 1 for how many there
// are, 1 for the label of the first, which is often all that is asked for, and
// 2 for an index of sets.
type node uint64

// nodeSize is the length of a node in bytes.
const nodeSize = 8

func (t *trie) node(at int32) node {
	return node(binary.LittleEndian.Uint64(t.nodes[nodeSize*int(at):]))
}

// edges returns which edges lead from the node.
func (n node) edges() (from, to uint32) { return uint32(n), uint32(n) + uint32(n>>32)&0xFF }

// label returns that of the first edge, 0 when there is none.
func (n node) label() byte { return byte(n >> 40) }

func (n node) set() int { return int(n >> 48) }

// index prepares what makes walking faster.
func (t *trie) index() {
	for b := range t.root {
		t.root[b] = -1
	}
	if len(t.labels) == 0 {
		return
	}
	from, to := t.node(0).edges()
	for i := from; i < to; i++ {
		t.root[t.labels[i]] = int32(i) + 1
	}
}

// entry is a folded text and one sense of it.
type entry struct {
	text  string
	sense int32
}

// newTrie builds the trie of the entries, which it sorts. Of one text the
// senses keep their order; join may put some of them together.
func newTrie(entries []entry, join func([]int32) []int32) trie {
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.text, b.text) })
	t := trie{sets: [][]int32{nil}, nodes: make([]byte, nodeSize)}
	known := map[string]uint16{"": 0}
	t.grow(0, entries, 0, func(senses []int32) uint16 {
		if len(senses) == 0 {
			return 0
		}
		if len(senses) > 1 {
			senses = join(senses)
		}
		name := fmt.Sprint(senses)
		set, there := known[name]
		if !there {
			set = uint16(len(t.sets))
			known[name], t.sets = set, append(t.sets, senses)
		}
		return set
	})
	t.index()
	return t
}

// grow makes the node of the entries, which begin alike to that depth, and
// those behind it.
func (t *trie) grow(at int, entries []entry, depth int, set func([]int32) uint16) {
	var senses []int32
	for len(entries) > 0 && len(entries[0].text) == depth {
		if s := entries[0].sense; !slices.Contains(senses, s) {
			senses = append(senses, s)
		}
		entries = entries[1:]
	}
	first := len(t.labels)
	for rest := entries; len(rest) > 0; {
		label := rest[0].text[depth]
		t.labels = append(t.labels, label)
		rest = rest[alike(rest, depth):]
	}
	n := uint64(first) | uint64(set(senses))<<48
	if labels := t.labels[first:]; len(labels) > 0 {
		n |= uint64(len(labels))<<32 | uint64(labels[0])<<40
		t.nodes = append(t.nodes, make([]byte, nodeSize*len(labels))...)
	}
	binary.LittleEndian.PutUint64(t.nodes[nodeSize*at:], n)
	for next := first + 1; len(entries) > 0; next++ {
		n := alike(entries, depth)
		t.grow(next, entries[:n], depth+1, set)
		entries = entries[n:]
	}
}

// alike returns how many of the first entries have the same byte there.
func alike(entries []entry, at int) int {
	n := 1
	for n < len(entries) && entries[n].text[at] == entries[0].text[at] {
		n++
	}
	return n
}

// maxSets is how many sets of senses a trie can tell apart.
const maxSets = 1<<16 - 1

func (t *trie) senses(at int32) []int32 { return t.sets[t.node(at).set()] }

func (t *trie) step(at int32, b byte) int32 {
	if at == 0 {
		return t.root[b]
	}
	return t.follow(t.node(at), b)
}

// follow returns where the node's edge of that label leads, or -1.
func (t *trie) follow(n node, b byte) int32 {
	from, to := n.edges()
	if n.label() == b {
		return int32(from) + 1
	}
	for i := from + 1; i < to; i++ {
		if t.labels[i] == b {
			return int32(i) + 1
		}
	}
	return -1
}

// rest steps over the rest of a word. It is the smallest label.
func (t *trie) rest(n node) int32 {
	if n.label() == anything {
		from, _ := n.edges()
		return int32(from) + 1
	}
	return -1
}

// match is a text of the trie found from one place on.
type match struct {
	tokens int // how many tokens it covers
	senses []int32
	stem   bool // the text ends with "anything", so that the last word may be unfinished
}

// find appends what begins at byte from, in token first, and ends where a
// token does.
func (t *trie) find(f *folded, first, from int, found []match) []match {
	return t.walk(f, 0, first, first, from, found)
}

// suffixes are what languages write behind a name and an apostrophe or a
// hyphen: KCNA's, KCNA'nın, TASS-u.
var suffixes = map[string]bool{
	"'s": true, "'nin": true, "'nun": true, "'in": true, "'un": true, "'dan": true, "'den": true, "'tan": true, "'ten": true,
	"'ya": true, "'ye": true, "'yi": true, "'yu": true, "'da": true, "'de": true, "'ta": true, "'te": true, "'daki": true, "'deki": true,
	"'nca": true, "'nce": true, "'ca": true, "'ce": true, "'nda": true, "'nde": true, "'ndan": true, "'nden": true, "'yla": true, "'yle": true, "'la": true, "'le": true, "'ne": true, "'na": true, "'ni": true, "'e": true, "'i": true,
	"'em": true, "'ego": true, "'owi": true, "'ow": true, "'ie": true, "'et": true, "'en": true, "'er": true,
	"-u": true, "-a": true, "-em": true, "-om": true, "-owi": true, "-ie": true, "-y": true, "-en": true, "-et": true,
}

func (t *trie) walk(f *folded, at int32, first, i, pos int, found []match) []match {
	for {
		tok := &f.tokens[i]
		if at == 0 && pos < tok.to {
			if at = t.root[f.text[pos]]; at < 0 {
				return found
			}
			pos++
		}
		for ; pos < tok.to; pos++ {
			n := t.node(at)
			if rest := t.rest(n); rest >= 0 {
				found = t.after(f, rest, first, i, found)
			}
			next := t.follow(n, f.text[pos])
			if next < 0 {
				if s := t.sets[n.set()]; len(s) > 0 && suffixes[string(f.text[pos:tok.to])] {
					found = append(found, match{i + 1 - first, s, false})
				}
				return found
			}
			at = next
		}
		n := t.node(at)
		if rest := t.rest(n); rest >= 0 {
			found = t.after(f, rest, first, i, found)
		}
		if s := t.sets[n.set()]; len(s) > 0 {
			found = append(found, match{i + 1 - first, s, false})
		}
		if i++; i == len(f.tokens) {
			return found
		}
		if f.tokens[i].from > tok.to {
			if at = t.step(at, ' '); at < 0 {
				return found
			}
		}
		pos = f.tokens[i].from
	}
}

// after goes on where the rest of token i may be anything.
func (t *trie) after(f *folded, at int32, first, i int, found []match) []match {
	if s := t.senses(at); len(s) > 0 {
		found = append(found, match{i + 1 - first, s, true})
	}
	if i+1 < len(f.tokens) {
		if next := t.step(at, ' '); next >= 0 {
			return t.walk(f, next, first, i+1, f.tokens[i+1].from, found)
		}
	}
	return found
}

// exact returns the senses of a whole text of the trie.
func (t *trie) exact(text []byte) []int32 {
	at := int32(0)
	for _, b := range text {
		if at = t.step(at, b); at < 0 {
			return nil
		}
	}
	return t.senses(at)
}

// ending returns the senses of the longest ending of the word in the trie of
// reversed endings, and how long that is.
func (t *trie) ending(word []byte) (senses []int32, length int) {
	at := int32(0)
	for i := len(word) - 1; i >= 0; i-- {
		if at = t.step(at, word[i]); at < 0 {
			break
		}
		if s := t.senses(at); len(s) > 0 {
			senses, length = s, len(word)-i
		}
	}
	return senses, length
}

// begins says whether a longer word of the trie begins with this one.
func (t *trie) begins(word []byte) bool {
	return t.leads(word, func(next byte) bool { return next != anything && next != ' ' })
}

// goesOn says whether a phrase of the trie goes on behind these words.
func (t *trie) goesOn(words []byte) bool {
	return t.leads(words, func(next byte) bool { return next == ' ' })
}

// leads says whether any of the letters that may follow the text is such.
func (t *trie) leads(text []byte, such func(next byte) bool) bool {
	at := int32(0)
	for _, b := range text {
		if at = t.step(at, b); at < 0 {
			return false
		}
	}
	from, to := t.node(at).edges()
	return slices.ContainsFunc(t.labels[from:to], such)
}
