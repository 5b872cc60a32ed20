package desk

import "strings"

// fieldName is what people call a metadata field, which photo.Field.From names
// for programs: "IPTC Caption/Abstract" for "iptc:2:120".
func fieldName(from string) string {
	from = oneLine(80, from)
	if name, ok := iimNames[from]; ok {
		return "IPTC " + name
	}
	block, name, found := strings.Cut(from, ":")
	if kind := map[string]string{"xmp": "XMP", "exif": "EXIF", "png": "PNG", "iptc": "IPTC"}[block]; found && kind != "" {
		return kind + " " + name
	}
	return from
}

// iimNames are the datasets of IPTC-IIM 4.2, record 2, that are read.
var iimNames = map[string]string{
	"iptc:2:005": "Object Name", "iptc:2:025": "Keywords", "iptc:2:030": "Release Date", "iptc:2:035": "Release Time", "iptc:2:040": "Special Instructions",
	"iptc:2:055": "Date Created", "iptc:2:060": "Time Created", "iptc:2:062": "Digital Creation Date", "iptc:2:063": "Digital Creation Time",
	"iptc:2:065": "Originating Program", "iptc:2:080": "By-line", "iptc:2:085": "By-line Title", "iptc:2:090": "City", "iptc:2:092": "Sub-location",
	"iptc:2:095": "Province/State", "iptc:2:100": "Country Code", "iptc:2:101": "Country Name", "iptc:2:103": "Original Transmission Reference",
	"iptc:2:105": "Headline", "iptc:2:110": "Credit", "iptc:2:115": "Source", "iptc:2:116": "Copyright Notice", "iptc:2:120": "Caption/Abstract",
	"iptc:2:122": "Writer/Editor",
}
