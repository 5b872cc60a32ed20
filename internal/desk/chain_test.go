package desk

import (
	"strings"
	"testing"

	"cutline/internal/check"
	"cutline/internal/photo"
	"cutline/internal/rules"
)

// The way of a picture starts with who made or provided it, and ends with who
// sent it; what the caption says of somebody goes over what a field says.
func TestChain(t *testing.T) {
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{Config: Config{Checker: &check.Checker{Rules: house}}}
	for _, c := range []struct{ caption, source, credit, want string }{
		{"A ship leaves the harbour. REUTERS/Joris van Aken", "", "",
			"made Joris van Aken, passed on Reuters"},
		{"A train in Wonsan. (Korean Central News Agency/Korea News Service via AP)", "", "AP",
			"provided Korean Central News Agency, passed on Korea News Service, passed on Associated Press"},
		{"A lorry in an undated handout picture. Norrland Trucks/Handout via REUTERS", "Norrland Trucks", "REUTERS",
			"provided Norrland Trucks, passed on Reuters"},
		{"A lorry in a hall.", "Norrland Trucks", "REUTERS",
			"made Norrland Trucks, passed on Reuters"},
		{"A lorry in a hall.", "", "", ""},
	} {
		fields := []photo.Field{{Name: photo.Caption, From: "iptc:2:120", Value: c.caption}}
		if c.source != "" {
			fields = append(fields, photo.Field{Name: photo.Source, From: "iptc:2:115", Value: c.source})
		}
		if c.credit != "" {
			fields = append(fields, photo.Field{Name: photo.Credit, From: "iptc:2:110", Value: c.credit})
		}
		var way []string
		for _, l := range d.chain(d.Checker.Caption(fields)) {
			way = append(way, l.Role+" "+l.Name)
		}
		if got := strings.Join(way, ", "); got != c.want {
			t.Errorf("%s | %s | %s:\n got %s\nwant %s", c.caption, c.source, c.credit, got, c.want)
		}
	}
}
