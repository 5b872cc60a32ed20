package rules

import (
	"slices"

	"cutline/internal/report"
)

// Whole says which pictures are read whole after their first report, since
// that costs time and money: for what their pixels show, and for the hash that
// binds content credentials to them.
type Whole struct {
	Origins     []report.Origin `yaml:"origins"`
	Credentials bool            `yaml:"credentials"` // whatever the origin, those that carry some
}

// AsksForWhole says whether a picture with this report is to be read whole.
func (r *Rules) AsksForWhole(rep report.Report) bool {
	signed := rep.Provenance != nil && rep.Provenance.C2PA != nil && rep.Provenance.C2PA.Present
	return slices.Contains(r.whole.Origins, rep.Origin) || r.whole.Credentials && signed
}
