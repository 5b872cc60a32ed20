package rules

import (
	"slices"
	"strings"

	"cutline/internal/caption"
	"cutline/internal/photo"
	"cutline/internal/report"
)

// settleCredit marks the caption's credit line with what the field says that
// contradicts it. Which of the two is right, only an editor can tell: what the
// caption would lack if it were the field stands in it as doubtfully.
func (c *assessment) settleCredit(rep *report.Report, words Suggestions) ([]change, bool) {
	if len(c.reading.Credits) == 0 {
		return nil, false
	}
	at := c.reading.Credits[0].Span
	for _, field := range c.conflicting() {
		is := strings.TrimSpace(field.Value)
		if is == "" || strings.ContainsAny(is, "[]\n") {
			continue
		}
		question := words.Doubts.Credit
		if field.Name == photo.Source {
			question = words.Doubts.Source
		}
		question = strings.ReplaceAll(question, "{credit}", is)
		credit := c.doubted([]string{"credit.conflict"}, at, question, is)
		lacking, ok := c.lackingWith(c.text[:at.Start]+is+c.text[at.End:], rep, words)
		if !ok {
			continue
		}
		if lacking == "" {
			return []change{credit}, true
		}
		return []change{credit, {codes: credit.codes, text: doubt(lacking, question), settled: lacking, sentence: true}}, true
	}
	return nil, false
}

// conflicting are the credit and source fields, first those that name somebody
// who provides an own picture, then those that share none with the caption, then the others.
func (c *assessment) conflicting() []photo.Field {
	var ofCaption []string
	for _, cr := range c.reading.Credits {
		ofCaption = append(ofCaption, c.knownOf(cr)...)
	}
	order := func(f fieldCredit) int {
		switch ids := c.knownOf(f.credit); {
		case c.origin == report.Own && slices.Contains(provided, c.creditClaim(f.credit, f.field.Value, f.field.From).origin):
			return 0
		case len(ids) > 0 && !c.share(ofCaption, ids):
			return 1
		}
		return 2
	}
	fields := slices.DeleteFunc(slices.Clone(c.fields), func(f fieldCredit) bool { return f.field.Name == photo.Byline })
	slices.SortStableFunc(fields, func(a, b fieldCredit) int { return order(a) - order(b) })
	var list []photo.Field
	for _, f := range fields {
		list = append(list, f.field)
	}
	return list
}

// lackingWith are the sentences that another caption lacks, beside those that
// this one does. It says false when sentences would not do.
func (c *assessment) lackingWith(text string, rep *report.Report, words Suggestions) (string, bool) {
	there := c.Rules.read(c.with(text))
	judged := there.judge()
	found := func(rep *report.Report, code string) bool {
		return slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Code == code })
	}
	if found(&judged, "credit.conflict") {
		return "", false
	}
	judged.Findings = slices.DeleteFunc(judged.Findings, func(f report.Finding) bool { return found(rep, f.Code) })
	changes, ok := there.changes(&judged, words)
	if !ok {
		return "", false
	}
	var sentences []string
	for _, ch := range changes {
		if !ch.sentence || strings.ContainsAny(ch.text, "[]") {
			return "", false
		}
		sentences = append(sentences, ch.text)
	}
	return strings.Join(sentences, gap(words.lang)), true
}

// knownOf are the ids of the sources that a credit line names.
func (c *assessment) knownOf(cr caption.Credit) (ids []string) {
	for _, p := range cr.Parts {
		if p.Class == caption.Known {
			ids = append(ids, c.Rules.sources[p.Source].ID)
		}
	}
	return ids
}
