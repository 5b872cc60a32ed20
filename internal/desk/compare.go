package desk

import (
	"strings"
	"unicode"
)

// change is a run of words that two texts share, or only one of them has.
type change struct {
	Op   string // "same", "gone" (of the first text only), "new" (of the second)
	Text string
}

// maxCompared bounds the table of a comparison: words of one text times
// words of the other. Texts that differ in more are shown one after the other.
const maxCompared = 4 << 20

// compare says word by word how the second text differs from the first: the
// longest common subsequence of their words.
func compare(first, second string) []change {
	a, b := wordsOf(first), wordsOf(second)
	// The last word has no white space behind it, but is the same word.
	a, b = apart(a, b), apart(b, a)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []change
	add := func(op string, words ...string) {
		for _, w := range words {
			if n := len(out); n > 0 && out[n-1].Op == op {
				out[n-1].Text += w
			} else {
				out = append(out, change{op, w})
			}
		}
	}
	add("same", a[:head]...)
	middle(a[head:len(a)-tail], b[head:len(b)-tail], add)
	add("same", a[len(a)-tail:]...)
	for i := range out {
		out[i].Text = visible(out[i].Text)
	}
	return out
}

// apart cuts the white space off words that the other text ends with.
func apart(list, other []string) []string {
	if len(other) == 0 {
		return list
	}
	last, cut := other[len(other)-1], make([]string, 0, len(list)+1)
	for _, w := range list {
		if len(w) > len(last) && strings.TrimRightFunc(w, unicode.IsSpace) == last {
			cut = append(cut, last)
			w = w[len(last):]
		}
		cut = append(cut, w)
	}
	return cut
}

func middle(a, b []string, add func(op string, words ...string)) {
	if len(a)*len(b) > maxCompared {
		add("gone", a...)
		add("new", b...)
		return
	}
	// common[i][j] is how many words a[i:] and b[j:] have in common.
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			add("same", a[i])
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			add("gone", a[i])
			i++
		default:
			add("new", b[j])
			j++
		}
	}
	add("gone", a[i:]...)
	add("new", b[j:]...)
}

// wordsOf cuts a text into words with the white space behind them. Scripts
// that put no space between words are cut at every letter.
func wordsOf(s string) []string {
	var list []string
	start, spaced := 0, false
	for i, c := range s {
		space := unicode.IsSpace(c)
		dense := unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
		if i > start && (spaced && !space || dense) {
			list = append(list, s[start:i])
			start = i
		}
		spaced = space || dense
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}
