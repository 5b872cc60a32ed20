package photo

// ReadBlock reads one block of metadata alone, for fuzzing.
func ReadBlock(kind string, b []byte) Metadata {
	m := Metadata{}
	switch kind {
	case "exif":
		m.exif(b)
	case "iptc":
		m.iptc(b)
	case "xmp":
		m.xmp(b)
	case "resources":
		m.resources(b)
	}
	return m
}
