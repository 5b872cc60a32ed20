package caption

import (
	"bytes"
	"strings"
)

// legalForms are what companies are by law, folded, as they stand behind a
// name, with no stops or slashes: Volkswagen AG, Talgo S.A., Vestas A/S. They
// begin with a capital, and short ones have no other letters.
var legalForms = words(`ag se kg kgaa gmbh mbh eg ab as asa aps is oy oyj ehf hf sa sas sarl sca sl slu sau sab nv bv cv spa srl scarl plc ltd
	llc llp lp inc corp co pty bhd tbk ltda lda eireli kft zrt nyrt ооо ао оао пао зао ад`)

// formsBefore are those that stand before it: АО «Трансмашхолдинг».
var formsBefore = words("ао оао пао ооо зао нао ат пат прат тов гк pt cv")

// firms are words that companies call themselves, first or last in a name.
var firms = words(`group groupe gruppe grupo gruppo grupa groep gruppen koncernen konsernet grubu группа група
	holding holdings limited industries motors technologies systems energy film films productions studios cars telecom`)

func words(list string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(list) {
		all[w] = true
	}
	return all
}

// firm says whether the link between two tokens is a company's name: by its
// legal form, or by a word that companies call themselves.
func (t *text) firm(a, b int) bool {
	for a < b && (t.tokens[a].class != word || t.kinds[a].Has(PhotoBy)) {
		a++
	}
	for b > a && t.tokens[b-1].class != word {
		b--
	}
	if b-a < 2 {
		return false
	}
	if t.tokens[a].upper && firms[string(t.wordAt(a))] || t.tokens[b-1].upper && firms[string(t.wordAt(b-1))] || formsBefore[string(t.wordAt(a))] && t.capitals(a, a+1) {
		return true
	}
	form := b - 1
	for form-2 > a && (t.is(form-1, ".") || t.is(form-1, "/")) && !t.tokens[form].spaced && t.tokens[form-2].class == word && len(t.wordAt(form-2)) <= 2 {
		form -= 2
	}
	if form == a || !t.tokens[form-1].upper && !t.isMark(form-1) && !t.is(form-1, "z") {
		return false
	}
	letters := make([]byte, 0, 8)
	for i := form; i < b; i += 2 {
		letters = append(letters, t.wordAt(i)...)
	}
	if string(letters) == "oo" && t.is(form-1, "z") { // Sp. z o.o.
		return true
	}
	return legalForms[string(letters)] && (t.capitals(form, b) || len(letters) > 2 && (t.tokens[form].upper || len(letters) > 3 || string(letters) == "plc"))
}

// capitals says whether all letters between two tokens are.
func (t *text) capitals(a, b int) bool {
	text := t.original[t.tokens[a].start:t.tokens[b-1].end]
	for i := 0; i < len(text); {
		l, size := letterAt(text, i)
		if l.class == word && l.flags&(upperCase|hidden) == 0 {
			return false
		}
		i += size
	}
	return true
}

// legalSlash says whether the slash at token i is one of a legal form: A/S, S/A.
func (t *text) legalSlash(i int) bool {
	if i == 0 || i+1 >= len(t.tokens) || !t.is(i, "/") || t.tokens[i].spaced || t.tokens[i+1].spaced || !t.tokens[i-1].upper {
		return false
	}
	before, after := t.wordAt(i-1), t.wordAt(i+1)
	return len(before) == 1 && len(after) == 1 && (after[0] == 's' && bytes.IndexByte([]byte("aik"), before[0]) >= 0 || before[0] == 's' && after[0] == 'a')
}

// initials says whether token i is made of letters that no name is made of:
// SNCF Voyageurs, DFDS.
func (t *text) initials(i int) bool {
	w := t.wordAt(i)
	return len(w) >= 3 && t.capitals(i, i+1) && bytes.IndexFunc(w, func(r rune) bool { return r < 'b' || r > 'z' || strings.ContainsRune("eiouy", r) }) < 0
}
