package rules

import (
	"path/filepath"

	"cutline/internal/photo"
	"cutline/internal/report"
)

// Again returns the picture that a report is of, as far as the rules look at
// it. A report keeps all that they ask, so that changed rules can be tried on
// old pictures without reading them anew.
func Again(rep report.Report) Picture {
	p := Picture{Metadata: photo.Metadata{Fields: rep.Metadata, Problems: rep.Problems}}
	if rep.Provenance != nil {
		p.Provenance = *rep.Provenance
	}
	if rep.Photo != nil {
		p.Metadata.Format, p.Metadata.Width, p.Metadata.Height = rep.Photo.Format, rep.Photo.Width, rep.Photo.Height
		p.Metadata.IIMEdited = rep.Photo.IIMNewer
		p.Filename = rep.Photo.Key
		if rep.Photo.Path != "" {
			p.Filename = filepath.Base(rep.Photo.Path)
		}
	}
	return p
}
