package rules

import "cutline/internal/caption"

// Read reads a caption with the rules' words and names. A Known party's
// Source is an index of Sources.
func (r *Rules) Read(text string) caption.Reading { return r.lexicon.Read(text) }

// ReadCredit reads a text that is a credit line as a whole.
func (r *Rules) ReadCredit(text string) caption.Credit { return r.lexicon.ReadCredit(text) }
