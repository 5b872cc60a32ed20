package photo

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strings"
)

// png walks the chunks (PNG, third edition, 5 and 11). Only the lengths of
// image data are read, unless texts follow them.
func (f *file) png(m *Metadata) {
	at := int64(8)
	ended, jumps := false, 0
	for range 20000 {
		b := f.bytes(at, 8)
		if b == nil {
			break
		}
		n, kind := int64(binary.BigEndian.Uint32(b)), string(b[4:8])
		if kind == "IEND" {
			ended = true
			break
		}
		if n > f.size-at-12 || !isChunkType(b[4:8]) {
			break
		}
		switch kind {
		case "IHDR", "eXIf", "tEXt", "zTXt", "iTXt":
			data := f.bytes(at+8, n)
			if data == nil {
				m.problem("png", errTooLong)
				break
			}
			switch {
			case kind == "IHDR" && len(data) >= 8:
				m.Width, m.Height = int(binary.BigEndian.Uint32(data)), int(binary.BigEndian.Uint32(data[4:]))
			case kind == "eXIf":
				m.exif(bytes.Clone(data))
			default:
				m.pngText(kind, data)
			}
		}
		at += 12 + n
		if kind == "IDAT" && at > firstRequest && jumps < 2 {
			jumps++
			at = f.nearLastAlike(at, n)
		}
	}
	if f.err == nil && !ended {
		m.damaged("The PNG is cut off at byte %d.", at)
	}
}

// nearLastAlike goes over image data without a look at each chunk, which would
// bring all of the file: its chunks are consecutive (PNG, 5.6), and encoders
// make all of one length but the last. At is where one of n bytes ends. Where
// one starts, near the end of the file, just as if all between were of that
// length, it returns that place, else at.
func (f *file) nearLastAlike(at, n int64) int64 {
	const near, tries = 512 << 10, 64
	step := 12 + n
	far := at + (f.size-at)/step*step
	for range tries {
		if far <= at || far < f.size-near {
			break
		}
		if b := f.bytes(far, 8); b != nil && int64(binary.BigEndian.Uint32(b)) == n && string(b[4:]) == "IDAT" {
			return far
		}
		far -= step
	}
	return at
}

// isChunkType says whether the four bytes are letters (PNG, 5.3).
func isChunkType(b []byte) bool {
	for _, c := range b {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return true
}

// pngTexts are the keywords that are fields, in lower case.
var pngTexts = map[string]struct {
	name Name
	from string
}{
	"description":   {Caption, "png:Description"},
	"comment":       {UserComment, "png:Comment"},
	"title":         {Title, "png:Title"},
	"author":        {Byline, "png:Author"},
	"copyright":     {Copyright, "png:Copyright"},
	"source":        {Source, "png:Source"},
	"software":      {Software, "png:Software"},
	"creation time": {DateCreated, "png:CreationTime"},

	// What image generators leave.
	"parameters":        {Prompt, "png:parameters"},
	"prompt":            {Prompt, "png:prompt"},
	"workflow":          {Prompt, "png:workflow"},
	"dream":             {Prompt, "png:Dream"},
	"sd-metadata":       {Prompt, "png:sd-metadata"},
	"invokeai_metadata": {Prompt, "png:invokeai_metadata"},
}

func (m *Metadata) pngText(kind string, data []byte) {
	key, value, ok := bytes.Cut(data, []byte{0})
	if !ok || len(key) > 79 {
		return
	}
	keyword := strings.ToLower(string(key))
	field, known := pngTexts[keyword]
	if !known && keyword != "xml:com.adobe.xmp" && !strings.HasPrefix(keyword, "raw profile type ") {
		return
	}
	lang := ""
	switch kind {
	case "zTXt":
		value = inflate(value[min(1, len(value)):])
	case "iTXt":
		if len(value) < 2 {
			return
		}
		compressed := value[0] == 1
		parts := bytes.SplitN(value[2:], []byte{0}, 3) // language, translated keyword, text
		if len(parts) < 3 {
			return
		}
		if lang, value = string(parts[0]), parts[2]; compressed {
			value = inflate(value)
		}
	}
	switch {
	case keyword == "xml:com.adobe.xmp":
		m.xmp(bytes.Clone(value))
	case known:
		m.add(field.name, field.from, decodeText(value), lang)
	default:
		m.pngProfile(rawProfile(string(value)))
	}
}

// pngProfile reads a block that ImageMagick, or ExifTool after it, wrote as
// text. What it is shows in itself, whatever the keyword says.
func (m *Metadata) pngProfile(raw []byte) {
	switch {
	case bytes.HasPrefix(raw, exifHead) && len(raw) > 6:
		m.exif(raw[6:])
	case bytes.HasPrefix(raw, []byte("II*\x00")), bytes.HasPrefix(raw, []byte("MM\x00*")):
		m.exif(raw)
	case bytes.HasPrefix(raw, xmpHead):
		m.xmp(raw[len(xmpHead):])
	case bytes.HasPrefix(raw, []byte("<?xpacket")), bytes.HasPrefix(raw, []byte("<x:xmpmeta")):
		m.xmp(raw)
	case bytes.HasPrefix(raw, []byte("8BIM")):
		m.resources(raw)
	case bytes.HasPrefix(raw, irbHead):
		m.resources(raw[len(irbHead):])
	case bytes.HasPrefix(raw, []byte{0x1C}):
		m.iptc(raw)
	}
}

// inflate decompresses at most maxText bytes.
func inflate(b []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	defer z.Close()
	text, _ := io.ReadAll(io.LimitReader(z, maxText))
	return text
}

// rawProfile reads ImageMagick's form: a name, a length, hexadecimal lines.
func rawProfile(text string) []byte {
	lines := strings.SplitN(strings.TrimLeft(text, "\n"), "\n", 3)
	if len(lines) < 3 {
		return nil
	}
	raw, err := hex.DecodeString(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == ' ' {
			return -1
		}
		return r
	}, lines[2]))
	if err != nil {
		return nil
	}
	return raw
}
