package credential

import (
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// decoder reads the CBOR of claims and assertions. A key that stands twice in
// a map is an error, as two readers might pick different ones.
var decoder = func() cbor.DecMode {
	mode, err := cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		MaxNestedLevels:   32,
		MaxArrayElements:  1 << 16,
		MaxMapPairs:       1 << 12,
		TimeTag:           cbor.DecTagOptional,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
	}.DecMode()
	if err != nil {
		panic(err) // the options above are constant
	}
	return mode
}()

// A hashedURI points to a box of the store and says what it must hash to
// (C2PA 8.4.2).
type hashedURI struct {
	URL  string `cbor:"url"`
	Alg  string `cbor:"alg"`
	Hash []byte `cbor:"hash"`
}

// text decodes a value that should be a string, "" for anything else.
func text(raw cbor.RawMessage) string {
	var s string
	if len(raw) == 0 || decoder.Unmarshal(raw, &s) != nil {
		return ""
	}
	return strings.TrimSpace(s)
}
