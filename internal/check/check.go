// Package check is the straight line that a picture takes: from its bytes to
// its metadata and credentials, the reading of its caption, the rules, and the
// report.
//
// A check has two stages, as their costs differ. The first reads the head of
// the file and gives a report. The second, where a rule asks for it, reads the
// whole picture once, as a stream, and completes the report.
//
// Imports: bucket, cloud, credential, likeness, photo, report, rules, store, telemetry, AWS.
package check

import (
	"io"
	"time"

	"cutline/internal/credential"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// Checker makes reports. It holds no state of its own and serves any number
// of callers at once.
type Checker struct {
	Rules   *rules.Rules
	Trust   *credential.TrustList // whose content credentials are trusted; nil for nobody's
	Memory  int64                 // bytes that decoding a picture may take; 32 MiB when 0
	Alone   bool                  // no earlier pictures are at hand: pixels are compared with the file's own previews only
	Version string                // of Cutline, for the report
	Now     func() time.Time      // the clock; time.Now when nil
}

// Picture checks a picture of size bytes, through both stages. The name is its
// file name or key; captions that only repeat it are no captions. The error is
// r's: a damaged picture is no error, its report says what is wrong.
func (c *Checker) Picture(r io.ReaderAt, size int64, name string) (report.Report, error) {
	return c.PictureBeside(r, size, name, nil)
}

// PictureBeside is Picture for one that an XMP sidecar lies beside; an empty
// one is none.
func (c *Checker) PictureBeside(r io.ReaderAt, size int64, name string, sidecar []byte) (report.Report, error) {
	p, err := c.Open(r, size, name, sidecar)
	if err != nil {
		return report.Report{}, err
	}
	if p.Pending() {
		if err := p.ReadWhole(io.NewSectionReader(r, 0, size)); err != nil {
			return report.Report{}, err
		}
	}
	return p.Report(), nil
}

// Caption checks a caption that comes without its picture.
func (c *Checker) Caption(fields []photo.Field) report.Report {
	return c.judge(rules.Picture{Metadata: photo.Metadata{Fields: fields}})
}

func (c *Checker) judge(p rules.Picture) report.Report {
	rep := c.Rules.Judge(p)
	rep.Schema = report.Schema
	rep.Version = c.Version
	rep.CheckedAt = c.now().UTC()
	return rep
}

func (c *Checker) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
