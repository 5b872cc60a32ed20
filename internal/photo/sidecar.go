package photo

// ReadSidecar reads an XMP document that lies beside a picture (XMP, part 3,
// section 3). Its fields say so: "sidecar:dc:description".
func ReadSidecar(document []byte) Metadata {
	m := Metadata{}
	m.xmp(document)
	for i := range m.Fields {
		m.Fields[i].From = "sidecar:" + m.Fields[i].From[len("xmp:"):]
	}
	for i := range m.Problems {
		m.Problems[i].Block = "sidecar"
	}
	return m
}

// Beside adds a sidecar's metadata to those of its picture: its fields stand
// before the picture's, which are older.
func (m *Metadata) Beside(sidecar Metadata) {
	m.Fields = append(sidecar.Fields, m.Fields...)
	m.Problems = append(m.Problems, sidecar.Problems...)
}
