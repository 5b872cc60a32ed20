package photo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The bounds on what is read of one picture.
const (
	maxBlock  = 4 << 20 // bytes of one block of metadata
	maxFields = 5000    // texts in all
	maxOfName = 1000    // texts of one name, so that keywords leave room for a caption
	maxText   = 1 << 20 // bytes of one text
)

// Read reads what the picture of size bytes says of itself. It reads the head
// of the file, and further only where a container says that metadata lie
// there. The error is r's own; a damaged file is no error but has Problems.
func Read(r io.ReaderAt, size int64) (Metadata, error) {
	f := &file{r: r, size: size}
	m := &Metadata{}
	f.read(m)
	if f.err != nil {
		return Metadata{}, f.err
	}
	return *m, nil
}

func (f *file) read(m *Metadata) {
	head := f.bytes(0, min(f.size, 16))
	switch {
	case f.err != nil:
	case f.size == 0:
		m.damaged("The file is empty.")
	case bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")):
		m.Format = "jpeg"
		f.jpeg(m)
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		m.Format = "png"
		f.png(m)
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")),
		bytes.HasPrefix(head, []byte("II+\x00\x08\x00\x00\x00")), bytes.HasPrefix(head, []byte("MM\x00+\x00\x08\x00\x00")):
		m.Format = "tiff"
		f.tiff(m)
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		m.Format = "webp"
		f.webp(m)
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		f.bmff(m)
	default:
		m.damaged("The file is no picture of a known format (JPEG, TIFF, PNG, WebP, HEIC, AVIF).")
	}
}

// damaged notes that the file itself cannot be read.
func (m *Metadata) damaged(format string, args ...any) {
	m.Problems = append(m.Problems, Problem{Block: "file", Message: fmt.Sprintf(format, args...), Fatal: true})
}

// Damaged says whether the file itself is damaged, or no picture.
func (m *Metadata) Damaged() bool {
	for _, p := range m.Problems {
		if p.Fatal {
			return true
		}
	}
	return false
}

// problem notes that one block cannot be read.
func (m *Metadata) problem(block string, err error) {
	m.Problems = append(m.Problems, Problem{Block: block, Message: fmt.Sprintf("The %s metadata cannot be read: %v.", block, err)})
}

// add keeps a text, if there is one.
func (m *Metadata) add(name Name, from, value, lang string) {
	if value == "" || len(m.Fields) >= maxFields || len(m.Fields) >= maxOfName && m.count(name) >= maxOfName {
		return
	}
	if len(value) > maxText {
		value = value[:maxText]
	}
	if value = clean(value); value != "" {
		m.Fields = append(m.Fields, Field{Name: name, From: from, Value: value, Lang: clean(lang)})
	}
}

func (m *Metadata) count(name Name) int {
	n := 0
	for _, f := range m.Fields {
		if f.Name == name {
			n++
		}
	}
	return n
}

var errTooLong = errors.New("it is too long")

// file reads pieces of a picture through one window, since the pieces lie
// near each other and every read may be a request. The first error stays.
type file struct {
	r    io.ReaderAt
	size int64
	at   int64 // of the window
	buf  []byte
	err  error
}

const (
	window = 64 << 10

	// firstRequest is how much of an object its first request brings (see
	// internal/bucket): reading up to there costs nothing more.
	firstRequest = 256 << 10
)

// bytes returns n bytes from offset on, or nil when the file has not as many.
// They are valid until the next call.
func (f *file) bytes(offset, n int64) []byte {
	if f.err != nil || offset < 0 || n < 0 || n > maxBlock || offset > f.size-n {
		return nil
	}
	if offset < f.at || offset+n > f.at+int64(len(f.buf)) {
		length := min(max(n, window), f.size-offset)
		if int64(cap(f.buf)) < length {
			f.buf = make([]byte, length)
		}
		f.buf, f.at = f.buf[:length], offset
		if _, err := f.r.ReadAt(f.buf, offset); err != nil && err != io.EOF {
			f.err, f.buf = err, f.buf[:0]
			return nil
		}
	}
	return f.buf[offset-f.at : offset-f.at+n]
}
