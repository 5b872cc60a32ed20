package check

import (
	"fmt"
	"io"

	"cutline/internal/credential"
	"cutline/internal/likeness"
	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// maxWhole bounds a picture that is read whole, in bytes.
const maxWhole = 2 << 30

// Picture is one picture under check.
type Picture struct {
	checker     *Checker
	size        int64
	known       rules.Picture
	credentials *credential.Check // nil when the file carries none
	upright     *likeness.Picture // as it is looked for; nil when it was not seen, or has too little in it
	previews    []photo.Preview
	raster      *photo.Raster // of a TIFF; nil when it is kept in an unusual way
	report      report.Report
}

// Open reads the head of a picture of size bytes and judges it, with the
// sidecar that lies beside it, if that is not empty: the first stage. The
// error is r's.
func (c *Checker) Open(r io.ReaderAt, size int64, name string, sidecar []byte) (*Picture, error) {
	metadata, err := photo.Read(r, size)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", name, err)
	}
	if len(sidecar) > 0 {
		metadata.Beside(photo.ReadSidecar(sidecar))
	}
	p := &Picture{checker: c, size: size, known: rules.Picture{Metadata: metadata, Filename: name}}
	store, err := credential.Find(r, size, metadata.Format)
	if err != nil {
		return nil, fmt.Errorf("content credentials of %q: %w", name, err)
	}
	if store != nil {
		if p.credentials, err = store.Check(credential.Options{Trust: c.Trust, Now: c.Now}); err != nil {
			return nil, fmt.Errorf("content credentials of %q: %w", name, err)
		}
	}
	p.judge()
	if metadata.Damaged() && p.credentials == nil || !c.Rules.AsksForWhole(p.report) {
		return p, nil
	}
	// A picture smaller than minPreviewed has no preview that says anything.
	if metadata.Format == "jpeg" && max(metadata.Width, metadata.Height) >= minPreviewed {
		if p.previews, err = photo.Previews(r, size); err != nil {
			return nil, fmt.Errorf("previews of %q: %w", name, err)
		}
	}
	if !p.compared() && (p.credentials == nil || p.credentials.Binding() == nil) {
		return p, nil
	}
	if size > maxWhole {
		p.GiveUp(fmt.Sprintf("The picture is larger than %d MiB, so it was not read whole.", maxWhole>>20))
		return p, nil
	}
	if metadata.Format == "tiff" && p.compared() {
		if p.raster, err = photo.ReadRaster(r, size); err != nil {
			return nil, fmt.Errorf("pixels of %q: %w", name, err)
		}
	}
	p.known.Provenance.Pending = true
	p.tell()
	return p, nil
}

// Report returns what was found so far.
func (p *Picture) Report() report.Report { return p.report }

// compared says whether there is something to compare the pixels with.
func (p *Picture) compared() bool { return !p.checker.Alone || len(p.previews) > 0 }

// Pending says whether the whole picture is still to be read.
func (p *Picture) Pending() bool { return p.known.Provenance.Pending }

// ReadWhole reads the picture once, from its first byte to its last, for its
// credentials and its pixels together, and completes the report: the second
// stage. The error is the stream's; the picture is still pending then.
func (p *Picture) ReadWhole(stream io.Reader) error {
	t := &tap{from: stream, to: io.Discard, clips: clipsOf(p.previews)}
	if p.credentials != nil && p.credentials.Binding() != nil {
		t.to = p.credentials.Binding()
	}
	var seen *likeness.Picture
	if p.compared() {
		seen = p.see(t)
	}
	if t.err == nil {
		io.CopyBuffer(io.Discard, t, make([]byte, 64<<10))
	}
	if t.err != io.EOF {
		return fmt.Errorf("read %q whole: %w", p.known.Filename, t.err)
	}
	if t.n != p.size {
		return fmt.Errorf("read %q whole: it ended after %d of %d bytes: %w", p.known.Filename, t.n, p.size, io.ErrUnexpectedEOF)
	}
	p.comparePreviews(seen, t.clips)
	p.known.Provenance.Pending = false
	p.judge()
	return nil
}

// GiveUp completes the report without the whole picture, for a reason that
// the report tells people.
func (p *Picture) GiveUp(reason string) {
	p.known.Provenance.Pending = false
	p.known.Provenance.Problem = reason
	p.tell()
}

// tell puts what is known of the file into the report, where it changes nothing
// that was found.
func (p *Picture) tell() {
	known := p.known.Provenance
	p.report.Provenance = &known
}

func (p *Picture) judge() {
	m := p.known.Metadata
	switch {
	case p.credentials != nil:
		credentials := p.credentials.Credentials()
		p.known.Provenance.C2PA = &credentials
	case m.Format != "":
		p.known.Provenance.C2PA = &report.Credentials{State: credential.StateNone}
	}
	p.report = p.checker.judge(p.known)
	p.report.Photo = &report.Photo{Size: p.size, Format: m.Format, Width: m.Width, Height: m.Height, IIMNewer: m.IIMEdited}
}
