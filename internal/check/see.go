package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"cutline/internal/likeness"
	"cutline/internal/report"
)

const (
	defaultMemory = 32 << 20 // bytes for decoding
	previewMemory = 16 << 20
	patience      = 10 * time.Second
)

// see looks at the picture's pixels, which it returns as they are stored; what
// the picture is recognized by is upright. What cannot be decoded is said in the
// report, and nil: it is no reason to fail.
func (p *Picture) see(r io.Reader) *likeness.Picture {
	memory := p.checker.Memory
	if memory == 0 {
		memory = defaultMemory
	}
	format := p.known.Metadata.Format
	r = &hurried{r, time.Now().Add(patience)}
	var seen *likeness.Picture
	var err error
	if format == "tiff" {
		seen, err = likeness.DecodeTIFF(r, p.size, p.raster, memory)
	} else {
		seen, err = likeness.Decode(r, p.size, format, memory)
	}
	var print likeness.Print
	if err == nil {
		p.upright = seen.Upright(p.known.Metadata.Orientation)
		if print, err = p.upright.Print(); err != nil {
			p.upright = nil
		}
	}
	switch {
	case err == nil && p.checker.Alone:
	case err == nil:
		hash, shape := print.Text()
		p.known.Provenance.Likeness = &report.Likeness{Hash: hash, Shape: shape}
	case errors.Is(err, likeness.ErrPlain):
	case errors.Is(err, likeness.ErrFormat):
		p.unseen("Pictures in %s cannot be decoded here", strings.ToUpper(format))
	case errors.Is(err, likeness.ErrTooLarge):
		p.unseen("The picture is too large to be decoded here")
	case errors.Is(err, errSlow):
		p.unseen("Decoding the picture took too long")
	default:
		p.unseen("The picture cannot be decoded")
	}
	return seen
}

// sameScene is how much of the picture must be in a preview of it. The best
// place of one picture in another that has nothing to do with it is seldom
// worth 0.7, and never 0.8 (of 150, three and none); that of a crop is worth
// 0.95.
const sameScene = 0.75

// minPreviewed is the longer side, in pixels, that a picture has at least whose
// previews are compared with it.
const minPreviewed = 200

// comparePreviews looks whether the small pictures in the file show the same.
func (p *Picture) comparePreviews(seen *likeness.Picture, clips []clip) {
	if seen == nil || p.upright == nil {
		return
	}
	for _, c := range clips {
		preview, err := likeness.Decode(bytes.NewReader(c.data), int64(len(c.data)), "jpeg", previewMemory)
		if err != nil {
			continue
		}
		if _, err := preview.Print(); err != nil {
			continue // too plain to be compared
		}
		if like := likeness.Within(preview, seen); like < sameScene {
			p.known.Provenance.Previews = append(p.known.Provenance.Previews, report.Preview{From: c.From, Likeness: math.Round(like*100) / 100})
		}
	}
}

func (p *Picture) unseen(format string, args ...any) {
	with := "earlier ones"
	if p.checker.Alone {
		with = "the previews in the file"
	}
	p.known.Provenance.Problem = fmt.Sprintf(format, args...) + ", so it was not compared with " + with + "."
}

var errSlow = errors.New("it takes too long")

// hurried gives no more bytes after a time, so that no file keeps a decoder
// busy for long.
type hurried struct {
	r     io.Reader
	until time.Time
}

func (h *hurried) Read(b []byte) (int, error) {
	if time.Now().After(h.until) {
		return 0, errSlow
	}
	return h.r.Read(b)
}
