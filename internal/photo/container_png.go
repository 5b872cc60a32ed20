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
	ended := false
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
		if n > f.size-at-12 {
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
	}
	if f.err == nil && !ended {
		m.damaged("The PNG is cut off at byte %d.", at)
	}
}

func (m *Metadata) pngText(kind string, data []byte) {
	key, rest, ok := bytes.Cut(data, []byte{0})
	if !ok || len(key) > 79 {
		return
	}
	text := ""
	switch kind {
	case "tEXt":
		text = latin1(rest)
		if s := string(rest); isUTF8(rest) {
			text = s
		}
	case "zTXt":
		if len(rest) > 1 {
			text = decodeText(inflate(rest[1:]))
		}
	case "iTXt":
		if len(rest) < 2 {
			return
		}
		compressed := rest[0] == 1
		parts := bytes.SplitN(rest[2:], []byte{0}, 3)
		if len(parts) < 3 {
			return
		}
		value := parts[2]
		if compressed {
			value = inflate(value)
		}
		text = string(value)
	}
	name := string(key)
	switch name {
	case "XML:com.adobe.xmp":
		m.xmp([]byte(text))
	case "Raw profile type iptc", "Raw profile type 8bim":
		if raw := rawProfile(text); bytes.HasPrefix(raw, []byte("8BIM")) {
			m.resources(raw)
		} else if raw != nil {
			m.iptc(raw)
		}
	case "Raw profile type exif", "Raw profile type APP1":
		raw := rawProfile(text)
		if bytes.HasPrefix(raw, exifHead) && len(raw) > 6 {
			m.exif(raw[6:])
		}
	case "Description", "Comment":
		m.add(map[string]Name{"Description": Caption, "Comment": UserComment}[name], "png:"+name, text, "")
	case "Title":
		m.add(Title, "png:Title", text, "")
	case "Author":
		m.add(Byline, "png:Author", text, "")
	case "Copyright":
		m.add(Copyright, "png:Copyright", text, "")
	case "Source":
		m.add(Source, "png:Source", text, "")
	case "Software":
		m.add(Software, "png:Software", text, "")
	case "Creation Time":
		m.add(DateCreated, "png:CreationTime", text, "")
	case "parameters", "prompt", "workflow", "Dream", "sd-metadata", "invokeai_metadata":
		m.add(Prompt, "png:"+name, text, "")
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
