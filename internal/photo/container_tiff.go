package photo

// tiff reads the first directory of a TIFF file where it lies, since the file
// may be large (TIFF 6.0, section 2).
func (f *file) tiff(m *Metadata) {
	d := directory{read: f.bytes, size: f.size}
	if !d.begin() {
		m.damaged("The TIFF is damaged: it has no directory.")
		return
	}
	d.walk(func(e *entry) {
		switch e.tag {
		case 0x0100:
			m.Width = int(e.number())
		case 0x0101:
			m.Height = int(e.number())
		}
	})
	if m.Width == 0 || m.Height == 0 {
		m.damaged("The TIFF has no image.")
	}
	m.exifTexts(&d)
	m.details(&d)
}
