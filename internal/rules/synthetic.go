package rules

import (
	"strings"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// madeByAI says whether the metadata or the content credentials say that AI
// made the picture or changed it.
func (c *assessment) madeByAI() bool {
	return len(c.syntheticFields()) > 0 || c.syntheticCredentials()
}

func synthetic(sourceType string) bool {
	switch sourceType[strings.LastIndexByte(sourceType, '/')+1:] {
	case "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic":
		return true
	}
	return false
}

func (c *assessment) syntheticFields() []report.Span {
	var spans []report.Span
	for _, f := range c.picture.Metadata.Fields {
		if f.Name == photo.DigitalSourceType && synthetic(f.Value) || f.Name == photo.Prompt {
			spans = append(spans, wholeField(f))
		}
	}
	return spans
}

func (c *assessment) syntheticCredentials() bool {
	if c.picture.Credentials == nil {
		return false
	}
	for _, a := range c.picture.Credentials.Actions {
		if synthetic(a.DigitalSourceType) {
			return true
		}
	}
	return false
}
