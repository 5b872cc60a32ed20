package check

import (
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// Corrected checks the picture of a report as if its caption fields all held
// the text, as they will once it is written into the file.
func (c *Checker) Corrected(rep report.Report, text string) report.Report {
	p := rules.Again(rep)
	fields := make([]photo.Field, 0, len(p.Metadata.Fields)+1)
	for _, f := range p.Metadata.Fields {
		if f.Name != photo.Caption {
			fields = append(fields, f)
		}
	}
	if text != "" {
		fields = append(fields, photo.Field{Name: photo.Caption, From: "xmp:dc:description", Value: text})
	}
	p.Metadata.Fields = fields
	corrected := c.judge(p)
	corrected.Photo, corrected.Provenance = rep.Photo, rep.Provenance
	return corrected
}
