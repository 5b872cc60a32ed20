package caption

import "slices"

// anything stands in a trie for the rest of a word.
const anything = '\x01'

// trie maps folded texts to senses, and finds all that begin at a place in
// one walk, however many it holds.
type trie struct {
	nodes []node
}

type node struct {
	labels []byte // sorted
	next   []int32
	senses []int32
}

func (t *trie) add(text string, sense int32) {
	if len(t.nodes) == 0 {
		t.nodes = append(t.nodes, node{})
	}
	at := int32(0)
	for i := range len(text) {
		n := &t.nodes[at]
		j, found := slices.BinarySearch(n.labels, text[i])
		if !found {
			n.labels = slices.Insert(n.labels, j, text[i])
			n.next = slices.Insert(n.next, j, int32(len(t.nodes)))
			at = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{})
			continue
		}
		at = n.next[j]
	}
	if n := &t.nodes[at]; !slices.Contains(n.senses, sense) {
		n.senses = append(n.senses, sense)
	}
}

func (t *trie) step(at int32, b byte) int32 {
	n := &t.nodes[at]
	for i, l := range n.labels {
		if l == b {
			return n.next[i]
		}
		if l > b {
			break
		}
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
	if len(t.nodes) == 0 {
		return found
	}
	return t.walk(f, 0, first, first, from, found)
}

func (t *trie) walk(f *folded, at int32, first, i, pos int, found []match) []match {
	for {
		tok := &f.tokens[i]
		for ; pos < tok.to; pos++ {
			if rest := t.step(at, anything); rest >= 0 {
				found = t.after(f, rest, first, i, found)
			}
			if at = t.step(at, f.text[pos]); at < 0 {
				return found
			}
		}
		if rest := t.step(at, anything); rest >= 0 {
			found = t.after(f, rest, first, i, found)
		}
		if s := t.nodes[at].senses; len(s) > 0 {
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
	if s := t.nodes[at].senses; len(s) > 0 {
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
	if len(t.nodes) == 0 {
		return nil
	}
	at := int32(0)
	for _, b := range text {
		if at = t.step(at, b); at < 0 {
			return nil
		}
	}
	return t.nodes[at].senses
}

// ending returns the senses of the longest ending of the word in the trie of
// reversed endings.
func (t *trie) ending(word []byte) []int32 {
	if len(t.nodes) == 0 {
		return nil
	}
	var senses []int32
	at := int32(0)
	for i := len(word) - 1; i >= 0; i-- {
		if at = t.step(at, word[i]); at < 0 {
			break
		}
		if s := t.nodes[at].senses; len(s) > 0 {
			senses = s
		}
	}
	return senses
}

// begins says whether a longer word of the trie begins with this one.
func (t *trie) begins(word []byte) bool {
	at := int32(0)
	for _, b := range word {
		if at = t.step(at, b); at < 0 {
			return false
		}
	}
	for _, label := range t.nodes[at].labels {
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
	if len(t.nodes) == 0 {
		return nil
	}
	return t.near(0, word, true, wanted)
}

func (t *trie) near(at int32, word []byte, free bool, wanted func([]int32) bool) []int32 {
	if rest := t.step(at, anything); rest >= 0 {
		if s := t.nodes[rest].senses; wanted(s) {
			return s
		}
	}
	if len(word) == 0 {
		if s := t.nodes[at].senses; len(s) > 0 && wanted(s) {
			return s
		}
	} else if next := t.step(at, word[0]); next >= 0 {
		if s := t.near(next, word[1:], free, wanted); s != nil {
			return s
		}
	}
	if !free {
		return nil
	}
	if len(word) > 0 { // one too much
		if s := t.near(at, word[1:], false, wanted); s != nil {
			return s
		}
	}
	for i, label := range t.nodes[at].labels {
		next := t.nodes[at].next[i]
		if label == anything || label == ' ' {
			continue
		}
		if len(word) > 0 { // a wrong one
			if s := t.near(next, word[1:], false, wanted); s != nil {
				return s
			}
		}
		if s := t.near(next, word, false, wanted); s != nil { // one missing
			return s
		}
		if len(word) > 1 && label == word[1] { // two swapped
			if swapped := t.step(next, word[0]); swapped >= 0 {
				if s := t.near(swapped, word[2:], false, wanted); s != nil {
					return s
				}
			}
		}
	}
	return nil
}
