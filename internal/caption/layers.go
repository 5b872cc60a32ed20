package caption

import "slices"

// layers are tries that are asked as one: that of the built-in packs, and
// where there is one, that of a desk's own.
type layers []trie

func (l layers) find(f *folded, first, from int, found []match) []match {
	for i := range l {
		found = l[i].find(f, first, from, found)
	}
	return found
}

func (l layers) exact(text []byte) []int32 {
	var senses []int32
	for i := range l {
		if s := l[i].exact(text); senses == nil {
			senses = s
		} else {
			senses = slices.Concat(senses, s)
		}
	}
	return senses
}

func (l layers) ending(word []byte) []int32 {
	var senses []int32
	longest := 0
	for i := range l {
		if s, n := l[i].ending(word); n > longest {
			senses, longest = s, n
		}
	}
	return senses
}

func (l layers) begins(word []byte) bool {
	return slices.ContainsFunc(l, func(t trie) bool { return t.begins(word) })
}

// goesOn says whether longer phrases begin with these words.
func (l layers) goesOn(words []byte) bool {
	return slices.ContainsFunc(l, func(t trie) bool { return t.goesOn(words) })
}

func (l layers) slip(word []byte) []int32 {
	for i := range l {
		if s := l[i].slip(word); s != nil {
			return s
		}
	}
	return nil
}
