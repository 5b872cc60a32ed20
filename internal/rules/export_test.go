package rules

// Decode reads one file of a pack as Load does, without the built-in one.
func Decode(f File) (*Pack, error) {
	l, err := decode(f)
	if err != nil {
		return nil, err
	}
	return &l.Pack, validate([]*layer{l}, newMerged())
}

// Words returns the words that packs may use for severities, origins and
// verdicts.
func Words(of string) []string {
	var words []string
	switch of {
	case "severity":
		for _, s := range severities {
			words = append(words, string(s))
		}
	case "origin":
		for _, o := range Origins {
			words = append(words, string(o))
		}
	case "verdict":
		for _, v := range verdicts {
			words = append(words, string(v))
		}
	}
	return words
}

// LintAlone is Lint of a pack that stands on its own.
func LintAlone(pack []File) ([]*Problem, error) { return newMerged().lint(pack) }
