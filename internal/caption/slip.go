package caption

import "unicode/utf8"

// slip returns the senses of a text of the trie from which the word differs
// by one letter (wrong, missing, too much, or swapped with the next).
func (t *trie) slip(word []byte) []int32 { return t.near(0, word, true) }

func (t *trie) near(at int32, word []byte, free bool) []int32 {
	if rest := t.rest(t.node(at)); rest >= 0 {
		return t.senses(rest)
	}
	size := letterSize(word)
	if len(word) == 0 {
		if s := t.senses(at); len(s) > 0 {
			return s
		}
	} else if next := t.steps(at, word[:size]); next >= 0 {
		if s := t.near(next, word[size:], free); s != nil {
			return s
		}
	}
	if !free {
		return nil
	}
	if len(word) > 0 { // one too much
		if s := t.near(at, word[size:], false); s != nil {
			return s
		}
	}
	if after := word[size:]; len(after) > 0 { // two swapped
		second := letterSize(after)
		if next := t.steps(at, after[:second]); next >= 0 {
			if next = t.steps(next, word[:size]); next >= 0 {
				if s := t.near(next, after[second:], false); s != nil {
					return s
				}
			}
		}
	}
	if has(t.indexed, uint32(at)) && !t.mayFollow(at, word[size:]) && !t.mayFollow(at, word) {
		return nil
	}
	return t.other(at, word[size:], word)
}

// other goes on behind any letter that follows node at: it stands for a wrong
// one, or is missing.
func (t *trie) other(at int32, wrong, missing []byte) []int32 {
	from, to := t.node(at).edges()
	for i := from; i < to; i++ {
		label, next := t.labels[i], int32(i)+1
		if label == anything || label == ' ' {
			continue
		}
		if label >= 0xC0 { // the letter's other bytes follow
			if s := t.other(next, wrong, missing); s != nil {
				return s
			}
			continue
		}
		if len(missing) > 0 {
			if s := t.near(next, wrong, false); s != nil {
				return s
			}
		}
		if s := t.near(next, missing, false); s != nil {
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

// Most words are near to none, and most branches lie near the first node. So
// of each node that one letter or two lead to, or none, it is noted which
// three bytes follow any letter behind it.

// indexSlips prepares the trie for slip.
func (t *trie) indexSlips() {
	t.nearby, t.indexed = make([]byte, 1<<nearbyBits/8), make([]byte, len(t.nodes)/nodeSize/8+1)
	level := []int32{0}
	for range 3 {
		var next []int32
		for _, at := range level {
			for _, behind := range t.behind(at, nil) {
				t.indexPaths(at, behind, make([]byte, 0, 3))
				next = append(next, behind)
			}
			note(t.indexed, uint32(at))
		}
		level = next
	}
}

// behind appends the nodes that any letter leads to.
func (t *trie) behind(at int32, nodes []int32) []int32 {
	from, to := t.node(at).edges()
	for i := from; i < to; i++ {
		switch label, next := t.labels[i], int32(i)+1; {
		case label == anything || label == ' ':
		case label >= 0xC0: // the letter's other bytes follow
			nodes = t.behind(next, nodes)
		default:
			nodes = append(nodes, next)
		}
	}
	return nodes
}

func (t *trie) indexPaths(from, at int32, path []byte) {
	if len(path) == 3 {
		note(t.nearby, hashPath(from, path))
		return
	}
	if t.node(at).set() > 0 {
		note(t.nearby, hashPath(from, nil)) // a short word: anything may follow
	}
	first, last := t.node(at).edges()
	for i := first; i < last; i++ {
		if label := t.labels[i]; label == anything || label == ' ' {
			note(t.nearby, hashPath(from, nil))
		} else {
			t.indexPaths(from, int32(i)+1, append(path, label))
		}
	}
}

// mayFollow says whether these bytes may follow any letter behind the node.
func (t *trie) mayFollow(at int32, rest []byte) bool {
	return len(rest) < 3 || has(t.nearby, hashPath(at, rest[:3])) || has(t.nearby, hashPath(at, nil))
}

// nearbyBits is how many bits a hash of a path has.
const nearbyBits = 16

func hashPath(at int32, path []byte) uint32 {
	h := uint32(at)*2654435761 + 1
	for _, b := range path {
		h = (h ^ uint32(b)) * 16777619
	}
	return h >> (32 - nearbyBits)
}

func note(bits []byte, i uint32) { bits[i/8] |= 1 << (i % 8) }

func has(bits []byte, i uint32) bool { return bits[i/8]&(1<<(i%8)) != 0 }
