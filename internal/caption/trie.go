package caption

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// anything stands in a trie for the rest of a word.
const anything = '\x01'

// trie maps folded texts to senses, and finds all that begin at a place in
// one walk, however many it holds. Its nodes are numbered level by level, so
// that the k-th edge of all leads to node k+1.
type trie struct {
	labels []byte    // of the edges, sorted within a node
	first  []uint32  // the edges of node i are first[i] to first[i+1]
	set    []uint16  // of each node, an index of sets
	sets   [][]int32 // senses; the first is empty
}

// entry is a folded text and one sense of it.
type entry struct {
	text  string
	sense int32
}

// newTrie builds the trie of the entries, which it sorts. Of one text the
// senses keep their order.
func newTrie(entries []entry) trie {
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.text, b.text) })
	t := trie{sets: [][]int32{nil}}
	known := map[string]uint16{"": 0}
	type node struct{ from, to, depth int } // the entries that begin as the path to it
	nodes := []node{{0, len(entries), 0}}
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		var senses []int32
		for n.from < n.to && len(entries[n.from].text) == n.depth {
			if s := entries[n.from].sense; !slices.Contains(senses, s) {
				senses = append(senses, s)
			}
			n.from++
		}
		name := fmt.Sprint(senses)
		if len(senses) == 0 {
			name = ""
		}
		set, there := known[name]
		if !there {
			set = uint16(len(t.sets))
			known[name], t.sets = set, append(t.sets, senses)
		}
		t.set = append(t.set, set)
		t.first = append(t.first, uint32(len(t.labels)))
		for from := n.from; from < n.to; {
			label, to := entries[from].text[n.depth], from+1
			for to < n.to && entries[to].text[n.depth] == label {
				to++
			}
			t.labels = append(t.labels, label)
			nodes = append(nodes, node{from, to, n.depth + 1})
			from = to
		}
	}
	t.first = append(t.first, uint32(len(t.labels)))
	return t
}

// maxSets is how many sets of senses a trie can tell apart.
const maxSets = 1<<16 - 1

func (t *trie) senses(at int32) []int32 { return t.sets[t.set[at]] }

func (t *trie) step(at int32, b byte) int32 {
	from, to := t.first[at], t.first[at+1]
	if to-from > 16 {
		if i := bytes.IndexByte(t.labels[from:to], b); i >= 0 {
			return int32(from) + int32(i) + 1
		}
		return -1
	}
	for ; from < to; from++ {
		if l := t.labels[from]; l >= b {
			if l == b {
				return int32(from) + 1
			}
			break
		}
	}
	return -1
}

// rest steps over the rest of a word. It is the smallest label.
func (t *trie) rest(at int32) int32 {
	if from := t.first[at]; from < t.first[at+1] && t.labels[from] == anything {
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

func (t *trie) walk(f *folded, at int32, first, i, pos int, found []match) []match {
	for {
		tok := &f.tokens[i]
		for ; pos < tok.to; pos++ {
			if rest := t.rest(at); rest >= 0 {
				found = t.after(f, rest, first, i, found)
			}
			if at = t.step(at, f.text[pos]); at < 0 {
				return found
			}
		}
		if rest := t.rest(at); rest >= 0 {
			found = t.after(f, rest, first, i, found)
		}
		if s := t.senses(at); len(s) > 0 {
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
	at := int32(0)
	for _, b := range word {
		if at = t.step(at, b); at < 0 {
			return false
		}
	}
	for _, label := range t.labels[t.first[at]:t.first[at+1]] {
		if label != anything && label != ' ' {
			return true
		}
	}
	return false
}

// slip returns the senses of a text of the trie from which the word differs
// by one letter (wrong, missing, too much, or swapped with the next), if they
// are wanted.
func (t *trie) slip(word []byte, wanted func(senses []int32) bool) []int32 {
	return t.near(0, word, true, wanted)
}

func (t *trie) near(at int32, word []byte, free bool, wanted func([]int32) bool) []int32 {
	if rest := t.rest(at); rest >= 0 {
		if s := t.senses(rest); wanted(s) {
			return s
		}
	}
	size := letterSize(word)
	if len(word) == 0 {
		if s := t.senses(at); len(s) > 0 && wanted(s) {
			return s
		}
	} else if next := t.steps(at, word[:size]); next >= 0 {
		if s := t.near(next, word[size:], free, wanted); s != nil {
			return s
		}
	}
	if !free {
		return nil
	}
	if len(word) > 0 { // one too much
		if s := t.near(at, word[size:], false, wanted); s != nil {
			return s
		}
	}
	if after := word[size:]; len(after) > 0 { // two swapped
		second := letterSize(after)
		if next := t.steps(at, after[:second]); next >= 0 {
			if next = t.steps(next, word[:size]); next >= 0 {
				if s := t.near(next, after[second:], false, wanted); s != nil {
					return s
				}
			}
		}
	}
	return t.other(at, word[size:], word, wanted)
}

// other goes on behind any letter that follows node at: it stands for a wrong
// one, or is missing.
func (t *trie) other(at int32, wrong, missing []byte, wanted func([]int32) bool) []int32 {
	for i, label := range t.labels[t.first[at]:t.first[at+1]] {
		next := int32(t.first[at]) + int32(i) + 1
		if label == anything || label == ' ' {
			continue
		}
		if label >= 0xC0 { // the letter's other bytes follow
			if s := t.other(next, wrong, missing, wanted); s != nil {
				return s
			}
			continue
		}
		if len(missing) > 0 {
			if s := t.near(next, wrong, false, wanted); s != nil {
				return s
			}
		}
		if s := t.near(next, missing, false, wanted); s != nil {
			return s
		}
	}
	return nil
}

// steps follows several bytes.
func (t *trie) steps(at int32, letter []byte) int32 {
	for _, b := range letter {
		if at = t.step(at, b); at < 0 {
			return -1
		}
	}
	return at
}

func letterSize(word []byte) int {
	if len(word) == 0 || word[0] < utf8.RuneSelf {
		return min(len(word), 1)
	}
	_, size := utf8.DecodeRune(word)
	return size
}
