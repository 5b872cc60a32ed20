package check

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"cutline/internal/likeness"
	"cutline/internal/report"
)

const (
	defaultMemory = 64 << 20 // bytes for decoding
	patience      = 10 * time.Second
)

// see looks at the picture's pixels. What cannot be decoded is said in the
// report: it is no reason to fail.
func (p *Picture) see(r io.Reader) {
	memory := p.checker.Memory
	if memory == 0 {
		memory = defaultMemory
	}
	format := p.known.Metadata.Format
	seen, err := likeness.Decode(&hurried{r, time.Now().Add(patience)}, format, memory)
	if err == nil {
		p.probes, err = seen.Probes()
	}
	switch {
	case err == nil:
		hash, shape := p.probes[0].Text()
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
}

func (p *Picture) unseen(format string, args ...any) {
	p.known.Provenance.Problem = fmt.Sprintf(format, args...) + ", so it was not compared with earlier ones."
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
