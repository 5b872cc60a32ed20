// Package check is the straight line that a picture takes: from its bytes to
// its metadata, the reading of its caption, the rules, and the report.
//
// Imports: bucket, photo, report, rules, store, AWS.
package check

import (
	"fmt"
	"io"
	"time"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// Checker makes reports. It holds no state of its own and serves any number
// of callers at once.
type Checker struct {
	Rules   *rules.Rules
	Version string           // of Cutline, for the report
	Now     func() time.Time // the clock; time.Now when nil
}

// Picture checks a picture of size bytes. The name is its file name or key;
// captions that only repeat it are no captions. The error is r's: a damaged
// picture is no error, its report says what is wrong.
func (c *Checker) Picture(r io.ReaderAt, size int64, name string) (report.Report, error) {
	metadata, err := photo.Read(r, size)
	if err != nil {
		return report.Report{}, fmt.Errorf("read %q: %w", name, err)
	}
	rep := c.judge(rules.Picture{Metadata: metadata, Filename: name})
	rep.Photo = &report.Photo{
		Size:   size,
		Format: metadata.Format,
		Width:  metadata.Width,
		Height: metadata.Height,
	}
	return rep, nil
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
