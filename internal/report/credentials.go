package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// How long a list of steps or parts is told in full.
const toldSteps = 12

// Tell says for people what content credentials prove: who signed and when,
// what was done, and whether it still holds. Pending says that the picture's
// bytes have not been compared with them yet.
func (c Credentials) Tell(pending bool) []string {
	if !c.Present {
		return nil
	}
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	if c.Problem != "" {
		say("The credentials cannot be read: %s.", strings.TrimSuffix(c.Problem, "."))
	}
	if c.Manifest != "" {
		say("%s", c.Signed())
		if c.Generator != "" {
			say("Signed with %s.", c.Generator)
		}
	}
	if steps := tellActions(c.Actions); steps != "" {
		say("What was done: %s.", steps)
	}
	if made := c.tellAI(); made != "" {
		say("%s", made)
	}
	for _, in := range c.Ingredients[:min(toldSteps, len(c.Ingredients))] {
		say("%s", in.Tell())
	}
	return append(said, c.Holds(pending))
}

// Signed says for people who signed, when, and who vouches for that.
func (c Credentials) Signed() string {
	who := cmp.Or(c.Signer, "a signer without a name")
	when := "at a time that nobody vouches for"
	if !c.SignedAt.IsZero() {
		when = "on " + c.SignedAt.UTC().Format("2 January 2006 at 15:04 UTC")
	}
	known := "nobody on this desk's trust list vouches for the signer"
	if c.State == "Trusted" {
		known = "the signer is on this desk's trust list"
	}
	if c.Issuer != "" && c.Issuer != c.Signer {
		who += " (certificate from " + c.Issuer + ")"
	}
	return fmt.Sprintf("Signed by %s, %s; %s.", who, when, known)
}

// Holds says whether the picture is still the one that was signed, and what a
// desk has to know before it writes a caption into the file.
func (c Credentials) Holds(pending bool) string {
	changed := slices.ContainsFunc(c.Failures, func(code string) bool {
		return strings.HasPrefix(code, "assertion.") && strings.HasSuffix(code, "Hash.mismatch")
	})
	faults := slices.DeleteFunc(slices.Clone(c.Failures), func(code string) bool { return code == "signingCredential.untrusted" })
	switch {
	case c.State == "Invalid" && changed:
		return "They do not hold any more: the file was changed after it was signed, in its picture or in its caption (" + strings.Join(faults, ", ") + ")."
	case c.State == "Invalid" && len(faults) > 0:
		return "They do not hold: the signed record itself is broken (" + strings.Join(faults, ", ") + ")."
	case c.State == "Invalid":
		return "They do not hold."
	case pending:
		return "Whether the file is still the one that was signed is being looked at."
	}
	return "They hold: the file is as it was signed. Writing another caption into the file would break them."
}

// MadeByAI says whether an IPTC digital source type means that AI made the
// picture or a part of it.
func MadeByAI(digitalSourceType string) bool {
	switch digitalSourceType[strings.LastIndexByte(digitalSourceType, '/')+1:] {
	case "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic":
		return true
	}
	return false
}

// MadeByAI says whether some step of the picture's making, or of what went
// into it, was AI's.
func (c Credentials) MadeByAI() bool { return synthetic(c.Actions, c.Ingredients) }

func synthetic(actions []Action, parts []Ingredient) bool {
	return slices.ContainsFunc(actions, func(a Action) bool { return MadeByAI(a.DigitalSourceType) }) ||
		slices.ContainsFunc(parts, func(in Ingredient) bool {
			return in.Relationship != "inputTo" && synthetic(in.Actions, in.Ingredients)
		})
}

func (c Credentials) tellAI() string {
	switch {
	case synthetic(c.Actions, nil):
		return "The credentials say that AI made or changed the picture."
	case c.MadeByAI():
		return "The credentials say that AI made or changed something that went into the picture."
	}
	return ""
}

// steps are the actions of C2PA 18.15.4.2 in plain words.
var steps = map[string]string{
	"c2pa.created": "created", "c2pa.opened": "opened", "c2pa.placed": "something placed in it", "c2pa.removed": "something removed",
	"c2pa.edited": "edited", "c2pa.edited.metadata": "metadata edited", "c2pa.cropped": "cropped", "c2pa.resized": "resized",
	"c2pa.orientation": "turned", "c2pa.filtered": "filtered", "c2pa.color_adjustments": "colours adjusted", "c2pa.drawing": "drawn on",
	"c2pa.converted": "converted", "c2pa.transcoded": "transcoded", "c2pa.repackaged": "repackaged", "c2pa.published": "published",
	"c2pa.redacted": "something in the record redacted", "c2pa.watermarked": "watermarked", "c2pa.translated": "translated",
	"c2pa.unknown": "something unknown", "c2pa.adjustedColor": "colours adjusted", "c2pa.changedSpeed": "speed changed",
	"c2pa.dubbed": "dubbed", "c2pa.enhanced": "enhanced", "c2pa.deleted": "something deleted",
}

// sources are the IPTC digital source types that are common, in plain words.
var sources = map[string]string{
	"digitalCapture": "taken with a camera", "computationalCapture": "taken with a camera that computes", "negativeFilm": "from a negative",
	"positiveFilm": "from a slide", "print": "from a print", "screenCapture": "from a screen", "virtualRecording": "recorded from a program",
	"humanEdits": "by a person", "digitalCreation": "drawn", "algorithmicMedia": "by a program", "algorithmicallyEnhanced": "improved by a program",
	"composite": "put together", "compositeCapture": "put together from photographs", "compositeSynthetic": "put together with AI",
	"trainedAlgorithmicMedia": "by AI", "compositeWithTrainedAlgorithmicMedia": "in part by AI", "dataDrivenMedia": "from data",
}

func tellActions(actions []Action) string {
	var told []string
	for _, a := range actions[:min(toldSteps, len(actions))] {
		told = append(told, a.Tell())
	}
	if more := len(actions) - toldSteps; more > 0 {
		told = append(told, fmt.Sprintf("and %d steps more", more))
	}
	return strings.Join(told, ", ")
}

// Tell says for people what was done: "colours adjusted with ...".
func (a Action) Tell() string {
	step := cmp.Or(steps[a.Action], a.Action)
	if kind := a.DigitalSourceType[strings.LastIndexByte(a.DigitalSourceType, '/')+1:]; kind != "" {
		step += " (" + cmp.Or(sources[kind], kind) + ")"
	}
	if a.Software != "" {
		step += " with " + a.Software
	}
	if !a.When.IsZero() {
		step += " on " + a.When.UTC().Format(time.DateOnly)
	}
	return step
}

// Tell says for people what went into the picture, and what was done to that.
func (in Ingredient) Tell() string {
	roles := map[string]string{"parentOf": "It was made from", "componentOf": "Placed in it", "inputTo": "Used for it"}
	said := fmt.Sprintf("%s: %s", cmp.Or(roles[in.Relationship], "Part of it"), cmp.Or(in.Title, "a picture without a title"))
	if in.Signer != "" {
		said += ", signed by " + in.Signer
	}
	if steps := tellActions(in.Actions); steps != "" {
		said += " (" + steps + ")"
	}
	return said + "."
}
