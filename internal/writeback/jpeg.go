package writeback

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// maxHeader bounds the segments before the image data, in bytes.
const maxHeader = 32 << 20

// maxSegment is the most that one JPEG segment holds, in bytes (ITU-T T.81,
// B.1.1.4: a two-byte length that counts itself).
const maxSegment = 0xFFFF - 2

// JPEG markers (ITU-T T.81, table B.1).
const (
	markerSOI   = 0xD8
	markerSOS   = 0xDA
	markerEOI   = 0xD9
	markerAPP0  = 0xE0
	markerAPP1  = 0xE1
	markerAPP2  = 0xE2
	markerAPP11 = 0xEB
	markerAPP13 = 0xED
)

// The identifiers at the start of application segments.
var (
	idEXIF      = []byte("Exif\x00\x00")
	idXMP       = []byte("http://ns.adobe.com/xap/1.0/\x00")
	idXMPExt    = []byte("http://ns.adobe.com/xmp/extension/\x00")
	idPhotoshop = []byte("Photoshop 3.0\x00")
	idMPF       = []byte("MPF\x00")
)

// segment is a marker with its data, without the length.
type segment struct {
	marker byte
	data   []byte
}

func (s segment) is(marker byte, id []byte) bool {
	return s.marker == marker && bytes.HasPrefix(s.data, id)
}

// JPEG copies the picture from r to w with the texts in it. It reads r as a
// stream. When the picture has to stay as it is, the error is ErrSidecar and
// nothing has been written.
func JPEG(w io.Writer, r io.Reader, texts Texts) error {
	in := bufio.NewReaderSize(r, 64<<10)
	segments, err := readSegments(in)
	if err != nil {
		return err
	}
	if segments, err = edit(segments, texts); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	out.Write([]byte{0xFF, markerSOI})
	for _, s := range segments {
		out.Write(binary.BigEndian.AppendUint16([]byte{0xFF, s.marker}, uint16(len(s.data)+2))) // #nosec G115 -- within maxSegment
		out.Write(s.data)
	}
	if _, err := io.Copy(out, in); err != nil {
		return fmt.Errorf("copy the image data: %w", err)
	}
	return out.Flush()
}

// readSegments reads up to the start of the scan, which is left unread.
func readSegments(in *bufio.Reader) ([]segment, error) {
	if soi, err := in.Peek(2); err != nil || soi[0] != 0xFF || soi[1] != markerSOI {
		return nil, fmt.Errorf("the picture is no JPEG: %w", ErrSidecar)
	}
	in.Discard(2)
	var segments []segment
	for total := 0; ; {
		head, err := in.Peek(4)
		if err != nil {
			return nil, fmt.Errorf("the JPEG ends before its image data: %w", ErrSidecar)
		}
		switch {
		case head[0] != 0xFF:
			return nil, fmt.Errorf("the JPEG's segments are damaged: %w", ErrSidecar)
		case head[1] == 0xFF: // fill byte, T.81 B.1.1.2
			in.Discard(1)
			continue
		case head[1] == markerSOS:
			return segments, nil
		case head[1] == markerEOI, head[1] == markerSOI, head[1] < 0xC0:
			return nil, fmt.Errorf("the JPEG has no image data: %w", ErrSidecar)
		}
		marker, length := head[1], int(binary.BigEndian.Uint16(head[2:])) // before reading on overwrites head
		if total += length; length < 2 || total > maxHeader {
			return nil, fmt.Errorf("the JPEG's segments are damaged: %w", ErrSidecar)
		}
		in.Discard(4)
		data := make([]byte, length-2)
		if _, err := io.ReadFull(in, data); err != nil {
			return nil, fmt.Errorf("the JPEG ends before its image data: %w", ErrSidecar)
		}
		segments = append(segments, segment{marker, data})
	}
}

// edit returns the segments with the texts in all three blocks. Each block
// stays where it was; new ones come first, behind JFIF's.
func edit(segments []segment, texts Texts) ([]segment, error) {
	if err := mayEdit(segments, texts); err != nil {
		return nil, err
	}
	exif, err := withEXIF(take(&segments, markerAPP1, idEXIF), texts)
	if err != nil {
		return nil, err
	}
	xmp, err := withXMP(take(&segments, markerAPP1, idXMP), texts)
	if err != nil {
		return nil, err
	}
	resources, err := withIIM(take(&segments, markerAPP13, idPhotoshop), texts)
	if err != nil {
		return nil, err
	}
	var blocks []segment
	for _, b := range []struct {
		marker byte
		id     []byte
		data   []byte
		split  bool
	}{
		{markerAPP1, idEXIF, exif, false},
		{markerAPP1, idXMP, xmp, false},
		{markerAPP13, idPhotoshop, resources, true}, // may go on in further segments
	} {
		room := maxSegment - len(b.id)
		if len(b.data) > room && !b.split {
			return nil, fmt.Errorf("the metadata would be larger than a JPEG segment: %w", ErrSidecar)
		}
		for len(b.data) > 0 {
			part := b.data[:min(room, len(b.data))]
			b.data = b.data[len(part):]
			blocks = append(blocks, segment{b.marker, append(bytes.Clone(b.id), part...)})
		}
	}
	at := 0
	for at < len(segments) && segments[at].marker == markerAPP0 {
		at++
	}
	return append(segments[:at:at], append(blocks, segments[at:]...)...), nil
}

// mayEdit refuses pictures in which an edit would break something.
func mayEdit(segments []segment, texts Texts) error {
	pointers := false // to places behind them in the file
	var extension []byte
	var err error
	for _, s := range segments {
		switch {
		case s.marker == markerAPP11:
			return fmt.Errorf("the picture is signed: %w", ErrSidecar)
		case s.is(markerAPP1, idXMPExt):
			if extension, err = extend(extension, s.data[len(idXMPExt):]); err != nil {
				return err
			}
		case s.is(markerAPP2, idMPF):
			pointers = true
		case pointers && (s.is(markerAPP1, idEXIF) || s.is(markerAPP1, idXMP) || s.is(markerAPP13, idPhotoshop)):
			return fmt.Errorf("the picture's other images stand before its metadata: %w", ErrSidecar)
		}
	}
	if extension != nil && holds(extension, texts) {
		return fmt.Errorf("the picture has these texts in extended XMP: %w", ErrSidecar)
	}
	return nil
}

// extend puts a portion of extended XMP in its place: after a GUID of 32
// letters, the length of the whole and the offset of the portion stand before
// it (XMP, part 3, 1.1.3.1).
func extend(whole, portion []byte) ([]byte, error) {
	damaged := fmt.Errorf("the picture's extended XMP is damaged: %w", ErrSidecar)
	if len(portion) < 40 {
		return nil, damaged
	}
	size, offset := int64(binary.BigEndian.Uint32(portion[32:])), int64(binary.BigEndian.Uint32(portion[36:]))
	portion = portion[40:]
	if size > maxHeader || offset+int64(len(portion)) > size || whole != nil && int64(len(whole)) != size {
		return nil, damaged
	}
	if whole == nil {
		whole = make([]byte, size)
	}
	copy(whole[offset:], portion)
	return whole, nil
}

// take removes the segments of that kind and returns their data, without the
// identifier, as one.
func take(segments *[]segment, marker byte, id []byte) []byte {
	var data []byte
	kept := make([]segment, 0, len(*segments))
	for _, s := range *segments {
		if s.is(marker, id) {
			data = append(data, s.data[len(id):]...)
		} else {
			kept = append(kept, s)
		}
	}
	*segments = kept
	return data
}
