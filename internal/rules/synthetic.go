package rules

import (
	"cutline/internal/photo"
	"cutline/internal/report"
)

// madeByAI says whether the metadata or the content credentials say that AI
// made the picture or changed it.
func (c *assessment) madeByAI() bool {
	return len(c.syntheticFields()) > 0 || c.syntheticCredentials()
}

func (c *assessment) syntheticFields() []report.Span {
	var spans []report.Span
	for _, f := range c.picture.Metadata.Fields {
		if f.Name == photo.DigitalSourceType && report.MadeByAI(f.Value) || f.Name == photo.Prompt {
			spans = append(spans, wholeField(f))
		}
	}
	if _, at := c.program("generator"); at.Field != "" {
		spans = append(spans, at)
	}
	return spans
}

func (c *assessment) syntheticCredentials() bool {
	return c.picture.Provenance.C2PA != nil && c.picture.Provenance.C2PA.MadeByAI()
}
