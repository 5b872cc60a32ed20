package photo

import "bytes"

// tiff reads the first directory of a TIFF file where it lies, since the file
// may be large (TIFF 6.0, section 2).
func (f *file) tiff(m *Metadata) {
	d := directory{read: f.bytes, size: f.size}
	if !d.begin() {
		m.damaged("The TIFF is damaged: it has no directory.")
		return
	}
	d.walk(func(e entry) {
		switch e.tag {
		case 0x0100:
			m.Width = int(e.number())
		case 0x0101:
			m.Height = int(e.number())
		case 0x02BC:
			if b := e.bytes(); b != nil {
				m.xmp(bytes.Clone(b))
			}
		case 0x83BB:
			if b := bytes.Clone(e.bytes()); b != nil {
				if e.kind == 4 && d.little { // written as words in the file's order
					swapped := bytes.TrimRight(b, "\x00")
					if len(swapped) > 0 && swapped[0] != 0x1C {
						for i := 0; i+3 < len(b); i += 4 {
							b[i], b[i+1], b[i+2], b[i+3] = b[i+3], b[i+2], b[i+1], b[i]
						}
					}
				}
				m.iptc(b)
			}
		case 0x8649:
			if b := bytes.Clone(e.bytes()); b != nil && !m.hasBlock("iptc:") {
				m.resources(b)
			}
		}
	})
	if m.Width == 0 || m.Height == 0 {
		m.damaged("The TIFF has no image.")
	}
	m.directory(&d)
}

func (m *Metadata) hasBlock(prefix string) bool {
	for _, f := range m.Fields {
		if len(f.From) >= len(prefix) && f.From[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}
