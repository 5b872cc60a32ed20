package credential

import (
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"cutline/internal/report"
)

// An action is one step of the picture's making (C2PA 18.15, "Actions").
type action struct {
	Action            string          `cbor:"action"`
	When              cbor.RawMessage `cbor:"when"`
	Software          cbor.RawMessage `cbor:"softwareAgent"`
	SoftwareIndex     *int            `cbor:"softwareAgentIndex"`
	DigitalSourceType string          `cbor:"digitalSourceType"`
	Parameters        *actionParams   `cbor:"parameters"`
}

type actionParams struct {
	Ingredient  *hashedURI      `cbor:"ingredient"`
	Ingredients []hashedURI     `cbor:"ingredients"`
	Redacted    string          `cbor:"redacted"`
	SourceLang  cbor.RawMessage `cbor:"sourceLanguage"`
	TargetLang  cbor.RawMessage `cbor:"targetLanguage"`
}

// refs returns the ingredients that an action names.
func (p *actionParams) refs() []hashedURI {
	if p == nil {
		return nil
	}
	if p.Ingredient != nil {
		return []hashedURI{*p.Ingredient}
	}
	return p.Ingredients
}

type actionList struct {
	Actions   []action          `cbor:"actions"`
	Softwares []cbor.RawMessage `cbor:"softwareAgents"`
}

// actionsOf reads an actions assertion; an unreadable one is empty.
func actionsOf(a assertion) actionList {
	var list actionList
	if decoder.Unmarshal(a.cbor(), &list) != nil {
		return actionList{}
	}
	return list
}

// actions tells the steps of a manifest for the report.
func (m *manifest) actions() []report.Action {
	var steps []report.Action
	for _, a := range m.of("c2pa.actions") {
		list := actionsOf(a)
		for _, act := range list.Actions {
			agent := act.Software
			if i := act.SoftwareIndex; len(agent) == 0 && i != nil && *i >= 0 && *i < len(list.Softwares) {
				agent = list.Softwares[*i]
			}
			steps = append(steps, report.Action{
				Action:            act.Action,
				When:              when(act.When),
				Software:          software(agent),
				DigitalSourceType: act.DigitalSourceType,
			})
		}
	}
	return steps
}

// when reads a date-time, tagged or not; zero when it is none.
func when(raw cbor.RawMessage) time.Time {
	var tag cbor.RawTag
	if len(raw) > 0 && decoder.Unmarshal(raw, &tag) == nil {
		raw = tag.Content
	}
	t, err := time.Parse(time.RFC3339, text(raw))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// The actions that an update manifest may hold, as it must not change the
// picture (C2PA 11.2.3.2).
var updateActions = map[string]bool{
	"c2pa.edited.metadata": true, "c2pa.opened": true, "c2pa.published": true, "c2pa.redacted": true,
}

// checkActions reports actions that contradict the manifest (C2PA 15.10.3.1,
// 15.10.3.2.1). Claims of version 1 were made before these rules.
func (c *check) checkActions(m *manifest) {
	all := m.of("c2pa.actions")
	if m.claim.version < 2 {
		if len(all) > 1 {
			c.fail(assertionActionMalformed, manifestURI(m.label))
		}
		return
	}
	first := m.firstActions()
	if first == "" && !m.update {
		c.fail(assertionActionMalformed, manifestURI(m.label))
	}
	for i, a := range all {
		url := assertionURI(m.label, a.label)
		list := actionsOf(a)
		if len(list.Actions) == 0 {
			c.fail(assertionActionMalformed, url)
		}
		for _, act := range list.Actions {
			starts := act.Action == "c2pa.created" || act.Action == "c2pa.opened"
			if act.Action == "" || starts && (i != 0 || first != "" && first != a.label) {
				c.fail(assertionActionMalformed, url)
			}
			c.checkAction(m, act, url)
		}
	}
}

// firstActions returns the label of the actions assertion that tells how the
// picture began, "" when none does.
func (m *manifest) firstActions() string {
	var found string
	for _, uris := range [][]hashedURI{m.claim.Created, m.claim.Gathered} {
		for _, uri := range uris {
			a := m.assertion(boxOf(uri.URL))
			if a == nil || a.kind != "c2pa.actions" {
				continue
			}
			if list := actionsOf(*a).Actions; len(list) > 0 && (list[0].Action == "c2pa.created" || list[0].Action == "c2pa.opened") {
				found = a.label
			}
			break // only the first of each counts
		}
	}
	return found
}

func (c *check) checkAction(m *manifest, act action, url string) {
	refs := act.Parameters.refs()
	switch act.Action {
	case "c2pa.created":
		if act.DigitalSourceType == "" {
			c.fail(assertionActionMalformed, url)
		}
	case "c2pa.opened", "c2pa.placed", "c2pa.removed":
		want := "componentOf"
		if act.Action == "c2pa.opened" {
			want = "parentOf"
		}
		if !m.hasIngredient(refs, want) {
			c.fail(assertionActionIngredient, url)
		}
	case "c2pa.transcoded", "c2pa.repackaged":
		if len(refs) > 0 && !m.hasIngredient(refs, "parentOf") {
			c.fail(assertionActionIngredient, url)
		}
	case "c2pa.redacted":
		c.checkRedaction(act, url)
	case "c2pa.translated":
		if p := act.Parameters; p == nil || len(p.SourceLang) == 0 || len(p.TargetLang) == 0 {
			c.fail(assertionActionMalformed, url)
		}
	}
}

// hasIngredient says whether one of the references leads to an ingredient of
// the manifest with that relationship.
func (m *manifest) hasIngredient(refs []hashedURI, relationship string) bool {
	for _, ref := range refs {
		a := m.assertion(assertionOf(ref.URL))
		if a == nil || a.kind != "c2pa.ingredient" {
			continue
		}
		if in, _ := parseIngredient(*a); in.Relationship == relationship {
			return true
		}
	}
	return false
}

// checkRedaction reports a redaction that points nowhere.
func (c *check) checkRedaction(act action, url string) {
	if act.Parameters == nil {
		return
	}
	uri := act.Parameters.Redacted
	m := c.manifests[manifestOf(uri)]
	if m == nil {
		c.fail(assertionActionRedaction, url)
		return
	}
	if strings.Contains(uri, "/"+databoxStore+"/") {
		return
	}
	for _, known := range m.claim.assertions {
		if boxOf(known.URL) == boxOf(uri) {
			return
		}
	}
	c.fail(assertionNotRedacted, url)
}
