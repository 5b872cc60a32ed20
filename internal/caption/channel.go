package caption

// channel finds who is named by a word for an account of a platform: the
// Telegram channel Astra, 유튜브 채널 '서울TV', 「バンコク日記」チャンネル.
func (t *text) channel(s sentence, i int, r *Reading) {
	end := max(int(t.phrase[i]), i+1)
	if !t.kinds[i].Has(Social) && !t.platformNear(s, i, end) {
		return // a television channel
	}
	j := end
	if j < s.end && t.opensQuote(j) {
		if close := t.quoteEnd(j, s.end); close > j+1 {
			t.addChannel(j+1, close, r)
		}
		return
	}
	for j < s.end && j < end+3 && t.tokens[j].class == word && t.tokens[j].upper && t.kinds[j]&^set(Picture) == 0 && !t.platform(j) {
		j++
	}
	if j > end {
		t.addChannel(end, j, r)
		return
	}
	if i-1 > s.start && t.closesQuote(i-1) {
		for a := i - 2; a >= max(s.start, i-24); a-- {
			if t.opensQuote(a) {
				if a+1 < i-1 {
					t.addChannel(a+1, i-1, r)
				}
				return
			}
		}
	}
}

// addChannel notes the name of a channel, unless it is one of a party with a
// stake: what that posts is from the party.
func (t *text) addChannel(a, b int, r *Reading) {
	if b <= a || t.has(a, b, State) {
		return
	}
	for j := a; j < b; j++ {
		if source := t.namedAt(j); source >= 0 && rank(t.lexicon.Sources[source].Kind) == 3 {
			return
		}
	}
	r.Accounts = append(r.Accounts, t.span(a, b))
}

func (t *text) platform(j int) bool {
	return t.name[j] > 0 && t.lexicon.Sources[t.name[j]-1].Kind == "social"
}

// platformNear says whether a platform is named beside the phrase.
func (t *text) platformNear(s sentence, start, end int) bool {
	reach := 7
	if t.tokens[start].class == dense {
		reach = 14
	}
	for j := max(s.start, start-reach); j < min(s.end, end+reach); j++ {
		if t.platform(j) {
			return true
		}
	}
	return false
}

func (t *text) opensQuote(j int) bool {
	return t.is(j, "\"") || t.is(j, "'") || t.is(j, "「") || t.is(j, "『") || t.is(j, "《")
}

func (t *text) closesQuote(j int) bool {
	return t.is(j, "\"") || t.is(j, "'") || t.is(j, "」") || t.is(j, "』") || t.is(j, "》")
}

// quoteEnd returns where the quotation that opens at j closes, or j.
func (t *text) quoteEnd(j, limit int) int {
	for k := j + 1; k < min(limit, j+24); k++ {
		if t.closesQuote(k) {
			return k
		}
	}
	return j
}
