package rules_test

import (
	"encoding/json"
	"slices"
	"testing"

	"cutline/internal/corpus"
	"cutline/internal/report"
)

// Who passed a picture on is no source of it where somebody else is named,
// known to the rules or not.
func TestProvider(t *testing.T) {
	r := builtIn(t)
	for _, c := range []struct {
		name     string
		fields   string
		origin   report.Origin
		sources  []string
		provider string
	}{
		{"a company", `{"caption": "A lorry is seen in an undated handout picture. Norrland Trucks/Handout via REUTERS"}`,
			report.Handout, nil, "Norrland Trucks"},
		{"a company, in a sentence", `{"caption": "In this photo provided by Norrland Trucks, a lorry leaves the line. (AP)"}`,
			report.Handout, nil, "Norrland Trucks"},
		{"a company, in a field alone", `{"caption": "A lorry is seen in an undated handout picture.", "credit": "REUTERS", "source": "Norrland Trucks/Handout"}`,
			report.Handout, nil, "Norrland Trucks"},
		{"a ministry that is no known source", `{"caption": "A parade. (Ministry of Defence of Lakuria via AP)"}`,
			report.State, nil, "Ministry of Defence of Lakuria"},
		{"a company, and what it did", `{"caption": "A lorry leaves the line. EPA/NORRLAND TRUCKS HANDOUT"}`,
			report.Handout, nil, "NORRLAND TRUCKS"},
		{"a courtesy", `{"caption": "A lorry leaves the line. (Photo courtesy of Norrland Trucks)"}`,
			report.Handout, nil, "Norrland Trucks"},
		{"a fire service, and what it did", `{"caption": "火災の現場（長野市消防局提供）"}`,
			report.Handout, nil, "長野市消防局"},
		{"nobody by name", `{"caption": "The president at a meeting, in a photo published on his Telegram channel. (AP)"}`,
			report.State, []string{"ap"}, ""},
		{"an account", `{"caption": "Smoke rises over a harbour. @coastal.lookout via REUTERS"}`,
			report.Social, nil, "@coastal.lookout"},
		{"a known source", `{"caption": "A train in Wonsan. (KCNA via AP)"}`,
			report.State, []string{"kcna"}, ""},
		{"nobody but the agency", `{"caption": "A lorry is seen in an undated handout picture. Handout via REUTERS"}`,
			report.Handout, []string{"reuters"}, ""},
		{"an agency's photographer", `{"caption": "A ship leaves the harbour. REUTERS/Joris van Aken"}`,
			report.Own, []string{"reuters"}, ""},
	} {
		rep := judge(t, r, corpus.Caption{Fields: json.RawMessage(c.fields)})
		if rep.Origin != c.origin || !slices.Equal(rep.Sources, c.sources) || rep.Provider != c.provider {
			t.Errorf("%s: %s from %v %q, want %s from %v %q", c.name, rep.Origin, rep.Sources, rep.Provider, c.origin, c.sources, c.provider)
		}
	}
}
