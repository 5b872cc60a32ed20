package credential

import (
	"regexp"
	"sync"

	"github.com/fxamacker/cbor/v2"
)

// A claim is what the signer says (C2PA 10). Version 2 splits the assertions
// into those that the signer answers for and those merely gathered.
type claim struct {
	version   int
	Generator string          `cbor:"claim_generator"`
	Info      cbor.RawMessage `cbor:"claim_generator_info"`
	Signature string          `cbor:"signature"`
	V1        []hashedURI     `cbor:"assertions"`
	Created   []hashedURI     `cbor:"created_assertions"`
	Gathered  []hashedURI     `cbor:"gathered_assertions"`
	Redacted  []string        `cbor:"redacted_assertions"`
	Alg       string          `cbor:"alg"`
	Title     string          `cbor:"dc:title"`
	Format    string          `cbor:"dc:format"`
	Instance  string          `cbor:"instanceID"`

	assertions []hashedURI // of any version, created before gathered
}

// claimRequired are the fields that a claim must have, by version (C2PA 10.2).
var claimRequired = [...][]string{
	1: {"claim_generator", "signature", "assertions", "dc:format", "instanceID"},
	2: {"claim_generator_info", "signature", "created_assertions", "instanceID"},
}

func parseClaim(data []byte) (claim, error) {
	var c claim
	var fields map[string]cbor.RawMessage
	if err := decoder.Unmarshal(data, &fields); err != nil {
		return c, damaged("the claim is no CBOR map: %v", err)
	}
	_, v1 := fields["assertions"]
	_, v2 := fields["created_assertions"]
	if v1 == v2 {
		return c, damaged("the claim is of no known version")
	}
	c.version = 1
	if v2 {
		c.version = 2
	}
	for _, f := range claimRequired[c.version] {
		if _, ok := fields[f]; !ok {
			return c, damaged("the claim has no %s", f)
		}
	}
	if err := decoder.Unmarshal(data, &c); err != nil {
		return c, damaged("the claim cannot be read: %v", err)
	}
	c.assertions = c.V1
	if v2 {
		c.assertions = append(append(c.assertions, c.Created...), c.Gathered...)
	}
	return c, nil
}

// manifestLabel is the form of a version 2 manifest's label: a UUID, the
// generator's name, version and reason (C2PA 8.2). Whether the UUID is one is
// not looked at, as validators do. It is made for the first claim, and not as
// each program starts.
var manifestLabel = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^urn:c2pa:[^:/]+(:[!-~]{0,32}(:[0-9]+_[0-9]+)?)?$`)
})

// A generatorInfo names the software that made a claim or did an action
// (C2PA 10.2.3).
type generatorInfo struct {
	Name    string `cbor:"name"`
	Version string `cbor:"version"`
}

func (g generatorInfo) String() string {
	if g.Version == "" {
		return g.Name
	}
	return g.Name + "/" + g.Version
}

// generator names the software that made the claim.
func (c claim) generator() string {
	if c.Generator != "" {
		return c.Generator
	}
	return software(c.Info)
}

// software reads a software's name, which may be a string, a generator info
// map, or a list of these.
func software(raw cbor.RawMessage) string {
	if s := text(raw); s != "" || len(raw) == 0 {
		return s
	}
	var info generatorInfo
	if decoder.Unmarshal(raw, &info) == nil {
		return info.String()
	}
	var list []generatorInfo
	if decoder.Unmarshal(raw, &list) == nil && len(list) > 0 {
		return list[0].String()
	}
	return ""
}
